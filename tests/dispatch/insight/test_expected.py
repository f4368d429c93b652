"""How long a category takes now: ranges of whole days from closings and from what is still open."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.insight.expected import (
    DAY_MS,
    MOST_DAYS,
    NEVER,
    Known,
    Work,
    days_of,
    expected,
    floored,
    paces,
    remaining,
    share_done,
    swept,
    volumes,
)
from dispatch.records import Expectation, NoTime

NOW = 200 * DAY_MS
HOUR_MS = DAY_MS // 24
SILENT = Known(families=("trees",), normal_days=(0,), storm_days=(0,))

# Hours ago that one was opened, and after how many hours it was closed (None: still open).
reports = st.tuples(st.integers(1, 70 * 24), st.one_of(st.none(), st.integers(0, 40 * 24)))
shares = st.lists(st.floats(0, 1), min_size=MOST_DAYS, max_size=MOST_DAYS).map(
    lambda found: np.array([0.0, *np.sort(found)])
)


def work(*rows: tuple[float, float | None]) -> Work:
    """Of one category: (hours ago opened, closed after so many hours)."""
    opened = np.array([NOW - round(ago * HOUR_MS) for ago, _ in rows], np.int64)
    ended = [
        NEVER if after is None else at + round(after * HOUR_MS)
        for at, (_, after) in zip(opened.tolist(), rows, strict=True)
    ]
    return Work(opened, np.array(ended, np.int64), np.zeros(len(rows), np.int64), np.ones(len(rows), bool))


def told(of: Work, known: Known = SILENT, *, in_storm: bool = False) -> Expectation:
    return expected(of, ("tree_road_blocked",), known, NOW, in_storm=in_storm)["tree_road_blocked"]


def last(days: tuple[int, int | None]) -> int:
    return MOST_DAYS + 1 if days[1] is None else days[1]


def steady(count: int, took_hours: float, *, over_hours: int = 40 * 24) -> list[tuple[float, float | None]]:
    """Opened evenly until now and closed after that time, the newest ones still open."""
    ago = np.linspace(1, over_hours, count)
    return [(float(each), took_hours if each > took_hours else None) for each in ago]


def test_what_takes_two_days_is_told_as_two_to_three() -> None:
    found = told(work(*steady(300, 40)))

    assert found.range in ((2, 2), (2, 3), (0, 3))
    assert found.closed_week > 20
    assert found.open == 13


def test_a_backlog_that_nobody_closes_makes_it_longer() -> None:
    quick = steady(200, 20)
    waiting: list[tuple[float, float | None]] = [(ago, None) for ago in np.linspace(30, 200, 150).tolist()]

    assert last(told(work(*quick)).range) <= 2
    assert last(told(work(*quick, *waiting)).range) > 4


def test_what_is_closed_alone_would_flatter() -> None:
    """Half of them are closed at once, the other half never: no one can say when."""
    rows: list[tuple[float, float | None]] = [
        (ago, 5 if at % 2 else None) for at, ago in enumerate(np.linspace(24, 1000, 200).tolist())
    ]

    assert told(work(*rows)).high_days is None


def test_an_administrator_who_clears_a_list_teaches_nothing() -> None:
    slow = steady(120, 9 * 24)
    # Three hundred that are two days old and are closed within one minute.
    cleared: list[tuple[float, float | None]] = [(60 + at / 3600, 36) for at in range(300)]

    with_sweep = work(*slow, *cleared)

    assert swept(with_sweep).sum() == 300
    assert last(told(with_sweep).range) >= last(told(work(*slow)).range)
    assert told(with_sweep).closed_week < 300


def test_nineteen_in_a_minute_are_still_work() -> None:
    assert not swept(work(*[(60, 36)] * 19)).any()
    assert swept(work(*[(60, 36)] * 20)).all()


def test_few_closings_lean_on_the_family_and_then_on_all() -> None:
    rows = [*steady(300, 30), *steady(300, 8 * 24)]
    of = work(*rows, (50, None), (50, None))
    category = np.array([0] * 300 + [1] * 300 + [2, 3], np.int64)
    of = Work(of.opened_at, of.ended_at, category, of.teaches)

    quick, slow, in_quick, in_slow = (
        share_done(each)[3] for each in paces(of, ("trees", "signals", "trees", "signals"), NOW).a_day
    )

    assert quick > in_quick > in_slow > slow


def test_with_few_closings_the_citys_own_time_for_storms_is_told_at_least() -> None:
    known = Known(families=("trees",), normal_days=(3,), storm_days=(7,))
    few, many = work(*steady(19, 20)), work(*steady(300, 20))

    assert told(few, known, in_storm=True).range == (3, 7)
    assert told(few, known, in_storm=False).range == (3, 3)
    assert told(many, known, in_storm=True).range == (3, 3)


def test_one_that_has_waited_long_is_told_the_time_that_is_left() -> None:
    """Half are closed on the first day, the others on their twelfth: after the first day the rest is long."""
    rows = [
        (ago, took if ago > took else None)
        for at, ago in enumerate(np.linspace(1, 1300, 600).tolist())
        for took in [(10.0, 275.0)[at % 2]]
    ]
    found, volume = paces(work(*rows), ("trees",), NOW), volumes(work(*rows), NOW, 1)

    after_a_day = remaining(found, volume, SILENT, 0, 1.0, in_storm=False)
    after_eleven = remaining(found, volume, SILENT, 0, 11.0, in_storm=False)

    assert after_a_day.low_days >= 9
    assert last(after_eleven.range) <= 3


def test_what_happens_later_is_not_known_yet() -> None:
    rows = steady(100, 50)
    later = work(*rows, *[(-5.0, 1.0)] * 50)
    then = work(*rows)

    assert told(later).range == told(then).range
    assert told(later).open == told(then).open


def test_a_list_is_not_cleared_by_what_happens_later() -> None:
    second = 1 / 3600
    rows = [(48 + second, 48.0)] * 19 + [(48 - second, 48.0)] * 5

    assert told(work(*rows)).closed_day == 19


def test_where_hardly_anything_was_closed_the_citys_own_time_is_said_or_none() -> None:
    known = Known(families=("trees",), normal_days=(2,), storm_days=(4,))

    assert told(work(), SILENT).no_time_why == NoTime.NOT_KNOWN
    assert told(work(), known).range == (2, 2)
    assert told(work(), known, in_storm=True).range == (2, 4)


@given(shares, st.integers(0, 60), st.integers(0, 60))
def test_a_range_is_never_below_its_floor_nor_beyond_two_weeks(
    done: np.ndarray, normal: int, least: int
) -> None:
    low, high = floored(days_of(done), normal_days=normal, least_high=least)

    assert low >= min(normal, MOST_DAYS)
    assert low <= MOST_DAYS
    assert high is None or low <= high <= MOST_DAYS
    assert high is None or high >= max(normal, least)


@given(shares, shares)
def test_where_less_is_done_by_every_day_the_end_is_not_sooner(one: np.ndarray, other: np.ndarray) -> None:
    less, more = np.minimum(one, other), np.maximum(one, other)

    assert last(days_of(less)) >= last(days_of(more))


@given(shares)
def test_a_range_holds_for_four_of_five_by_its_own_count(done: np.ndarray) -> None:
    low, high = days_of(done)

    before = done[max(low, 1) - 1]
    assert (1.0 if high is None else done[high]) - before >= 0.8 - 1e-6


@given(st.lists(reports, min_size=1, max_size=60), st.lists(st.integers(1, 2000), min_size=1, max_size=60))
def test_old_open_ones_never_make_it_sooner(rows: list[tuple[int, int | None]], waiting: list[int]) -> None:
    known = Known(families=("trees",), normal_days=(1,), storm_days=(2,))

    without = told(work(*rows), known)
    with_them = told(work(*rows, *[(float(ago), None) for ago in waiting]), known)

    assert last(with_them.range) >= last(without.range)


@given(st.lists(reports, max_size=60), st.floats(0, 400))
def test_shares_only_grow(rows: list[tuple[int, int | None]], age: float) -> None:
    done = share_done(paces(work(*rows), ("trees",), NOW).a_day[0], age)

    assert done[0] == pytest.approx(0)
    assert (np.diff(done) >= 0).all()
    assert done[-1] <= 1
