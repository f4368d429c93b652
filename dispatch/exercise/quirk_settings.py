"""What can be set about the GeoReport face, value by value. The defaults are the specification's server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from dispatch.exercise.times import to_millis


class Order(StrEnum):
    """In which order a list comes; the protocol promises none."""

    ENTERED_DOWN = "entered_down"
    ENTERED_UP = "entered_up"
    UPDATED_DOWN = "updated_down"
    UPDATED_UP = "updated_up"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Settings:
    """The specification's server, with the extensions most servers have: pages and updated_after."""

    # Most rows of one answer, whatever is asked for.
    cap: int = 1000
    # Does `page` move on? Then the number of the first page, and the rows of one nobody gave a size for.
    pages: bool = True
    first_page: int = 1
    page_size: int = 1000
    order: str = Order.ENTERED_DOWN
    updated_after: bool = True
    # start_date is taken as the later bound and end_date as the earlier one.
    swapped_bounds: bool = False
    # Are start_date and end_date looked at, and is the last moment left out?
    bounds: bool = True
    open_end: bool = False
    # Lists with commas in service_request_id, service_code and status.
    lists: bool = True
    # What a list holds when no status is asked for: open, closed, or both with "".
    default_status: str = ""
    # The longest span between the bounds, and the one taken without bounds; 0: no such rule.
    latest_days: int = 90
    long_spans: str = "cut"
    # Times in filters: any form, only plain ones (no fraction, no zone), or with the time of day dropped.
    filter_times: str = "any"
    # The zone times are written in; "" is the city's.
    zone: str = ""
    ids: str = "text"
    codes: str = "number"
    # A value that is not known: null, "" or no key at all.
    unknown: str = "null"
    envelope: str = "list"
    formats: str = "both"
    errors: str = "list"
    # Where the API is: here, moved (another host), retired (410), or behind a key for reading, too (403).
    endpoint: str = "here"
    # "" is not needed; "any" wants some jurisdiction_id; else this one.
    jurisdiction: str = ""
    # The updates extension: none, read, or both.
    updates: str = "both"
    # Must the questions of a service be answered?
    answers_needed: bool = False
    # Most ids of one call by ids; 0: no limit.
    most_ids: int = 0
    # Arguments nobody looks at, with commas.
    ignored: str = ""
    # Seconds of storm time until a report that was sent has its number, and a token until then; 0: at once.
    token_delay_s: int = 0
    # With Q14: the minute the server fails over; "" is the eldest row's.
    poison: str = ""
    # With Q1: so many calls a minute, then a challenge page.
    challenge_calls: int = 30


CHOICES: dict[str, tuple[str, ...]] = {
    "order": tuple(Order),
    "default_status": ("", "open", "closed"),
    "long_spans": ("cut", "refused"),
    "filter_times": ("any", "plain", "days"),
    "ids": ("text", "number", "dashed", "hex", "padded"),
    "codes": ("number", "odd", "title", "hex"),
    "unknown": ("null", "empty", "absent"),
    "envelope": ("list", "service_requests", "nested"),
    "formats": ("both", "xml", "json"),
    "errors": ("list", "turning"),
    "endpoint": ("here", "moved", "retired", "key"),
    "updates": ("none", "read", "both"),
}
LEAST = {"cap": 1, "page_size": 1, "first_page": 0}
MOST = {"first_page": 1, "cap": 10_000, "page_size": 10_000}
LARGEST = 1_000_000
NAMES = tuple(each.name for each in fields(Settings))
_DEFAULTS = Settings()


class BadSetting(ValueError):
    """A value that cannot be meant: str() is the sentence to answer."""


def with_wishes(settings: Settings, wishes: Mapping[str, Any]) -> Settings:
    for name, value in wishes.items():
        _check(name, value)
    return replace(settings, **wishes)


def _check(name: str, value: Any) -> None:
    default = getattr(_DEFAULTS, name)
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise BadSetting(f"{name} is true or false.")
    elif isinstance(default, int):
        least, most = LEAST.get(name, 0), MOST.get(name, LARGEST)
        if type(value) is not int or not least <= value <= most:
            raise BadSetting(f"{name} is a whole number from {least} to {most}.")
    elif name in CHOICES:
        if value not in CHOICES[name]:
            raise BadSetting(f"{name} is one of {', '.join(each or repr('') for each in CHOICES[name])}.")
    elif not isinstance(value, str):
        raise BadSetting(f"{name} is a text.")
    elif name == "zone" and value:
        _zone(value)
    elif name == "poison" and value:
        _moment(value)


def _moment(text: str) -> None:
    try:
        to_millis(text)
    except ValueError:
        raise BadSetting("poison is a time like 2017-09-11T10:30:00-04:00.") from None


def _zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise BadSetting("zone is a name like America/New_York.") from None
