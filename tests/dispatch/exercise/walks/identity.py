"""Identity: ids, tokens, service codes, people, duplicates."""

from __future__ import annotations

import re

import pytest
import requests

from tests.dispatch.exercise.walks.scene import REPORTS, walk


@walk("Q20")
def ids_of_every_kind(scene):
    last = int(scene.numbers[-1])
    forms = {"number": last, "dashed": f"A-{last}", "hex": f"{last:024x}", "padded": f"{last:012d}"}
    for ids, name in forms.items():
        with scene.on("Q20", ids=ids):
            assert scene.rows()[0]["service_request_id"] == name
            assert len(scene.rows(service_request_id=f"{name},A-0")) == 1
            assert scene.geo.get(f"requests/{name}.json")[0]["service_request_id"] == name
            told = scene.city.request(last).get("georeport_id", last)
            assert told == name


@walk("Q21")
def tokens_beside_and_instead_of_ids(scene):
    scene.city.quirks(token_delay_s=3600)
    sent = {"service_code": "5701", "description": "Pending", "lat": "27.7", "long": "-82.6"}
    token = scene.geo.post("requests.json", **sent).json()[0]["token"]
    with scene.on("Q21"):
        rows = scene.rows()
    assert [row["token"] for row in rows if "service_request_id" not in row and "token" in row] == [token]
    assert len([row for row in rows if "service_request_id" not in row and "token" not in row]) == 1
    both = [row for row in rows if "token" in row and "service_request_id" in row]
    assert 0 < len(both) < REPORTS
    found = scene.geo.get(f"tokens/{both[0]['token']}.json")
    assert found[0]["service_request_id"] == both[0]["service_request_id"]
    assert scene.city.truth()["requests"][-1]["id"] == int(scene.numbers[-1])


@walk("Q22")
def codes_as_they_come(scene):
    with scene.on("Q22"):
        codes = [service["service_code"] for service in scene.geo.get("services.json")]
        rows = scene.rows()
        for code in codes[:4]:
            found = scene.rows(service_code=code)
            assert {row["service_code"] for row in found} <= {code, None}
            path = f"services/{requests.utils.quote(code, safe='')}.json"
            assert scene.geo("GET", path).status_code in (200, 404)
    assert any(code.startswith("00") for code in codes) and any(":" in code for code in codes)
    assert any(code.startswith("3.") for code in codes)
    assert None in {row["service_code"] for row in rows} and len({row["service_code"] for row in rows}) > 2


@walk("Q23")
def codes_as_bare_numbers(scene):
    with scene.on("Q23"):
        answer = scene.geo("GET", "requests.json")
    assert re.search(r'"service_code":005701,', answer.text)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


@walk("Q24")
def types_without_type(scene):
    types = [bent["request_type"] for _, bent in scene.bent_issues("Q24")]

    assert {} in types
    assert any(kind and "organization" not in kind for kind in types)
    assert any(kind and kind.get("organization", "") is None for kind in types)


@walk("Q25")
def organizations_of_other_names(scene):
    pairs = scene.bent_issues("Q25")

    assert {bent["request_type"]["organization"] for _, bent in pairs} == {
        "Department of Transportation & Mobility", "Sidewalk Concern", "St Petersburg, City of",
    }  # fmt: skip


@walk("Q26")
def reporters_who_are_nobody(scene):
    pairs = scene.bent_issues("Q26")

    assert {bent["reporter"]["id"] for _, bent in pairs} == {None}
    assert not any("html_url" in bent["reporter"] for _, bent in pairs)
    assert 0 in {issue["reporter"]["id"] for issue in scene.issues()}


@walk("Q27")
def comments_without_a_number(scene):
    number = scene.numbers[-1]
    for n in range(3):
        scene.city.elsewhere(number, "comment", f"Still there ({n})")
    with scene.on("Q27"):
        comments = scene.call.get(f"/issues/{number}/comments")["comments"]
        inside = scene.call.get(f"/issues/{number}", details="true")["comments"]
    assert ["flag_url" in each for each in comments].count(False) == 1
    assert inside == comments


@walk("Q28")
def resent_reports(scene):
    sent = {"service_code": "5701", "description": "An oak of 0 feet", "lat": "27.7", "long": "-82.6"}
    with scene.on("Q28"):
        answer = scene.geo.post("requests.json", **sent)
        other = scene.geo.post("requests.json", **{**sent, "service_code": ""})
    assert answer.status_code == 400
    assert answer.json()[0]["description"] == "Invalid service request: base is a duplicate."
    assert "service_code" in other.json()[0]["description"]


@walk("Q29")
def duplicates_name_their_parent(scene):
    for straight, bent in scene.straight_and_bent("Q29"):
        assert straight["status"] == "closed"
        parent = bent["extended_attributes"]["parent_service_request_id"]
        assert parent == scene.numbers[0] and parent in bent["status_notes"]


@walk("Q30")
def empty_jurisdictions(scene):
    assert len(scene.rows(jurisdiction_id="")) == REPORTS
    with scene.on("Q30"):
        assert scene.geo("GET", "requests.json?jurisdiction_id=").status_code == 400
        assert len(scene.rows()) == REPORTS
    with scene.on("Q30", jurisdiction="stpete.org"):
        assert scene.geo("GET", "requests.json").status_code == 400
        assert scene.geo("GET", "requests.json?jurisdiction_id=elsewhere").status_code == 400
        assert len(scene.rows(jurisdiction_id="stpete.org")) == REPORTS
