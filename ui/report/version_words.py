"""Words for the versions of a report."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from dispatch.records import KeptVersion, Millis, Signed, VersionState
from ui.widgets import times


def _tr(text: str) -> str:
    return QCoreApplication.translate("report", text)


def name(kept: KeptVersion) -> str:
    """Version 2, or what it is as long as it has no number."""
    if kept.number:
        return _tr("Version {}").format(kept.number)
    return {
        VersionState.WORKING: _tr("Working copy"),
        VersionState.REVIEWED: _tr("Reviewed"),
        VersionState.PUBLISHED: _tr("Published"),
        VersionState.DISCARDED: _tr("Discarded"),
    }[kept.state]


def what(area: str, only_storm: bool) -> str:
    words = _tr("storm categories only") if only_storm else _tr("everything")
    return f"{area}, {words}" if area else words


def by(person: str, at: Millis, now: Millis, zone: ZoneInfo) -> str:
    return f"{person}, {times.clock(at, now, zone)}" if person else times.clock(at, now, zone)


def signed(by: Signed, now: Millis, zone: ZoneInfo) -> str:
    """A. Ortiz, 14:06; empty where nobody has."""
    return f"{by.person}, {times.clock(by.at, now, zone)}" if by.person else ""


def story(kept: KeptVersion, now: Millis, zone: ZoneInfo) -> str:
    """Who made, reviewed and published it, and whose place it takes."""
    parts = [_tr("Made by {}.").format(signed(kept.made, now, zone))]
    if kept.reviewed.person:
        same = _tr(", the same person") if kept.is_reviewed_by_maker else ""
        parts.append(_tr("Reviewed by {0}{1}.").format(signed(kept.reviewed, now, zone), same))
    if kept.published.person:
        parts.append(_tr("Published by {}.").format(signed(kept.published, now, zone)))
    if kept.replaces:
        parts.append(_tr("Replaces version {}.").format(kept.replaces))
    return " ".join(parts)
