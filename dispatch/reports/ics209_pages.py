"""The ICS 209 fill sheet laid out: the blocks that 311 can know, under their numbers on the form."""

from __future__ import annotations

from dispatch.forms.ics209 import NAME, TITLE, VERSIONS, Ics209
from dispatch.reports.block_pages import Bar, Cell, Cells, Column, Paper, Table
from dispatch.reports.ics214_pages import proof

SAID = "Reported by residents and staff to 311, not assessed. Blocks that are not here stay blank."


def layout(form: Ics209) -> Paper:
    period = f"From: {form.period_from}\nTo: {form.period_to}"
    return Paper(
        title=TITLE,
        name=NAME,
        is_exercise=form.is_exercise,
        again=(
            Cell("1. Incident Name:", form.incident, 1.4),
            Cell("11. For Time Period from:", form.period_from),
        ),
        foot=proof(form.log_number, form.log_hash, form.edition),
        blocks=(
            Cells(
                (
                    Cell("1. Incident Name:", form.incident, 2.0),
                    Cell("2. Incident Number:", form.incident_number),
                ),
                least=32,
            ),
            Bar(SAID),
            Cells((version(form.version), Cell("11. For Time Period:", period)), least=44),
            Cells(
                (
                    Cell("12. Prepared by:", form.prepared_by, 1.2),
                    Cell("13. Date/Time Submitted:", form.submitted),
                    Cell("15. Sent to:", form.sent_to),
                ),
                least=34,
            ),
            Cells(
                (
                    Cell("16. State:", form.state),
                    Cell("17. County/Parish/Borough:", form.county),
                    Cell("18. City:", form.city),
                ),
                least=32,
            ),
            text("25. Short Location or Area Description (open P1 and P2 by area):", form.area, 30),
            text("28. Significant Events for the Time Period:", form.events, 42),
            text("29. Primary Materials or Hazards Involved (reported):", form.hazards, 30),
            damage(form.damage),
            public(form.public),
            text("33. Life, Safety, and Health Status/Threat Remarks:", form.life_safety, 40),
            text(
                "41. Planned Actions for Next Operational Period (asked for in hand-overs):", form.planned, 42
            ),
            Cells((Cell("47. Remarks:", form.remarks),), least=40, grows=True),
        ),
    )


def damage(rows: tuple[tuple[str, ...], ...]) -> Table:
    return Table(
        "30. Damage Assessment Information (REPORTED, NOT ASSESSED):",
        (Column("Structural summary", 1.8), Column("Threatened"), Column("Damaged"), Column("Destroyed")),
        rows,
    )


def public(rows: tuple[tuple[str, ...], ...]) -> Table:
    return Table(
        "31. Public Status Summary (REPORTED, NOT ASSESSED; sites, not people):",
        (Column("Status", 2.2), Column("This reporting period"), Column("Total to date")),
        rows,
    )


def text(label: str, text: str, least: float) -> Cells:
    return Cells((Cell(label, text),), least=least)


def version(said: str) -> Cell:
    label, chosen = "3. Report Version:", said.strip().casefold()
    if chosen and chosen not in VERSIONS:
        return Cell(label, said)
    return Cell(label, "", 1.0, tuple((name.capitalize(), name == chosen) for name in VERSIONS))
