"""The ICS 201 laid out on the four pages people know: map and situation, actions, organization, resources."""

from __future__ import annotations

from dispatch.forms.ics201 import NAME, TITLE, Ics201
from dispatch.reports.block_pages import Break, Cell, Cells, Column, Paper, Picture, Table
from dispatch.reports.ics214_pages import proof, signed


def layout(form: Ics201, picture: bytes = b"") -> Paper:
    head = (
        Cell("1. Incident Name:", form.incident, 1.6),
        Cell("2. Incident Number:", form.incident_number),
        Cell("3. Date/Time Initiated:", form.initiated, 1.1),
    )
    prepared = signed("6. Prepared by:", form.prepared_by, form.prepared_at)
    return Paper(
        title=TITLE,
        name=NAME,
        is_exercise=form.is_exercise,
        again=head,
        foot=proof(form.log_number, form.log_hash, form.edition),
        blocks=(
            Cells(head, least=32),
            Picture(
                "4. Map/Sketch (incident area, impacted areas, situation and resources):", picture, 260, True
            ),
            Cells((Cell("5. Situation Summary and Health and Safety Briefing:", form.situation),), least=110),
            prepared,
            Break(),
            Cells((Cell("7. Current and Planned Objectives:", form.objectives),), least=130),
            Table(
                "8. Current and Planned Actions, Strategies, and Tactics:",
                (Column("Time"), Column("Actions", 3.7)),
                form.actions,
                1,
                grows=True,
            ),
            prepared,
            Break(),
            Table(
                "9. Current Organization (fill in additional organization as appropriate):",
                (Column("Position"), Column("Name", 1.4)),
                form.organization,
                1,
                grows=True,
            ),
            prepared,
            Break(),
            Table(
                "10. Resource Summary:",
                (
                    Column("Resource", 1.4),
                    Column("Identifier", 0.9),
                    Column("Ordered", 0.95),
                    Column("ETA", 0.95),
                    Column("Arrived", 0.95),
                    Column("Notes (location, assignment, status)", 2.2),
                ),
                form.resources,
                1,
                grows=True,
            ),
            prepared,
        ),
    )
