"""Two faults of lists that move while they are read, on both faces: duplicate and shift-pages."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

ALL = "open,acknowledged,closed,archived"


@pytest.fixture
def reports(city):
    numbers = []
    for n in range(12):
        city.clock(forward_s=61)
        numbers.append(int(city.add_report(f"Oak {n}")))
    city.clock(forward_s=61)
    return numbers


@pytest.fixture(params=["seeclickfix", "georeport"])
def page(request, call, geo):
    """Reads a page of four and gives its ids."""

    def read(number):
        if request.param == "georeport":
            return [int(each) for each in geo.ids(page=number, page_size=4)]
        issues = call.get("/issues", status=ALL, page=number, per_page=4)["issues"]
        return [issue["id"] for issue in issues]

    return read


def truth(city):
    return [request["id"] for request in city.truth()["requests"]]


def test_a_row_comes_twice_in_a_page_and_again_with_the_next(city, reports, page):
    city.fail_next("duplicate", "duplicate", "duplicate")
    pages = [page(number) for number in (1, 2, 3)]

    assert city.played() == {"duplicate": 3}
    for before, after in pairwise(pages):
        assert before[3 if before is pages[0] else 4] == after[0]
    assert all(max(Counter(each).values()) == 2 for each in pages)
    assert sorted({number for each in pages for number in each}) == reports == truth(city)
    assert [page(number) for number in (1, 2)] == [reports[:-5:-1], reports[-5:-9:-1]]


def test_rows_move_between_two_pages_and_stay_in_the_truth(city, reports, page):
    first = page(1)
    city.fail_next("shift-pages")
    second = page(2)

    # One came in at the top, so the last of the first page has moved to the second.
    assert second[0] == first[-1]
    [new] = set(truth(city)) - set(reports)
    touched = [
        each for each in city.truth()["requests"] if each["updated_at"] == city.request(new)["updated_at"]
    ]
    assert len(touched) in (2, 3)
    assert page(1)[0] == new
    again = [number for place in (1, 2, 3, 4) for number in page(place)]
    assert sorted(again) == truth(city)


def test_both_wait_for_a_list_to_be_read(city, reports, call, geo):
    city.fail_next("duplicate", "shift-pages")

    call.get(f"/issues/{reports[0]}")
    geo.get("services.json")
    call.post(f"/issues/{reports[0]}/comments", comment="x")
    assert city.played() == {}

    assert len(geo.ids()) == 13
    assert len(geo.ids()) == 13
    assert city.played() == {"duplicate": 1, "shift-pages": 1}
