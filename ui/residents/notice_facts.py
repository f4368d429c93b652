"""Notices that are in force, as lines among the facts to tell: what, where, until when, who stands for it."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from dispatch.records import Millis, Notice
from ui.notices import words
from ui.residents.facts_words import FactLine
from ui.widgets import times


def _tr(text: str) -> str:
    return QCoreApplication.translate("facts", text)


def notice_lines(live: Iterable[Notice], now: Millis, zone: ZoneInfo) -> tuple[FactLine, ...]:
    """In the order given. One that has ended since it was read is left out; one that begins later says so."""
    return tuple(_line(each, now, zone) for each in live if each.is_live(now))


def _line(item: Notice, now: Millis, zone: ZoneInfo) -> FactLine:
    title, area = words.title(item), words.area(item)
    span = _tr("until {}").format(times.clock(item.expires_at, now, zone))
    if item.starts_at > now:
        span = _tr("from {} {}").format(times.clock(item.starts_at, now, zone), span)
    told = _tr("{title} ({area}), {span}.").format(title=title.rstrip(".!"), area=area, span=span)
    if item.kind.is_order:
        told = f"{told} {_tr('Ordered by {}: {}.').format(item.authority, item.order)}"
    at = times.clock(item.published_at, now, zone)
    return FactLine(
        _tr("Notices in force"),
        title,
        f"{area} · {span}",
        times.age(now - item.published_at),
        _tr("{}, published by {}, {}").format(item.number, item.published_by, at),
        told,
    )
