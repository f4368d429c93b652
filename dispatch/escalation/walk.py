"""Which hand-overs stand on the walk list, in which order and in which words (S16)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo

from dispatch.escalation.timers import Timer, TimerKind, due, overdue_rank, was_not_handed_over
from dispatch.forms.common import duration, hour
from dispatch.forms.walk_list import Standing, WalkList, fill
from dispatch.records import Band, Escalation, EscalationState, Millis

_STATE_WORDS = {
    EscalationState.SENT: "sent",
    EscalationState.RECEIVED: "received",
    EscalationState.ACCEPTED: "accepted",
    EscalationState.HELD: "held for weather",
    EscalationState.UNDER_WAY: "under way",
    EscalationState.FORWARDED: "forwarded",
    EscalationState.MUTUAL_AID: "mutual aid asked for",
    EscalationState.RETURNED: "returned",
    EscalationState.EXPIRED: "nobody accepted, sent",
}


def walk_list(
    escalations: Iterable[Escalation], now: Millis, zone: tzinfo, *, incident: str, is_exercise: bool
) -> WalkList:
    """Every open P1 and P2, overdue ones first. One exercise hand-over marks the whole page."""
    listed = [e for e in escalations if e.state.is_open and e.band <= Band.P2]
    listed.sort(key=lambda escalation: overdue_rank(escalation, now))
    return fill(
        [_standing(escalation, now, zone) for escalation in listed],
        now,
        zone,
        incident=incident,
        is_exercise=is_exercise or any(e.is_exercise for e in listed),
    )


def standing_words(escalation: Escalation, timer: Timer | None, now: Millis, zone: tzinfo) -> str:
    """How it stands, as one would say it: sent 14:20, not accepted, over by 1:20."""
    is_expired = escalation.state == EscalationState.EXPIRED
    since = hour(escalation.timer_from_at if is_expired else escalation.state_at, now, zone)
    state = _STATE_WORDS[escalation.state]
    if was_not_handed_over(escalation, now):
        state = "could not be handed over"
    parts = [f"{state} {since}", *_took(escalation, now, zone)]
    if escalation.state == EscalationState.RETURNED and escalation.return_code:
        parts.append(escalation.return_code.replace("_", " "))
    if timer and timer.is_overdue:
        parts.append(f"{timer.label}, over by {duration(timer.over_by)}")
    elif timer and timer.kind in (TimerKind.ACCEPT, TimerKind.RESOURCE):
        parts.append(f"{timer.label}, {duration(timer.due_at - now)} left")
    return ", ".join(parts)


def _took(escalation: Escalation, now: Millis, zone: tzinfo) -> Iterator[str]:
    if escalation.state == EscalationState.FORWARDED:
        yield " ".join(filter(None, (f"to {escalation.forwarded_to}", escalation.forwarded_number)))
    if escalation.resource:
        yield escalation.resource
    if escalation.on_scene_at is not None:
        yield f"on scene {hour(escalation.on_scene_at, now, zone)}"
    elif escalation.eta_at is not None:
        yield f"ETA {hour(escalation.eta_at, now, zone)}"


def _standing(escalation: Escalation, now: Millis, zone: tzinfo) -> Standing:
    timer = due(escalation, now)
    words = standing_words(escalation, timer, now, zone)
    return Standing(escalation, words, is_overdue=timer is not None and timer.is_overdue)
