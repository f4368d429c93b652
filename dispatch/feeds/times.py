"""Times as the weather services write them, as whole milliseconds UTC; 0 where nothing is said."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from dispatch.records import Millis

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What NHC's offices write their clock times in.
ZONES_H = {"UTC": 0, "GMT": 0, "CVT": -1, "AST": -4, "EDT": -4, "EST": -5, "CDT": -5, "CST": -6}
ZONES_H |= {"MDT": -6, "MST": -7, "PDT": -7, "PST": -8, "HST": -10, "SST": -11, "CHST": 10}
_SPOKEN = re.compile(
    r"(\d{1,2})(\d{2})\s+([AP]M)\s+([A-Z]{1,4})\s+\w{3}\s+(\w{3})\s+(\d{1,2})\s+(\d{4})", re.IGNORECASE
)
_UTC = re.compile(r"(\d{4})\s+(?:UTC|GMT)\s+\w{3}\s+(\w{3})\s+(\d{1,2})\s+(\d{4})", re.IGNORECASE)
_DAY = re.compile(r"(\d{2})/(\d{4})Z?")
_PACKED = re.compile(r"(\d{6})/(\d{4})")
_VTEC = re.compile(r"(\d{6})T(\d{4})Z")
_NEVER = "000000"
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def millis(moment: datetime) -> Millis:
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def from_iso(text: Any) -> Millis:
    """ISO 8601 with its offset, as CAP writes it. Raises ValueError for what has no offset: which noon it
    means cannot be known."""
    if not text:
        return 0
    moment = datetime.fromisoformat(str(text).strip())
    if moment.tzinfo is None:
        raise ValueError(f"the time {text!r} names no zone")
    return millis(moment)


def from_vtec(text: str) -> Millis:
    """`241009T2130Z`; all noughts mean "until further notice"."""
    found = _VTEC.fullmatch(text)
    if found is None:
        raise ValueError(f"no VTEC time: {text!r}")
    return 0 if found[1] == _NEVER else _packed(found[1], found[2])


def from_advisory(text: str) -> Millis:
    """`500 AM AST Mon Sep 04 2017`, or `121026/2100` (UTC) as older ones have it. ValueError for others."""
    if found := _SPOKEN.search(text):
        hour, minute, half, zone, month, day, year = found.groups()
        if zone.upper() not in ZONES_H or month.upper() not in _MONTHS:
            raise ValueError(f"the time {text!r} is in no zone that is known here")
        hours = int(hour) % 12 + 12 * (half.upper() == "PM")
        offset = timezone(timedelta(hours=ZONES_H[zone.upper()]))
        number = _MONTHS.index(month.upper()) + 1
        return millis(datetime(int(year), number, int(day), hours, int(minute), tzinfo=offset))
    if (found := _UTC.search(text)) and found[2].upper() in _MONTHS:
        month = _MONTHS.index(found[2].upper()) + 1
        return _packed(f"{found[4][2:]}{month:02}{int(found[3]):02}", found[1])
    if found := _PACKED.search(text):
        return _packed(found[1], found[2])
    raise ValueError(f"no advisory time: {text!r}")


def day_and_clock(text: str, near: Millis) -> Millis:
    """`11/1800` is the first 11th of a month at 18:00 UTC that is not long before `near`."""
    found = _DAY.search(text)
    if found is None:
        raise ValueError(f"no day and time: {text!r}")
    day, hour, minute = int(found[1]), int(found[2][:2]), int(found[2][2:])
    start = _EPOCH + timedelta(milliseconds=near) - timedelta(days=2)
    for ahead in range(40):
        date = start + timedelta(days=ahead)
        if date.day == day:
            return millis(date.replace(hour=hour, minute=minute, second=0, microsecond=0))
    raise ValueError(f"no such day: {text!r}")


def _packed(day: str, clock: str) -> Millis:
    return millis(datetime.strptime(day + clock, "%y%m%d%H%M").replace(tzinfo=UTC))
