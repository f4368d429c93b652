"""Which clocks run on an escalation and which have run out (S3, S6): the same for card, row and order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dispatch.records import Band, Escalation, EscalationState, Millis

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS

ACCEPT_MS = {Band.P1: 3 * MINUTE_MS, Band.P2: 15 * MINUTE_MS, Band.P3: 60 * MINUTE_MS}
RESOURCE_MS = {Band.P1: 5 * MINUTE_MS, Band.P2: 20 * MINUTE_MS}
TELL_911_MS = 2 * MINUTE_MS

_NEVER = 1 << 62


class TimerKind(StrEnum):
    TELL_911 = "tell_911"
    ACCEPT = "accept"
    RESOURCE = "resource"
    ETA = "eta"
    NEED_BY = "need_by"


_RUNNING = {
    TimerKind.TELL_911: "911 not told",
    TimerKind.ACCEPT: "to accept",
    TimerKind.RESOURCE: "no resource yet",
    TimerKind.ETA: "expected",
    TimerKind.NEED_BY: "needed by",
}
_OVERDUE = _RUNNING | {
    TimerKind.ACCEPT: "not accepted",
    TimerKind.ETA: "past its ETA",
    TimerKind.NEED_BY: "past its need-by",
}


@dataclass(frozen=True, slots=True)
class Timer:
    """One running clock as seen at one moment. At its limit to the millisecond it is overdue."""

    kind: TimerKind
    since: Millis
    limit_ms: int
    now: Millis

    @property
    def due_at(self) -> Millis:
        return self.since + self.limit_ms

    @property
    def is_overdue(self) -> bool:
        return self.now >= self.due_at

    @property
    def over_by(self) -> int:
        """Milliseconds past the limit; 0 while it runs."""
        return max(0, self.now - self.due_at)

    @property
    def passed_ms(self) -> int:
        return max(0, self.now - self.since)

    @property
    def rounds(self) -> int:
        """How often the limit has gone by: 911 not told comes back each time this grows."""
        return self.passed_ms // self.limit_ms if self.limit_ms else int(self.is_overdue)

    @property
    def label(self) -> str:
        return (_OVERDUE if self.is_overdue else _RUNNING)[self.kind]


def running(escalation: Escalation, now: Millis) -> tuple[Timer, ...]:
    """Every clock that runs now, the most pressing first."""
    timers = _timers(escalation, now) if escalation.state.is_open else ()
    return tuple(sorted(timers, key=lambda timer: timer.due_at))


def due(escalation: Escalation, now: Millis) -> Timer | None:
    """The clock to show: the one longest past its limit, else the one that runs out next."""
    return next(iter(running(escalation, now)), None)


def has_expired(escalation: Escalation, now: Millis) -> bool:
    """Nobody accepted in time: it is to become `expired`, go to the next channel and to the supervisor."""
    if escalation.state not in (EscalationState.SENT, EscalationState.RECEIVED):
        return False
    return any(t.is_overdue for t in running(escalation, now) if t.kind == TimerKind.ACCEPT)


def was_not_handed_over(escalation: Escalation, now: Millis) -> bool:
    """It stands on top before its time has run out: no channel could hand it over."""
    if escalation.state != EscalationState.EXPIRED:
        return False
    return not any(t.is_overdue for t in running(escalation, now) if t.kind == TimerKind.ACCEPT)


def overdue_rank(escalation: Escalation, now: Millis) -> tuple[bool, int, Millis, Millis]:
    """Sort key, top first: overdue ones, in them the band, then what ran out first."""
    timer = due(escalation, now)
    is_calm = timer is None or not timer.is_overdue
    return is_calm, int(escalation.band), timer.due_at if timer else _NEVER, escalation.created_at


def _timers(escalation: Escalation, now: Millis) -> Iterator[Timer]:
    # The 911 step is the operator's own: neither a held nor a returned hand-over takes it away.
    if (not_told_since := _not_told_since(escalation)) is not None:
        yield Timer(TimerKind.TELL_911, not_told_since, TELL_911_MS, now)
    if escalation.state == EscalationState.HELD:
        return  # the wind decides: it stands on emergency management's list and never bounces (S7)
    if limit_ms := _limit_ms(escalation):
        kind = TimerKind.RESOURCE if escalation.state in _TAKEN else TimerKind.ACCEPT
        yield Timer(kind, escalation.timer_from_at, limit_ms, now)
    if escalation.state in _TAKEN and escalation.eta_at is not None and escalation.on_scene_at is None:
        yield _until(TimerKind.ETA, escalation, escalation.eta_at, now)
    if escalation.need_by_at is not None:
        # What is needed is an effect, not an arrival: it runs until somebody says the outcome.
        yield _until(TimerKind.NEED_BY, escalation, escalation.need_by_at, now)


_WAITING = (EscalationState.SENT, EscalationState.RECEIVED, EscalationState.EXPIRED)
# Who forwards it or asks for mutual aid has taken it: until a resource comes, their clock runs (S6).
_TAKEN = (
    EscalationState.ACCEPTED,
    EscalationState.UNDER_WAY,
    EscalationState.FORWARDED,
    EscalationState.MUTUAL_AID,
)


def _limit_ms(escalation: Escalation) -> int | None:
    if escalation.state in _WAITING:
        return ACCEPT_MS.get(escalation.band)
    if escalation.state not in _TAKEN or escalation.on_scene_at is not None:
        return None
    # A name without a time binds nobody: a resource counts once it has an ETA.
    if escalation.resource and escalation.eta_at is not None:
        return None
    return RESOURCE_MS.get(escalation.band)


def _not_told_since(escalation: Escalation) -> Millis | None:
    told = escalation.told_911
    if told is None:
        return escalation.created_at if escalation.needs_911 else None
    return None if told.is_told else told.at


def _until(kind: TimerKind, escalation: Escalation, at: Millis, now: Millis) -> Timer:
    since = min(at, escalation.timer_from_at)
    return Timer(kind, since, at - since, now)
