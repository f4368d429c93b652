"""The organization's face: its own actions, private issues and internal comments, and who never sees them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.city import City
from tests.dispatch.exercise.conftest import Caller

ORGANIZATION = "/organizations/276"


class Member(Caller):
    """Asks by the organization's face, with the token."""

    def __call__(self, method: str, path: str, **more: Any) -> Any:
        login = {"Authorization": f"Bearer {self._city.token}"}
        return super().__call__(method, ORGANIZATION + path, **{"headers": login, **more})


@pytest.fixture
def member(city: City) -> Iterator[Member]:
    caller = Member(city)
    yield caller
    caller.session.close()


def path_of(url: str) -> str:
    return url.partition(ORGANIZATION)[2]


def test_only_the_organizations_face_names_its_own_actions(city, call, member):
    number = city.add_report("Oak across the road")

    public, inside = call.get(f"/issues/{number}"), member.get(f"/issues/{number}")

    names = {"internal_comments_url", "assignment_url", "recategorize_url", "mark_as_duplicate_url"}
    assert names <= inside.keys() and not names & public.keys()
    assert inside["is_private"] is False and inside["assignee"] is None
    assert inside["assignment_url"].startswith(f"{city.url}{ORGANIZATION}/issues/{number}/")
    assert call.post(f"/issues/{number}/assignment", assignee_id="1200001").status_code == 404


def test_an_internal_comment_shows_inside_and_nowhere_else(city, call, member, geo):
    number = city.add_report("Oak across the road")
    url = member.get(f"/issues/{number}")["internal_comments_url"]

    answer = member.post(path_of(url), comment="Gate code 4711")

    assert (answer.status_code, answer.json()["comment"]) == (201, "Gate code 4711")
    shown = member.get(f"/issues/{number}", details="true")
    assert [line["comment"] for line in shown["internal_comments"]] == ["Gate code 4711"]
    assert [line["comment"] for line in member.get(path_of(url))["comments"]] == ["Gate code 4711"]
    truth = city.request(number)
    assert [line["text"] for line in truth["internal"]] == ["Gate code 4711"] and truth["messages"] == []
    for public in (
        call.get(f"/issues/{number}/comments"),
        call.get(f"/issues/{number}", details="true"),
        call.get("/issues", details="true"),
        member.get(f"/issues/{number}/comments"),
        geo.get("requests.json", extensions="true"),
    ):
        assert "4711" not in str(public)


def test_a_private_issue_is_not_there_for_the_public(city, call, member, geo):
    hidden, shown = city.add_report("Inside a home", is_private=True), city.add_report("Oak down")

    listed = call.get("/issues")

    assert [str(each["id"]) for each in listed["issues"]] == [shown]
    assert listed["metadata"]["pagination"]["entries"] == 1
    assert call("GET", f"/issues/{hidden}").status_code == 404
    assert call("GET", f"/issues/{hidden}/comments").status_code == 404
    assert geo.ids() == geo.ids(service_request_id=f"{hidden},{shown}") == [shown]
    inside = {str(each["id"]): each["is_private"] for each in member.get("/issues")["issues"]}
    assert inside == {hidden: True, shown: False}


def test_an_assignment_names_who_has_it_and_leaves_the_citys_line(city, member):
    number = city.add_report("Oak across the road")
    url = path_of(member.get(f"/issues/{number}")["assignment_url"])

    answer = member.post(url, assignee_id="1200002", comment="Bring the big saw")

    assert answer.status_code == 201
    assert member.get(f"/issues/{number}")["assignee"]["id"] == 1_200_002
    assert city.messages(number) == ["City of St. Petersburg assigned this issue to Call Taker 2"]
    assert [line["text"] for line in city.request(number)["internal"]] == ["Bring the big saw"]
    assert member.post(url, assignee_id="5").json() == {
        "errors": {"assignee_id": ["is not a member of this organization"]}
    }


def test_filed_elsewhere_and_marked_as_a_duplicate(city, member):
    number, other = city.add_report("Water in the street"), city.add_report("Water everywhere")
    issue = member.get(f"/issues/{number}")

    member.post(path_of(issue["recategorize_url"]), request_type_id="5705")
    assert member.get(f"/issues/{number}")["request_type"]["id"] == 5705
    refused = member.post(path_of(issue["mark_as_duplicate_url"]), canonical_issue_id=number)
    assert refused.status_code == 422
    member.post(path_of(issue["mark_as_duplicate_url"]), canonical_issue_id=other)

    marked = member.get(f"/issues/{number}")
    assert (marked["status"], marked["canonical_issue"]) == ("Archived", {"id": int(other)})
    assert city.messages(number) == [f"This is a duplicate of issue {other}"]


def test_what_a_category_does_not_take_is_neither_offered_nor_done(city, member):
    light = city.add_report("Lamp out", category="street_light_out")
    animal = city.add_report("Dog in the road", category="animal")

    offered = member.get(f"/issues/{light}")
    assert "close_url" in offered["transitions"] and "assignment_url" not in offered
    assert member.post(f"/issues/{light}/assignment", assignee_id="1200001").status_code == 403
    assert member.get(f"/issues/{animal}")["transitions"] == {}
    assert member.post(f"/issues/{animal}/close", comment="Done").status_code == 403
    assert city.status(animal) == "Open"


def test_a_new_issue_may_be_held_and_shows_later_as_entered_now(city, call):
    city.fail_next("moderated")

    answer = call.post("/issues", lat="27.75", lng="-82.65", request_type_id="5702", description="Wire down")

    assert (answer.status_code, answer.json()) == (202, {"metadata": {"moderated": True}})
    assert city.truth()["requests"] == []
    entered = city.truth()["now"]
    city.clock(forward_s=301)
    [shown] = call.get("/issues")["issues"]
    assert shown["description"] == "Wire down"
    assert shown["created_at"][:16] == entered[:16]


def test_all_of_it_is_there_after_the_plug_was_pulled(city, member):
    number = city.add_report("Inside a home", is_private=True)
    issue = member.get(f"/issues/{number}")
    member.post(path_of(issue["assignment_url"]), assignee_id="1200002", comment="Gate code 4711")
    before = member.get(f"/issues/{number}", details="true")

    city.restart()

    assert member.get(f"/issues/{number}", details="true") == before
