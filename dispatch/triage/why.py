"""Why a report is offered as a duplicate of another, in words an operator can say aloud."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.records import Millis
from dispatch.triage.compared import Likeness, Report, families_shared

WORDS_SAID = 2
# From here on one of pin and address is wrong (S11).
APART_M = 150.0


def why(report: Report, other: Report, likeness: Likeness, words: Sequence[str]) -> str:
    """Of the other one, as seen from the report: "38 m away, 12 min earlier, same kind, both say 'oak'"."""
    parts = [_where(likeness), _when(other.opened_at - report.opened_at), _what(report, other, likeness)]
    if words:
        parts.append("both say " + " and ".join(f"'{word}'" for word in words[:WORDS_SAID]))
    return ", ".join(parts)


def _what(report: Report, other: Report, likeness: Likeness) -> str:
    if other.family != report.family:
        shared = sorted(families_shared(report, other))
        return f"both about {shared[0].replace('_', ' and ')}" if shared else "about persons too"
    return "same kind" if likeness.is_same_kind else "same family"


def _where(likeness: Likeness) -> str:
    if likeness.is_by_area:
        return f"{_metres(likeness.distance_m or 0.0)} away with a report between"
    place = "same building" if likeness.is_link else "same address"
    if likeness.distance_m is None:
        return place
    if likeness.is_same_address:
        is_far = likeness.distance_m > APART_M
        return f"{place} but pins {_metres(likeness.distance_m)} apart" if is_far else place
    return "same spot" if likeness.distance_m < 5 else f"{_metres(likeness.distance_m)} away"


def _metres(metres: float) -> str:
    return f"{metres / 1000:.1f} km" if metres >= 950 else f"{metres:.0f} m"


def _when(later_ms: Millis) -> str:
    minutes = round(abs(later_ms) / 60_000)
    if minutes == 0:
        return "the same minute"
    side = "later" if later_ms > 0 else "earlier"
    if minutes < 100:
        return f"{minutes} min {side}"
    hours = round(minutes / 60)
    return f"{hours} h {side}" if hours < 48 else f"{round(hours / 24)} days {side}"
