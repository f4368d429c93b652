"""How forms write times, durations and the EXERCISE mark: local 24-hour with the zone, dates MM/DD/YYYY."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from dispatch.records import Escalation, Millis, Told911

EXERCISE = "EXERCISE"
NOT_CONFIRMED = "PLACE NOT CONFIRMED"
NOT_VERIFIED = "Reported by a resident, not verified."
TREAT_AS_LIVE = "TREAT AS LIVE"

QUARTER_MS = 900_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local(at: Millis, zone: tzinfo) -> datetime:
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(zone)


def clock_time(at: Millis, zone: tzinfo) -> str:
    """14:29 EDT"""
    return f"{local(at, zone):%H:%M %Z}"


def date(at: Millis, zone: tzinfo) -> str:
    """09/11/2017"""
    return f"{local(at, zone):%m/%d/%Y}"


def date_time(at: Millis, zone: tzinfo) -> str:
    """09/11/2017 14:29 EDT"""
    return f"{date(at, zone)} {clock_time(at, zone)}"


def near(at: Millis, day_of: Millis, zone: tzinfo) -> str:
    """The time alone on the day of the other time, with its date on any other day."""
    return clock_time(at, zone) if date(at, zone) == date(day_of, zone) else date_time(at, zone)


def hour(at: Millis, now: Millis, zone: tzinfo) -> str:
    """14:29, on another day 09/10 23:50: for a page that says its zone once."""
    return (
        f"{local(at, zone):%H:%M}" if date(at, zone) == date(now, zone) else f"{local(at, zone):%m/%d %H:%M}"
    )


def iso(at: Millis, zone: tzinfo) -> str:
    """2017-09-11T14:29:03-04:00; milliseconds only where there are any. Raises OverflowError beyond the
    calendar."""
    quarter, within = divmod(at, QUARTER_MS)
    found = _quarter(quarter, zone)
    if found is None:
        return local(at, zone).isoformat(timespec="milliseconds" if at % 1000 else "seconds")
    seconds, ms = divmod(within, 1000)
    minutes, seconds = divmod(seconds, 60)
    part = f".{ms:03}" if ms else ""
    return f"{found.hour}{found.minute + minutes:02}:{seconds:02}{part}{found.offset}"


def offset_ms(at: Millis, zone: tzinfo) -> int:
    """How far the zone's clocks are ahead of UTC then. Raises OverflowError beyond the calendar."""
    found = _quarter(at // QUARTER_MS, zone)
    if found is None:
        return _offset(local(at, zone)) // timedelta(milliseconds=1)
    return found.offset_ms


class _Quarter(NamedTuple):
    """`2017-09-11T14:`, the minute it begins with, `-04:00`."""

    hour: str
    minute: int
    offset: str
    offset_ms: int


@lru_cache(maxsize=4096)
def _quarter(quarter: int, zone: tzinfo) -> _Quarter | None:
    """A quarter of an hour by the zone's clocks, so that a column of times asks its rules once for each; None
    where it is no quarter of theirs, as before there were zones."""
    first = local(quarter * QUARTER_MS, zone)
    last = local((quarter + 1) * QUARTER_MS - 1, zone)
    offset = _offset(first)
    if _offset(last) != offset or offset % timedelta(minutes=15):
        return None
    said = first.isoformat(timespec="seconds")
    return _Quarter(said[:14], first.minute, said[19:], offset // timedelta(milliseconds=1))


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def duration(ms: int) -> str:
    """1:20 in minutes and seconds below an hour, 1 h 05 from there."""
    minutes, seconds = divmod(max(0, ms) // 1000, 60)
    if minutes < 60:
        return f"{minutes}:{seconds:02}"
    return f"{minutes // 60} h {minutes % 60:02}"


def lasted(seconds: int) -> str:
    """In words where no column says the unit: 45 s, 2 min 05 s, 3 h 20 min, 4 d 12 h"""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes_over = divmod(minutes, 60)
    days, hours_over = divmod(hours, 24)
    if days >= 2:
        return f"{days} d {hours_over} h"
    if hours:
        return f"{hours} h {minutes_over:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def file_mark(is_exercise: bool) -> str:
    """S18: what stands before the name of every file."""
    return f"{EXERCISE}_" if is_exercise else ""


def mark_exercise(text: str, is_exercise: bool) -> str:
    """S18: the word stands first, once."""
    if not is_exercise or text.startswith(f"{EXERCISE} ·"):
        return text
    return f"{EXERCISE} · {text}"


def person(name: str, position: str) -> str:
    return ", ".join(part for part in (name.strip(), position.strip()) if part)


def desk(escalation: Escalation) -> str:
    """M. Diaz, Energy (ESF 12)"""
    position = f"{escalation.desk} ({escalation.esf})" if escalation.esf else escalation.desk
    return f"{escalation.to_person}, {position}" if escalation.to_person else position


def is_place_confirmed(escalation: Escalation) -> bool:
    """S11: only an exact place counts, and only where there is one."""
    return escalation.place_quality == "exact" and bool(escalation.address.strip() or escalation.place)


def placed_by_hand(escalation: Escalation, zone: tzinfo) -> str:
    """S11: that somebody in the room put it there, who and when; empty where the reports give the place."""
    if not escalation.placed_by or escalation.placed_at is None:
        return ""
    return f"by hand by {escalation.placed_by}, {date_time(escalation.placed_at, zone)}; not by the resident"


def is_live(escalation: Escalation) -> bool:
    """S13: a wire is live until the utility has said otherwise; doubt counts as live."""
    return bool(escalation.has_wire or escalation.utility) and not escalation.made_safe.strip()


def is_911_open(escalation: Escalation) -> bool:
    """S3: 911 is to be told and has not been."""
    told = escalation.told_911
    return escalation.needs_911 if told is None else not told.is_told


def said_to_911(escalation: Escalation, zone: tzinfo) -> str:
    """S3: what row, card and form say of 911."""
    told = escalation.told_911
    if told is None:
        return "911 NOT TOLD" if escalation.needs_911 else "911: not needed by category"
    when = near(told.at, escalation.created_at, zone)
    if not told.is_told:
        return f"911 NOT TOLD (not reached {when})"
    return ", ".join(("911 told " + when, *_told_to(told)))


def _told_to(told: Told911) -> list[str]:
    parts = []
    if told.incident_number:
        parts.append(f"no. {told.incident_number}")
    if told.spoken_to:
        parts.append(f"spoken to {told.spoken_to}")
    return parts
