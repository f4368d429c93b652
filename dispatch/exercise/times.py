"""Times as the vendor writes them: US Eastern with a numeric offset, whatever the city."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dispatch.records import Millis

EASTERN = ZoneInfo("America/New_York")
_DAY_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")


def wire_time(at: Millis) -> str:
    return datetime.fromtimestamp(at // 1000, EASTERN).isoformat()


def storm_time(at: Millis) -> str:
    """As `wire_time`, with the milliseconds a clock needs."""
    return datetime.fromtimestamp(at / 1000, EASTERN).isoformat(timespec="milliseconds")


def to_millis(text: str, zone: ZoneInfo = EASTERN) -> Millis:
    """A moment in ISO 8601; without an offset it is the time of `zone`. ValueError for anything else."""
    if not isinstance(text, str) or not re.match(_DAY_ONLY, text):
        raise ValueError(f"not a time: {text!r}")
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return round(moment.astimezone(UTC).timestamp() * 1000)
