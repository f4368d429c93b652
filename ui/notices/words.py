"""How the screen says a notice's kind, its state and the time that is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from dispatch.records import Millis, Notice, NoticeKind, NoticePlace, NoticeState
from ui.widgets import times

HOUR_MS = 3_600_000
LANGUAGES = {"en": "English", "es": "Español"}
# What ends within the hour is marked.
SOON_MS = HOUR_MS
# Ended without another in its place: said for so long.
ENDED_MS = 6 * HOUR_MS
LIVE, WAITING, DRAFTS, ENDED = range(4)


def _tr(text: str) -> str:
    return QCoreApplication.translate("notices", text)


def kind(which: NoticeKind) -> str:
    return {
        NoticeKind.EVACUATION: _tr("Evacuation"),
        NoticeKind.SHELTER: _tr("Shelter"),
        NoticeKind.REENTRY: _tr("Re-entry"),
        NoticeKind.PROTECTIVE: _tr("Protect yourself"),
        NoticeKind.SERVICE: _tr("City service"),
        NoticeKind.INFORMATION: _tr("Information"),
        NoticeKind.THANKS: _tr("Thanks"),
    }[which]


def groups() -> tuple[str, ...]:
    return _tr("Live now"), _tr("Waiting for approval"), _tr("Drafts"), _tr("Ended")


def group_of(item: Notice, now: Millis) -> int:
    if item.is_live(now):
        return LIVE
    if item.state in (NoticeState.SUBMITTED, NoticeState.APPROVED):
        return WAITING
    return DRAFTS if item.state is NoticeState.DRAFT else ENDED


def area(item: Notice) -> str:
    names = item.area.names
    if not names:
        return _tr("Whole city")
    if len(names) <= 3:
        return ", ".join(names)
    return _tr("{}, {} and {} more").format(names[0], names[1], len(names) - 2)


def title(item: Notice) -> str:
    said = item.texts[0] if item.texts else None
    return (said.title or said.text) if said else ""


def left(item: Notice, now: Millis, zone: Any, has_next: bool) -> tuple[str, str]:
    """What stands at the end of its row, and in which tone."""
    if item.is_live(now):
        if item.starts_at > now:
            return _tr("from {}").format(times.clock(item.starts_at, now, zone)), "text_soft"
        rest = item.expires_at - now
        return _tr("{} left").format(times.age(rest)), "warn" if rest < SOON_MS else "text_soft"
    match item.state:
        case NoticeState.SUBMITTED:
            return _tr("waits for approval"), "warn"
        case NoticeState.APPROVED if not item.is_approved:
            return _tr("waits for its second approval"), "warn"
        case NoticeState.APPROVED:
            return _tr("approved, not published"), "warn"
        case NoticeState.DRAFT:
            return (_tr("sent back"), "warn") if item.sent_back_why else (_tr("draft"), "text_dim")
        case NoticeState.CANCELLED:
            return _tr("cancelled"), "text_dim"
        case NoticeState.SUPERSEDED:
            return _tr("updated"), "text_dim"
    is_new = now - item.expires_at < ENDED_MS and not has_next
    return (_tr("ended, not replaced"), "warn") if is_new else (_tr("ended"), "text_dim")


def holds(item: Notice, now: Millis, zone: Any) -> str:
    start = times.clock(item.starts_at, now, zone)
    if not item.expires_at:
        return _tr("From {}; its end is open still").format(start)
    return _tr("From {} until {}").format(start, times.clock(item.expires_at, now, zone))


def persons(item: Notice, now: Millis, zone: Any) -> tuple[str, ...]:
    """Who wrote it and who stands for it, a line each."""

    def at(when: Millis) -> str:
        return times.clock(when, now, zone)

    writers = list(dict.fromkeys(filter(None, (item.drafted_by, item.edited_by))))
    lines = [_tr("Written by {}, {}").format(", ".join(writers), at(item.created_at))] if writers else []
    if item.approved_by:
        lines.append(_tr("Approved by {}, {}").format(item.approved_by, at(item.approved_at)))
    if item.second_by:
        lines.append(_tr("Second approval by {}, {}").format(item.second_by, at(item.second_at)))
    elif item.kind.is_order and item.state in (NoticeState.SUBMITTED, NoticeState.APPROVED):
        lines.append(_tr("Needs a second approval, by the emergency manager"))
    if item.published_by:
        lines.append(_tr("Published by {}, {}").format(item.published_by, at(item.published_at)))
    if item.ended_why:
        lines.append(_tr("Ended {}: {}").format(at(item.ended_at), item.ended_why))
    if item.sent_back_why and item.state is NoticeState.DRAFT:
        lines.append(_tr("Sent back: {}").format(item.sent_back_why))
    return tuple(lines)


def placed(places: Sequence[NoticePlace], now: Millis, zone: Any) -> tuple[str, ...]:
    """Where it stands, a line each."""
    return tuple(_placed(each, times.clock(each.at, now, zone)) for each in places)


def _placed(each: NoticePlace, at: str) -> str:
    if each.place == "server":
        said = {
            "waiting": _tr("311 server: leaves in a moment"),
            "sending": _tr("311 server: on its way"),
            "done": _tr("311 server: there since {}").format(at),
            "failed": _tr("311 server: not there. {}").format(each.error),
            "stopped": _tr("311 server: stopped before it left"),
            "ended": _tr("311 server: taken down {}").format(at),
        }
        return said.get(each.state, each.state)
    where = place(each.place)
    language = LANGUAGES.get(each.language, each.language)
    link = f" · {each.link}" if each.link else ""
    return _tr("{}, {}: {}, {}").format(where, language, each.person, at) + link


def place(name: str) -> str:
    return {
        "website": _tr("Website"),
        "app": _tr("App"),
        "social": _tr("Social media"),
        "radio": _tr("Radio"),
    }.get(name, name)
