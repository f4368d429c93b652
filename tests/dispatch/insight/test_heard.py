"""What residents heard, worked by hand over a few reports; weeks begin on Monday in the city's zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from dispatch.insight.heard import AT_THE_CLOSE_MS, SETTLED_MS, HeardByWeek, heard, weeks
from dispatch.records import Heard, Lines, Reports

ZONE = ZoneInfo("America/New_York")
MINUTE, HOUR = 60_000, 3_600_000
MONDAY = round(datetime(2017, 9, 11, tzinfo=ZONE).timestamp() * 1000)
NOW = MONDAY + 48 * HOUR

Said = tuple[int, bool]  # minutes after entry, by us


def counted(
    *threads: Sequence[Said],
    closed: Sequence[int] = (),
    updated: Sequence[int] = (),
    departments: Sequence[str] = (),
    families: Sequence[str] = ("trees",),
) -> HeardByWeek:
    """Reports entered at noon on Monday; `closed` and `updated` minutes after, 0 for never; changed last with
    the last line."""
    count = len(threads)
    key, entered = np.arange(1, count + 1), np.full(count, MONDAY + 12 * HOUR)
    names = tuple(sorted(set(departments or [""])))
    ended = np.array([*closed, *[0] * (count - len(closed))])
    lines = [
        (n, entered[0] + at * MINUTE, ours)
        for n, thread in zip(key, threads, strict=True)
        for at, ours in thread
    ]
    last = [max([at for at, _ in thread] or [0]) for thread in threads]
    changed = np.array([*updated, *last[len(updated) :]])
    given: dict[str, Any] = {"departments": names, "categories": tuple(families)}
    reports = Reports(
        key=key,
        site_id=key * 10,
        created_at=entered,
        closed_at=np.where(ended > 0, entered + ended * MINUTE, 0),
        updated_at=entered + changed * MINUTE,
        department=np.array([names.index(name) for name in departments or [""] * count], np.int64),
        category=key % len(families),
        source=np.array([n % 4 for n in range(count)]),
        reporter=np.array([5 if n % 4 == 2 else 0 for n in range(count)]),
        **given,
    )
    found = [np.array([line[n] for line in lines], np.int64) for n in range(3)]
    return heard(reports, Lines(*found), weeks(NOW, 2, ZONE), NOW, families)


def this_week(*threads: Sequence[Said], **given: Any) -> Heard:
    return counted(*threads, **given).of_all[-1]


US, THEM = True, False


def test_weeks_go_from_monday_to_monday_also_over_the_night_the_clocks_change() -> None:
    found = weeks(round(datetime(2017, 11, 8, 3, tzinfo=ZONE).timestamp() * 1000), 2, ZONE)
    assert [end - start for start, end in found] == [169 * HOUR, 168 * HOUR]
    assert weeks(MONDAY, 1, ZONE) == ((MONDAY, MONDAY + 168 * HOUR),)
    assert weeks(MONDAY - 1, 1, ZONE)[0][1] == MONDAY


def test_a_resident_s_line_is_no_answer() -> None:
    found = this_week([(5, THEM)], [(5, US)], [])
    assert (found.answered.count, found.answered.of) == (1, 3)
    assert found.sites["answered"] == {10, 30}


def test_of_a_thread_that_is_not_read_nobody_can_say_that_nobody_answered() -> None:
    found = this_week([], [(5, US)], [], updated=(30, 30, 1))
    assert (found.read.count, found.read.of) == (1, 3)
    assert (found.answered.count, found.answered.of) == (0, 1)
    assert found.sites["read"] == {10, 20}


def test_what_a_server_does_to_a_fresh_report_by_itself_leaves_its_thread_read() -> None:
    assert SETTLED_MS == 90_000
    assert this_week([], [], updated=(1, 2)).sites["read"] == {20}


def test_along_the_way_is_between_the_first_answer_and_the_close() -> None:
    found = this_week(
        [(5, US), (60, US)],  # told, and once more: not at the close
        [(5, US), (119, US)],  # the second one at the close
        [(5, US)],
        [(5, US), (60, US)],  # still open: it may come
        closed=(120, 120, 120),
    )
    assert (found.along.count, found.along.of, found.sites["along"]) == (1, 3, {20, 30})


@pytest.mark.parametrize(("at", "is_done"), [(109, False), (110, True), (120, True), (500, True)])
def test_when_done_is_from_ten_minutes_before_the_close_on(at: int, is_done: bool) -> None:
    assert AT_THE_CLOSE_MS == 10 * MINUTE
    assert this_week([(at, US)], closed=(120,)).done.count == is_done


def test_closed_without_a_word_are_those_that_never_heard_of_us() -> None:
    found = this_week([], [(500, US)], [(5, US)], [], closed=(120, 120, 120))
    assert (found.silent.count, found.silent.of, found.sites["silent"]) == (1, 3, {10})


def test_the_first_answer_counts_those_that_wait() -> None:
    found = this_week([(10, US)], [(30, US)], [], [])
    assert (found.half, found.nine_in_ten) == (30 * MINUTE, None)
    found = this_week([(10, US)], [(30, US)], [], closed=(0, 0, 20))
    assert found.half == 30 * MINUTE, "closed without a word waits no more"


def test_a_report_stands_in_its_week_and_family() -> None:
    found = counted([], [], [], families=("trees", "wires"))
    assert [each.reports for each in found.of_all] == [0, 3]
    assert {name: each[-1].reports for name, each in found.departments.items()} == {"trees": 1, "wires": 2}
    assert not found.is_named_by_server


def test_departments_are_those_the_server_names_where_it_names_most() -> None:
    found = counted([], [], [], departments=("Parks", "Roads", ""))
    assert found.is_named_by_server and set(found.departments) == {"", "Parks", "Roads"}
    assert not counted([], [], [], departments=("Parks", "", "")).is_named_by_server
    assert not counted([], [], departments=("City", "City")).is_named_by_server, "one name tells nothing"


def test_who_told_us_and_how_many_of_them() -> None:
    found = this_week([], [], [], [], [], [], [])
    assert found.sources == (2, 2, 2, 1) and found.reporters == 1
