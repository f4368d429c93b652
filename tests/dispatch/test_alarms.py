"""What a seat was called to: the budget, floods and how soon somebody acted (domain, section 12)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dispatch.alarms import FLOOD_OVER, FLOOD_UNTIL, WINDOW_MS, CallLog, Kind

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
    assert log.oldest_at == START


def test_how_long_until_somebody_acted() -> None:
    log = CallLog(START)
    log.look(p1(*range(1, 11)), START)
    for number in range(1, 11):
        log.look(p1(*range(number + 1, 11)), START + number * MINUTE_MS)

    tally = log.tally()
    assert (tally.answered, tally.median_ms) == (10, 5 * MINUTE_MS + MINUTE_MS // 2)
    assert tally.slowest_tenth_ms is not None and tally.slowest_tenth_ms > 9 * MINUTE_MS
    assert log.oldest_at is None


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
