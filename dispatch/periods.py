"""Operational periods: the day and night shifts of an activation, 07:00 to 19:00 and back."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dispatch.records import Millis

TURNS = (7, 19)
SHIFT_H = 12


def operational_period(started_at: Millis, now: Millis, zone: ZoneInfo) -> tuple[int, Millis, Millis]:
    """(number, from, to) of the period that holds `now`; the one the activation began in is number 1."""
    first, current = _start(started_at, zone), _start(max(now, started_at), zone)
    number = 1
    at = first
    while at < current:
        at = _next(at)
        number += 1
    return number, _millis(current), _millis(_next(current))


def _start(at: Millis, zone: ZoneInfo) -> datetime:
    local = datetime.fromtimestamp(at / 1000, zone)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    turns = [(day - timedelta(days=1)).replace(hour=TURNS[1]), *(day.replace(hour=hour) for hour in TURNS)]
    return max(turn for turn in turns if turn <= local)


def _next(start: datetime) -> datetime:
    # Wall-clock hours, also over the night in which the clocks change.
    if start.hour == TURNS[0]:
        return start.replace(hour=TURNS[1])
    return (start + timedelta(days=1)).replace(hour=TURNS[0])


def _millis(moment: datetime) -> Millis:
    return int(moment.timestamp() * 1000)
