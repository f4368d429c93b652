"""Alarms of a room counted: against the log that a seat keeps second by second, and worked by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dispatch.alarms import WINDOW_MS, CallLog, Kind
from dispatch.insight.called import Called, alarm_counts, floods
from dispatch.insight.lasting import Lasting

MINUTE = 60_000
START = 1_500_000_000_000 // WINDOW_MS * WINDOW_MS


def p1(site_id: int, began: int, acted: int = 0, ended: int = 0) -> Called:
    """Minutes after the start; 0 is not yet."""
    acted_at, ended_at = (START + each * MINUTE if each else 0 for each in (acted, ended or acted))
    return Called(Kind.UNSEEN_P1, site_id, START + began * MINUTE, acted_at, ended_at)


@given(st.lists(st.integers(0, 3600), max_size=80), st.integers(1, 4000))
def test_floods_are_those_that_a_seat_sees_each_second(began: list[int], seconds: int) -> None:
    log = CallLog(START)
    for second in range(seconds + 1):
        calling = frozenset((Kind.UNSEEN_P1, n) for n, at in enumerate(began) if at <= second)
        log.look(calling, START + 1000 * second)

    found, is_flood = floods((START + 1000 * each for each in began), START + 1000 * seconds)

    assert is_flood == log.is_flood
    assert sum(end - start for start, end in found) == log.tally().flood_ms


def test_the_rate_is_for_each_seat_at_which_somebody_acted() -> None:
    """In an hour twelve alarms; four seats act in the first half of it, nobody in the second."""
    alarms = [p1(n, 5 * n) for n in range(12)]
    window = START // WINDOW_MS
    operators = {window + n: 4 for n in range(3)}

    found = alarm_counts(alarms, operators, START, START + 60 * MINUTE)

    assert found.count == 12 and found.per_window == 2
    assert found.per_operator == 12 / (3 * 4 + 3 * 1)


def test_part_of_ten_minutes_counts_for_that_part() -> None:
    operators = {START // WINDOW_MS + 1: 2}
    found = alarm_counts([p1(1, 1)], operators, START, START + 15 * MINUTE)
    assert found.per_operator == 1 / (1 * 1 + 2 * 0.5)


def test_first_act_counts_those_that_wait_and_those_that_ended_without_one() -> None:
    alarms = [p1(1, 0, acted=2), p1(2, 0, acted=4), p1(3, 0, ended=1), p1(4, 2)]
    found = alarm_counts(alarms, {}, START, START + 10 * MINUTE)

    assert found.first_act == Lasting(4 * MINUTE, None, 2, 2)  # 1/3 at 2 min, 2/3 at 4: by hand
    kind = found.of_kind[Kind.UNSEEN_P1]
    assert (kind.count, kind.site_ids, kind.calling) == (4, {1, 2, 3, 4}, {4})


def test_a_flood_that_began_before_goes_on_into_the_hour() -> None:
    alarms = [p1(n, 58) for n in range(11)]
    hour = alarm_counts(alarms, {}, START + 60 * MINUTE, START + 120 * MINUTE)
    assert hour.count == 0 and hour.flood_ms == 8 * MINUTE and not hour.is_flood


def test_an_alarm_after_the_time_is_not_yet() -> None:
    assert alarm_counts([p1(1, 11)], {}, START, START + 10 * MINUTE).count == 0
