"""The neighborhood sheet: what an area reported and what became of it, beside two areas of its size.

Numbers are of sites and reports, never of persons. A small number of a restricted kind (S15) is not told, and
where it could be had by subtraction neither is the smallest one beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from math import ceil

from dispatch.forms import common
from dispatch.records import Millis

NAME = "Neighborhood sheet"
NOT_ASSESSED = "Reported by residents and staff, not assessed."
# What is said instead of a small number that may point to one home.
LEAST_TOLD, FEWER, NOT_GIVEN = 5, "fewer than 5", "not given"
TOO_FEW = "too few to list by kind"
NOT_KNOWN = "not known"
KINDS = 5
MINUTE_MS, HOUR_MS = 60_000, 3_600_000
# A day and a half is said in hours, as on the Volumes screen.
LEAST_HOURS, MOST_HOURS = 10, 100


@dataclass(frozen=True, slots=True)
class Kind:
    label: str
    reports: int
    is_restricted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area as it was counted; `half` and `nine_in_ten` are None where fewer than so many are closed."""

    name: str
    areas: tuple[str, ...]
    residents: float
    kinds: tuple[Kind, ...]
    confirmed: int
    unconfirmed: int
    otherwise: int
    still_open: int
    half: Millis | None
    nine_in_ten: Millis | None
    done: int
    waiting: int

    @property
    def reports(self) -> int:
        return sum(kind.reports for kind in self.kinds)

    @property
    def sites(self) -> int:
        return self.confirmed + self.unconfirmed + self.otherwise + self.still_open


@dataclass(frozen=True, slots=True)
class Row:
    """A label and a cell for each area; a cell may have several lines."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class NeighborhoodSheet:
    title: str
    incident: str
    is_exercise: bool
    period: str
    made_at: str
    heads: tuple[Row, ...]
    parts: tuple[Part, ...]
    beside: str
    how: tuple[tuple[str, str], ...]
    how_title: str
    danger: str


def fill(
    areas: Sequence[Area],
    now: Millis,
    zone: tzinfo,
    *,
    city: str,
    incident: str,
    is_exercise: bool,
    since_at: Millis,
    how_title: str,
    how: tuple[tuple[str, str], ...],
    danger: str,
) -> NeighborhoodSheet:
    """The first area is the one the sheet is about. `how` has (way, address); an empty one is a line for a
    pen."""
    return NeighborhoodSheet(
        title=common.mark_exercise(f"What was reported in {short_name(areas[0])}", is_exercise),
        incident=common.mark_exercise(" · ".join(filter(None, (city, incident))), is_exercise),
        is_exercise=is_exercise,
        period=f"Reports entered {common.date_time(since_at, zone)} to {common.date_time(now, zone)}",
        made_at=f"Made {common.date_time(now, zone)}. {NOT_ASSESSED}",
        heads=tuple(Row(short_name(each), (_people(each),)) for each in areas),
        parts=(_reported(areas), _became(areas), _lasted(areas)),
        beside=_beside(areas),
        how=how,
        how_title=how_title,
        danger=danger,
    )


def short_name(area: Area) -> str:
    more = len(area.areas) - 1
    return f"{area.name} and {more} more" if more else area.name


def kind_lines(kinds: Sequence[Kind]) -> tuple[str, ...]:
    """The most frequent ones with their numbers, small ones of restricted kinds without and last."""
    most = sorted(kinds, key=lambda kind: (-kind.reports, kind.label))[:KINDS]
    hidden = [kind for kind in most if kind.is_restricted and kind.reports < LEAST_TOLD]
    told = [kind for kind in most if kind not in hidden]
    # All kinds are listed: what is left of the area's reports would be the hidden number.
    held_back = told[-1:] if hidden and len(kinds) <= KINDS else []
    if hidden and not told:
        return (TOO_FEW,)
    return (
        *(f"{kind.reports:,} · {kind.label}" for kind in told if kind not in held_back),
        *(f"{NOT_GIVEN} · {kind.label}" for kind in held_back),
        *sorted(f"{FEWER} · {kind.label}" for kind in hidden),
    )


def lasts(ms: Millis | None) -> str:
    """26 min, 50 h, 6 d, rounded up; where so many are not closed yet that is said."""
    if ms is None:
        return "not yet"
    minutes, hours = ceil(ms / MINUTE_MS), ms / HOUR_MS
    if minutes < 60:
        return f"{minutes} min"
    if hours < LEAST_HOURS:
        return f"{minutes // 60} h {minutes % 60:02} min"
    return f"{ceil(hours)} h" if hours < MOST_HOURS else f"{ceil(hours / 24)} d"


def _reported(areas: Sequence[Area]) -> Part:
    lines = [kind_lines(area.kinds) or ("none",) for area in areas]
    is_any_hidden = any(line.startswith((FEWER, TOO_FEW)) for each in lines for line in each)
    note = f"“{FEWER}” and “{NOT_GIVEN}”: small numbers that could point to somebody's home are not told."
    return Part(
        "What you reported",
        (
            Row("Reports", tuple(f"{area.reports:,}" for area in areas)),
            Row("Per 1,000 residents", tuple(map(_per_1000, areas))),
            Row("Most frequent", tuple("\n".join(each) for each in lines)),
        ),
        note if is_any_hidden else "",
    )


def _became(areas: Sequence[Area]) -> Part:
    return Part(
        "What was fixed",
        (
            Row("Sites reported", tuple(f"{area.sites:,}" for area in areas)),
            Row("Fixed and confirmed", tuple(f"{area.confirmed:,}" for area in areas)),
            Row("Closed as fixed, not confirmed", tuple(f"{area.unconfirmed:,}" for area in areas)),
            Row("Closed for another reason", tuple(f"{area.otherwise:,}" for area in areas)),
            Row("Still open", tuple(f"{area.still_open:,}" for area in areas)),
        ),
        "Several reports of one thing are one site. Another reason: passed to its owner, not the city's, no "
        "longer needed, or closed by the 311 system without one.",
    )


def _lasted(areas: Sequence[Area]) -> Part:
    return Part(
        "How long until a site was closed, for whatever reason",
        (
            Row("Half within", tuple(lasts(area.half) for area in areas)),
            Row("Nine in ten within", tuple(lasts(area.nine_in_ten) for area in areas)),
            Row("Rests on", tuple(f"{area.done:,} closed, {area.waiting:,} waiting" for area in areas)),
        ),
        "Counted from the first report. Those that still wait are counted in.",
    )


def _beside(areas: Sequence[Area]) -> str:
    if len(areas) == 1:
        return "No area has a known number of residents like this one's: there is none to put beside it."
    others = "; ".join(short_name(area) for area in areas[1:])
    chosen = f"Beside it: {others}. Of all areas they have the most similar number of residents (estimates)."
    pooled = [f"{area.name} with {', '.join(area.areas[1:])}" for area in areas if len(area.areas) > 1]
    return f"{chosen} Counted together: {'; '.join(pooled)}." if pooled else chosen


def _people(area: Area) -> str:
    return f"about {round(area.residents):,} residents" if area.residents > 0 else "residents not known"


def _per_1000(area: Area) -> str:
    return f"{1000 * area.reports / area.residents:,.1f}" if area.residents > 0 else NOT_KNOWN
