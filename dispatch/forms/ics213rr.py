"""ICS 213RR Resource Request: made by emergency management or Logistics from a hand-over, never by itself.

Blocks 1 to 8 are filled from the hand-over, 9 to 19 are Logistics' and Finance's; every one can be edited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from typing import ClassVar

from dispatch.forms import common
from dispatch.forms.bands import band_map
from dispatch.forms.boxes import Box
from dispatch.jurisdiction import DeskEntry
from dispatch.records import Escalation, Millis

NAME = "ICS 213RR"
TITLE = "RESOURCE REQUEST MESSAGE (ICS 213 RR)"
PRIORITIES = ("urgent", "routine", "low")
ORDER = ("Qty", "Kind", "Type", "Detailed description", "Arrival requested", "Arrival estimated", "Cost")
DESCRIPTION = ORDER.index("Detailed description")

# Who sits in emergency management or Logistics, by the words of a position.
_EM_WORDS = re.compile(r"\b(emergency manage(r|ment)|em desk|em|eoc manager|logistics)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ics213RR:
    """`warnings` are printed over the boxes and cannot be edited away."""

    BOXES: ClassVar[tuple[Box, ...]] = (
        Box("incident", "1. Incident name"),
        Box("made_at", "2. Date and time"),
        Box("order", "4. Order", columns=ORDER),
        Box("deliver_to", "5. Delivery or reporting location", is_long=True),
        Box("substitutes", "6. Suitable substitutes, suggested sources", is_long=True),
        Box("requested_by", "7. Requested by (name, position)"),
        Box("priority", "8. Priority", choices=PRIORITIES),
        Box("approved_by", "9. Section chief approval"),
        Box("order_number", "10. Logistics order number"),
        Box("supplier_contact", "11. Supplier phone, fax, e-mail"),
        Box("supplier", "12. Supplier, point of contact"),
        Box("notes", "13. Notes", is_long=True),
        Box("logistics_approval", "14. Approval of Logistics"),
        Box("logistics_at", "15. Date and time"),
        Box("ordered_by", "16. Order placed by"),
        Box("finance_reply", "17. Reply, comments of Finance", is_long=True),
        Box("finance_signature", "18. Finance section"),
        Box("finance_at", "19. Date and time"),
    )

    number: str  # 3
    escalation_id: str
    hand_over: str
    is_exercise: bool
    warnings: tuple[str, ...]
    incident: str
    made_at: str
    order: tuple[tuple[str, ...], ...]
    deliver_to: str
    requested_by: str
    priority: str
    substitutes: str = ""
    approved_by: str = ""
    order_number: str = ""
    supplier_contact: str = ""
    supplier: str = ""
    notes: str = ""
    logistics_approval: str = ""
    logistics_at: str = ""
    ordered_by: str = ""
    finance_reply: str = ""
    finance_signature: str = ""
    finance_at: str = ""
    edition: str = ""  # which version this is and who edited it

    @property
    def stem(self) -> str:
        return self.number


def fill(
    escalation: Escalation, now: Millis, zone: tzinfo, *, number: str, person: str, position: str
) -> Ics213RR:
    """One order line with what the hand-over says; quantity, kind, type and cost are for people to say."""
    needed = [""] * len(ORDER)
    needed[DESCRIPTION] = _description(escalation)
    if escalation.need_by_at is not None:
        needed[ORDER.index("Arrival requested")] = common.date_time(escalation.need_by_at, zone)
    return Ics213RR(
        number=number,
        escalation_id=escalation.escalation_id,
        hand_over=escalation.number,
        is_exercise=escalation.is_exercise,
        warnings=_warnings(escalation, zone),
        incident=common.mark_exercise(escalation.activation_name, escalation.is_exercise),
        made_at=common.date_time(now, zone),
        order=(tuple(needed),),
        deliver_to=_place(escalation),
        requested_by=common.person(person, position),
        priority=next(iter(priorities(escalation)), ""),
    )


def priorities(escalation: Escalation) -> tuple[str, ...]:
    """What block 8 may say of this band, the first one offered: P1 urgent, P2 urgent or routine by choice."""
    return band_map()[escalation.band].ics_213rr


def why_not(position: str, desks: Iterable[DeskEntry]) -> str:
    """Operators state the problem on an ICS 213; only emergency management or Logistics orders resources."""
    named = {name.casefold() for desk in desks for name in (desk.name, desk.esf, desk.label) if name}
    if _EM_WORDS.search(position) or position.strip().casefold() in named:
        return ""
    return (
        "A resource request is made by emergency management or Logistics, and this seat's position is "
        f"{position.strip() or 'not set'}: say who sits here (G W), or hand the site over."
    )


def _description(escalation: Escalation) -> str:
    what = escalation.summary.strip() or escalation.subject.strip()
    parts = (escalation.effect_needed.strip(), what, f"ICS 213 {escalation.number}")
    return "; ".join(part for part in parts if part)


def _place(escalation: Escalation) -> str:
    unit = f"unit {escalation.unit}" if escalation.unit else ""
    cross = f"at {escalation.cross_street}" if escalation.cross_street else ""
    where = (escalation.address.strip(), unit, cross, escalation.neighborhood)
    lines = [" · ".join(part for part in where if part)]
    if escalation.place:
        lines.append(f"{escalation.place.lat:.5f}, {escalation.place.lng:.5f} (WGS84)")
    if escalation.safe_approach:
        lines.append(f"Approach: {escalation.safe_approach}")
    return "\n".join(line for line in lines if line)


def _warnings(escalation: Escalation, zone: tzinfo) -> tuple[str, ...]:
    said = []
    if common.is_live(escalation):
        said.append(common.TREAT_AS_LIVE)
    if not common.is_place_confirmed(escalation):
        said.append(common.NOT_CONFIRMED)
    if common.is_911_open(escalation):
        said.append(common.said_to_911(escalation, zone))
    if escalation.is_restricted:
        said.append("RESTRICTED: personal facts, only for those who act on it")
    return tuple(said)
