"""The checklist for a 311 server that cannot be switched from here: what a person does there, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from dispatch.forms import common
from dispatch.records import CategorySwitch, Millis, SwitchState

NAME = "Public categories"


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    category_id: str
    title: str
    wanted: str
    ticked: str


@dataclass(frozen=True, slots=True)
class PublicChecklist:
    title: str
    incident: str
    is_exercise: bool
    made_at: str
    what: str
    lines: tuple[ChecklistLine, ...]


def fill(
    rows: Sequence[CategorySwitch],
    now: Millis,
    zone: tzinfo,
    *,
    incident: str,
    is_exercise: bool,
    is_on: bool,
) -> PublicChecklist:
    """Those to be switched off first; what is ticked already says by whom."""
    what = "Storm mode on" if is_on else "Back to what it was before the storm"
    ordered = sorted(rows, key=lambda row: row.wanted)
    return PublicChecklist(
        title=f"{NAME}: {what}",
        incident=incident,
        is_exercise=is_exercise,
        made_at=common.date_time(now, zone),
        what="At the 311 server's own administration, switch each of these for the public. Tick it here and"
        " in Landfall, which reads the server's list again and says what is not so yet.",
        lines=tuple(_line(row, now, zone) for row in ordered),
    )


def _line(row: CategorySwitch, now: Millis, zone: tzinfo) -> ChecklistLine:
    ticked = ""
    if row.state is SwitchState.TICKED and row.ticked_at is not None:
        ticked = f"{row.ticked_by}, {common.hour(row.ticked_at, now, zone)}"
    return ChecklistLine(row.category_id, row.title, "ON" if row.wanted else "OFF", ticked)
