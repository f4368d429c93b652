"""Where a typed place may be: coordinates, a crossing or a house number on the city's street grid.

The grid knows numbered streets and few others, and a house to about a block: every hit says how it was found,
and where several fit (N and S not said) all are offered. Nothing is looked up outside this machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from dispatch.geo.address import KINDS, Address, Street, parse
from dispatch.geo.street_grid import Grid
from dispatch.records import Place

AT_MOST = 6
Box = tuple[float, float, float, float]

_NUMBER = r"[-+−]?\d{1,3}(?:\.\d+)?"
_PART = (
    rf"({_NUMBER})\s*°?\s*(?:(\d{{1,2}}(?:\.\d+)?)\s*['′]\s*)?(?:(\d{{1,2}}(?:\.\d+)?)\s*[\"″]\s*)?([NSEW])?"
)
_DEGREES = re.compile(rf"^\s*{_PART}\s*[,;\s]\s*{_PART}\s*$", re.IGNORECASE)
_IS_NEGATIVE = ("-", "−")


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that was meant, perhaps. `words` name it, empty for bare coordinates; `how` says by what it
    was found; `within_m` how far off it may be, 0 where that is as exact as what was typed; `area` is where
    that lies, once somebody has looked."""

    place: Place
    words: str
    how: str
    within_m: float = 0.0
    area: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What fits, the likeliest first; `say` is what to type instead where nothing does."""

    hits: tuple[Hit, ...]
    say: str = ""


def find(text: str, grid: Grid | None, box: Box) -> Found:
    """`box` is the city's: west, south, east, north; what is typed without a sign is looked for in it."""
    text = " ".join(text.split())
    if not text:
        return Found(())
    if match := _DEGREES.match(text):
        return _coordinates(match, box)
    if grid is None:
        return Found((), "This city has no street grid: type coordinates, or aim on the map.")
    hits = tuple(_addresses(text, grid))[:AT_MOST]
    return Found(hits) if hits else Found((), _what_is_missing(text))


def _coordinates(match: re.Match[str], box: Box) -> Found:
    """As typed; else with the order or the sign mended, if that lies in the city."""
    groups = match.groups()
    one, other = _degrees(*groups[:4]), _degrees(*groups[4:])
    if one is None or other is None or (groups[3] or "").upper() in ("E", "W"):
        one, other = (other, one) if one is not None and other is not None else (None, None)
    if one is None or other is None:
        return Found(
            (), "These are no coordinates: type latitude, then longitude, such as 27.7710, -82.6390."
        )
    typed = Place(one, other)
    if _is_in(typed, box):
        return Found((Hit(typed, "", "coordinates"),))
    mended = (
        (Place(one, -other), "coordinates, west of Greenwich"),
        (Place(other, one), "coordinates, longitude typed first"),
        (Place(other, -one), "coordinates, longitude typed first"),
    )
    hits = tuple(Hit(place, "", how) for place, how in mended if _is_in(place, box))
    if hits:
        return Found(hits)
    if not (-90 <= one <= 90 and -180 <= other <= 180):
        return Found((), "No place on earth has these coordinates: type latitude, then longitude.")
    return Found((Hit(typed, "", "coordinates, outside the city's area"),))


def _degrees(whole: str, minutes: str | None, seconds: str | None, side: str | None) -> float | None:
    """27.771, 27°46'15.6"N; None where minutes or seconds go past 59."""
    value = abs(float(whole.replace("−", "-")))
    parts = float(minutes or 0), float(seconds or 0)
    if max(parts) >= 60:
        return None
    is_negative = whole.startswith(_IS_NEGATIVE) or (side or "").upper() in ("S", "W")
    return (value + parts[0] / 60 + parts[1] / 3600) * (-1 if is_negative else 1)


def _is_in(place: Place, box: Box) -> bool:
    west, south, east, north = box
    return west <= place.lng <= east and south <= place.lat <= north


def _addresses(text: str, grid: Grid) -> Iterator[Hit]:
    """Every reading that the grid can place, one hit for each place."""
    address, seen = parse(text), set()
    for hit in _readings(address, grid):
        if hit.place not in seen:
            seen.add(hit.place)
            yield hit


def _readings(address: Address, grid: Grid) -> Iterator[Hit]:
    if len(address.streets) >= 2:
        for one, other in product(_halves(address.streets[0]), _halves(address.streets[1])):
            is_one_half = not one.side or not other.side or one.side[0] == other.side[0]
            place = grid.meet(one, other) if is_one_half else None
            if place is not None:
                yield Hit(place, f"{one} & {other}", "crossing by the street grid", grid.slack_m)
    elif address.house:
        for street in _halves(address.streets[0]):
            place = grid.house(Address(address.house, (street,)))
            if place is not None:
                how = "by the street grid"
                yield Hit(place, f"{address.house} {street}", how, grid.slack_m)


def _halves(street: Street) -> tuple[Street, ...]:
    """As said; where N or S is not, both (S11: they are two places), and the street as it is."""
    if street.side:
        return (street,)
    return (street, *(replace(street, direction=half, tail="") for half in ("N", "S")))


def _what_is_missing(text: str) -> str:
    """One sentence that says what to type."""
    address = parse(text)
    if not address.streets:
        is_kind = any(word.strip(".,").lower() in KINDS for word in text.split())
        if is_kind:
            return "No street can be read in this: type a house number or two streets, or aim on the map."
        return "Say AVE or ST, and N or S: 2214 22nd Ave S, or 22nd Ave S & 31st St S."
    street = address.streets[0]
    if len(address.streets) == 1 and not address.house:
        return f"{street} is long: add a house number or a cross street."
    return f"The street grid does not know {street}: type a numbered cross street, or aim on the map."
