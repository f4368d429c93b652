"""The plan as it stands: which steps hold, when each item is due, what the last advisory would move."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dispatch.feeds.arrival import Place, Reach, winds_at
from dispatch.feeds.records import Advisory
from dispatch.records import Millis, PlanItem, PlanLine, PlanState, PlanStep, StormPlan, ZeroProposal

HOUR_MS = 3_600_000
DUE_AHEAD_MS = HOUR_MS  # an item is due from an hour before its time
OLDEST_MS = 6 * HOUR_MS  # as for the slots of a notice
# Less than this the forecast moves with every advisory: nobody is asked for it.
WORTH_MS = HOUR_MS

NO_ADVISORY = "No advisory of the hurricane center is here."
TOO_OLD = "Advisory {} is {} h old: no hour 0 is proposed from one older than 6 h."
NO_WIND = "Advisory {} brings no winds of 39 mph to the city."
BEGUN = "By advisory {} such winds had reached the city already: when they began it does not say."


def standing(
    items: Iterable[PlanItem],
    steps: Sequence[PlanStep],
    now: Millis,
    opened_at: Millis,
    proposal: ZeroProposal | None = None,
    why_no_proposal: str = "",
) -> StormPlan:
    """`opened_at` is when the activation began: what was due before is not followed here."""
    zero = next((step for step in reversed(steps) if step.act == "zero"), None)
    zero_at = zero.at if zero else proposal.at if proposal else 0
    is_set = zero is not None
    lines = [_line(_edited(item, steps), steps, now, opened_at, zero_at, is_set) for item in items]
    lines.sort(key=lambda line: line.item.hours)
    forecast = proposal
    if proposal is not None and zero is not None:
        proposal = _moving(proposal, zero, lines)
    return StormPlan(zero, proposal, tuple(lines), why_no_proposal, forecast)


def proposed(
    advisory: Advisory | None, place: Place, now: Millis, reach: Reach
) -> tuple[ZeroProposal | None, str]:
    """Hour 0 by an advisory, or why it proposes none, in a sentence."""
    if advisory is None:
        return None, NO_ADVISORY
    if (age_ms := now - advisory.issued_at) > OLDEST_MS:
        return None, TOO_OLD.format(advisory.number, age_ms // HOUR_MS)
    winds = winds_at(place, advisory, reach)
    if winds is None or not winds.from_at:
        return None, NO_WIND.format(advisory.number)
    if winds.from_at <= advisory.points[0].at:
        return None, BEGUN.format(advisory.number)
    found = ZeroProposal(winds.from_at, winds.until_at, advisory.number, advisory.issued_at, winds.is_told)
    return found, ""


def _edited(item: PlanItem, steps: Sequence[PlanStep]) -> PlanItem:
    step = next((each for each in reversed(steps) if each.act == "edited" and each.key == item.key), None)
    return replace(item, hours=step.hours, owner=step.owner) if step else item


def _line(
    item: PlanItem,
    steps: Sequence[PlanStep],
    now: Millis,
    opened_at: Millis,
    zero_at: Millis,
    is_set: bool,
) -> PlanLine:
    done = ("done", "skipped", "reopened")
    last = next((each for each in reversed(steps) if each.key == item.key and each.act in done), None)
    due_at = zero_at + item.hours * HOUR_MS if zero_at else 0
    if last is not None and last.act != "reopened":
        # It keeps the time it was due at when it was done: a later advisory is nothing to it.
        return PlanLine(item, last.at, PlanState(last.act), last)
    return PlanLine(item, due_at, _open_state(due_at, now, opened_at, last, is_set), last)


def _open_state(
    due_at: Millis, now: Millis, opened_at: Millis, last: PlanStep | None, is_set: bool
) -> PlanState:
    if due_at and due_at < opened_at and last is None:
        return PlanState.EARLIER
    if not due_at or not is_set or now < due_at - DUE_AHEAD_MS:
        return PlanState.OPEN
    return PlanState.OVERDUE if now > due_at else PlanState.DUE


def _moving(proposal: ZeroProposal, zero: PlanStep, lines: Sequence[PlanLine]) -> ZeroProposal | None:
    """None where the advisory agrees with what stands, or is the one that hour 0 was taken from or older."""
    shift_ms = proposal.at - zero.at
    is_known = proposal.advisory == zero.advisory or proposal.issued_at < zero.recorded_at - OLDEST_MS
    if is_known or abs(shift_ms) < WORTH_MS:
        return None
    moves = sum(not line.is_settled for line in lines)
    return replace(proposal, moves=moves, shift_ms=shift_ms)
