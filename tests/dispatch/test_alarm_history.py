"""Alarms made out from what the store keeps: each once, from when it called to the act that ended it."""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.alarm_history import came_back, overdue, untouched
from dispatch.alarms import Kind
from dispatch.insight.called import Called
from dispatch.records import Answer, Band, EscalationState, FirstAct, LogMark, Told911
from tests.dispatch.forms.made import MINUTE, SENT_AT, hand_over

S = EscalationState
AT = SENT_AT


def at(minutes: float) -> int:
    return round(AT + minutes * MINUTE)


def alarms(now: float, *, acts: list[float] = (), **changes: Any) -> list[tuple[float, float]]:  # type: ignore[assignment]
    """Minutes after it was sent: began, acted."""
    given = {"site_id": 7, "told_911": None, "needs_911": False, "need_by_at": None, "eta_at": None}
    item = hand_over(**{**given, **changes})
    found = overdue([item], {7: [(at(each), n) for n, each in enumerate(acts, 1)]}, at(now))
    return [((a.began_at - AT) / MINUTE, (a.acted_at - AT) / MINUTE if a.acted_at else 0) for a in found]


def test_s14_a_p1_calls_from_its_first_report_or_from_when_the_room_opened() -> None:
    rows = [FirstAct(1, at(5), at(9), 0), FirstAct(2, at(-60), 0, 0), FirstAct(3, at(1), 0, at(4))]
    assert list(untouched(rows, AT)) == [
        Called(Kind.UNSEEN_P1, 1, at(5), at(9), at(9)),
        Called(Kind.UNSEEN_P1, 2, AT, 0, 0),
        Called(Kind.UNSEEN_P1, 3, at(1), 0, at(4)),
    ]


@pytest.mark.parametrize("row", [FirstAct(1, at(-60), at(-50), 0), FirstAct(1, at(-60), 0, at(-50))])
def test_what_was_over_before_the_room_opened_called_nobody(row: FirstAct) -> None:
    assert not list(untouched([row], AT))


def test_s6_what_comes_back_calls_once_until_somebody_acts_however_often_its_time_runs_out() -> None:
    marks = [
        LogMark(3, at(15), "expired", 7),
        LogMark(4, at(30), "expired", 7),
        LogMark(9, at(60), "expired", 7),
    ]
    acts = {7: [(at(1), 2), (at(40), 6)]}
    assert [(a.began_at, a.acted_at) for a in came_back(marks, acts)] == [(at(15), at(40)), (at(60), 0)]


def test_an_act_within_the_same_moment_counts_by_its_place_in_the_log() -> None:
    [found] = came_back([LogMark(5, AT, "return", 7)], {7: [(AT, 5), (AT, 6)]})
    assert (found.kind, found.acted_at) == (Kind.REFUSED, AT)
    [found] = came_back([LogMark(5, AT, "return", 7)], {7: [(AT, 4), (AT, 5)]})
    assert found.acted_at == 0


def test_past_its_need_by_it_calls_until_the_next_act() -> None:
    assert alarms(60, need_by_at=at(20)) == [(20, 0)]
    assert alarms(60, need_by_at=at(20), acts=[5, 33]) == [(20, 33)]
    assert alarms(19, need_by_at=at(20)) == []
    assert alarms(60, need_by_at=at(20), state=S.CLOSED, closed_at=at(15)) == []


def test_accepted_without_a_resource_it_calls_after_the_time_of_its_band() -> None:
    accepted = {"band": Band.P1, "state": S.ACCEPTED, "accepted_at": at(2)}
    assert alarms(60, **accepted) == [(7, 0)]
    named = Answer("resource", at(6), "Ben", "EM", "desk", "")
    assert alarms(60, **accepted, answers=(named,)) == []
    assert alarms(60, **{**accepted, "band": Band.P2}) == [(22, 0)]


def test_an_eta_that_passed_calls_until_somebody_stands_there() -> None:
    taken = {"band": Band.P3, "state": S.UNDER_WAY, "accepted_at": at(2), "eta_at": at(30)}
    assert alarms(60, **taken) == [(30, 0)]
    assert alarms(60, **taken, on_scene_at=at(29)) == []


def test_s3_911_not_told_calls_after_two_minutes() -> None:
    assert alarms(60, needs_911=True, created_at=AT) == [(2, 0)]
    told = Told911(at(1), "Dispatch", "4711")
    assert alarms(60, needs_911=True, created_at=AT, told_911=told) == []


def test_s7_held_for_weather_it_calls_for_no_time() -> None:
    assert alarms(60, state=S.HELD, accepted_at=at(2), need_by_at=at(20)) == []


def test_two_clocks_of_one_hand_over_are_one_alarm_until_somebody_acts() -> None:
    both = {"need_by_at": at(20), "eta_at": at(30), "accepted_at": at(2), "band": Band.P3}
    assert alarms(60, state=S.UNDER_WAY, **both) == [(20, 0)]
    assert alarms(60, state=S.UNDER_WAY, **both, acts=[25]) == [(20, 25), (30, 0)]
