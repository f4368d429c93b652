"""What a seat was called to: the budget, floods and how soon somebody acted (domain, section 12)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.alarms import (
    FLOOD_OVER,
    FLOOD_UNTIL,
    WINDOW_MS,
    CallLog,
    Kind,
    is_aside,
    longest_ms,
    sync_calls,
)
from dispatch.records import Band, Shelf, ShelfReason, SyncStatus

MINUTE_MS = 60_000
START = 1_000_000


def p1(*site_ids: int) -> set[tuple[Kind, int]]:
    return {(Kind.UNSEEN_P1, site_id) for site_id in site_ids}


def test_a_call_counts_once_however_long_it_lasts() -> None:
    log = CallLog(START)
    for minute in range(20):
        log.look(p1(1), START + minute * MINUTE_MS)

    tally = log.tally()
    assert (tally.count, tally.last_window, tally.answered) == (1, 0, 0)
    assert tally.per_window == 1 / 1.9 and not tally.is_over_budget
    assert log.oldest_at(p1(1)) == START


def test_how_long_until_somebody_acted() -> None:
    log = CallLog(START)
    log.look(p1(*range(1, 11)), START)
    for number in range(1, 11):
        log.look(p1(*range(number + 1, 11)), START + number * MINUTE_MS)

    tally = log.tally()
    assert (tally.answered, tally.median_ms) == (10, 5 * MINUTE_MS + MINUTE_MS // 2)
    assert tally.slowest_tenth_ms is not None and tally.slowest_tenth_ms > 9 * MINUTE_MS
    assert log.oldest_at(p1(10)) == START + 10 * MINUTE_MS, "nothing calls"


def test_no_slowest_tenth_of_a_few() -> None:
    log = CallLog(START)
    log.look(p1(1), START)
    log.look(p1(), START + 1)

    assert log.tally().median_ms == 1 and log.tally().slowest_tenth_ms is None


def test_eleven_in_ten_minutes_are_a_flood_until_fewer_than_five() -> None:
    log = CallLog(START)
    log.look(p1(*range(10)), START)
    assert not log.is_flood
    log.look(p1(*range(11)), START + MINUTE_MS)
    assert log.is_flood

    log.look(p1(*range(11), 20, 21, 22), START + 9 * MINUTE_MS)
    log.look(p1(), START + 10 * MINUTE_MS)
    assert not log.is_flood, "the first ten have left the window: four are left"
    assert log.tally().flood_ms == 9 * MINUTE_MS


def test_a_site_that_calls_again_is_a_new_call() -> None:
    log = CallLog(START)
    for at, calling in enumerate((p1(1), p1(), p1(1))):
        log.look(calling, START + at)

    assert log.tally().count == 2


def test_of_thousands_of_p1_the_oldest_are_listed_and_of_others_all() -> None:
    log = CallLog(START)
    log.look(frozenset(p1(7)), START)
    log.look(frozenset({*p1(*range(3000)), (Kind.REFUSED, 1), (Kind.SYNC_LOST, 0)}), START + 1)

    first = log.first(100)

    assert len(first) == 102 and first[0] == (Kind.UNSEEN_P1, 7)
    assert {(Kind.REFUSED, 1), (Kind.SYNC_LOST, 0)} < set(first)


def test_the_worst_sources_stand_first() -> None:
    log = CallLog(START)
    log.look({(Kind.REFUSED, 1), (Kind.REFUSED, 2), (Kind.OVERDUE, 3)}, START)

    assert list(log.tally().by_kind.items()) == [(Kind.REFUSED, 2), (Kind.OVERDUE, 1)]


@given(st.lists(st.tuples(st.integers(0, 5 * MINUTE_MS), st.sets(st.integers(1, 30))), max_size=40))
def test_a_flood_is_what_its_count_says(steps: list[tuple[int, set[int]]]) -> None:
    log, now, was = CallLog(START), START, False
    began: list[int] = []
    before: set[int] = set()
    for passed, calling in steps:
        now += passed
        began += [now] * len(calling - before)
        before = calling
        log.look(p1(*calling), now)
        count = sum(at > now - WINDOW_MS for at in began)
        was = count > FLOOD_OVER or (was and count >= FLOOD_UNTIL)
        assert log.is_flood == was
        assert log.tally().last_window == count
    assert log.tally().count == len(began)
    assert 0 <= log.tally().flood_ms <= now - START


def test_the_sources_that_called_most_often_are_named() -> None:
    log = CallLog(START)
    for at, calling in enumerate((p1(1, 2), p1(2), p1(1, 2), p1(2), p1(1))):
        log.look(calling, START + at)

    assert log.tally().top_sources == (((Kind.UNSEEN_P1, 1), 3),), "what called once is no source"


def status(state: str, in_step_at: float | None, **more) -> SyncStatus:
    return SyncStatus(state, "", in_step_at, None, 0, 0, more.pop("quarantined", 0), 10, **more)


LOST, WALL_S, OPENED_S = {(Kind.SYNC_LOST, 0)}, 10_000.0, 1_000.0


@pytest.mark.parametrize(
    ("told", "calls_for"),
    [
        (None, set()),
        (status("in_step", WALL_S - 30), set()),
        (status("waiting", WALL_S - 120), set()),
        (status("waiting", WALL_S - 121), LOST),
        (status("refused", WALL_S - 600), LOST),
        (status("stopped", WALL_S - 600), LOST),
        (status("elsewhere", None), set()),
        # In step, and asked seldom by agreement: lost once the next look is two minutes late.
        (status("in_step", WALL_S - 600, next_look_at=WALL_S - 60), set()),
        (status("in_step", WALL_S - 600, next_look_at=WALL_S - 121), LOST),
        # Older reports are on their way: what is new must still be in step.
        (status("behind", None), set()),
        (status("behind", WALL_S - 30, page_every_s=1.0), set()),
        (status("behind", WALL_S - 600, page_every_s=1.0), LOST),
        # Never in step since this seat was opened.
        (status("starting", None), set()),
        (status("waiting", None), LOST),
        (status("in_step", WALL_S - 5, quarantined=2), {(Kind.MISMATCH, 0)}),
    ],
)
def test_sync_lost_over_two_minutes_calls_and_rows_nobody_could_read(told, calls_for) -> None:
    assert sync_calls(told, WALL_S, OPENED_S) == calls_for


def test_a_seat_that_was_just_opened_waits_two_minutes_before_it_calls() -> None:
    told = status("waiting", None)
    assert not sync_calls(told, OPENED_S + 120, OPENED_S)
    assert sync_calls(told, OPENED_S + 121, OPENED_S) == LOST


def shelf(kind: Kind, minutes: int) -> Shelf:
    until = START + minutes * MINUTE_MS
    return Shelf(kind.value, 1, ShelfReason.IN_HAND, "", "Ana", "", "Seat 1", START, until)


def test_s14_a_p1_nobody_acted_on_is_never_set_aside() -> None:
    assert longest_ms(Kind.UNSEEN_P1, Band.P1) == 0
    assert not is_aside(shelf(Kind.UNSEEN_P1, 5), Band.P1, 0, START + 1), "not even by a row in the store"


def test_s14_a_shelved_alarm_comes_back_at_its_end_and_when_it_calls_anew() -> None:
    kept = shelf(Kind.OVERDUE, 30)
    assert is_aside(kept, Band.P2, 0, START + 30 * MINUTE_MS - 1)
    assert not is_aside(kept, Band.P2, 0, START + 30 * MINUTE_MS)
    assert not is_aside(kept, Band.P2, START + 1, START + MINUTE_MS), "it had gone away since"
    assert not is_aside(None, Band.P2, 0, START)


def test_s5_what_has_become_a_p1_is_quiet_for_five_minutes_at_most() -> None:
    kept = shelf(Kind.OVERDUE, 30)
    assert is_aside(kept, Band.P1, 0, START + 5 * MINUTE_MS - 1)
    assert not is_aside(kept, Band.P1, 0, START + 5 * MINUTE_MS)
