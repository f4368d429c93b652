"""Timers run to the end (S6), 911 comes back (S3), held for weather never bounces (S7)."""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.escalation.timers import TimerKind, due, has_expired, overdue_rank, running
from dispatch.records import Band, Escalation, EscalationState, Told911
from tests.dispatch.forms.made import MINUTE, SENT_AT, hand_over

S = EscalationState


def quiet(**changes: Any) -> Escalation:
    """No need-by, 911 told: only what the test sets runs."""
    return hand_over(**{"need_by_at": None} | changes)


@pytest.mark.parametrize(
    ("band", "minutes"), [(Band.P1, 3), (Band.P2, 15), (Band.P3, 60), (Band.P4, None), (Band.INFO, None)]
)
@pytest.mark.parametrize("state", [S.SENT, S.RECEIVED])
def test_s6_accepting_has_its_time_by_band(band: Band, minutes: int | None, state: EscalationState) -> None:
    waiting = quiet(band=band, state=state)

    if minutes is None:
        assert due(waiting, SENT_AT + 10_000 * MINUTE) is None
        return
    before, at = SENT_AT + minutes * MINUTE - 1, SENT_AT + minutes * MINUTE
    timer = due(waiting, before)
    assert timer and (timer.kind, timer.label, timer.is_overdue) == (TimerKind.ACCEPT, "to accept", False)
    assert not has_expired(waiting, before)
    late = due(waiting, at + 80_000)
    assert late and (late.label, late.over_by) == ("not accepted", 80_000)
    assert has_expired(waiting, at)


@pytest.mark.parametrize(("band", "minutes"), [(Band.P1, 5), (Band.P2, 20), (Band.P3, None)])
def test_s6_accepted_without_a_resource_comes_back(band: Band, minutes: int | None) -> None:
    accepted_at = SENT_AT + MINUTE
    accepted = quiet(band=band, state=S.ACCEPTED, timer_from_at=accepted_at)

    timer = due(accepted, accepted_at + 20 * MINUTE)

    assert (timer and timer.limit_ms) == (minutes and minutes * MINUTE)
    assert timer is None or (timer.kind == TimerKind.RESOURCE and timer.is_overdue)
    assert not has_expired(accepted, accepted_at + 60 * MINUTE)


@pytest.mark.parametrize("state", [S.ACCEPTED, S.UNDER_WAY])
def test_s6_a_resource_without_an_eta_binds_nobody(state: EscalationState) -> None:
    named = quiet(state=state, resource="Crew 14")

    timer = due(named, SENT_AT + 5 * MINUTE)

    assert timer and timer.kind == TimerKind.RESOURCE and timer.is_overdue


def test_s6_an_eta_that_passed_comes_back_until_they_are_there() -> None:
    eta_at = SENT_AT + 20 * MINUTE
    under_way = quiet(state=S.UNDER_WAY, resource="Crew 14", eta_at=eta_at)
    there = quiet(state=S.UNDER_WAY, resource="Crew 14", eta_at=eta_at, on_scene_at=eta_at - MINUTE)

    timer = due(under_way, eta_at + MINUTE)

    assert timer and (timer.label, timer.over_by) == ("past its ETA", MINUTE)
    assert due(there, eta_at + MINUTE) is None


@pytest.mark.parametrize("state", [state for state in S if state.is_open and state != S.HELD])
def test_s6_a_need_by_runs_until_somebody_says_the_outcome(state: EscalationState) -> None:
    need_by_at = SENT_AT + 30 * MINUTE
    needed = hand_over(state=state, band=Band.P4, need_by_at=need_by_at)

    assert [t.label for t in running(needed, need_by_at - 1)] == ["needed by"]
    assert [(t.label, t.over_by) for t in running(needed, need_by_at + 5)] == [("past its need-by", 5)]


def test_s6_a_need_by_that_was_past_when_it_was_sent_is_overdue_at_once() -> None:
    needed = hand_over(need_by_at=SENT_AT - MINUTE)

    timer = due(needed, SENT_AT)

    assert timer and timer.kind == TimerKind.NEED_BY and timer.over_by == MINUTE and timer.rounds == 1


@pytest.mark.parametrize("told", [None, Told911(False, SENT_AT)])
@pytest.mark.parametrize("state", [state for state in S if state.is_open])
def test_s3_911_not_told_comes_back_every_two_minutes_in_every_state(
    told: Told911 | None, state: EscalationState
) -> None:
    not_told = quiet(state=state, band=Band.P4, told_911=told)

    found = [due(not_told, SENT_AT + minutes * MINUTE) for minutes in (1, 2, 5)]

    assert [timer and (timer.label, timer.is_overdue, timer.rounds) for timer in found] == [
        ("911 not told", False, 0),
        ("911 not told", True, 1),
        ("911 not told", True, 2),
    ]


def test_s3_told_or_not_needed_is_silent() -> None:
    assert due(quiet(band=Band.P4), SENT_AT + 60 * MINUTE) is None
    assert due(quiet(band=Band.P4, told_911=None, needs_911=False), SENT_AT + 60 * MINUTE) is None


@pytest.mark.parametrize("hours", [0, 1, 12])
def test_s7_held_for_weather_never_bounces(hours: int) -> None:
    held = hand_over(state=S.HELD, eta_at=SENT_AT)

    assert due(held, SENT_AT + hours * 60 * MINUTE) is None


@pytest.mark.parametrize("state", [S.DRAFT, S.CLOSED])
def test_nothing_runs_before_and_after(state: EscalationState) -> None:
    assert running(hand_over(state=state, told_911=None), SENT_AT + 600 * MINUTE) == ()


def test_an_expired_one_stays_overdue_from_its_first_limit() -> None:
    expired = quiet(state=S.EXPIRED, state_at=SENT_AT + 3 * MINUTE)

    timer = due(expired, SENT_AT + 10 * MINUTE)

    assert timer and timer.label == "not accepted" and timer.over_by == 7 * MINUTE


def test_passing_on_gives_the_new_desk_its_whole_time() -> None:
    passed_on = quiet(timer_from_at=SENT_AT + 2 * MINUTE)

    timer = due(passed_on, SENT_AT + 4 * MINUTE)

    assert timer and not timer.is_overdue and timer.passed_ms == 2 * MINUTE


def test_the_longest_overdue_is_shown_first() -> None:
    not_told = hand_over(told_911=Told911(False, SENT_AT))

    kinds = [timer.kind for timer in running(not_told, SENT_AT + 31 * MINUTE)]

    assert kinds == [TimerKind.TELL_911, TimerKind.ACCEPT, TimerKind.NEED_BY]


def test_overdue_ones_stand_on_top_then_the_band_then_what_ran_out_first() -> None:
    now = SENT_AT + 20 * MINUTE
    cards = {
        "p2 overdue": quiet(band=Band.P2),
        "p1 calm": quiet(timer_from_at=now),
        "p1 held": quiet(state=S.HELD),
        "p1 overdue later": quiet(timer_from_at=SENT_AT + MINUTE),
        "p1 overdue": quiet(),
        "p4": quiet(band=Band.P4),
    }

    ordered = sorted(cards, key=lambda name: overdue_rank(cards[name], now))

    assert ordered == ["p1 overdue", "p1 overdue later", "p2 overdue", "p1 calm", "p1 held", "p4"]
