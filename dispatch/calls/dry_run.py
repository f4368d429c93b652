"""A pasted list before it is taken: each row as the call it would be, or why not, in one sentence."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dispatch.calls.mapping import Column
from dispatch.calls.paste import Row
from dispatch.calls.places import EXACT, NONE, STREET, Spots
from dispatch.geo.lookup import Box
from dispatch.records import Call, Millis, NearSite, Place
from dispatch.text_from_outside import MOST_CHARS, plain

# What stands in a row of a spreadsheet of calls lies at most so far back.
OLDEST_DAYS = 60
AHEAD_MS = 10 * 60_000
MOST_PEOPLE = 500
_FORMATS = (
    *("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"),
    *("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%y %H:%M"),
    *("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%y %I:%M %p"),
    *("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"),
)
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(?::\d{2})?\s*([ap]\.?m\.?)?$", re.IGNORECASE)
_NUMBER = re.compile(r"^[-+−]?\d{1,3}(?:\.\d+)?$")


@dataclass(frozen=True, slots=True)
class Checked:
    """`why` is empty where the row is taken, and `call` what it will be; else why not."""

    row: Row
    call: Call | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a row is looked at with. `services` maps a title or label in small letters to the city's
    (service_code, title); `titles` are how they are written, for proposals."""

    now: Millis
    zone: ZoneInfo
    box: Box
    services: Mapping[str, tuple[str, str]]
    titles: Sequence[str]
    find_place: Callable[[str], Spots]
    is_outside: Callable[[Place], bool]
    columns: int = 0  # of the heading, 0 without one


class Refused(Exception):
    """Why a row is not taken, in a sentence."""


def call_of(row: Row, mapping: Sequence[Column], rules: Rules) -> Call:
    """Raises Refused."""
    said: dict[Column, str] = {
        meaning: row.cells[at].strip()
        for at, meaning in enumerate(mapping)
        if at < len(row.cells) and meaning is not Column.IGNORED
    }
    for meaning, cell in said.items():
        if len(cell) > MOST_CHARS:
            raise Refused(
                f"The {meaning.value} are {len(cell):,} signs long: at most {MOST_CHARS:,} are taken."
            )
    if rules.columns and any(cell.strip() for cell in row.cells[rules.columns :]):
        raise Refused("It has more cells than the heading: a sign that parts cells stands within its words.")
    words = plain(said.get(Column.WORDS, "")).strip()
    if not words:
        raise Refused("No words: say what was reported.")
    code, title = _service(said.get(Column.CATEGORY, ""), rules)
    address, place, quality = _place(said, rules)
    return Call(
        text=words,
        service_code=code,
        service_name=title,
        address=address,
        place=place,
        place_quality=quality,
        caller=plain(said.get(Column.NAME, "")),
        call_back=plain(said.get(Column.PHONE, "")),
        landmark=plain(said.get(Column.LANDMARK, "")),
        unit=plain(said.get(Column.UNIT, "")),
        language=plain(said.get(Column.LANGUAGE, "")),
        note=plain(said.get(Column.NOTE, "")),
        people=_people(said.get(Column.PEOPLE, "")),
        happened_at=_happened(said.get(Column.HAPPENED, ""), rules),
    )


def check(row: Row, mapping: Sequence[Column], rules: Rules) -> Checked:
    try:
        return Checked(row, call_of(row, mapping, rules))
    except Refused as error:
        return Checked(row, None, str(error))


def once_each(checked: Sequence[Checked]) -> list[Checked]:
    """Of rows that say the same of the same place the first one is taken."""
    first: dict[tuple[str, ...], int] = {}
    found = []
    for each in checked:
        if each.call is None:
            found.append(each)
            continue
        key = _print(each.call)
        if key in first:
            each = replace(each, call=None, why=f"The same as row {first[key]} of this list.")
        else:
            first[key] = each.row.number
        found.append(each)
    return found


def repeats(checked: Checked, near: NearSite | None) -> Checked:
    """The row where an open site says the same of this place already."""
    if near is None:
        return checked
    where = f" at {near.where}" if near.where else ""
    why = f"Repeats site {near.site_id}{where} ({near.why}): add it there with O, or change its words."
    return replace(checked, call=None, why=why)


def read_time(text: str, now: Millis, zone: ZoneInfo) -> Millis | None:
    """A time as spreadsheets write it, in the city's zone; a clock time alone is the last one that was so.
    None where it cannot be read."""
    words = " ".join(text.split())
    if clock := _CLOCK.match(words):
        return _clock(clock, now, zone)
    words = re.sub(r"\b([ap])\.m\.", r"\1m", words, flags=re.IGNORECASE).upper().replace("T", " ", 1)
    for form in _FORMATS:
        try:
            at = datetime.strptime(words, form).replace(tzinfo=zone)
        except ValueError:
            continue
        return int(at.timestamp() * 1000)
    return None


# -- inside -----------------------------------------------------------------------------------------------


def _clock(match: re.Match[str], now: Millis, zone: ZoneInfo) -> Millis | None:
    hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").lower()[:1]
    if minute > 59 or hour > (12 if half else 23) or (half and not hour):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    here = datetime.fromtimestamp(now / 1000, zone)
    at = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if at > here + timedelta(milliseconds=AHEAD_MS):
        at -= timedelta(days=1)
    return int(at.timestamp() * 1000)


def _happened(text: str, rules: Rules) -> Millis | None:
    if not text:
        return None
    at = read_time(text, rules.now, rules.zone)
    if at is None:
        raise Refused(f"The time “{_short(text)}” cannot be read: write it like 2017-09-10 14:20 or 14:20.")
    if at > rules.now + AHEAD_MS:
        raise Refused(f"The time “{_short(text)}” lies ahead of now.")
    if at < rules.now - OLDEST_DAYS * 86_400_000:
        raise Refused(f"The time “{_short(text)}” is more than {OLDEST_DAYS} days ago.")
    return at


def _service(text: str, rules: Rules) -> tuple[str, str]:
    """Empty where the row names none: the words are triaged all the same."""
    if not text:
        return "", ""
    found = rules.services.get(" ".join(text.casefold().split()))
    if found is not None:
        return found
    like = difflib.get_close_matches(text.casefold(), [each.casefold() for each in rules.titles], 1, 0.5)
    proposal = next((each for each in rules.titles if like and each.casefold() == like[0]), "")
    said = f"“{_short(text)}” is no category here"
    raise Refused(
        f"{said}: did you mean “{proposal}”?" if proposal else f"{said}: leave it empty, or name one."
    )


def _place(said: Mapping[Column, str], rules: Rules) -> tuple[str, Place | None, str]:
    """Address, spot and how sure."""
    address = " ".join(plain(said.get(Column.ADDRESS, "")).split())
    place = _coordinates(said.get(Column.LAT, ""), said.get(Column.LNG, ""))
    quality = EXACT if place else ""
    if place is None:
        if not address:
            raise Refused("No place: give an address, or latitude and longitude.")
        found = rules.find_place(address)
        if found.ask:
            raise Refused(found.ask)
        spot = next((each for each in found.spots if each.place), None)
        place, quality = (spot.place, spot.quality) if spot else (None, NONE)
        if spot is not None and quality == STREET:
            address = spot.words
    if place is not None:
        west, south, east, north = rules.box
        is_far = not (west <= place.lng <= east and south <= place.lat <= north)
        if is_far or rules.is_outside(place):
            raise Refused("It lies outside the city: whose it is has to be told by hand.")
    return address, place, quality


def _coordinates(lat: str, lng: str) -> Place | None:
    if not lat and not lng:
        return None
    if not (_NUMBER.match(lat) and _NUMBER.match(lng)):
        raise Refused("Its latitude and longitude are no pair of numbers: give both, or neither.")
    north, east = (float(each.replace("−", "-")) for each in (lat, lng))
    if abs(north) > 90 or abs(east) > 180:
        raise Refused("No place on earth has its latitude and longitude.")
    return Place(north, east)


def _people(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or int(text[:9]) > MOST_PEOPLE:
        raise Refused(f"“{_short(text)}” is no number of people: write digits, or nothing.")
    return int(text)


def _print(call: Call) -> tuple[str, ...]:
    spot = "" if call.place is None else f"{call.place.lat:.5f},{call.place.lng:.5f}"
    phone = re.sub(r"\D", "", call.call_back)
    said = (call.text, call.address, call.unit, call.service_name)
    return (*(" ".join(each.casefold().split()) for each in said), spot, phone)


def _short(text: str) -> str:
    words = " ".join(plain(text).split())
    return words if len(words) <= 40 else f"{words[:40]}…"
