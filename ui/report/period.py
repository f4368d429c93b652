"""The period of a report: as people in the room type and read it, and the ones offered."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QLocale

from dispatch.periods import operational_period
from dispatch.records import Activation, Millis
from ui.widgets import times

_DAY = re.compile(r"^(?:[^\W\d]{2,9}\.?\s+)?(\d{1,2})\.?\s+([^\W\d]{3,10})\.?(?:\s+(\d{1,2})[:.]?(\d{2}))?$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2})[:.]?(\d{2}))?$")
_US = re.compile(r"^(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?:\s+(\d{1,2})[:.]?(\d{2}))?$")
_CLOCK = re.compile(r"^(\d{1,2})[:.]?(\d{2})$")


class Span(StrEnum):
    STORM = "storm"
    PERIOD = "period"
    BEFORE = "before"
    DAY = "day"
    OWN = "own"


def _tr(text: str) -> str:
    return QCoreApplication.translate("report", text)


def span(
    kind: Span, activation: Activation, first_at: Millis, now: Millis, zone: ZoneInfo
) -> tuple[Millis, Millis]:
    """From and until before. The storm begins with the day of its first report; `now` itself still counts."""
    end = now + 1
    if kind is Span.PERIOD:
        return activation.period_from_at, min(end, activation.period_to_at)
    if kind is Span.BEFORE:
        _, from_at, to_at = operational_period(activation.started_at, activation.period_from_at - 1, zone)
        return from_at, to_at
    if kind is Span.DAY:
        return end - times.DAY_MS, end
    first = times.local(min(first_at, activation.started_at), zone)
    return _millis(first.replace(hour=0, minute=0, second=0, microsecond=0)), end


def said(at: Millis, zone: ZoneInfo) -> str:
    """10 Sep 2017 14:06; read back by `read`."""
    then = times.local(at, zone)
    month = QLocale().monthName(then.month, QLocale.FormatType.ShortFormat)
    return f"{then.day} {month} {then.year} {then:%H:%M}"


def between(from_at: Millis, to_at: Millis, zone: ZoneInfo) -> str:
    return _tr("{0} to {1}").format(said(from_at, zone), said(to_at, zone))


def read(text: str, now: Millis, zone: ZoneInfo) -> Millis | None:
    """10 Sep 14:06, 10 Sep 2017 14:06, 2017-09-10 14:06, 9/10 14:06, 14:06 (today), now; a day alone is its
    midnight. Without a year the last such day that is not ahead. None for what is no time."""
    typed = " ".join(text.split())
    today = times.local(now, zone)
    if typed.casefold() in ("now", _tr("now").casefold()):
        return now + 1
    if match := _CLOCK.match(typed):
        return _made(today.year, today.month, today.day, match[1], match[2], zone)
    if match := _ISO.match(typed):
        return _made(int(match[1]), int(match[2]), int(match[3]), match[4], match[5], zone)
    if match := _US.match(typed):
        year = int(match[3]) if match[3] else 0
        return _of_year(year, int(match[1]), int(match[2]), match[4], match[5], now, zone)
    year = 0
    if with_year := re.search(r"\s((?:19|20)\d{2})(?=\s+\d{1,2}[:.]\d{2}$|\s+\d{4}$|$)", typed):
        year = int(with_year[1])
        typed = typed[: with_year.start()] + typed[with_year.end() :]
    if (match := _DAY.match(typed)) and (month := _month(match[2])):
        return _of_year(year, month, int(match[1]), match[3], match[4], now, zone)
    return None


def _of_year(
    year: int, month: int, day: int, hour: str | None, minute: str | None, now: Millis, zone: ZoneInfo
) -> Millis | None:
    if year:
        return _made(year, month, day, hour, minute, zone)
    this = times.local(now, zone).year
    for each in (this, this - 1):
        at = _made(each, month, day, hour, minute, zone)
        if at is not None and at <= now + times.DAY_MS:
            return at
    return None


def _made(
    year: int, month: int, day: int, hour: str | None, minute: str | None, zone: ZoneInfo
) -> Millis | None:
    is_midnight = hour == "24" and int(minute or 0) == 0
    try:
        then = datetime(year, month, day, 0 if is_midnight else int(hour or 0), int(minute or 0), tzinfo=zone)
    except ValueError:
        return None
    return _millis(then + timedelta(days=1) if is_midnight else then)


def _month(name: str) -> int:
    names = QLocale()
    for month in range(1, 13):
        full = names.monthName(month, QLocale.FormatType.LongFormat).casefold()
        short = names.monthName(month, QLocale.FormatType.ShortFormat).casefold().rstrip(".")
        if full.startswith(name.casefold()) or name.casefold() == short:
            return month
    return 0


def _millis(then: datetime) -> Millis:
    return int(then.timestamp() * 1000)
