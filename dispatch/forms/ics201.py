"""ICS 201 Incident Briefing: how things stand at a change of shift, from counts, hand-overs, log, roster."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar

from dispatch.forms import common, notable, standing
from dispatch.forms.boxes import Box
from dispatch.records import Escalation, EscalationState, LogEntry, Millis, OnDuty, Situation, Suspension

NAME = "ICS 201"
TITLE = "INCIDENT BRIEFING (ICS 201)"
MOST_ACTIONS = 60

_TAKEN = (EscalationState.ACCEPTED, EscalationState.UNDER_WAY, EscalationState.HELD)


@dataclass(frozen=True, slots=True)
class Ics201:
    """The map (4) is handed in when the form is drawn."""

    BOXES: ClassVar[tuple[Box, ...]] = (
        Box("incident", "1. Incident name"),
        Box("incident_number", "2. Incident number"),
        Box("initiated", "3. Date/time initiated"),
        Box("situation", "5. Situation summary, health and safety briefing", is_long=True),
        Box("prepared_by", "6. Prepared by (name, position)"),
        Box("objectives", "7. Current and planned objectives", is_long=True),
        Box("actions", "8. Current and planned actions", columns=("Time", "Actions")),
        Box("organization", "9. Current organization", columns=("Position", "Name")),
        Box(
            "resources",
            "10. Resource summary",
            columns=("Resource", "Identifier", "Ordered", "ETA", "Arrived", "Notes"),
        ),
    )

    is_exercise: bool
    period_from: str
    incident: str
    initiated: str
    situation: str
    prepared_by: str
    prepared_at: str
    objectives: str
    actions: tuple[tuple[str, str], ...]
    organization: tuple[tuple[str, str], ...]
    resources: tuple[tuple[str, ...], ...]
    log_number: int
    log_hash: str
    incident_number: str = ""
    edition: str = ""

    @property
    def stem(self) -> str:
        return self.period_from


def fill(
    situation: Situation,
    escalations: Sequence[Escalation],
    zone: tzinfo,
    *,
    incident: str,
    is_exercise: bool,
    started_at: Millis,
    period: tuple[Millis, Millis],
    suspensions: Iterable[Suspension],
    entries: Sequence[LogEntry],
    numbers: Mapping[int, str],
    on_duty: Iterable[OnDuty],
    head: tuple[int, str],
    prepared_by: str,
    now: Millis,
) -> Ics201:
    """Objectives are what open hand-overs ask for; what else is planned people write in."""
    asked = "\n".join(standing.asked(escalations, zone))
    return Ics201(
        is_exercise=is_exercise,
        period_from=common.date_time(period[0], zone),
        incident=common.mark_exercise(incident, is_exercise),
        initiated=common.date_time(started_at, zone),
        situation="\n".join(
            (
                *standing.open_sites(situation, zone),
                standing.reports(situation),
                standing.handed_over(escalations),
                standing.life_safety(escalations),
                *standing.suspended(suspensions, zone),
                *standing.wires(situation),
            )
        ),
        prepared_by=prepared_by,
        prepared_at=common.date_time(now, zone),
        objectives=f"Asked for in open P1 and P2 hand-overs:\n{asked}" if asked else "",
        actions=_actions(entries, numbers, zone),
        organization=_organization(entries, on_duty),
        resources=tuple(_resource(e, zone) for e in escalations if e.state in _TAKEN),
        log_number=head[0],
        log_hash=head[1],
    )


def _actions(
    entries: Iterable[LogEntry], numbers: Mapping[int, str], zone: tzinfo
) -> tuple[tuple[str, str], ...]:
    """The newest ones that others have a part in; that there are more is said."""
    told = [entry for entry in entries if entry.act in notable.FOR_A_BRIEFING]
    rows = notable.rows(told, numbers, zone, with_names=False)
    left = len(rows) - MOST_ACTIONS
    if left <= 0:
        return rows
    return (("", f"{left} earlier ones stand in the activity log (ICS 214)"), *rows[-MOST_ACTIONS:])


def _organization(entries: Iterable[LogEntry], on_duty: Iterable[OnDuty]) -> tuple[tuple[str, str], ...]:
    """The desks with who is on them, then the positions that acted in this period."""
    desks = [(there.desk, there.person or "vacant") for there in on_duty]
    acted: dict[str, dict[str, None]] = {}
    for entry in entries:
        if entry.person and entry.position:
            acted.setdefault(entry.position, {})[entry.person] = None
    return (*desks, *((position, ", ".join(people)) for position, people in sorted(acted.items())))


def _resource(e: Escalation, zone: tzinfo) -> tuple[str, ...]:
    def at(time: Millis | None) -> str:
        return "" if time is None else common.date_time(time, zone)

    where = "restricted" if e.is_restricted else " · ".join(filter(None, (e.address, e.effect_needed)))
    held = "held for weather" if e.state == EscalationState.HELD else ""
    notes = " · ".join(filter(None, (common.desk(e), held, where)))
    return (e.resource or "not named yet", e.number, at(e.sent_at), at(e.eta_at), at(e.on_scene_at), notes)
