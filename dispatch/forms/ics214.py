"""ICS 214 Activity Log: one position and one operational period, from the activity log, notable acts only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar

from dispatch.forms import common, notable
from dispatch.forms.boxes import Box
from dispatch.records import LogEntry, Millis

NAME = "ICS 214"
TITLE = "ACTIVITY LOG (ICS 214)"


@dataclass(frozen=True, slots=True)
class Ics214:
    """`log_number` and `log_hash` are the newest entry of the whole log when the form was filled: printed,
    they prove later that nothing was changed or cut off."""

    BOXES: ClassVar[tuple[Box, ...]] = (
        Box("incident", "1. Incident name"),
        Box("period_from", "2. Operational period from"),
        Box("period_to", "2. Operational period to"),
        Box("names", "3. Name"),
        Box("position", "4. ICS position"),
        Box("agency", "5. Home agency (and unit)"),
        Box("people", "6. Resources assigned", columns=("Name", "ICS position", "Home agency (and unit)")),
        Box("entries", "7. Activity log", columns=("Date/time", "Notable activities")),
        Box("prepared_by", "8. Prepared by (name, position)"),
    )

    is_exercise: bool
    incident: str
    period_from: str
    period_to: str
    names: str
    position: str
    people: tuple[tuple[str, str, str], ...]
    entries: tuple[tuple[str, str], ...]
    log_number: int
    log_hash: str
    prepared_by: str = ""
    agency: str = ""
    edition: str = ""

    @property
    def stem(self) -> str:
        return f"{self.position} {self.period_from}"


def fill(
    entries: Sequence[LogEntry],
    numbers: Mapping[int, str],
    zone: tzinfo,
    *,
    incident: str,
    is_exercise: bool,
    position: str,
    period: tuple[Millis, Millis],
    head: tuple[int, str],
    prepared_by: str = "",
) -> Ics214:
    """`entries` are the position's own in that time; the same ones give the same form: nothing here asks the
    clock. Whose agency somebody is of the log does not know: the pen or the sheet says it."""
    people = tuple(dict.fromkeys(entry.person for entry in entries if entry.person))
    return Ics214(
        is_exercise=is_exercise,
        incident=common.mark_exercise(incident, is_exercise),
        period_from=common.date_time(period[0], zone),
        period_to=common.date_time(period[1], zone),
        names=", ".join(people),
        position=position,
        people=tuple((person, position, "") for person in people),
        entries=notable.rows(entries, numbers, zone, with_names=len(people) > 1),
        log_number=head[0],
        log_hash=head[1],
        prepared_by=prepared_by,
    )
