"""ICS 209 Incident Status Summary as a fill sheet: only the blocks that 311 can know or suggest.

Everything else of its 53 blocks stays blank. Numbers are sites as reported, never assessments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar

from dispatch.forms import common, notable, standing
from dispatch.forms.boxes import Box
from dispatch.jurisdiction import Jurisdiction
from dispatch.records import Escalation, LogEntry, Millis, Situation, Suspension

NAME = "ICS 209"
TITLE = "INCIDENT STATUS SUMMARY (ICS 209), FILL SHEET"
VERSIONS = ("initial", "update", "final")
EVENTS = frozenset({"activation", "storm_mode", "suspend", "resume_service", "mutual_aid", "forward"})

# Categories -> the row of block 30 they are reported in; which kind of building it is a category rarely says.
DAMAGE: Mapping[str, tuple[str, ...]] = {
    "Single residences": ("home_flooded",),
    "Nonresidential commercial": (),
    "Other minor structures": (),
    "Other (kind not told)": (
        *("structure_damage", "tree_on_structure", "building_collapse", "public_building_damage"),
        "bridge_seawall",
    ),
}
PUBLIC: Mapping[str, tuple[str, ...]] = {
    "Trapped or in need of rescue": ("flood_people_trapped", "elevator_entrapment"),
    "Missing (welfare checks asked for)": ("welfare_check",),
    "Evacuated": (),
    "In temporary shelters": (),
}
HAZARDS: Mapping[str, tuple[str, ...]] = {
    "power lines down or trees in them": ("power_line_down", "tree_on_wires"),
    "gas smelled or leaking": ("gas_leak",),
    "fire or smoke": ("fire",),
    "fuel or chemicals spilled": ("hazmat_spill",),
    "streets under water": ("street_flooding",),
    "roads blocked or washed out": ("tree_road_blocked", "road_washout"),
    "sewage overflowing": ("sewer_overflow",),
    "signals out": ("traffic_signal_out",),
}


@dataclass(frozen=True, slots=True)
class Ics209:
    BOXES: ClassVar[tuple[Box, ...]] = (
        Box("incident", "1. Incident name"),
        Box("incident_number", "2. Incident number"),
        Box("version", "3. Report version", choices=VERSIONS),
        Box("period_from", "11. For time period from"),
        Box("period_to", "11. For time period to"),
        Box("prepared_by", "12. Prepared by"),
        Box("submitted", "13. Date/time submitted"),
        Box("sent_to", "15. Primary location, organization, or agency sent to"),
        Box("state", "16. State"),
        Box("county", "17. County"),
        Box("city", "18. City"),
        Box("area", "25. Short location or area description", is_long=True),
        Box("events", "28. Significant events", is_long=True),
        Box("hazards", "29. Primary materials or hazards involved", is_long=True),
        Box("damage", "30. Damage assessment", columns=("Structures", "Threatened", "Damaged", "Destroyed")),
        Box("public", "31. Public status", columns=("Status", "This period", "To date")),
        Box("life_safety", "33. Life, safety and health remarks", is_long=True),
        Box("planned", "41. Planned actions", is_long=True),
        Box("remarks", "47. Remarks", is_long=True),
    )

    is_exercise: bool
    incident: str
    version: str
    period_from: str
    period_to: str
    prepared_by: str
    state: str
    county: str
    city: str
    area: str
    events: str
    hazards: str
    damage: tuple[tuple[str, ...], ...]
    public: tuple[tuple[str, ...], ...]
    life_safety: str
    planned: str
    remarks: str
    log_number: int
    log_hash: str
    incident_number: str = ""
    submitted: str = ""
    sent_to: str = ""
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
    is_first: bool,
    period: tuple[Millis, Millis],
    jurisdiction: Jurisdiction,
    suspensions: Iterable[Suspension],
    entries: Sequence[LogEntry],
    numbers: Mapping[int, str],
    head: tuple[int, str],
    prepared_by: str,
) -> Ics209:
    """`is_first`: none was kept before this period's; that it is the last one only a person knows."""
    told = [entry for entry in entries if entry.act in EVENTS]
    return Ics209(
        is_exercise=is_exercise,
        incident=common.mark_exercise(incident, is_exercise),
        version=VERSIONS[0 if is_first else 1],
        period_from=common.date_time(period[0], zone),
        period_to=common.date_time(period[1], zone),
        prepared_by=prepared_by,
        state=jurisdiction.state,
        county=jurisdiction.county,
        city=jurisdiction.name,
        area=", ".join(f"{name} ({count})" for name, count in situation.worst_areas),
        events="\n".join(f"{at}  {what}" for at, what in notable.rows(told, numbers, zone, with_names=False)),
        hazards=_hazards(situation),
        damage=tuple(
            (row, "", _count(situation, keys, 1) if keys else "", "") for row, keys in DAMAGE.items()
        ),
        public=tuple(
            (row, *(_count(situation, keys, which) if keys else "" for which in (0, 1)))
            for row, keys in PUBLIC.items()
        ),
        life_safety="\n".join(
            (
                standing.life_safety(escalations),
                *standing.suspended(suspensions, zone),
                *standing.wires(situation),
            )
        ),
        planned="\n".join(standing.asked(escalations, zone)),
        remarks="\n".join((*standing.open_sites(situation, zone), standing.reports(situation))),
        log_number=head[0],
        log_hash=head[1],
    )


def _hazards(situation: Situation) -> str:
    counts = ((_sum(situation, keys, 1), words) for words, keys in HAZARDS.items())
    some = [f"{count} {'site' if count == 1 else 'sites'}: {words}" for count, words in counts if count]
    return "; ".join(some) + (" (reported to date)" if some else "")


def _count(situation: Situation, keys: Iterable[str], which: int) -> str:
    return f"{_sum(situation, keys, which)} reported"


def _sum(situation: Situation, keys: Iterable[str], which: int) -> int:
    return sum(situation.by_category.get(key, (0, 0))[which] for key in keys)
