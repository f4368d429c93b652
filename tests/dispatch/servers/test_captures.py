"""Recorded answers of real servers, where they are at hand: each taken in whole, with the known figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatch.servers import shapes
from dispatch.servers.georeport_rows import NO_CHANGE_TIME
from tests import captures
from tests.captures import Taken, take

pytestmark = pytest.mark.skipif(not captures.HOME.is_dir(), reason="the recorded answers are not at hand")


def taken(name: str) -> Taken:
    return take(captures.HOME / name)


@pytest.mark.parametrize("path", captures.files(), ids=lambda path: path.name)
def test_every_recorded_answer_is_taken_in_whole(path: Path) -> None:
    page = take(path).page
    assert page.bad == ()
    assert len(page.requests) + page.pending == page.received


def test_bloomington_says_null_and_zero_for_places_unknown() -> None:
    requests = taken("open311-bloomington/2012-requests.json").page.requests
    assert len(requests) == 21
    assert sum(request.place is None for request in requests) == 8


def test_the_moving_list_holds_one_issue_twice() -> None:
    requests = taken("seeclickfix-v2/national-2024-08-31-issues-rows-000-199.json").page.requests
    assert (len(requests), len({request.request_id for request in requests})) == (200, 199)


def test_cologne_has_thirty_rows_in_german() -> None:
    requests = taken("open311-cologne/2023-requests-rows-00-29.json").page.requests
    assert len(requests) == 30
    assert requests[0].request_id == "A-173480" and requests[0].service_code == "009"
    assert sum(not request.description for request in requests) == 6


def test_toronto_says_no_time_of_change() -> None:
    found = taken("open311-toronto/2018-requests-many.xml")
    assert (found.rows, found.doubts) == (2, {NO_CHANGE_TIME: 2})


def test_santa_clara_files_under_no_category() -> None:
    requests = taken("seeclickfix-open311/santa-clara-2022-requests.json").page.requests
    assert [request.service_code for request in requests] == [""] * 5


def test_only_the_retired_api_leaves_its_zone_out() -> None:
    assumed = {path.parent.name: take(path).doubts[shapes.ZONE_ASSUMED] for path in captures.files()}
    assert {name for name, count in assumed.items() if count} == {"seeclickfix-v1-legacy"}


def test_one_day_in_oswestry() -> None:
    before, after = (
        {request.request_id: request for request in taken(f"open311-fixmystreet/{name}").page.requests}
        for name in (
            "oswestry-2026-07-06-day1-requests.json",
            "oswestry-2026-07-06-day2-requests.json",
        )
    )
    assert len(before.keys() - after.keys()) == 2
    assert len(after.keys() - before.keys()) == 6
    both = before.keys() & after.keys()
    changed = [each for each in both if before[each] != after[each]]
    assert len(changed) == 14
    assert all(after[each].updated_at > before[each].updated_at for each in changed)
    assert before[next(iter(both))].agency == "Shropshire Council"
