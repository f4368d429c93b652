"""Comments and changes of status: what is allowed, what it leaves behind, who may."""

from __future__ import annotations

import re

import pytest


def test_a_comment_appears_in_the_thread_and_touches_the_issue(city, call):
    number = city.add_report("Oak across the road")
    city.clock(forward_s=600)

    answer = call.post(f"/issues/{number}/comments", comment="A crew is on the way.")

    assert answer.status_code == 201
    said = answer.json()
    assert said["body"] == said["comment"] == "A crew is on the way."
    assert said["moderated"] is False
    assert said["issue"] == {"status": "Acknowledged", "rating": 1}
    assert said["created_at"] == call.get(f"/issues/{number}")["updated_at"]
    assert city.messages(number) == ["A crew is on the way."]


def test_comments_carry_no_id_but_one_in_the_flag_address(city, call):
    number = city.add_report()
    call.post(f"/issues/{number}/comments", comment="First")
    call.post(f"/issues/{number}/comments", comment="Second")

    answer = call.get(f"/issues/{number}/comments")

    assert list(answer) == ["comments"]
    assert [line["comment"] for line in answer["comments"]] == ["First", "Second"]
    assert all("id" not in line for line in answer["comments"])
    ids = [int(re.search(r"/comments/(\d+)/flag$", line["flag_url"])[1]) for line in answer["comments"]]
    assert ids == [line["id"] for line in city.request(number)["messages"]]


def test_a_report_goes_from_open_to_acknowledged_to_closed_and_back(city, call):
    number = city.add_report()

    for act, status in (("acknowledge", "Acknowledged"), ("close", "Closed"), ("open", "Open")):
        answer = call.post(f"/issues/{number}/{act}", comment=f"Now {status}")
        assert answer.status_code == 201
        assert answer.json()["issue"]["status"] == status

    issue = call.get(f"/issues/{number}")
    assert issue["status"] == "Open"
    assert issue["acknowledged_at"] and issue["reopened_at"] and issue["closed_at"] is None
    assert city.messages(number) == ["Now Acknowledged", "Now Closed", "Now Open"]


@pytest.mark.parametrize("act", ["comments", "close", "acknowledge", "open"])
def test_every_act_needs_words(city, call, act):
    number = city.add_report()

    answer = call.post(f"/issues/{number}/{act}", comment=" ")

    assert answer.status_code == 422
    assert answer.json() == {"errors": {"comment": ["can't be blank"]}}
    assert city.messages(number) == []


def test_closing_twice_and_changing_what_is_archived_is_refused(city, call):
    closed, archived = city.add_report(), city.add_report()
    call.post(f"/issues/{closed}/close", comment="Cleared")
    city.elsewhere(archived, "archive")

    assert call.post(f"/issues/{closed}/close", comment="Cleared again").status_code == 422
    for act in ("close", "open", "acknowledge"):
        assert call.post(f"/issues/{archived}/{act}", comment="Again").status_code == 422
    assert city.messages(closed) == ["Cleared"]


def test_writing_needs_the_token_and_a_wrong_one_is_told(city, call):
    number = city.add_report()
    path = f"/issues/{number}/comments"

    assert call("POST", path, data={"comment": "x"}).status_code == 401
    assert (
        call("POST", path, data={"comment": "x"}, headers={"Authorization": "Bearer old"}).status_code == 401
    )
    assert call("GET", "/issues", headers={"Authorization": "Bearer old"}).status_code == 401
    assert city.messages(number) == []


def test_the_profile_tells_a_bad_login_by_a_null_id(city, call):
    assert call.get("/profile") == {"id": None}
    bad = call("GET", "/profile", headers={"Authorization": "Bearer old"})
    assert (bad.status_code, bad.json()) == (200, {"id": None})

    good = call("GET", "/profile", headers={"Authorization": f"Bearer {city.token}"}).json()
    assert good["id"] == 2_000_001
    assert good["permissions"] == {"can_acknowledge": True}


def test_bodies_may_be_json_or_forms_and_broken_json_is_told(city, call):
    number = city.add_report()
    login = {"Authorization": f"Bearer {city.token}"}
    path = f"/issues/{number}/comments"

    assert call("POST", path, json={"comment": "ñandú 🌀"}, headers=login).status_code == 201
    broken = call("POST", path, data="{", headers={**login, "Content-Type": "application/json"})

    assert (broken.status_code, broken.json()) == (400, {"request": "Unable to parse JSON"})
    assert city.messages(number) == ["ñandú 🌀"]


def test_unknown_issues_and_methods_are_refused_as_json(city, call):
    missing, wrong = call("GET", "/issues/7"), call("PUT", "/issues/7/close")

    assert (missing.status_code, missing.json()["message"]) == (404, "Not Found")
    assert (wrong.status_code, wrong.json()["message"]) == (405, "Method Not Allowed")


def test_a_vote_counts_once_and_touches_the_issue(city, call):
    number = city.add_report()

    assert call.post(f"/issues/{number}/vote").json() == {"vote": 1}
    assert call.post(f"/issues/{number}/vote").status_code == 201
    assert call.get(f"/issues/{number}")["rating"] == 2
    assert call.post(f"/issues/{number}/follow").json() == {"follow": 1}
    assert call.post(f"/issues/{number}/follow").status_code == 409


def test_a_report_made_through_the_api_is_kept_and_named(city, call):
    answer = call.post(
        "/issues",
        lat="27.75",
        lng="-82.65",
        address="22nd Ave S & 31st St S",
        request_type_id="5702",
        description="Caller says limb on line",
    )

    assert answer.status_code == 201
    made = answer.json()
    assert answer.headers["Location"].endswith(f"/issues/{made['id']}")
    assert made["reporter"]["id"] == 2_000_001
    assert made["summary"] == "Storm: Tree on Wires"
    assert call.post("/issues", lng="1", request_type_id="5702").json()["errors"] == {
        "lat": ["Lat can't be blank"]
    }
    assert [each["id"] for each in city.truth()["requests"]] == [made["id"]]


def test_a_moderated_comment_is_accepted_without_an_id_and_appears_later(city, call):
    number = city.add_report()
    city.fail_next("moderated")

    answer = call.post(f"/issues/{number}/comments", comment="Held for a reader")

    assert (answer.status_code, answer.json()) == (202, {"metadata": {"moderated": True}})
    assert city.messages(number) == []
    city.clock(forward_s=301)
    assert city.messages(number) == ["Held for a reader"]
