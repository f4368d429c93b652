"""Lenient readers of single values: what servers send as text, numbers, times, places and addresses of
pictures, whatever shape it comes in. No server is named here, and nothing raises but `moment`."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, TypeAlias
from urllib.parse import urldefrag

import orjson

from dispatch.records import CrmStatus, Millis, Place
from dispatch.text_from_outside import MOST_CHARS, bounded, plain

# West, south, east, north in degrees.
Box: TypeAlias = tuple[float, float, float, float]

# A time before 2000 stands for a blank.
EARLIEST = 946_684_800_000
# The last day but one of the year 9999: beyond it some zone of the earth has no date any more.
LATEST = 253_402_214_400_000
# Numbers from here on count milliseconds, smaller ones seconds.
MILLIS_FROM = 100_000_000_000
# Two decimals are about a kilometer.
COARSE_DECIMALS = 2
DEEPEST = 5

# What must be assumed to read a row; kept with the request as fixed words.
ZONE_ASSUMED = "zone assumed"
SWAPPED_PLACE = "swapped place"
COARSE_PLACE = "coarse place"
NO_DEGREES = "no degrees"
UNREADABLE_PLACE = "place unreadable"

# What names something: an id, a code, an address, a person. An address of a page may be longer.
NAME_CHARS = 1_000
URL_CHARS = 2_000
# Counts beyond it are no counts; a database has no room for them either.
MOST_COUNTED = 1_000_000_000

BLANKS = frozenset({"", "null", "none", "nil", "n/a"})
LONGEST_BLANK = max(map(len, BLANKS))

_SPACE_BEFORE_ZONE = re.compile(r"\s+(?=[+-]\d\d:?\d\d$|Z$)")
# As SeeClickFix wrote them before 2012; tried when a time is not ISO 8601.
_OLD_FORMS = ("%m/%d/%Y at %I:%M%p", "%Y/%m/%d %H:%M:%S%z")

_STATUS: dict[str, CrmStatus] = {
    **dict.fromkeys(
        ("open", "opened", "new", "received", "submitted", "pending", "for triage", "reopen", "reopened"),
        CrmStatus.OPEN,
    ),
    **dict.fromkeys(
        (
            *("acknowledged", "in progress", "in process", "investigating", "action scheduled"),
            *("scheduled", "planned", "assigned", "internal referral"),
        ),
        CrmStatus.ACKNOWLEDGED,
    ),
    **dict.fromkeys(
        (
            *("closed", "fixed", "resolved", "completed", "processed", "rejected", "cancelled", "canceled"),
            *("duplicate", "no further action", "not councils responsibility", "not responsible"),
        ),
        CrmStatus.CLOSED,
    ),
    "archived": CrmStatus.ARCHIVED,
}


def wall_now() -> Millis:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Where:
    """What the rows of a city's server are read by: `zone` for times without one, `box` for coordinates in
    turned order, `now` for rows that say no time."""

    zone: tzinfo = UTC
    box: Box | None = None
    now: Callable[[], Millis] = wall_now

    @property
    def middle(self) -> tuple[float, float] | None:
        """Longitude and latitude, where a box is known."""
        if self.box is None:
            return None
        west, south, east, north = self.box
        return (west + east) / 2, (south + north) / 2


ANYWHERE = Where()


def scalar(value: Any) -> Any:
    """The value itself where a list of one was put around it."""
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value


def text(value: Any) -> str:
    """Words as they stand, with one kind of line end and no blanks around; of several values, all of them.
    Without what no screen and no database may be given, and no longer than a person reads."""
    # What nearly every member is needs no walk: a page has thousands of them.
    if type(value) is str:
        if value.isprintable() and len(value) <= MOST_CHARS:
            return value.strip()
        return bounded(_one_line_end(plain(value)))
    if value is None:
        return ""
    if type(value) is int:
        return _digits(value)
    return bounded(plain(", ".join(part for part in _texts(value, 0) if part)))


def _digits(value: int) -> str:
    # Python writes no number of more than 4,300 digits; a parser may well have read one.
    return str(value) if value.bit_length() < 1024 else ""


def _texts(value: Any, depth: int) -> Iterator[str]:
    match value:
        case None:
            return
        case str():
            yield _one_line_end(value)
        case bool():
            yield "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 2**53:
            yield str(int(value))
        case int():
            yield _digits(value)
        case float():
            yield str(value)
        case list() | dict() if depth < DEEPEST:
            for part in value.values() if isinstance(value, dict) else value:
                yield from _texts(part, depth + 1)


def _one_line_end(words: str) -> str:
    if "\r" in words:
        words = words.replace("\r\n", "\n").replace("\r", "\n")
    return words.strip()


def name(value: Any) -> str:
    """Text that names something (an id, a code, an address): one line, and "null" is none."""
    line = " ".join((plain(value) if type(value) is str else text(value)).split())
    if len(line) > NAME_CHARS:
        return f"{line[: NAME_CHARS - 1]}…"
    return "" if len(line) <= LONGEST_BLANK and line.lower() in BLANKS else line


def key(value: Any) -> str:
    """An id, whole: two long ones that are cut would be one. Raises ValueError for one that is too long."""
    if isinstance(value, str | list) and len(value) > NAME_CHARS:
        raise ValueError("the id is too long")
    return name(value)


def count(value: Any) -> int:
    """A number of people or pages, 0 where nothing of the kind is said."""
    found = number(value)
    return min(max(int(found), 0), MOST_COUNTED) if found is not None else 0


def flag(value: Any) -> bool:
    return name(scalar(value)).lower() in ("true", "1", "yes", "y", "t")


def number(value: Any) -> float | None:
    if type(value) is float:
        return value if math.isfinite(value) else None
    value = scalar(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(value.strip().replace(",", ".") if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def moment(value: Any, zone: tzinfo) -> tuple[Millis | None, bool]:
    """The time, and whether `zone` had to be assumed for it; no time for a blank one.

    Raises ValueError for words that are no time.
    """
    if type(value) is str:
        return _moment(value, zone)
    if value is None:
        return None, False
    value = scalar(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        at = value if abs(value) >= MILLIS_FROM else value * 1000
        return (int(at) if EARLIEST <= at <= LATEST else None), False
    return _moment(name(value), zone)


# A report is mostly stamped with one time twice, and pages bring the same seconds again.
@lru_cache(maxsize=1024)
def _moment(words: str, zone: tzinfo) -> tuple[Millis | None, bool]:
    words = name(words)
    if not words:
        return None, False
    found = _parsed(words)
    is_assumed = found.tzinfo is None
    try:
        at = int((found.replace(tzinfo=zone) if is_assumed else found).timestamp() * 1000)
    except OverflowError as error:
        raise ValueError(f"no such time: {words}") from error
    if at > LATEST:
        raise ValueError(f"no such time: {words}")
    return (at, is_assumed) if at >= EARLIEST else (None, False)


def _parsed(words: str) -> datetime:
    if " " in words:
        words = _SPACE_BEFORE_ZONE.sub("", words.replace(" UTC", "Z").replace(" GMT", "Z"))
    try:
        return datetime.fromisoformat(words)
    except ValueError:
        for form in _OLD_FORMS:
            try:
                return datetime.strptime(words, form)  # noqa: DTZ007 - the zone is the caller's to assume
            except ValueError:
                continue
        raise


def zulu(at: Millis) -> str:
    """Whole seconds: some servers refuse a fraction."""
    return datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def place(lat: Any, lng: Any, box: Box | None = None) -> tuple[Place | None, frozenset[str]]:
    """The place, and what is doubtful about it. 0,0 stands for unknown; beyond the poles it is no degree.

    Latitude and longitude are taken in turned order only where that, and nothing else, lies in `box`.
    """
    north, east = number(lat), number(lng)
    if north is None or east is None:
        is_blank = not name(lat) or not name(lng)
        return None, frozenset() if is_blank else frozenset({UNREADABLE_PLACE})
    if north == 0 and east == 0:
        return None, frozenset()
    doubts = set()
    if box and not is_in(box, north, east) and is_in(box, east, north):
        north, east = east, north
        doubts.add(SWAPPED_PLACE)
    if not (-90 <= north <= 90 and -180 <= east <= 180):
        return None, frozenset({NO_DEGREES})
    if _decimals(lat) <= COARSE_DECIMALS and _decimals(lng) <= COARSE_DECIMALS:
        doubts.add(COARSE_PLACE)
    return Place(north, east), frozenset(doubts)


def is_in(box: Box, lat: float, lng: float) -> bool:
    west, south, east, north = box
    return south <= lat <= north and west <= lng <= east


def _decimals(value: Any) -> int:
    words = str(value) if type(value) is float and not value.is_integer() else text(scalar(value))
    return len(words.replace(",", ".").partition(".")[2])


def urls(value: Any) -> tuple[str, ...]:
    """Addresses a browser may open, in their order; nothing but http and https."""
    found = [word for part in _texts(value, 0) for word in part.split()]
    return tuple(
        dict.fromkeys(
            urldefrag(word).url
            for word in found
            if len(word) <= URL_CHARS and word.lower().startswith(("https://", "http://"))
        )
    )


@lru_cache(maxsize=256)
def status(words: str) -> CrmStatus | None:
    """None for a word nobody has met: to be taken as open, with the word itself shown."""
    return _STATUS.get(" ".join(words.lower().replace("_", " ").replace("-", " ").split()))


def raw(row: Any) -> bytes:
    """A row as it came, to be kept."""
    try:
        return orjson.dumps(row)
    except (TypeError, ValueError):  # nested too deep for it
        return repr(row).encode("utf-8", "replace")
