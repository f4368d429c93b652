"""What callers of the GeoReport face send: reports, tokens, definitions and their answers, updates."""

from __future__ import annotations

import pytest
from lxml import etree

HERE = {"lat": "27.77", "long": "-82.64"}


def report(geo, **more):
    return geo.post("requests.json", **{"service_code": "5701", "description": "Oak", **HERE, **more})


def update(geo, number, status="OPEN", words="A crew is on the way.", update_id="u-1", **more):
    sent = {
        "update_id": update_id,
        "service_request_id": number,
        "status": status,
        "updated_datetime": "2017-09-11T10:30:00-04:00",
        "description": words,
        **more,
    }
    return geo.post("servicerequestupdates.json", **sent)


def test_a_report_is_an_issue_of_the_same_ledger(city, geo, call):
    [said] = report(geo).json()

    number = said["service_request_id"]
    assert set(said) == {"service_request_id", "service_notice", "account_id"}
    [row] = geo.get(f"requests/{number}.json")
    assert (row["description"], row["service_code"], row["lat"]) == ("Oak", "5701", 27.77)
    assert call.get(f"/issues/{number}")["description"] == "Oak"
    assert city.status(number) == "Open"
    as_xml = geo.post("requests.xml", service_code="other", description="Two", address_string="Mirror Lake")
    assert etree.fromstring(as_xml.content).findtext("request/service_request_id") == str(int(number) + 1)


def test_a_report_that_will_not_do_is_refused_and_leaves_nothing(city, geo):
    for sent, status, words in (
        ({"api_key": "wrong"}, 403, "api_key"),
        ({"service_code": ""}, 400, "service_code is missing"),
        ({"service_code": "9"}, 400, "not known"),
        ({"lat": ""}, 400, "place is missing"),
        ({"lat": "95"}, 400, "lat is a number"),
        ({"long": "west"}, 400, "long is a number"),
    ):
        answer = report(geo, **sent)
        [error] = answer.json()
        assert (answer.status_code, error["code"]) == (status, status)
        assert words in error["description"]
    assert city.truth()["requests"] == []


def test_files_and_json_are_no_forms(city, geo):
    for more in ({"json": {"api_key": city.token}}, {"files": {"media": b"x"}}):
        assert geo("POST", "requests.json", **more).status_code == 400


def test_a_token_becomes_an_id_after_its_time(city, geo):
    city.quirks(token_delay_s=90)
    [said] = report(geo).json()
    path = f"tokens/{said['token']}.json"

    assert "service_request_id" not in said
    assert geo.get(path) == [{"service_request_id": None, "token": said["token"]}]
    assert geo.ids() == [] and city.truth()["requests"] == []
    city.restart()
    city.clock(forward_s=91)

    [known] = geo.get(path)
    assert known["token"] == said["token"]
    [row] = geo.rows()
    assert row["service_request_id"] == known["service_request_id"]
    assert row["requested_datetime"] == "2017-09-11T10:30:00-04:00"
    # New to every reader at this moment, so changed at this moment.
    assert row["updated_datetime"] == "2017-09-11T10:31:30-04:00"
    assert geo("GET", f"tokens/{'0' * 24}.json").status_code == 404
    assert geo("GET", "tokens/12345.xml").status_code == 404


def test_a_report_held_back_has_a_token_until_it_appears(city, geo):
    city.fail_next("moderated")
    [said] = report(geo).json()
    city.clock(forward_s=301)

    assert geo.ids() == [geo.get(f"tokens/{said['token']}.json")[0]["service_request_id"]]


def test_services_with_questions_say_so_and_keep_the_answers(city, geo):
    asking = {each["service_code"] for each in geo.get("services.json") if each["metadata"]}
    code = sorted(asking)[0]
    definition = geo.get(f"services/{code}.json")

    assert definition["service_code"] == code
    assert {each["datatype"] for each in definition["attributes"]} == {
        "string", "number", "datetime", "text", "singlevaluelist", "multivaluelist",
    }  # fmt: skip
    as_xml = etree.fromstring(geo("GET", f"services/{code}.xml").content)
    assert len(as_xml.findall("attributes/attribute")) == len(definition["attributes"])
    answers = {"attribute[WHERE]": "street", "attribute[THREAT][]": ["home", "road"], "attribute[ODD]": "1"}
    [said] = report(geo, service_code=code, **answers).json()
    [row] = geo.get(f"requests/{said['service_request_id']}.json", extensions="true")
    assert [(each["code"], each["value"]) for each in row["attributes"]] == [
        ("WHERE", "street"), ("THREAT", "home"), ("THREAT", "road"),
    ]  # fmt: skip

    city.quirks(answers_needed=True)
    assert "attribute[WHERE] is missing" in report(geo, service_code=code).text
    assert report(geo, service_code=code, **answers).status_code == 200
    assert geo("GET", "services/other.json").status_code == 404


def test_an_update_is_a_line_of_the_thread_and_is_taken_once(city, geo):
    number = city.add_report("Oak")

    first, again = update(geo, number), update(geo, number)

    assert first.json() == [{"update_id": "u-1"}]
    assert again.status_code == 400 and "already exists" in again.text
    assert city.messages(number) == ["A crew is on the way."]
    [line] = geo.get("servicerequestupdates.json")
    assert line == {
        "update_id": "u-1",
        "service_request_id": number,
        "status": "OPEN",
        "updated_datetime": "2017-09-11T10:30:00-04:00",
        "description": "A crew is on the way.",
        "media_url": None,
    }
    assert geo.rows()[0]["status_notes"] == "A crew is on the way."


def test_an_update_whose_answer_was_lost_already_exists(city, geo):
    number = city.add_report("Oak")
    city.fail_next("lose-answer-after-doing-it")

    with pytest.raises(OSError):
        update(geo, number, "CLOSED", "Cleared")
    city.restart()

    assert "already exists" in update(geo, number, "CLOSED", "Cleared").text
    assert (city.status(number), city.messages(number)) == ("Closed", ["Cleared"])


def test_statuses_of_updates_move_the_issue_as_far_as_they_can(city, geo):
    number = city.add_report("Oak")

    told = []
    for status in ("in_progress", "OPEN", "FIXED", "closed", "REOPEN", "unchanged", "No Further Action"):
        assert update(geo, number, status, update_id=status).status_code == 200
        told.append(city.status(number))

    assert told == ["Acknowledged", "Acknowledged", "Closed", "Closed", "Open", "Open", "Closed"]
    assert [line["status"] for line in geo.get("servicerequestupdates.json")] == [
        "INVESTIGATING", "INVESTIGATING", "CLOSED", "CLOSED", "OPEN", "OPEN", "CLOSED",
    ]  # fmt: skip


def test_updates_are_listed_between_two_times_with_what_others_said(city, geo):
    number = city.add_report("Oak")
    city.elsewhere(number, "comment", "It still lies there")
    city.clock(forward_s=3600)
    city.elsewhere(number, "close", "Cleared")
    hour = {"start_date": "2017-09-11T11:00:00-04:00", "end_date": "2017-09-11T12:00:00-04:00"}

    [late] = geo.get("servicerequestupdates.json", **hour)
    assert (late["description"], late["status"]) == ("Cleared", "CLOSED")
    as_xml = etree.fromstring(geo("GET", "servicerequestupdates.xml").content)
    assert (as_xml.tag, as_xml[0].tag) == ("service_request_updates", "request_update")
    assert [each.findtext("description") for each in as_xml] == ["It still lies there", "Cleared"]
    assert geo("GET", "servicerequestupdates.json?start_date=2017-09-11").status_code == 400


def test_an_update_that_will_not_do_is_refused_and_leaves_nothing(city, geo):
    number = city.add_report("Oak")

    for more, status, words in (
        ({"update_id": ""}, 400, "Bad request: update_id"),
        ({"description": " "}, 400, "Bad request: description"),
        ({"service_request_id": "7"}, 400, "Bad request: service_request_id"),
        ({"status": "SOON"}, 400, "Bad request: status"),
        ({"updated_datetime": "soon"}, 400, "updated_datetime is not a time"),
        ({"api_key": ""}, 403, "api_key"),
    ):
        answer = update(geo, number, **more)
        assert answer.status_code == status
        assert words in answer.json()[0]["description"]
    assert city.messages(number) == []


def test_what_is_private_is_not_on_this_face(city, geo):
    secret = city.add_report("A gas main", is_private=True)
    city.elsewhere(secret, "comment", "Shut it")

    assert geo.ids() == geo.ids(service_request_id=secret) == []
    assert geo("GET", f"requests/{secret}.json").status_code == 404
    assert geo.get("servicerequestupdates.json") == []
    assert update(geo, secret).status_code == 400
    assert city.messages(secret) == ["Shut it"]


def test_a_server_may_have_no_updates_or_only_show_them(city, geo):
    number = city.add_report("Oak")

    city.quirks(updates="read")
    assert update(geo, number).status_code == 404
    assert geo.get("servicerequestupdates.json") == []
    city.quirks(updates="none")
    assert geo("GET", "servicerequestupdates.json").status_code == 404
