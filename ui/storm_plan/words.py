"""What the Storm plan screen says, and the reading of a day and hour that a person types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from dispatch.records import Millis, PlanKind, PlanLine, PlanState, StormPlan, ZeroProposal
from ui.widgets import times

SOON_MS = 6 * times.HOUR_MS
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(r"^([a-z]{3})[a-z]*\.?\s+(\d{1,2})[:.]?(\d{2})$", re.IGNORECASE)
_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})\s+(\d{1,2})[:.]?(\d{2})$")


def _tr(text: str) -> str:
    return QCoreApplication.translate("storm_plan", text)


def kind(of: PlanKind) -> str:
    return {
        PlanKind.SEND: _tr("send"),
        PlanKind.SWITCH: _tr("switch"),
        PlanKind.STAFF: _tr("staff"),
        PlanKind.CHECK: _tr("check"),
    }[of]


def offset(hours: int) -> str:
    """-36 h, +20 h, +10 d: beyond three days nobody counts hours."""
    if abs(hours) > 72 and hours % 24 == 0:
        return _tr("{:+d} d").format(hours // 24).replace("-", "−")
    return _tr("{:+d} h").format(hours).replace("-", "−") if hours else _tr("hour 0")


def due(line: PlanLine, now: Millis, zone: ZoneInfo) -> tuple[str, str]:
    """Clock and age of when it is due (U6)."""
    if not line.due_at:
        return _tr("no hour 0"), ""
    return times.clock(line.due_at, now, zone), times.ahead(line.due_at, now)


def state(line: PlanLine, now: Millis, zone: ZoneInfo) -> tuple[str, str]:
    """The state in a word or two, and who or why."""
    if line.state is PlanState.EARLIER:
        return _tr("before this activation"), ""
    if line.state in (PlanState.DONE, PlanState.SKIPPED) and line.last is not None:
        word = _tr("done {}") if line.state is PlanState.DONE else _tr("skipped {}")
        by = ", ".join(filter(None, (line.last.person, line.last.note)))
        return word.format(times.clock(line.last.recorded_at, now, zone)), by
    words = {
        PlanState.OVERDUE: _tr("overdue"),
        PlanState.DUE: _tr("due"),
        PlanState.OPEN: "",
    }
    return words.get(line.state, ""), ""


def groups(plan: StormPlan, now: Millis) -> list[tuple[str, list[PlanLine]]]:
    """Overdue, the next six hours, later, settled; empty ones are left out."""
    parts: dict[str, list[PlanLine]] = {"overdue": [], "soon": [], "later": [], "settled": []}
    for line in plan.lines:
        if line.is_settled:
            parts["settled"].append(line)
        elif line.state is PlanState.OVERDUE:
            parts["overdue"].append(line)
        elif line.due_at and line.due_at <= now + SOON_MS:
            parts["soon"].append(line)
        else:
            parts["later"].append(line)
    titles = {
        "overdue": _tr("Overdue"),
        "soon": _tr("Next 6 hours"),
        "later": _tr("Later") if plan.zero_at else _tr("In their order"),
        "settled": _tr("Done, skipped, before this activation"),
    }
    return [(titles[name], lines) for name, lines in parts.items() if lines]


def zero(plan: StormPlan, now: Millis, zone: ZoneInfo) -> str:
    """Hour 0 in a sentence: who set it, or that it is only proposed."""
    if plan.zero is not None:
        when = times.clock(plan.zero.at, now, zone)
        source = _tr("from advisory {}").format(plan.zero.advisory) if plan.zero.advisory else _tr("typed in")
        said = _tr("Hour 0, winds of 39 mph at the city: {when} ({ahead}), {source} by {who}.")
        return said.format(
            when=when, ahead=times.ahead(plan.zero.at, now), source=source, who=plan.zero.person
        )
    if plan.proposal is not None:
        said = _tr("Hour 0 is not set. Times below are proposed by advisory {number}: {when} ({ahead}).")
        return said.format(
            number=plan.proposal.advisory,
            when=times.clock(plan.proposal.at, now, zone),
            ahead=times.ahead(plan.proposal.at, now),
        )
    return _tr("Hour 0 is not set, and no item has a time.")


def proposal(plan: StormPlan, now: Millis, zone: ZoneInfo) -> str:
    """What Z would do, in a sentence; empty where nothing is proposed."""
    found = plan.proposal
    if found is None:
        return ""
    to = times.clock(found.at, now, zone)
    if plan.zero is None:
        said = _tr("Advisory {number} ({age}) proposes hour 0 at {to}.").format(
            number=found.advisory, age=times.ago(found.issued_at, now, zone), to=to
        )
    else:
        said = _tr("Advisory {number} moves hour 0 from {before} to {to}: {moves} items move by {hours} h.")
        said = said.format(
            number=found.advisory,
            before=times.clock(plan.zero.at, now, zone),
            to=to,
            moves=found.moves,
            hours=f"{found.shift_ms / times.HOUR_MS:+.0f}".replace("-", "−"),
        )
    return f"{said} {reckoned(found)}".strip()


def reckoned(found: ZeroProposal) -> str:
    if found.is_told:
        return ""
    return _tr("It does not say how far the wind reaches: that is reckoned here, and can be hours off.")


def empty(plan: StormPlan) -> str:
    """How to get times where there are none."""
    if plan.zero_at:
        return ""
    how = _tr("Z sets hour 0: type the hour the weather service gives, or load an advisory (G A).")
    return f"{plan.why_no_proposal} {how}".strip()


def read_day_time(text: str, now: Millis, zone: ZoneInfo) -> Millis | None:
    """Sun 14:00 (the nearest one), 2017-09-10 14:00, 14:00, +36 h. None when it is no time."""
    text = text.strip()
    if (found := _DATE.match(text)) is not None:
        return _at([int(each) for each in found.groups()], zone)
    if (found := _DAY.match(text)) is None:
        return times.read_time(text, now, zone)
    if found[1].lower() not in DAYS:
        return None
    today = times.local(now, zone)
    ahead = (DAYS.index(found[1].lower()) - today.weekday() + 3) % 7 - 3
    day = today.date() + timedelta(days=ahead)
    return _at([day.year, day.month, day.day, int(found[2]), int(found[3])], zone)


def _at(numbers: Sequence[int], zone: ZoneInfo) -> Millis | None:
    year, month, day, hour, minute = numbers
    try:
        return int(datetime(year, month, day, hour, minute, tzinfo=zone).timestamp() * 1000)
    except ValueError:
        return None
