"""Where a city's numbered streets lie, and whether pin, address and words can be one place (S11)."""

from __future__ import annotations

import math
import tomllib
from bisect import bisect
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from dispatch.errors import SettingsBroken
from dispatch.geo.address import Address, Street, parse, short_place, streets_in
from dispatch.records import Place
from dispatch.resources import resource

AGREE_M = 150.0
DEGREE_M = 111_195.0
# A house number tells the block at best; blocks are not all a hundred numbers long.
HOUSE_SLACK_M = 200.0

# On which side of the middle a street of that direction does not run.
WRONG_HALF = {"N": "south", "S": "north"}

Lines = Sequence[tuple[float, float]]
NO_PINS: frozenset[Place] = frozenset()
# A city has some thousand streets, and they come a hundred thousand times.
KNOWN_STREETS = 8192


class Apart(NamedTuple):
    """How far a pin is from where something ought to be, and to which side of it."""

    metres: float
    side: str

    def __str__(self) -> str:
        metres = self.metres
        return (
            f"{metres / 1000:.1f} km {self.side}"
            if metres >= 950
            else f"{round(metres, -1):.0f} m {self.side}"
        )


class _Line(NamedTuple):
    """Where a street runs: along one of these latitudes, or by this number among the streets."""

    latitudes: tuple[float, ...]
    number: float = 0.0


@dataclass(frozen=True, slots=True)
class Grid:
    """A city's numbering as data: avenues by latitude, streets by longitude, even in between."""

    avenues: Lines
    streets: Lines
    named_avenues: Mapping[str, float]
    named_streets: Mapping[str, float]
    avenue_kinds: frozenset[str]
    street_kinds: frozenset[str]
    box: tuple[float, float, float, float]
    slack_m: float
    _line: Callable[[Street], _Line | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_line", lru_cache(maxsize=KNOWN_STREETS)(self._look_up))

    @property
    def tolerance_m(self) -> float:
        return AGREE_M + self.slack_m

    def covers(self, place: Place) -> bool:
        west, south, east, north = self.box
        return west <= place.lng <= east and south <= place.lat <= north

    def apart(self, place: Place, street: Street) -> Apart | None:
        """How far the pin is from a street's line; None where the grid does not know the street."""
        line = self._line(street)
        if line is None:
            return None
        if not line.latitudes:
            return self._from_street(place, line.number, street.side)
        if len(line.latitudes) == 1:
            return _north_of(place, line.latitudes[0])
        return min((_north_of(place, lat) for lat in line.latitudes), key=lambda far: far.metres)

    def _look_up(self, street: Street) -> _Line | None:
        label = f"{street.name} {street.kind}"
        if label in self.named_avenues:
            return self._avenues(self.named_avenues[label])
        number = self.named_streets.get(label, street.number)
        if number is None or "W" in street.side:
            return None
        if street.kind in self.avenue_kinds:
            if (half := street.side[:1]) in ("N", "S"):
                return self._avenues(number if half == "N" else -number)
            return self._avenues(number, -number)
        return _Line((), number) if street.kind in self.street_kinds else None

    def _avenues(self, *numbers: float) -> _Line:
        return _Line(tuple(_between(self.avenues, number) for number in numbers))

    def meet(self, one: Street, other: Street) -> Place | None:
        """Where an avenue and a street cross; None where the grid does not tell, or a half is missing."""
        lines = self._line(one), self._line(other)
        across = next((line for line in lines if line and len(line.latitudes) == 1), None)
        down = next((line for line in lines if line and not line.latitudes), None)
        if across is None or down is None or any("E" in street.side for street in (one, other)):
            return None
        return Place(across.latitudes[0], _between(self.streets, down.number))

    def house(self, address: Address) -> Place | None:
        """Where a house number stands on its street, to about a block; None where the grid does not tell."""
        number, line = address.house_number, self._line(address.streets[0]) if address.streets else None
        if number is None or line is None or "E" in address.streets[0].side:
            return None
        if len(line.latitudes) == 1:
            return Place(line.latitudes[0], _between(self.streets, number / 100))
        half = {"N": 1, "S": -1}.get(address.streets[0].side[:1])
        if line.latitudes or half is None:
            return None
        return Place(_between(self.avenues, half * number / 100), _between(self.streets, line.number))

    def house_apart(self, place: Place, address: Address) -> Apart | None:
        """How far along its street the house number ought to be; None where it tells nothing."""
        number = address.house_number
        if number is None or address.streets[0].direction not in ("N", "S"):
            return None
        street = address.streets[0]
        if street.kind in self.avenue_kinds:
            return self._from_street(place, number / 100, "")
        if street.kind in self.street_kinds:
            return self._from_avenue(place, number / 100 * (1 if street.direction == "N" else -1))
        return None

    def _from_avenue(self, place: Place, number: float) -> Apart:
        return _north_of(place, _between(self.avenues, number))

    def _from_street(self, place: Place, number: float, side: str) -> Apart:
        """Off to a side, or in the wrong half of the city: 22nd St S does not run north of Central."""
        if "E" in side:  # east of the first street the numbers begin again
            across = Apart(0.0, "")
        else:
            east_m = (
                (place.lng - _between(self.streets, number)) * DEGREE_M * math.cos(math.radians(place.lat))
            )
            across = Apart(abs(east_m), "east" if east_m > 0 else "west")
        if not side or side[0] not in WRONG_HALF:
            return across
        from_middle = self._from_avenue(place, 0)
        is_wrong_half = WRONG_HALF[side[0]] == from_middle.side
        return max(across, from_middle, key=lambda far: far.metres) if is_wrong_half else across


@dataclass(frozen=True, slots=True)
class PlaceDoubt:
    """Two places for one report: `first` and `second` in words, and one sentence that shows both."""

    first: str
    second: str
    words: str
    distance_m: float | None = field(default=None)


def doubt(
    place: Place | None,
    address: str,
    text: str,
    grid: Grid,
    default_pins: frozenset[Place] = NO_PINS,
) -> PlaceDoubt | None:
    """Where pin, address and the resident's words name different places; None where they can be one."""
    parsed, said = parse(address), streets_in(text)
    if contradiction := _contradiction(parsed, said):
        ours, theirs = contradiction
        sentence = f"Address says {ours}, the words say {theirs}: ask which."
        return PlaceDoubt(str(ours), str(theirs), sentence)
    if place is None:
        return None
    if default_pins and rounded(place) in default_pins:
        short = short_place(address) or "no address"
        sentence = f"The pin is where reports without a place are put; the address says {short}: ask where."
        return PlaceDoubt("default pin", short, sentence)
    if not grid.covers(place):
        return None
    return _address_and_pin(place, address, parsed, grid) or _words_and_pin(place, said, address, grid)


def default_pins(reports: Iterable[tuple[Place, str]], *, at_least: int = 20) -> frozenset[Place]:
    """Coordinates that stand for "somewhere": many reports on one point, and not all with one address."""
    addresses: dict[Place, set[str]] = {}
    counts: Counter[Place] = Counter()
    for place, address in reports:
        point = rounded(place)
        counts[point] += 1
        addresses.setdefault(point, set()).add(short_place(address))
    return frozenset(
        point for point, count in counts.items() if count >= at_least and len(addresses[point]) > 1
    )


def rounded(place: Place) -> Place:
    """To about a metre, as default pins are compared."""
    return Place(round(place.lat, 5), round(place.lng, 5))


def load_grid(jurisdiction: str) -> Grid | None:
    """The city's grid; None for a city that has none, or has not entered it."""
    path = resource("jurisdictions", jurisdiction, "grid.toml")
    if not path.is_file():
        return None
    try:
        rows = tomllib.loads(path.read_text("utf-8"))
        return Grid(
            avenues=sorted((number, lat) for number, lat in rows["avenues"]),
            streets=sorted((number, lng) for number, lng in rows["streets"]),
            named_avenues=rows["named_avenues"],
            named_streets=rows["named_streets"],
            avenue_kinds=frozenset(rows["avenue_kinds"]),
            street_kinds=frozenset(rows["street_kinds"]),
            box=tuple(rows["box"]),
            slack_m=rows["slack_m"],
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise SettingsBroken(
            f"The street grid {path.name} of {jurisdiction} cannot be read: {error}."
        ) from error


def _contradiction(address: Address, said: Sequence[Street]) -> tuple[Street, Street] | None:
    """A street of the words that has the number of one in the address and is another street."""
    for theirs in said:
        if any(theirs.number == ours.number and not theirs.contradicts(ours) for ours in address.streets):
            continue
        for ours in address.streets:
            if theirs.contradicts(ours):
                return ours, theirs
    return None


def _address_and_pin(place: Place, address: str, parsed: Address, grid: Grid) -> PlaceDoubt | None:
    tolerance_m = grid.tolerance_m
    found = [
        (street, far)
        for street in parsed.streets
        if (far := grid.apart(place, street)) and far.metres > tolerance_m
    ]
    if found:
        street, far = max(found, key=lambda row: row[1].metres)
        short = short_place(address)
        return _of_pin(far, f"of {street}", f"Address says {short}", short)
    house = grid.house_apart(place, parsed)
    if house and house.metres > tolerance_m + HOUSE_SLACK_M:
        short = short_place(address)
        return _of_pin(house, f"of number {parsed.house}", f"Address says {short}", short)
    return None


def _words_and_pin(place: Place, said: Sequence[Street], address: str, grid: Grid) -> PlaceDoubt | None:
    """Words name cross streets and neighbors too: they disagree only if none of their streets is near."""
    found = [(street, far) for street in said if (far := grid.apart(place, street))]
    if not found:
        return None
    street, far = min(found, key=lambda row: row[1].metres)
    if far.metres <= grid.tolerance_m:
        return None
    short = short_place(address) or "no address"
    return _of_pin(far, f"of it, at {short}", f"The words say {street}", str(street))


def _of_pin(far: Apart, of_what: str, says: str, second: str) -> PlaceDoubt:
    return PlaceDoubt(
        f"{far} {of_what}", second, f"{says}, the pin is {far} {of_what}: ask which.", far.metres
    )


def _north_of(place: Place, lat: float) -> Apart:
    north_m = (place.lat - lat) * DEGREE_M
    return Apart(abs(north_m), "north" if north_m > 0 else "south")


def _between(lines: Lines, number: float) -> float:
    """On the line through the two nearest known ones; beyond the last the spacing goes on."""
    at = min(max(bisect(lines, (number, math.inf)), 1), len(lines) - 1)
    (low, start), (high, end) = lines[at - 1], lines[at]
    return start + (number - low) * (end - start) / (high - low)
