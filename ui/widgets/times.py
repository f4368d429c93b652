"""Times as people in the room say them: an age, the clock time in the city's zone, a time typed in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.records import Millis

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK = re.compile(r"^(\d{1,2})[:.]?(\d{2})$")
_AHEAD = re.compile(
    r"^(?:\+|in\s+)?\s*(?:(\d{1,3})\s*h(?:ours?)?)?\s*(?:(\d{1,4})\s*(?:m|min|minutes?)?)?$", re.IGNORECASE
)


def _tr(text: str) -> str:
    return QCoreApplication.translate("times", text)


def local(at: Millis, zone: ZoneInfo) -> datetime:
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(zone)


def age(ms: int) -> str:
    """How long ago, at the grain that matters: 40 s, 26 min, 1 h 05, 3 d."""
    ms = max(0, ms)
    if ms < MINUTE_MS:
        return _tr("{} s").format(ms // 1000)
    if ms < HOUR_MS:
        return _tr("{} min").format(ms // MINUTE_MS)
    if ms < DAY_MS:
        hours, rest = divmod(ms, HOUR_MS)
        return _tr("{} h {:02}").format(hours, rest // MINUTE_MS)
    return _tr("{} d").format(ms // DAY_MS)


def clock(at: Millis, now: Millis, zone: ZoneInfo) -> str:
    """14:06 today, Sun 14:06 within the week, 3 Sep 14:06 before that."""
    then, today = local(at, zone), local(now, zone)
    if then.date() == today.date():
        return f"{then:%H:%M}"
    names = QLocale()
    if abs((today.date() - then.date()).days) < 7:
        return f"{names.dayName(then.isoweekday(), QLocale.FormatType.ShortFormat)} {then:%H:%M}"
    return f"{then.day} {names.monthName(then.month, QLocale.FormatType.ShortFormat)} {then:%H:%M}"


def ago(at: Millis, now: Millis, zone: ZoneInfo) -> str:
    """Age and clock time together (U6): 26 min ago, 14:06."""
    return _tr("{age} ago, {clock}").format(age=age(now - at), clock=clock(at, now, zone))


def ahead(at: Millis, now: Millis) -> str:
    """in 28 min; 5 min ago for a time that has gone by."""
    if at < now:
        return _tr("{} ago").format(age(now - at))
    return _tr("in {}").format(age(at - now))


def stopwatch(ms: int) -> str:
    """0:48 in minutes and seconds, 1 h 05 from an hour on."""
    minutes, seconds = divmod(max(0, ms) // 1000, 60)
    if minutes < 60:
        return f"{minutes}:{seconds:02}"
    return _tr("{} h {:02}").format(minutes // 60, minutes % 60)


def read_time(text: str, now: Millis, zone: ZoneInfo) -> Millis | None:
    """A time as typed: 15:00, 1500, +30, in 28 min, 2 h. None when it is no time.

    A clock time that has gone by today by more than an hour means tomorrow: at 23:50 "00:30" is ahead.
    """
    text = text.strip()
    if match := _CLOCK.match(text):
        hour, minute = int(match[1]), int(match[2])
        return _next_clock(hour, minute, now, zone) if hour < 24 and minute < 60 else None
    match = _AHEAD.match(text)
    if not match or not (match[1] or match[2]):
        return None
    return now + int(match[1] or 0) * HOUR_MS + int(match[2] or 0) * MINUTE_MS


def _next_clock(hour: int, minute: int, now: Millis, zone: ZoneInfo) -> Millis:
    today = local(now, zone)
    wanted = today.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    if today - wanted > timedelta(hours=1):
        wanted = (wanted + timedelta(days=1)).replace(hour=hour, minute=minute)
    return int(wanted.timestamp() * 1000)
