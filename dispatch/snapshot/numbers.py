"""The numbers of a snapshot by `domain.md` section 10, each a filter over its rows. Its words are
those of `safety.md`: reported, never assessed; "fixed and confirmed" stands apart from every other close."""

from __future__ import annotations

from datetime import tzinfo

import numpy as np

from dispatch.forms.common import date_time, lasted
from dispatch.insight.lasting import lasting
from dispatch.records import Band, CloseReason, EscalationState, Millis, ReturnCode
from dispatch.snapshot.counting import Counts
from dispatch.snapshot.kinds import HOMES, HOMES_WITH_WATER, ROADS, SEWAGE, SIGNALS
from dispatch.snapshot.records import Number, Rows, Spread
from dispatch.snapshot.rows import NO, NOT_MADE_SAFE, YES
from dispatch.triage.categories import CategoryTable

P1 = (Band.P1.name,)
HANDED_OVER = tuple(state.value for state in EscalationState if state is not EscalationState.DRAFT)


def now(sites: Counts, hand_overs: Counts, table: CategoryTable, zone: tzinfo) -> tuple[Number, ...]:
    """What is open as the snapshot is made, life safety first."""
    is_open = ("open", (YES,))
    return (
        sites.number(
            "life_safety_open",
            "life safety not resolved",
            "P1 sites that are not closed.",
            is_open,
            ("band", P1),
            note=_oldest(sites.rows, zone),
        ),
        sites.number(
            "held_for_weather",
            "held for weather",
            "Sites whose newest hand-over was accepted and waits until crews can go out.",
            ("handed_over", (EscalationState.HELD.value,)),
        ),
        hand_overs.number(
            "unmet_needs",
            "unmet needs",
            "Hand-overs for which no resource was left or mutual aid was asked for, and nobody has them yet.",
            ("unmet", (YES,)),
        ),
        _open(sites, table, "roads_blocked", "roads blocked, washed out or under water", ROADS),
        _open(sites, table, "signals_dark", "traffic signals dark or damaged", SIGNALS),
        sites.number(
            "wires_not_made_safe",
            "wires not made safe",
            "Open sites with a wire of which the utility has not said that it is dead.",
            is_open,
            ("wire", (NOT_MADE_SAFE,)),
        ),
        _open(sites, table, "sewage", "sewage overflows", SEWAGE),
        _open(sites, table, "homes_with_water", "homes said to have water inside", HOMES_WITH_WATER),
    )


def numbers(
    sites: Counts, reports: Counts, hand_overs: Counts, table: CategoryTable, accepted_within: Spread
) -> tuple[Number, ...]:
    """How many and how severe; the first five are what a county asks first."""
    p1 = ("band", P1)
    handed = sites.count((p1, ("handed_over", HANDED_OVER)))
    known = sites.count((p1, ("outcome_known", (YES,))))
    return (
        reports.number("reports", "reports", "Service requests entered within the period."),
        sites.number(
            "sites", "sites", "Places with at least one of these reports, after merging duplicates."
        ),
        sites.number("open", "still open", "Sites the city still works on.", ("open", (YES,))),
        sites.number(
            "life_safety",
            "life safety",
            "Sites of band P1, open or closed.",
            p1,
            note=f"{handed} handed over, {known} with their outcome known",
        ),
        sites.number(
            "handed_over",
            "handed to emergency management",
            "Sites handed over at least once.",
            ("handed_over", HANDED_OVER),
            note=_within(accepted_within),
        ),
        sites.number(
            "life_safety_handed_over",
            "life safety, handed over",
            "P1 sites handed to emergency management.",
            p1,
            ("handed_over", HANDED_OVER),
        ),
        sites.number(
            "life_safety_outcome_known",
            "life safety, outcome known",
            "P1 sites whose newest hand-over ended with an outcome that a person wrote down.",
            p1,
            ("outcome_known", (YES,)),
        ),
        sites.number(
            "life_safety_outcome_unknown",
            "life safety, outcome unknown",
            "P1 sites handed over whose outcome nobody has written down.",
            p1,
            ("handed_over", HANDED_OVER),
            ("outcome_known", (NO,)),
        ),
        hand_overs.number(
            "accepted", "hand-overs accepted", "Hand-overs that somebody took.", ("accepted", (YES,))
        ),
        hand_overs.number(
            "refused",
            "hand-overs returned",
            "Hand-overs that came back at least once, by their last return.",
            ("returned_as", tuple(code.value for code in ReturnCode)),
        ),
        sites.number(
            "fixed_confirmed",
            "fixed and confirmed",
            "Sites closed because the work was done and somebody confirmed it; other closings stand apart.",
            ("closed_reason", (CloseReason.FIXED_CONFIRMED.value,)),
            ("open", (NO,)),
        ),
        sites.number(
            "homes",
            "homes said to have taken water or structural harm",
            "Sites of water inside a home or harm to a building, open or closed; nobody assessed them.",
            ("category", _labels(table, HOMES)),
        ),
        reports.number(
            "bulk",
            "entered in bulk",
            "Reports of sites that came in one go with many others.",
            ("bulk", (YES,)),
        ),
        reports.number(
            "late",
            "entered late",
            "Reports entered more than a day after a person noted that it happened.",
            ("late", (YES,)),
        ),
        reports.number(
            "restricted",
            "without their place",
            "Reports on a person's health, home or safety: in every number, placed by neighborhood only.",
            ("restricted", (YES,)),
        ),
    )


def spreads(hand_overs: Rows, at: Millis) -> tuple[Spread, ...]:
    """From hand-over to the first who took it; who still waits at that time is counted in."""
    begun, taken, ended = (
        hand_overs.position[name] for name in ("handed_over_at", "accepted_at", "ended_at")
    )
    done, waiting = [], []
    for row in hand_overs.values:
        if row[taken] is not None:
            done.append(int(row[taken] or 0) - int(row[begun] or 0))
        else:
            waiting.append(max(0, int(row[ended] or at) - int(row[begun] or 0)))
    took = lasting(np.array(done, np.int64), np.array(waiting, np.int64))
    return (
        Spread(
            "acceptance",
            "from hand-over to acceptance",
            _seconds(took.half),
            _seconds(took.nine_in_ten),
            took.done + took.waiting,
            "Of all hand-overs; what nobody has taken yet counts for as long as it waited (product-limit).",
        ),
    )


def _open(sites: Counts, table: CategoryTable, key: str, label: str, categories: tuple[str, ...]) -> Number:
    labels = _labels(table, categories)
    says = f"Open sites of: {'; '.join(labels)}."
    return sites.number(key, label, says, ("open", (YES,)), ("category", labels))


def _labels(table: CategoryTable, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(table[key].label for key in keys)


def _within(spread: Spread) -> str:
    """Never the half alone; empty where fewer than half have been accepted yet."""
    if spread.half_s is None:
        return ""
    slowest = (
        "9 in 10 not yet" if spread.nine_in_ten_s is None else f"9 in 10 in {lasted(spread.nine_in_ten_s)}"
    )
    return f"of {spread.n} half accepted in {lasted(spread.half_s)}, {slowest}"


def _seconds(ms: int | None) -> int | None:
    return None if ms is None else ms // 1000


def _oldest(sites: Rows, zone: tzinfo) -> str:
    at = sites.position["first_entered_at"]
    found = [int(row[at] or 0) for row in sites.matching((("open", (YES,)), ("band", P1)))]
    return f"oldest since {date_time(min(found), zone)}" if found else ""
