"""Which shift a pack hands over, and until when the next one has the room."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dispatch.periods import operational_period
from dispatch.records import Millis

HOUR_MS = 3_600_000


def shift_of(started_at: Millis, now: Millis, zone: ZoneInfo) -> tuple[Millis, Millis]:
    """(its beginning, the end of the shift after it). Within the first hour of a period it is still the
    one before that is handed over: people talk past the turn."""
    _, from_at, to_at = operational_period(started_at, max(started_at, now - HOUR_MS), zone)
    _, _, until_at = operational_period(started_at, to_at, zone)
    return from_at, until_at
