"""Positions as people write and say them: decimal degrees, degrees minutes seconds, US National Grid.

The grid is FGDC-STD-011-2001 (the letters of MGRS), for the conterminous United States. NAD 83 and WGS 84
are taken for the same: they lie about a metre apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from dispatch.errors import LandfallError
from dispatch.geo.utm import from_utm, middle_of_zone, to_utm, zone_of

# West, south, east, north of the conterminous states, with the waters off their coasts.
STATES = (-126.0, 24.0, -66.0, 50.0)
_BANDS = "CDEFGHJKLMNPQRSTUVWX"  # eight degrees each from 80 S
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_SQUARE_M, _ROWS_M = 100_000, 2_000_000

_GRID = re.compile(r"([0-9]{1,2})([C-HJ-NP-X])([A-HJ-NP-Z])([A-HJ-NP-V])((?:[0-9]{2}){1,5})")
_BEGINS_GRID = re.compile(r"[0-9]{1,2}\s*[A-Z]\s*[A-Z]{2}", re.IGNORECASE)
_SIGNS = str.maketrans({"−": "-", "–": "-", **dict.fromkeys("°º˚'’′\"”″,;:()", " ")})
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_PART = re.compile(rf"{_NUMBER.pattern}|[NSEW](?![A-Z])|\S+")


class Position(NamedTuple):
    """Degrees, north and east positive."""

    lat: float
    lng: float


class NotAPosition(LandfallError):
    """The sentence says what to type instead."""


def read(text: str) -> Position:
    """A position in any of the three forms; a grid square is read as its middle.

    Raises NotAPosition with a sentence for the operator.
    """
    text = text.strip()
    if not text:
        raise NotAPosition("Type a position: 27.7712, -82.6390 or 17R LL 38497 72933.")
    if _BEGINS_GRID.match(text):
        return _read_grid(text)
    return _read_degrees(text)


def is_in_states(at: Position) -> bool:
    """Whether the bundled map has anything there, and the National Grid is written for it."""
    west, south, east, north = STATES
    return west <= at.lng < east and south <= at.lat < north


def decimal(at: Position) -> str:
    """To five decimals, about a metre: "27.77120, -82.63900"."""
    return f"{at.lat:.5f}, {at.lng:.5f}"


def degrees_minutes_seconds(at: Position) -> str:
    """To a hundredth of a second, about 0.3 m: 27°46'16.32"N 82°38'20.40"W."""
    return f"{_sexagesimal(at.lat, 'NS')} {_sexagesimal(at.lng, 'EW')}"


def national_grid(at: Position) -> str:
    """The square of one metre that holds it: "17R LL 38497 72933". Empty outside the conterminous states.

    The standard cuts off, it does not round: the name is that of the square's southwest corner.
    """
    if not is_in_states(at):
        return ""
    zone = zone_of(at.lng)
    east, north = (int(metres) for metres in to_utm(at.lat, at.lng, zone))
    column = _COLUMNS[(zone - 1) % 3][east // _SQUARE_M - 1]
    row = _ROWS[(north // _SQUARE_M + _first_row(zone)) % len(_ROWS)]
    return f"{zone}{_band(at.lat)} {column}{row} {east % _SQUARE_M:05d} {north % _SQUARE_M:05d}"


FORMS: dict[str, Callable[[Position], str]] = {
    "decimal": decimal,
    "dms": degrees_minutes_seconds,
    "usng": national_grid,
}


# -- degrees ------------------------------------------------------------------------------------------


def _read_degrees(text: str) -> Position:
    parts = _PART.findall(text.upper().translate(_SIGNS))
    letters = [part for part in parts if part in "NSEW"]
    numbers = [part for part in parts if part not in "NSEW"]
    if strange := next((part for part in numbers if not _NUMBER.fullmatch(part)), ""):
        raise NotAPosition(
            f"“{strange.lower()}” is no part of a position. Type 27.7712, -82.6390 or 17R LL 38497 72933."
        )
    first, second = _two_angles([float(part) for part in numbers], letters)
    if letters and letters[0] in "EW":
        first, second = second, first
    if abs(first) > 90 or abs(second) > 180:
        raise NotAPosition("Latitude comes first, -90 to 90, then longitude: 27.7712, -82.6390.")
    return Position(first, second)


def _two_angles(found: list[float], letters: list[str]) -> tuple[float, float]:
    if letters and (len(letters) != 2 or (letters[0] in "NS") == (letters[1] in "NS")):
        raise NotAPosition("Name both directions once, or none: for example 27.7712 N 82.6390 W.")
    if len(found) not in (2, 4, 6):
        raise NotAPosition("A position has a latitude and a longitude: for example 27.7712, -82.6390.")
    half = len(found) // 2
    signs = letters or ["", ""]
    return _angle(found[:half], signs[0]), _angle(found[half:], signs[1])


def _angle(parts: list[float], direction: str) -> float:
    degrees, smaller = parts[0], parts[1:]
    if any(not 0 <= part < 60 for part in smaller) or any(part % 1 for part in parts[:-1]):
        raise NotAPosition("Minutes and seconds lie between 0 and 60, and only the last may have decimals.")
    if direction and degrees < 0:
        raise NotAPosition("Give a direction or a minus sign, not both: 82.6390 W or -82.6390.")
    size = abs(degrees) + sum(part / 60.0**power for power, part in enumerate(smaller, start=1))
    # "-0 30 00" is south of the equator: the sign is read off the text's own zero.
    is_negative = direction in ("S", "W") or str(degrees).startswith("-")
    return -size if is_negative else size


def _sexagesimal(degrees: float, signs: str) -> str:
    # In whole hundredths of a second, so that 59.999 never prints as 60.00.
    hundredths = round(abs(degrees) * 360_000)
    minutes, hundredths = divmod(hundredths, 6_000)
    whole, minutes = divmod(minutes, 60)
    return f"{whole}°{minutes:02d}'{hundredths / 100:05.2f}\"{signs[0 if degrees >= 0 else 1]}"


# -- the grid -----------------------------------------------------------------------------------------


def _read_grid(text: str) -> Position:
    match = _GRID.fullmatch(re.sub(r"[\s,]+", "", text).upper())
    if match is None:
        raise NotAPosition("Type a zone, two letters and an even number of digits: 17R LL 38497 72933.")
    zone, band, column, row, digits = int(match[1]), match[2], match[3], match[4], match[5]
    columns = _COLUMNS[(zone - 1) % 3]
    south = 8.0 * _BANDS.index(band) - 80.0
    if not 1 <= zone <= 60 or column not in columns or south < 0:
        raise _no_square(match)
    size = 10.0 ** (5 - len(digits) // 2)
    half = len(digits) // 2
    east = (columns.index(column) + 1) * _SQUARE_M + int(digits[:half]) * size + size / 2
    north = (
        (_ROWS.index(row) - _first_row(zone)) % len(_ROWS) * _SQUARE_M + int(digits[half:]) * size + size / 2
    )
    # Rows repeat every 2,000 km; a band is lowest in the zone's middle.
    lowest = to_utm(south, middle_of_zone(zone), zone)[1] - size
    while north < lowest:
        north += _ROWS_M
    at = Position(*from_utm(east, north, zone))
    # The square of a coarse reference may reach over the border of its zone or band.
    over = 1e-4 + size / 80_000
    if abs(at.lng - middle_of_zone(zone)) > 3 + over or not south - over <= at.lat < south + 8 + over:
        raise _no_square(match)
    return at


def _no_square(match: re.Match[str]) -> NotAPosition:
    return NotAPosition(
        f"There is no square {match[3]}{match[4]} in {match[1]}{match[2]} of the National Grid. "
        "Check zone and letters."
    )


def _first_row(zone: int) -> int:
    """Even zones begin with F."""
    return 5 if zone % 2 == 0 else 0


def _band(lat: float) -> str:
    return _BANDS[int((lat + 80) // 8)]
