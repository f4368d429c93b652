"""Sentences that the ICS 201 and 209 share: how things stand, said from counts and hand-overs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo

from dispatch.forms import common
from dispatch.forms.bands import band_words
from dispatch.records import Band, Escalation, EscalationState, Situation, Suspension

NOT_ASSESSED = "Reported by residents and staff, not assessed."
_STATES = {
    EscalationState.SENT: "without an answer",
    EscalationState.RECEIVED: "without an answer",
    EscalationState.EXPIRED: "nobody accepted in time",
    EscalationState.ACCEPTED: "accepted",
    EscalationState.HELD: "held for weather",
    EscalationState.UNDER_WAY: "under way",
    EscalationState.FORWARDED: "forwarded to the county",
    EscalationState.MUTUAL_AID: "waiting for mutual aid",
    EscalationState.RETURNED: "returned",
}


def open_sites(situation: Situation, zone: tzinfo) -> Iterator[str]:
    counts = [f"{count} {band_words(band)}" for band, count in situation.open_by_band.items() if count]
    yield f"Open sites: {', '.join(counts) or 'none'}."
    if situation.oldest_p1_at is not None:
        oldest = f"Oldest open P1: first reported {common.date_time(situation.oldest_p1_at, zone)}"
        yield f"{oldest}; P1 that nobody has acted on: {situation.untouched_p1}."
    if situation.worst_areas:
        areas = ", ".join(f"{name} {count}" for name, count in situation.worst_areas)
        yield f"Open P1 and P2 by area: {areas}."


def reports(situation: Situation) -> str:
    return (
        f"Reports to 311: {situation.reports_to_date}, {situation.reports_in_period} of them in this period. "
        + NOT_ASSESSED
    )


def handed_over(escalations: Iterable[Escalation]) -> str:
    states = Counter(_STATES[e.state] for e in escalations if e.state.is_open)
    said = ", ".join(f"{count} {words}" for words, count in states.items())
    return f"Open hand-overs to emergency management: {said or 'none'}."


def life_safety(escalations: Sequence[Escalation]) -> str:
    """Handed over, accepted, outcome known, outcome unknown: of P1, nothing added to it."""
    first = [e for e in escalations if e.band == Band.P1 and e.state != EscalationState.DRAFT]
    accepted = sum(e.accepted_at is not None for e in first)
    known = sum(bool(e.outcome.strip()) for e in first)
    return (
        f"P1 handed over: {len(first)}, accepted: {accepted}, outcome known: {known}, "
        f"outcome unknown: {len(first) - known}."
    )


def suspended(suspensions: Iterable[Suspension], zone: tzinfo) -> Iterator[str]:
    for each in suspensions:
        since, review = common.date_time(each.since_at, zone), common.date_time(each.review_at, zone)
        yield f"Field response suspended: {each.service}, since {since}: {each.why} Next review {review}."


def wires(situation: Situation) -> Iterator[str]:
    if situation.live_wires:
        yield f"Sites with a wire reported and not made safe: {situation.live_wires}. {common.TREAT_AS_LIVE}."


def asked(escalations: Iterable[Escalation], zone: tzinfo) -> Iterator[str]:
    """What the open P1 and P2 hand-overs ask for, the worst first; of a restricted one that there is one."""
    for e in sorted(escalations, key=lambda e: (e.band, e.created_at)):
        if e.state.is_open and e.band <= Band.P2:
            what = "restricted" if e.is_restricted else e.effect_needed.strip() or "not stated"
            by = f", by {common.date_time(e.need_by_at, zone)}" if e.need_by_at is not None else ""
            yield f"{e.number} {e.band.name} {common.desk(e)}: {what}{by}"
