"""What a snapshot says of quiet areas: how many, which, and when outreach began there; nothing of them where
nobody can say."""

from __future__ import annotations

from collections import defaultdict
from datetime import tzinfo

from dispatch.forms.common import date_time
from dispatch.snapshot.areas import FILTERED
from dispatch.snapshot.counting import Counts
from dispatch.snapshot.records import Cell, Line, Number, Rows, Table
from dispatch.snapshot.rows import NO, YES

NOT_LOW_DAMAGE = "Low counts there do not mean low damage."


def numbers(areas: Counts) -> tuple[Number, ...]:
    if not _is_told(areas):
        return ()
    says = "Neighborhoods that reported well under what was to be expected of them."
    return (
        areas.number("quiet_areas", "neighborhoods that are quiet", says, ("quiet", (YES,))),
        areas.number(
            "silent_areas",
            "neighborhoods without any report",
            "Those of the city's layer, however few people live there.",
            ("reports", (0,)),
        ),
    )


def tables(areas: Rows, reports: Counts, zone: tzinfo) -> tuple[Table, ...]:
    """The quietest first; small areas that are judged together stand in one line."""
    if not _is_told(Counts(areas)):
        return ()
    name, judged_as, expected, sure, began = (
        areas.position[each]
        for each in ("neighborhood", "judged_as", "expected", "how_sure", "outreach_began_at")
    )
    found: dict[Cell, list[tuple[Cell, ...]]] = defaultdict(list)
    for row in areas.matching((("quiet", (YES,)),)):
        found[row[judged_as]].append(row)
    lines = []
    for place, together in found.items():
        names = tuple(row[name] for row in together)
        due = sum(float(row[expected] or 0) for row in together)
        began_at = together[0][began]
        said = [f"{place}: {due:,.0f} expected, {together[0][sure]}"]
        if began_at is not None:
            said.append(f"outreach began {date_time(int(began_at), zone)}")
        number = reports.number(
            f"quiet.{place}.reports",
            "reports",
            f"Reports in: {'; '.join(map(str, names))}, not in bulk.",
            ("neighborhood", names),
            ("bulk", (NO,)),
        )
        lines.append((number.value - due, Line("; ".join(said), (number,))))
    says = (
        "They reported well under what was to be expected by their residents and by what all other areas"
        f" report. {NOT_LOW_DAMAGE}"
    )
    lines.sort(key=lambda each: each[0])
    return (
        Table("quiet", "Quiet areas", ("Neighborhood", "reports"), tuple(line for _, line in lines), says),
    )


def remarks(areas: Counts) -> tuple[str, ...]:
    if _is_told(areas):
        return ()
    if areas.count((("how_sure", (FILTERED,)),)):
        return (
            "Which areas are quiet is not told: the filter leaves reports out, and all would look quiet.",
        )
    return ("Which areas are quiet cannot be told: too few reports, or residents by area are not known.",)


def _is_told(areas: Counts) -> bool:
    return bool(areas.count((("quiet", (YES, NO)),)))
