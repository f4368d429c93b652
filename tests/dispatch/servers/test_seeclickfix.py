"""Reading what a SeeClickFix server says, as it says it."""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.records import CrmStatus, Place
from dispatch.servers.seeclickfix_rows import read_message, read_page, read_request

ISSUE: dict[str, Any] = {
    "id": 901,
    "status": "Acknowledged",
    "summary": "Storm: Tree Blocking Road",
    "description": " Big oak down\r\n",
    "rating": 3,
    "lat": 27.7712,
    "lng": -82.6401,
    "address": "5th Ave N  &  9th St N",
    "created_at": "2017-09-11T08:00:00-04:00",
    "updated_at": "2017-09-11T08:00:30-04:00",
    "acknowledged_at": "2017-09-11T08:00:12-04:00",
    "closed_at": None,
    "reopened_at": None,
    "html_url": "https://city.example/issues/901",
    "request_type": {"id": 5701, "title": "Storm: Tree Blocking Road"},
    "transitions": {"close_url": "https://city.example/issues/901/close"},
    "reporter": {"id": 0, "name": "An anonymous SeeClickFix user", "role": "Registered User"},
    "media": {"image_full": None, "representative_image_url": "https://city.example/tree.png"},
}


def test_an_issue_becomes_a_service_request() -> None:
    request = read_request(ISSUE)

    assert request.request_id == "901"
    assert request.status is CrmStatus.ACKNOWLEDGED
    assert request.description == "Big oak down"
    assert request.address == "5th Ave N & 9th St N"
    assert request.created_at == 1_505_131_200_000
    assert request.service_code == "5701"
    assert request.transitions == {"close_url"}
    assert request.reporter.is_anonymous
    assert request.photo_url == "", "a picture of the category is not a resident's photo"


@pytest.mark.parametrize(
    ("lat", "lng", "place"),
    [
        (27.77, -82.64, Place(27.77, -82.64)),
        ("27.77", "-82.64", Place(27.77, -82.64)),
        (0, 0, None),
        (None, None, None),
        ("", "", None),
        (1203444.2, 392011.8, None),
        ("north", "west", None),
    ],
)
def test_an_unknown_place_is_no_place(lat: Any, lng: Any, place: Place | None) -> None:
    assert read_request({**ISSUE, "lat": lat, "lng": lng}).place == place


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"created_at": None}, "no time of entry"),
        ({"created_at": "yesterday"}, "cannot be read"),
        ({"id": None}, "no id"),
    ],
)
def test_a_bad_row_stands_apart_with_its_reason_and_the_page_goes_on(change: dict, reason: str) -> None:
    page = read_page([{**ISSUE, **change}, ISSUE, "not an object"], {"pagination": {"next_page": 2}})

    assert [request.request_id for request in page.requests] == ["901"]
    assert reason in page.bad[0].reason
    assert page.bad[1].reason == "the row is not an object"
    assert page.next_page == 2


def test_an_issue_without_a_type_goes_by_its_own_title() -> None:
    request = read_request({**ISSUE, "request_type": {}, "summary": "Tree on my fence"})

    assert (request.service_code, request.service_name) == ("", "Tree on my fence")


def test_an_unknown_status_is_open_and_its_word_is_kept() -> None:
    request = read_request({**ISSUE, "status": "Under Investigation"})

    assert (request.status, request.raw_status) == (CrmStatus.OPEN, "Under Investigation")


def test_what_only_the_organization_may_do_is_offered_where_the_issue_carries_its_address() -> None:
    addresses = {"assignment_url": "https://city.example/assignment", "internal_comments_url": None}

    assert read_request({**ISSUE, **addresses}).transitions == {"close_url", "assignment"}


def test_who_has_it_is_told_by_number_and_name() -> None:
    request = read_request({**ISSUE, "assignee": {"id": 1200001, "name": "Tree Crew"}})

    assert (request.assignee_id, request.agency) == ("1200001", "Tree Crew")
    assert read_request({**ISSUE, "assignee": None}).assignee_id == ""


@pytest.mark.parametrize(
    "mark", [{"is_private": True}, {"private_visibility": True}, {"visibility": "Private"}]
)
def test_an_issue_for_the_city_alone_is_known_by_any_of_its_marks(mark: dict) -> None:
    assert read_request({**ISSUE, **mark}).is_private
    assert not read_request({**ISSUE, "is_private": False, "visibility": "public"}).is_private


def test_an_internal_comment_is_never_taken_for_a_public_one() -> None:
    comment = {"comment": "Gate code 4711", "flag_url": "https://city.example/api/v2/comments/623/flag"}

    internal, public = read_message(comment, is_internal=True), read_message(comment)

    assert (internal.is_internal, public.is_internal) == (True, False)
    assert internal.message_id != public.message_id


def test_a_comment_takes_its_id_from_the_flag_address_or_from_itself() -> None:
    comment = {
        "comment": "Crew on the way.",
        "created_at": "2017-09-11T09:00:00-04:00",
        "commenter": {"id": 7, "name": "City", "role": "Verified Official"},
        "flag_url": "https://city.example/api/v2/comments/623/flag",
    }

    assert read_message(comment).message_id == "623"
    nameless = {**comment, "flag_url": None}
    assert read_message(nameless).message_id == read_message(nameless).message_id != ""
