"""Where a caller means: a house, a block, a crossing, a known spot or an area; and which, where it may be
several (S11). Nothing is looked up outside this machine.

22nd is no place in a city that has 22nd Ave S, 22nd Ave N and 22nd St S: all of them are offered, and until
one is chosen the place is not confirmed.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from dispatch.geo.address import DIRECTIONS, KINDS, Street, parse, short_place
from dispatch.geo.lookup import Found
from dispatch.records import Place

MOST = 6
EXACT, STREET, AREA, NONE = "exact", "street", "area", "none"
# A block is a hundred numbers long; its middle is what is meant.
BLOCK_M = 60.0
LEAST_LETTERS = 3
_BLOCK = re.compile(r"^(?:the\s+)?(\d{1,3})00\s+(?:block(?:\s+of)?|blk)\s+", re.IGNORECASE)
_HOUSE = re.compile(r"^(\d+[a-z]?)\s+(?=\S)", re.IGNORECASE)
_NUMBERED = re.compile(r"^(\d{1,3})(?:st|nd|rd|th)?$", re.IGNORECASE)
_CITY_HALVES = tuple(product(("Ave", "St"), ("N", "S")))


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that may be meant: `words` are the address, `place` is None for a street or an area without a
    spot on it; `quality` is exact, street or area, `how` says by what it was found."""

    words: str
    place: Place | None
    quality: str
    how: str
    within_m: float = 0.0
    area: str = ""


@dataclass(frozen=True, slots=True)
class Spots:
    """What fits, the likeliest first. `ask` is the question where several streets do: nothing is chosen by
    itself then. `say` is what to type where nothing fits."""

    spots: tuple[Spot, ...] = ()
    ask: str = ""
    say: str = ""


class KnownStreets:
    """The streets that addresses of reports have named, by their name in small letters, most named first."""

    def __init__(self) -> None:
        self._by_name: dict[str, Counter[Street]] = defaultdict(Counter)

    def __len__(self) -> int:
        return len(self._by_name)

    def learn(self, addresses: Iterable[str]) -> None:
        for address in addresses:
            for street in parse(address).streets:
                if street.kind:
                    self._by_name[street.name.casefold()][replace(street, tail="")] += 1

    def named(self, name: str) -> list[Street]:
        """Of just this name, whatever its kind and side."""
        return [street for street, _ in self._by_name.get(name.casefold(), Counter()).most_common()]

    def beginning(self, words: str) -> Iterator[Street]:
        """Whose name begins so, those that are named most first."""
        start = words.casefold()
        found = [
            (-count, str(street), street)
            for name, streets in self._by_name.items()
            if name.startswith(start)
            for street, count in streets.items()
        ]
        yield from (street for _, _, street in sorted(found)[:MOST])


class CallPlaces:
    """`by_grid` finds an address on the city's street grid, `houses` is what an imported address layer has by
    short address, `areas` are the names of the neighborhoods."""

    def __init__(
        self,
        *,
        by_grid: Callable[[str], Found],
        streets: KnownStreets,
        areas: Sequence[str],
    ) -> None:
        self._by_grid = by_grid
        self._streets = streets
        self._areas = tuple(areas)
        self.houses: Mapping[str, Place] = {}

    def find(self, typed: str, told: Sequence[tuple[str, Place]] = ()) -> Spots:
        """`told`: where other reports of this address have their pin."""
        words = " ".join(typed.split())
        if not words:
            return Spots()
        if crossings := self._crossings(words):
            return Spots(crossings, ask=_ask(words, [each.words for each in crossings]))
        house, rest = _split(words)
        streets = self._which(rest)
        if len(streets) > 1:
            spots = tuple(self._on(house, street) for street in streets)[:MOST]
            return Spots(spots, ask=_ask(rest, [str(street) for street in streets]))
        if len(streets) == 1:
            words = " ".join(filter(None, (house, str(streets[0]))))
        found = [*self._houses(words), *_told(told), *self._grid(words, house)]
        if not found and house and streets:
            found = [self._on(house, streets[0])]
        found += self._named_so(words)
        spots = tuple({(each.words.casefold(), each.place): each for each in found}.values())[:MOST]
        return Spots(spots, say="" if spots else self._by_grid(words).say)

    # -- which street -----------------------------------------------------------------------------------

    def _which(self, rest: str) -> list[Street]:
        """Every street that may be meant by a name without its kind or its side; none where the words name
        one whole, two (a crossing), or something else."""
        bare = [word.strip(".,") for word in rest.split(",")[0].split()]
        name, kind, side = _taken_apart(bare)
        if not name:
            return []
        number = _NUMBERED.match(name)
        label = _ordinal(int(number[1])) if number else name
        known = self._streets.named(label)
        if number:
            known += [street for street in self._of_grid(label) if street not in known]
        fits = [
            street
            for street in known
            if (not kind or street.kind == kind) and (not side or street.side[:1] == side[:1])
        ]
        # A street that nobody has ever named with a side has none.
        whole = [street for street in fits if street.side] or fits
        is_whole = bool(kind) and (bool(side) or all(not street.side for street in fits))
        return [] if is_whole else list(dict.fromkeys(whole))

    def _crossings(self, words: str) -> tuple[Spot, ...]:
        """Every crossing that may be meant where a numbered street lacks its side; none where none does."""
        streets = parse(words).streets
        if len(streets) != 2 or all(street.side or street.number is None for street in streets):
            return ()
        both = (
            [street] if street.side or street.number is None else _both_sides(street) for street in streets
        )
        spots = (
            Spot(f"{one} & {other}", hits[0].place, STREET, hits[0].how, hits[0].within_m)
            for one, other in product(*both)
            if (hits := self._by_grid(f"{one} & {other}").hits)
        )
        found = tuple(spots)[:MOST]
        return found if len(found) > 1 else ()

    def _of_grid(self, label: str) -> Iterator[Street]:
        for kind, side in _CITY_HALVES:
            street = Street(label, kind, side)
            if self._by_grid(f"100 {street}").hits:
                yield street

    # -- where it is ------------------------------------------------------------------------------------

    def _on(self, house: str, street: Street) -> Spot:
        """The house on that street, else the street itself, of which no spot is better than another."""
        words = " ".join(filter(None, (house, str(street))))
        if house and (found := [*self._houses(words), *self._grid(words, house)]):
            return replace(found[0], words=words)
        return Spot(words, None, AREA, "the street, no spot on it")

    def _houses(self, words: str) -> Iterator[Spot]:
        place = self.houses.get(short_place(words).casefold())
        if place is not None:
            yield Spot(short_place(words), place, EXACT, "the address layer")

    def _grid(self, words: str, house: str) -> Iterator[Spot]:
        block = _BLOCK.match(words)
        middle = f"{block[1]}50 {words[block.end() :]}" if block else words
        for hit in self._by_grid(middle).hits:
            is_spot = not hit.words
            yield Spot(
                words if is_spot or block else hit.words,
                hit.place,
                EXACT if is_spot else STREET,
                hit.how,
                hit.within_m + (BLOCK_M if block else 0.0),
            )

    def _named_so(self, words: str) -> Iterator[Spot]:
        """Streets and neighborhoods that begin so: while somebody types."""
        house, rest = _split(words)
        if len(rest) < LEAST_LETTERS or parse(words).streets:
            return
        for street in self._streets.beginning(rest):
            yield self._on(house, street)
        for area in self._areas:
            # "Old Northeast, behind the church": the area first, then words.
            if area.casefold().startswith(words.casefold()) or words.casefold().startswith(area.casefold()):
                yield Spot(
                    words if len(words) > len(area) else area, None, AREA, "the neighborhood, no spot in it"
                )


def is_doubtful(words: str) -> bool:
    """Whether it names a numbered street without AVE or ST, or without its side (S11)."""
    _, rest = _split(" ".join(words.split()))
    streets = parse(words).streets
    if not streets:
        name, kind, _ = _taken_apart([word.strip(".,") for word in rest.split(",")[0].split()])
        return bool(_NUMBERED.match(name)) and not kind
    return any(street.number is not None and street.kind and not street.side for street in streets)


def _told(told: Sequence[tuple[str, Place]]) -> Iterator[Spot]:
    for address, place in told:
        yield Spot(short_place(address) or address, place, STREET, "where another report has it")


def _both_sides(street: Street) -> list[Street]:
    return [replace(street, direction=side, tail="") for side in ("N", "S")]


def _split(words: str) -> tuple[str, str]:
    """The house number, or the block, and what stands behind it."""
    if block := _BLOCK.match(words):
        return f"{block[1]}00 block", words[block.end() :]
    house = _HOUSE.match(words)
    if house is None:
        return "", words
    rest = words[house.end() :]
    # "22 Ave S": the number is the street's own name.
    is_name = rest.split()[0].strip(".,").lower() in KINDS
    return ("", words) if is_name else (house[1], rest)


def _taken_apart(bare: Sequence[str]) -> tuple[str, str, str]:
    """Name, kind and side of one street, as far as they are said; no name where it is no single street."""
    words = list(bare)
    if not words or any(word in ("&", "@", "and", "at", "/") for word in map(str.lower, words)):
        return "", "", ""
    side = kind = ""
    if len(words) > 1 and words[-1].lower() in DIRECTIONS:
        side = DIRECTIONS[words.pop().lower()]
    if len(words) > 1 and words[-1].lower() in KINDS:
        kind = KINDS[words.pop().lower()]
    if not side and len(words) > 1 and words[0].lower() in DIRECTIONS:
        side = DIRECTIONS[words.pop(0).lower()]
    return " ".join(words), kind, side


def _ask(said: str, names: Sequence[str]) -> str:
    names = names[:MOST]
    return f"“{said}” may be {len(names)} places. Ask which: {', '.join(names[:-1])} or {names[-1]}."


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
