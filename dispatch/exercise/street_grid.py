"""St. Petersburg's numbered grid: what a place would be called there. Avenues run east and west, numbered
from Central Avenue; streets run north and south, numbered from the bay."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence

# Some avenues (north of Central positive) and streets with where they lie; between them the grid is even.
CENTRAL_AVENUE = 27.7713
AVENUES = ((-62, 27.713), (-22, 27.749), (0, CENTRAL_AVENUE), (22, 27.7915), (38, 27.806), (54, 27.8225))
STREETS = ((66, -82.7275), (49, -82.6995), (34, -82.6795), (16, -82.655), (4, -82.6385))
# Ninth Street has carried this name since long before.
NAMED_STREETS = {9: "Dr Martin Luther King Jr St"}
# East of First Street avenues are NE and SE, and streets have names of their own.
EASTERNMOST_STREET = 1


def avenue_at(lat: float) -> float:
    """As a number with a fraction: north of Central positive, south negative."""
    return _between(lat, [(place, number) for number, place in AVENUES])


def street_at(lng: float) -> float:
    return _between(lng, [(place, number) for number, place in STREETS])


def crossing(lat: float, lng: float) -> str:
    """The nearest corner: "22nd Ave S & 31st St S"."""
    if street_at(lng) < EASTERNMOST_STREET:
        return house(lat, lng)
    return f"{avenue(lat, lng)} & {street(lat, lng)}"


def house(lat: float, lng: float) -> str:
    """A number on the nearest avenue; it counts from the bay, a hundred a block."""
    number = max(1, round(abs(street_at(lng) - EASTERNMOST_STREET) * 100))
    if street_at(lng) >= EASTERNMOST_STREET:
        number += 100
    return f"{number} {avenue(lat, lng)}"


def house_on_street(lat: float, lng: float) -> str:
    """A number on the nearest street; it counts from Central Avenue."""
    if street_at(lng) < EASTERNMOST_STREET:
        return house(lat, lng)
    return f"{max(1, round(abs(avenue_at(lat)) * 100))} {street(lat, lng)}"


def avenue(lat: float, lng: float) -> str:
    number = round(avenue_at(lat))
    if number == 0:
        return "Central Ave"
    east = "E" if street_at(lng) < EASTERNMOST_STREET else ""
    return f"{ordinal(abs(number))} Ave {_side(number)}{east}"


def street(lat: float, lng: float) -> str:
    number = max(EASTERNMOST_STREET, round(street_at(lng)))
    return f"{NAMED_STREETS.get(number, f'{ordinal(number)} St')} {_side(avenue_at(lat))}"


def ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _side(avenue_number: float) -> str:
    return "N" if avenue_number >= 0 else "S"


def _between(value: float, knots: Sequence[tuple[float, float]]) -> float:
    """On the line through the two nearest knots; beyond the last ones the line goes on."""
    at = min(max(bisect([place for place, _ in knots], value), 1), len(knots) - 1)
    (place, number), (next_place, next_number) = knots[at - 1], knots[at]
    return number + (value - place) * (next_number - number) / (next_place - place)
