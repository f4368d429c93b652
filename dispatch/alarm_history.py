"""Which alarms there were in a room, made out from what the store keeps of sites, hand-overs and acts: none
is written down when it calls, so that no seat counts it twice and none is missing when no seat was open.

What cannot be known so: when a site came to P1 after it was first reported (it counts from the first report),
and clocks of a hand-over that were set anew on their way (the last time set counts). That the 311 server was
lost, or sent what could not be read, is counted by each seat for itself and not here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from dispatch.alarms import Kind
from dispatch.escalation.timers import RESOURCE_MS, TELL_911_MS
from dispatch.insight.called import Called
from dispatch.records import Escalation, EscalationState, FirstAct, LogMark, Millis

Acts = Mapping[int, list[tuple[Millis, int]]]

_KINDS = {"return": Kind.REFUSED, "expired": Kind.EXPIRED, "not_handed_over": Kind.EXPIRED}
_HELPED = ("resource", "on_scene", "hold", "return", "close")


def untouched(first_acts: Iterable[FirstAct], started_at: Millis) -> Iterator[Called]:
    """P1 that nobody has acted on (S14), from its first report, or from when the room opened."""
    for each in first_acts:
        began_at = max(each.first_at, started_at)
        if 0 < each.closed_at <= began_at or 0 < each.acted_at < began_at:
            continue  # before anybody could hear of it
        yield Called(Kind.UNSEEN_P1, each.site_id, began_at, each.acted_at, each.acted_at or each.closed_at)


def came_back(marks: Iterable[LogMark], acts: Acts) -> Iterator[Called]:
    """Hand-overs returned, or taken by nobody in time, until the next act on the site. A time that runs out
    once more while it calls is the same alarm."""
    until: dict[tuple[Kind, int], int] = {}
    for mark in marks:
        kind = _KINDS[mark.act]
        if until.get((kind, mark.site_id), 0) > mark.number:
            continue
        later = ((at, number) for at, number in acts.get(mark.site_id, ()) if number > mark.number)
        acted_at, number = next(later, (0, 1 << 62))
        until[kind, mark.site_id] = number
        yield Called(kind, mark.site_id, mark.at, acted_at, acted_at)


def overdue(hand_overs: Iterable[Escalation], acts: Acts, now: Millis) -> Iterator[Called]:
    """P1 and P2 past a time that was set (S6): need-by, ETA, no resource, 911 not told."""
    for item in hand_overs:
        until = 0
        for began_at in sorted(_ran_out(item, item.closed_at or now)):
            if began_at < until:
                continue
            later = (at for at, _ in acts.get(item.site_id, ()) if at > began_at)
            acted_at = next(later, 0)
            until = acted_at or now + 1
            yield Called(Kind.OVERDUE, item.site_id, began_at, acted_at, acted_at or item.closed_at or 0)


def _ran_out(item: Escalation, until: Millis) -> Iterator[Millis]:
    """When its clocks ran out before it was closed."""
    if item.needs_911 and not (item.told_911 and item.told_911.is_told):
        yield from _within((item.told_911.at if item.told_911 else item.created_at) + TELL_911_MS, until)
    if item.state in (EscalationState.HELD, EscalationState.DRAFT):
        return  # the wind decides (S7)
    if item.need_by_at is not None:
        yield from _within(max(item.need_by_at, item.created_at), until)
    if item.eta_at is not None and item.accepted_at is not None:
        yield from _within(item.eta_at, item.on_scene_at or until)
    if item.accepted_at is not None and item.band in RESOURCE_MS:
        helped = (a.at for a in item.answers if a.kind in _HELPED and a.at >= item.accepted_at)
        yield from _within(item.accepted_at + RESOURCE_MS[item.band], min(helped, default=until))


def _within(at: Millis, until: Millis) -> Iterator[Millis]:
    if at < until:
        yield at
