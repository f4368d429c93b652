"""Ranges that residents were told: which held, which have moved, and whom to tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.insight.told_times import (
    DAY_MS,
    counted,
    decided,
    has_moved,
    may_be_corrected,
    one_a_reporter,
)
from dispatch.records import Expectation, Told

NOW = 100 * DAY_MS
TOLD = Told(
    request_key=1, site_id=1, category="pothole", at=NOW - 4 * DAY_MS, low_days=1, high_days=5, reporter="a"
)


def said(low: int, high: int | None) -> Expectation:
    return Expectation(low_days=low, high_days=high)


def test_a_range_holds_when_it_is_closed_by_its_end_and_sooner_is_no_fault() -> None:
    soon = replace(TOLD, closed_at=TOLD.at + DAY_MS // 2)
    late = replace(TOLD, at=NOW - 9 * DAY_MS, closed_at=NOW)
    over = replace(TOLD, at=NOW - 9 * DAY_MS)
    longer = replace(TOLD, high_days=None)

    found = counted([soon, late, over, TOLD, longer], NOW)

    assert (found.kept, found.broken, found.waiting, found.longer) == (1, 2, 1, 1)


def test_a_later_correction_mends_no_promise() -> None:
    first = replace(TOLD, at=NOW - 9 * DAY_MS, closed_at=NOW - DAY_MS)
    second = replace(first, at=NOW - 3 * DAY_MS, is_correction=True)

    assert decided([first, second], NOW) == {1: False}


@pytest.mark.parametrize(
    ("told_high", "now_high", "moved"),
    [
        (5, 1, False),  # ends on the same day
        (5, 3, False),  # by two days
        (5, 4, True),  # by three
        (5, None, True),
        (None, None, False),
        (None, 11, False),
        (None, 5, True),  # sooner than in two weeks
        (14, 6, True),  # sooner by four
        (14, 8, False),
    ],
)
def test_only_a_move_of_more_than_two_days_counts(
    told_high: int | None, now_high: int | None, moved: bool
) -> None:
    assert has_moved(replace(TOLD, high_days=told_high), said(1, now_high), NOW) is moved


def test_a_reporter_hears_at_most_once_a_day_and_of_one_report() -> None:
    other = replace(TOLD, request_key=2, at=NOW - 3 * DAY_MS)
    today = replace(TOLD, request_key=3, reporter="b", at=NOW - DAY_MS + 1)

    assert may_be_corrected([TOLD, other, today], NOW) == {"a"}
    assert one_a_reporter([other, TOLD]) == [TOLD]
