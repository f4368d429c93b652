"""The ICS 214 laid out: who, with whom, and what was done; the log's head at the foot of every page."""

from __future__ import annotations

from dispatch.forms.ics214 import NAME, TITLE, Ics214
from dispatch.reports.block_pages import Cell, Cells, Column, Paper, Table


def layout(form: Ics214) -> Paper:
    period = f"From: {form.period_from}\nTo: {form.period_to}"
    return Paper(
        title=TITLE,
        name=NAME,
        is_exercise=form.is_exercise,
        again=(
            Cell("1. Incident Name:", form.incident, 1.3),
            Cell("4. ICS Position:", form.position),
            Cell("2. Operational Period from:", form.period_from),
        ),
        foot=proof(form.log_number, form.log_hash, form.edition),
        blocks=(
            Cells(
                (Cell("1. Incident Name:", form.incident, 1.4), Cell("2. Operational Period:", period)),
                least=44,
            ),
            Cells(
                (
                    Cell("3. Name:", form.names, 1.4),
                    Cell("4. ICS Position:", form.position),
                    Cell("5. Home Agency (and Unit):", form.agency, 1.2),
                ),
                least=32,
            ),
            Table(
                "6. Resources Assigned:",
                (Column("Name", 1.4), Column("ICS Position"), Column("Home Agency (and Unit)", 1.2)),
                form.people,
                1 if form.people else 3,
            ),
            Table(
                "7. Activity Log:",
                (Column("Date/Time", 1.0), Column("Notable Activities", 3.7)),
                form.entries,
                1,
                grows=True,
            ),
            signed("8. Prepared by:", form.prepared_by),
        ),
    )


def signed(label: str, prepared_by: str, at: str = "") -> Cells:
    """Who prepared the form, with room for a signature and its time."""
    return Cells(
        (
            Cell(f"{label} Name, Position/Title:", prepared_by, 1.6),
            Cell("Signature:"),
            Cell("Date/Time:", at, 0.9),
        ),
        least=34,
    )


def proof(number: int, head: str, edition: str = "") -> tuple[str, ...]:
    """What proves the log later (--head), in words that whoever holds the page can follow."""
    said = (
        f"Activity log at entry {number}, head hash {head}",
        "Verify: python -m dispatch log verify --store URL --head (this hash)",
        edition,
    )
    return tuple(filter(None, said))
