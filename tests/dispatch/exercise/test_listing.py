"""GET /issues: the envelope of 2026, paging, order, filters, and what is ignored."""

from __future__ import annotations

import pytest

ALL = "open,acknowledged,closed,archived"


@pytest.fixture
def three(city, call):
    """One open, one closed, one archived, a minute apart."""
    numbers = []
    for name in ("first", "second", "third"):
        numbers.append(int(city.add_report(f"The {name} oak")))
        city.clock(forward_s=61)
    city.elsewhere(numbers[1], "close", "Cleared")
    city.elsewhere(numbers[2], "archive")
    return numbers


def ids(answer):
    return [issue["id"] for issue in answer["issues"]]


def test_the_envelope_and_the_issue_have_the_keys_of_2026_in_their_order(city, call):
    city.add_report("Oak", address="22nd Ave S & 31st St S")

    answer = call.get("/issues")

    assert list(answer) == ["issues", "metadata", "errors"]
    assert answer["errors"] == {}
    assert list(answer["metadata"]["pagination"]) == [
        "entries", "page", "per_page", "pages", "next_page", "next_page_url", "previous_page",
        "previous_page_url",
    ]  # fmt: skip
    [issue] = answer["issues"]
    assert list(issue) == [
        "id", "status", "summary", "description", "rating", "lat", "lng", "address", "created_at",
        "acknowledged_at", "closed_at", "reopened_at", "updated_at", "url", "point", "private_visibility",
        "html_url", "show_blocked_issue_text", "request_type", "comment_url", "flag_url", "transitions",
        "reporter", "media",
    ]  # fmt: skip
    assert issue["url"] == f"{city.url}/issues/{issue['id']}"
    assert issue["created_at"] == "2017-09-11T10:30:00-04:00"
    assert issue["point"]["coordinates"] == [issue["lng"], issue["lat"]]
    assert call.get(f"/issues/{issue['id']}") == issue


def test_archived_issues_are_left_out_unless_asked_for(three, call):
    assert sorted(ids(call.get("/issues"))) == three[:2]
    assert sorted(ids(call.get("/issues", status=ALL))) == three
    assert ids(call.get("/issues", status="closed")) == [three[1]]


def test_order_is_by_creation_newest_first_or_as_asked(three, call):
    assert ids(call.get("/issues", status=ALL)) == three[::-1]
    assert ids(call.get("/issues", status=ALL, sort="created_at", sort_direction="ASC")) == three
    by_update = call.get("/issues", status=ALL, sort="updated_at", sort_direction="ASC")["issues"]
    assert [each["updated_at"] for each in by_update] == sorted(each["updated_at"] for each in by_update)
    assert ids(call.get("/issues", status=ALL, sort="update_at")) == three[::-1]


def test_time_filters_take_the_first_moment_and_leave_out_the_last(three, call):
    second = call.get(f"/issues/{three[1]}")

    assert ids(call.get("/issues", status=ALL, after=second["created_at"])) == [three[2], three[1]]
    assert ids(call.get("/issues", status=ALL, before="2017-09-11T14:31:01Z")) == [three[0]]
    touched = call.get("/issues", status=ALL, updated_at_after=second["updated_at"])
    assert ids(touched) == [three[2], three[1]]
    assert call.get("/issues", updated_at_before="2017-09-11T10:30:00-04:00")["issues"] == []
    assert call("GET", "/issues?after=yesterday").status_code == 422


def test_pages_are_clamped_told_and_linked(city, call):
    for _ in range(5):
        city.add_report()

    second = call.get("/issues", per_page=2, page=2, status="open,closed")

    assert second["metadata"]["pagination"] == {
        "entries": 5,
        "page": 2,
        "per_page": 2,
        "pages": 3,
        "next_page": 3,
        "next_page_url": f"{city.url}/issues?page=3&per_page=2&status=open%2Cclosed",
        "previous_page": 1,
        "previous_page_url": f"{city.url}/issues?page=1&per_page=2&status=open%2Cclosed",
    }
    last = call.get("/issues", per_page=2, page=3)["metadata"]["pagination"]
    assert (last["next_page"], last["next_page_url"]) == (None, None)
    assert call.get("/issues", per_page=2, page=9)["issues"] == []
    assert call.get("/issues", per_page=1000)["metadata"]["pagination"]["per_page"] == 100
    assert call.get("/issues", per_page=1000, details="true")["metadata"]["pagination"]["per_page"] == 20
    assert call.get("/issues", per_page=0)["metadata"]["pagination"]["per_page"] == 1
    assert call.get("/issues", place="nowhere")["metadata"]["pagination"]["entries"] == 5


def test_area_type_and_words_narrow_the_list(city, call):
    north = city.add_report("Oak", lat=27.80, lng=-82.65, category="5702")
    south = city.add_report("Water", lat=27.71, lng=-82.65, category="5705")
    box = {"min_lat": 27.7, "max_lat": 27.75, "min_lng": -82.7, "max_lng": -82.6}

    assert ids(call.get("/issues", **box)) == [int(south)]
    assert ids(call.get("/issues", request_types="5702,9")) == [int(north)]
    assert ids(call.get("/issues", search="OAK")) == [int(north)]
    assert ids(call.get("/issues", lat=27.8, lng=-82.65, sort="distance")) == [int(north), int(south)]


def test_a_subset_of_fields_adds_only_the_address(city, call):
    city.add_report("Oak")

    [issue] = call.get("/issues", **{"fields[issue]": "id,summary,media"})["issues"]

    assert list(issue) == ["id", "summary", "url", "media"]
    assert issue["url"] == f"{city.url}/issues/{issue['id']}"
    assert issue["media"]["representative_image_url"].startswith(city.url.removesuffix("/api/v2"))


def test_details_carry_the_thread(city, call):
    number = city.add_report()
    city.elsewhere(number, "comment", "Still here")

    [issue] = call.get("/issues", details="true")["issues"]

    assert [line["comment"] for line in issue["comments"]] == ["Still here"]
    assert issue["comment_count"] == 1


def test_staff_may_do_more_than_the_public(city, call):
    number = city.add_report()
    login = {"Authorization": f"Bearer {city.token}"}

    staff = call("GET", f"/issues/{number}", headers=login).json()
    public = call.get(f"/issues/{number}")

    assert set(staff["transitions"]) == {"close_url", "acknowledge_url"}
    assert set(public["transitions"]) <= {"close_url"}
    assert staff["transitions"]["close_url"] == f"{city.url}/issues/{number}/close"


def test_the_organizations_face_is_for_members_and_keeps_them_there(city, call):
    number = city.add_report()
    login = {"Authorization": f"Bearer {city.token}"}

    assert call("GET", "/organizations/276/issues").status_code == 401
    assert call("GET", "/organizations/9/issues", headers=login).status_code == 403
    [issue] = call("GET", "/organizations/276/issues", headers=login).json()["issues"]
    assert issue["comment_url"] == f"{city.url}/organizations/276/issues/{number}/comments"


def test_nothing_new_is_told_by_304(city, call):
    city.add_report()
    first = call("GET", "/issues")

    again = call("GET", "/issues", headers={"If-None-Match": first.headers["ETag"]})
    city.add_report()
    changed = call("GET", "/issues", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert changed.status_code == 200


def test_forms_of_the_city_are_offered_for_a_point(call):
    offered = call.get("/issues/new", lat=27.77, lng=-82.65)["request_types"]

    assert offered[-1]["organization"] is None
    assert call.get("/request_types/5702")["title"] == "Storm: Tree on Wires"
    assert call.get("/request_types/other")["id"] is None
    assert call("GET", "/issues/new").status_code == 400


def test_pictures_that_an_issue_names_are_there(city, call):
    number = city.add_report(has_photo=True)

    media = call.get(f"/issues/{number}")["media"]

    for name in ("image_full", "image_square_100x100", "representative_image_url"):
        picture = call.session.get(media[name], timeout=10)
        assert picture.content.startswith(b"\x89PNG")
