"""The walk list (S16): open P1 and P2 hand-overs on paper, boxes to tick, a code to type each answer back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from dispatch.forms import common
from dispatch.records import Band, Escalation, Millis

# 23 letters (without I, O and Q), and 23 is a prime: one wrong digit or two digits changed over never
# give the same letter, so a slip of the pen cannot answer for another site.
_CHECK_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Standing:
    """One open hand-over and how it stands, in words."""

    escalation: Escalation
    status: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class WalkLine:
    code: str
    band: str
    number: str
    desk: str
    what: str
    where: str
    needed: str
    status: str
    is_overdue: bool
    told_911: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WalkList:
    title: str
    incident: str
    is_exercise: bool
    made_at: str
    count: str
    lines: tuple[WalkLine, ...]


def fill(
    standings: Sequence[Standing], now: Millis, zone: tzinfo, *, incident: str, is_exercise: bool
) -> WalkList:
    """The lines keep the order they are given in; the codes are the same on every list."""
    return WalkList(
        title=common.mark_exercise("WALK LIST · open P1 and P2 hand-overs", is_exercise),
        incident=common.mark_exercise(incident, is_exercise),
        is_exercise=is_exercise,
        made_at=f"{common.date_time(now, zone)}, times in {common.local(now, zone):%Z}",
        count=_count(standings),
        lines=tuple(_line(standing, now, zone) for standing in standings),
    )


def code(escalation: Escalation) -> str:
    """EOC-0041 is 41 and its check letter, the same on every list: an older page still answers right."""
    digits = re.findall(r"\d+", escalation.number)
    return _checked(int(digits[-1])) if digits else escalation.escalation_id[:8].upper()


def by_code(typed: str, escalations: Iterable[Escalation]) -> Escalation | None:
    """The hand-over of a typed code; None for a code that is not whole or not there."""
    wanted = re.sub(r"[\s-]", "", typed).upper().lstrip("0")
    found = [escalation for escalation in escalations if code(escalation) == wanted]
    return found[0] if len(found) == 1 else None


def _checked(number: int) -> str:
    return f"{number}{_CHECK_LETTERS[number % len(_CHECK_LETTERS)]}"


def _count(standings: Sequence[Standing]) -> str:
    first = sum(standing.escalation.band == Band.P1 for standing in standings)
    overdue = sum(standing.is_overdue for standing in standings)
    return f"{first} P1, {len(standings) - first} P2, {overdue} overdue"


def _line(standing: Standing, now: Millis, zone: tzinfo) -> WalkLine:
    escalation = standing.escalation
    unit = f"unit {escalation.unit}" if escalation.unit else ""
    needed = escalation.effect_needed
    told = escalation.told_911
    if escalation.need_by_at is not None:
        needed = f"{needed} by {common.hour(escalation.need_by_at, now, zone)}".strip()
    return WalkLine(
        code=code(escalation),
        band=escalation.band.name,
        number=escalation.number,
        desk=common.desk(escalation),
        what=escalation.summary.strip() or escalation.subject.strip(),
        where=" · ".join(part for part in (escalation.address, unit, escalation.neighborhood) if part),
        needed=needed,
        status=standing.status,
        is_overdue=standing.is_overdue,
        told_911=common.said_to_911(escalation, zone) if told and told.is_told else "",
        warnings=_warnings(escalation, zone),
    )


def _warnings(escalation: Escalation, zone: tzinfo) -> tuple[str, ...]:
    warnings = []
    if common.is_911_open(escalation):
        warnings.append(common.said_to_911(escalation, zone))
    if common.is_live(escalation):
        warnings.append(common.TREAT_AS_LIVE)
    if not common.is_place_confirmed(escalation):
        warnings.append(common.NOT_CONFIRMED)
    return tuple(warnings)
