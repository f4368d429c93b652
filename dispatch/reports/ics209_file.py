"""The ICS 209 fill sheet of a snapshot: all 53 blocks under their numbers on the form. What a number of the
snapshot says stands in its block; every other block is empty for the incident's Planning section."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dispatch.forms.common import mark_exercise
from dispatch.forms.ics209 import NAME, TITLE
from dispatch.reports import paper, snapshot_head
from dispatch.reports.block_pages import Bar, Block, BlockPages, Break, Cell, Cells, Column, Paper, Table
from dispatch.reports.ics209_pages import damage, public, text, version
from dispatch.reports.snapshot_facts import edition, signed
from dispatch.snapshot.records import NOT_ASSESSED, REPORTS, SITES, Number, Snapshot
from dispatch.snapshot.status_summary import Status, status
from dispatch.triage.categories import load_categories
from dispatch.whole_file import write_whole

EMPTY = "Empty blocks: to be filled in by the incident's Planning section. 311 does not know them."
RENAMED = "The categories were renamed since this version was made: blocks 25, 29, 30 and 31 stay empty."
LIFE_SAFETY = (
    *("life_safety", "life_safety_open", "life_safety_handed_over"),
    *("life_safety_outcome_known", "life_safety_outcome_unknown", "held_for_weather", "wires_not_made_safe"),
)
REMARKS = (REPORTS, SITES, "open", "fixed_confirmed", "restricted", "bulk", "late")


def write(snapshot: Snapshot, path: Path) -> None:
    """Whole or not at all; raises FileNotWritten."""
    write_whole(path, content(snapshot))


def content(snapshot: Snapshot) -> bytes:
    """The same snapshot gives the same bytes."""
    with paper.drawing:
        return BlockPages(layout(snapshot)).draw()


def layout(snapshot: Snapshot) -> Paper:
    head = snapshot.head
    found = status(snapshot, load_categories())
    said = {each.key: each for each in (*snapshot.now, *snapshot.numbers)}
    incident = mark_exercise(head.storm, head.is_exercise)
    period = snapshot_head.period(head)
    return Paper(
        title=TITLE,
        name=NAME,
        is_exercise=head.is_exercise,
        again=(Cell("1. Incident Name:", incident, 1.2), Cell("11. For Time Period:", period, 1.4)),
        foot=(f"{signed(snapshot)} · digest {snapshot.version[:24]}", NOT_ASSESSED),
        blocks=(
            Cells((Cell("1. Incident Name:", incident, 2.0), Cell("2. Incident Number:")), least=32),
            Bar(f"{NOT_ASSESSED} {EMPTY}"),
            Bar(f"{edition(snapshot)} · {head.filter}"),
            *_top(snapshot, period),
            *_place(snapshot, found),
            text("28. Significant Events for the Time Period Reported:", "", 44),
            text("29. Primary Materials or Hazards Involved (open sites, reported):", _hazards(found), 30),
            damage(_rows(found.damage if found else {}, before=1, after=1)),
            public(_rows(found.public if found else {}, before=0, after=1)),
            _empty("32. Responder Status Summary:"),
            text(
                "33. Life, Safety, and Health Status/Threat Remarks (sites, reported):",
                _said(said, LIFE_SAFETY),
                40,
            ),
            *_plans(said),
            text("47. Remarks:", _remarks(snapshot, said, found), 40),
            *_resources(),
            Break(),
            _definitions(said, found),
            Cells((Cell("Notes:"),), least=40, grows=True),
        ),
    )


def _top(snapshot: Snapshot, period: str) -> tuple[Block, ...]:
    return (
        Cells((version(""), Cell("4. Incident Commander(s) & Agency or Organization:", share=1.4)), least=32),
        _empty("5. Incident Management Organization:", "6. Incident Start Date/Time:"),
        _empty("7. Current Incident Size or Area Involved:", "8. Percent (%) Contained/Completed:"),
        _empty("9. Incident Definition:", "10. Incident Complexity Level:"),
        Cells((Cell("11. For Time Period:", period, 1.6), Cell("12. Prepared By:")), least=32),
        _empty("13. Date/Time Submitted:", "14. Approved By:", "15. Sent To:"),
    )


def _place(snapshot: Snapshot, found: Status | None) -> tuple[Block, ...]:
    head = snapshot.head
    areas = ", ".join(f"{each.label} ({each.value:,})" for each in found.areas) if found else ""
    return (
        Cells(
            (
                Cell("16. State:", head.state),
                Cell("17. County/Parish/Borough:", head.county),
                Cell("18. City:", head.city, 1.3),
            ),
            least=32,
        ),
        _empty("19. Unit or Other:", "20. Incident Jurisdiction:", "21. Location Ownership:"),
        _empty("22. Latitude/Longitude:", "23. US National Grid:", "24. Legal Description:"),
        text("25. Short Location or Area Description (open P1 and P2 sites by area):", areas, 30),
        Cells(
            (
                Cell("26. UTM Coordinates:"),
                Cell(
                    "27. Electronic Geospatial Data:", "snapshot.gpkg, sites.geojson of the same digest", 2.0
                ),
            )
        ),
    )


def _plans(said: Mapping[str, Number]) -> tuple[Block, ...]:
    return (
        _empty("34. Life, Safety, and Health Threat Management:"),
        _empty("35. Weather Concerns:"),
        _empty("36. Projected Incident Activity (12, 24, 48, 72 hours, after):"),
        _empty("37. Strategic Objectives:"),
        _empty("38. Current Incident Threat Summary and Risk Information:"),
        text("39. Critical Resource Needs (hand-overs, reported):", _said(said, ("unmet_needs",)), 34),
        _empty("40. Strategic Discussion:"),
        _empty("41. Planned Actions for Next Operational Period:"),
        _empty("42. Projected Final Size/Area:", "43. Anticipated Completion Date:"),
        _empty("44. Projected Demobilization Start:", "45. Costs to Date:", "46. Projected Final Cost:"),
    )


def _resources() -> tuple[Block, ...]:
    return (
        _empty("48. Agency or Organization:", "49. Resources:", "50. Additional Personnel:"),
        _empty("51. Total Personnel:", "52. Total Resources:"),
        _empty("53. Additional Cooperating and Assisting Organizations Not Listed Above:"),
    )


def _definitions(said: Mapping[str, Number], found: Status | None) -> Table:
    """Whoever holds only the files can count every number again."""
    used = [*(said[key] for key in (*LIFE_SAFETY, "unmet_needs", *REMARKS) if key in said)]
    rows = tuple(
        (each.label, f"{each.value:,}", each.how()) for each in (*(found.numbers if found else ()), *used)
    )
    columns = (Column("Number", 1.3), Column("Value", 0.35), Column("Its rows", 2.6))
    return Table("How each number above is counted:", columns, rows)


def _hazards(found: Status | None) -> str:
    return "; ".join(f"{each.value:,} {each.label}" for each in found.hazards if each.value) if found else ""


def _rows(of_form: Mapping[str, Number | None], *, before: int, after: int) -> tuple[tuple[str, ...], ...]:
    """Each row of the form with its number between so many empty boxes; a number that no category says and
    none at all leave the box empty, never 0."""
    return tuple(
        (row, *("",) * before, "" if each is None else f"{each.value:,} reported", *("",) * after)
        for row, each in of_form.items()
    )


def _said(said: Mapping[str, Number], keys: tuple[str, ...], between: str = "\n") -> str:
    """A frozen version may lack a number that came later: it is not there."""
    found = (said[key] for key in keys if key in said)
    return between.join(
        f"{each.value:,} {each.label}{f' ({each.note})' if each.note else ''}" for each in found
    )


def _remarks(snapshot: Snapshot, said: Mapping[str, Number], found: Status | None) -> str:
    contact = snapshot.head.contact
    return "\n".join(
        (
            _said(said, REMARKS, "; "),
            *(() if found else (RENAMED,)),
            "Leads, not damages: eligibility is FEMA's decision.",
            *((f"Contact of the city: {contact}",) if contact else ()),
        )
    )


def _empty(*labels: str) -> Cells:
    return Cells(tuple(Cell(label) for label in labels), least=34)
