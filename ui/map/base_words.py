"""What the map's foot says of pictures over the bundled map: whose they are, and how old."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.records import Millis
from ui.widgets.times import DAY_MS, HOUR_MS, local

if TYPE_CHECKING:
    from dispatch.geo.raster.about import About
    from dispatch.tile_server.orders import State


def _tr(text: str) -> str:
    return QCoreApplication.translate("map", text)


def whose(about: About | None, *, is_server: bool) -> str:
    """A file says its name and its credit; of a server the credit is what its terms ask to be shown."""
    if about is None:
        return ""
    return about.attribution if is_server else f"{about.name} · {about.attribution}".rstrip(" ·")


def tile_age(state: State, now: Millis, zone: ZoneInfo) -> str:
    """`tiles up to 12 days old`; with trouble its reason and the day of the oldest: `no network: tiles of
    3 Nov`."""
    trouble = {
        "offline": _tr("no network"),
        "failing": _tr("the server fails"),
        "pause": _tr("the server wants a pause"),
        "key": _tr("the server's key is missing"),
    }.get(state.trouble, "")
    if state.oldest_at is None:
        return _tr("{}: none of its tiles is here").format(trouble) if trouble else ""
    if trouble:
        return _tr("{trouble}: tiles of {day}").format(trouble=trouble, day=_day(state.oldest_at, now, zone))
    age = max(now - state.oldest_at, 0)
    if age < HOUR_MS:
        return _tr("tiles less than 1 h old")
    if age < 2 * DAY_MS:
        return _tr("tiles up to {} h old").format(-(-age // HOUR_MS))
    return _tr("tiles up to {} days old").format(-(-age // DAY_MS))


def _day(at: Millis, now: Millis, zone: ZoneInfo) -> str:
    then, today = local(at, zone), local(now, zone)
    if then.date() == today.date():
        return _tr("today")
    month = QLocale().monthName(then.month, QLocale.FormatType.ShortFormat)
    return f"{then.day} {month}" if then.year == today.year else f"{then.day} {month} {then.year}"
