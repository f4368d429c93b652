"""What one 311 server can do: found by a probe, readable and correctable by a person, used by every call."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from dispatch.records import Millis


class Order(StrEnum):
    """In which order a list of requests comes; the protocol promises none."""

    ENTERED_DOWN = "entered_down"
    ENTERED_UP = "entered_up"
    UPDATED_DOWN = "updated_down"
    UPDATED_UP = "updated_up"
    NONE = "none"


class Zone(StrEnum):
    """How times must be written in a filter for the server to understand them."""

    UTC = "utc"
    OFFSET = "offset"
    OMIT = "omit"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The careful defaults hold for a server nobody has probed: no paging, no filter but by entry time."""

    probed_at: Millis | None = None
    # Does `page` move on? Then the number of the first page (0 or 1) and the rows a page really holds.
    has_pages: bool = False
    first_page: int = 1
    page_size: int = 0
    # Most rows one answer ever holds; 0 while none was met. An answer of exactly so many is incomplete.
    row_cap: int = 0
    order: Order = Order.NONE
    # Does it sort as it is asked to, by entry or by change, so that a bound can follow the rows?
    has_sorting: bool = False
    has_updated_after: bool = False
    # Do bounds of entry time bind at all; swapped, or with the time of day dropped?
    has_bounds: bool = True
    has_swapped_bounds: bool = False
    has_whole_days: bool = False
    has_lists: bool = False
    zone: Zone = Zone.UTC
    has_updates: bool = False
    can_post_updates: bool = False
    can_switch_categories: bool = False
    # Names of the fields above that a person has set: a later probe leaves them alone.
    corrected: frozenset[str] = frozenset()


# What stands beside each value in the record.
SAYS = {
    "has_pages": "true: page=2 brings other rows than page=1",
    "first_page": "the number of the first page, 0 or 1",
    "page_size": "rows to ask for and get in a page; 0: not known",
    "row_cap": "no answer holds more rows; one of exactly so many is incomplete; 0: not known",
    "order": "of a list: entered_down, entered_up, updated_down, updated_up or none",
    "has_sorting": "true: sorts as asked, by time of entry or of change",
    "has_updated_after": "true: lists what changed after a given time",
    "has_bounds": "false: times of entry asked for are ignored",
    "has_swapped_bounds": "true: takes the later time as the start",
    "has_whole_days": "true: drops the time of day from bounds, so it is asked for a day more",
    "has_lists": "true: several ids in one call, with commas",
    "zone": "how times are written for it: utc (…Z), offset (…-04:00) or omit",
    "has_updates": "true: what was done to requests can be read",
    "can_post_updates": "true: messages and closings can be sent",
    "can_switch_categories": "true: categories can be switched for the public; false: a person does it",
}
LEAST, MOST = 0, 1_000_000
TITLE = "# What this 311 server can do, found by asking. To correct: python -m dispatch server --set"
KEPT = "# was: "


def to_text(record: Capabilities, *, before: str = "") -> str:
    """The record as TOML for people. Lines of the text `before` that nobody understood stay, as comments."""
    lines = [TITLE]
    if record.probed_at is not None:
        lines.append(f"probed_at = {datetime.fromtimestamp(record.probed_at // 1000, UTC).isoformat()}")
    for name, words in SAYS.items():
        lines.append(f"{name} = {_toml(getattr(record, name)):<16} # {words}")
    names = ", ".join(f'"{name}"' for name in sorted(record.corrected))
    lines.append(f"corrected = [{names}]  # set by a person: no probe changes these")
    return "\n".join([*lines, *_lost(before)]) + "\n"


def from_text(text: str, careful: Capabilities) -> tuple[Capabilities, str]:
    """The record, and in one sentence what in it cannot be understood: there `careful` holds."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return careful, f"The record of what the server can do is damaged ({error}); careful defaults hold."
    values, wrong = _read(document)
    if wrong:
        names = ", ".join(wrong)
        complaint = f"The record of what the server can do makes no sense at {names}; careful defaults hold."
    else:
        complaint = ""
    return replace(careful, **values), complaint


def corrected(record: Capabilities, wishes: Mapping[str, str]) -> Capabilities:
    """With what a person says. ValueError holds a sentence on how to say it right."""
    values = {name: _meant(name, said) for name, said in wishes.items()}
    return replace(record, **values, corrected=record.corrected | set(values))


def uncorrected(record: Capabilities, names: frozenset[str], careful: Capabilities) -> Capabilities:
    """Back to what is careful, and to the next probe. ValueError names what is no value of the record."""
    for name in names:
        _known(name)
    values = {name: getattr(careful, name) for name in names}
    return replace(record, **values, corrected=record.corrected - names)


def found(record: Capabilities, probed: Capabilities) -> Capabilities:
    """What a probe found, but for what a person has set."""
    kept = {name: getattr(record, name) for name in record.corrected}
    return replace(probed, **kept, corrected=record.corrected)


def plain(record: Capabilities) -> dict[str, str | int | bool]:
    """Name and value, for the one line of JSON."""
    return {name: getattr(record, name) for name in SAYS}


# -- reading what a person may have written -----------------------------------------------------------------


def _read(document: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for name, value in document.items():
        if name == "probed_at" and isinstance(value, datetime) and value.tzinfo is not None:
            values[name] = int(value.timestamp() * 1000)
        elif name == "corrected" and isinstance(value, list) and all(each in SAYS for each in value):
            values[name] = frozenset(value)
        elif name in SAYS and (read := _value(name, value)) is not None:
            values[name] = read
        else:
            wrong.append(name)
    return values, wrong


def _value(name: str, value: Any) -> Any:
    """As the record holds it; None when it cannot be meant."""
    default = _DEFAULTS[name]
    if isinstance(default, bool):
        return value if isinstance(value, bool) else None
    if isinstance(default, StrEnum):
        kind = type(default)
        return kind(value) if value in list(kind) else None
    most = 1 if name == "first_page" else MOST
    return value if type(value) is int and LEAST <= value <= most else None


def _meant(name: str, said: str) -> Any:
    _known(name)
    default, word = _DEFAULTS[name], said.strip().lower()
    if isinstance(default, bool):
        value: Any = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(word)
        wanted = "true or false"
    elif isinstance(default, StrEnum):
        value, wanted = _value(name, word), ", ".join(type(default))
    else:
        value = _value(name, int(word)) if word.isascii() and word.isdigit() else None
        wanted = "0 or 1" if name == "first_page" else f"a whole number from {LEAST} to {MOST}"
    if value is None:
        raise ValueError(f"{name} must be {wanted}, not {said}.")
    return value


def _known(name: str) -> None:
    if name not in SAYS:
        raise ValueError(f"{name} is no value of the record; there are {', '.join(SAYS)}.")


def _lost(text: str) -> Iterator[str]:
    """Lines that hold something no reading has understood."""
    try:
        _, wrong = _read(tomllib.loads(text))
        is_whole = True
    except tomllib.TOMLDecodeError:
        wrong, is_whole = [], False
    for line in filter(str.strip, text.splitlines()):
        name = line.partition("=")[0].strip().strip("\"'")
        if line.startswith(KEPT):
            yield line
        elif name in wrong or not (is_whole or line.startswith("#")):
            yield KEPT + line


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


_DEFAULTS: dict[str, Any] = {each.name: each.default for each in fields(Capabilities)}
