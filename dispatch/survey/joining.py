"""Which site a row of a survey is about: by its street address, else by its place, and never by a guess.

22nd Ave S, 22nd Ave N and 22nd St S are three places (S11): number, name, kind and direction must all be the
same, and what one of the two does not say is not added to it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dispatch.geo.address import ORDINALS, parse
from dispatch.geo.projection import distance_m
from dispatch.records import SurveyedSite, SurveyKind, SurveyRow

WITHIN_M = 60.0
# A degree of latitude is 110.6 to 111.7 km.
_WITHIN_DEG = WITHIN_M / 110_000
_UNIT = re.compile(r"(?:\b(?:apt|apartment|unit|suite|ste|lot|apto)\b\.?\s*#?|#)\s*(\w+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Door:
    """A street address as far as it can be compared. Its unit is empty where none is said."""

    house: str
    street: str
    unit: str = ""

    def is_other_than(self, other: Door) -> bool:
        """Another house, or another door of the same one."""
        if (self.house, self.street) != (other.house, other.street):
            return True
        return bool(self.unit and other.unit and self.unit != other.unit)


def door_of(address: str) -> Door | None:
    """None where it names no house on one street."""
    parsed = parse(" ".join(address.split()))
    if not parsed.house or len(parsed.streets) != 1:
        return None
    street = parsed.streets[0]
    name = street.name.casefold()
    if name in ORDINALS and street.number:
        name = _numbered(street.number)
    named = f"{street.prefix} {name} {street.kind} {street.direction}"
    unit = _UNIT.search(address)
    return Door(
        parsed.house.casefold(), " ".join(named.casefold().split()), unit[1].casefold() if unit else ""
    )


def is_of_homes(kind: SurveyKind, level: str) -> bool:
    """Whether a row means a home: counties survey homes, and only homes have levels."""
    return kind is SurveyKind.COUNTY or bool(level)


def _numbered(number: int) -> str:
    """Of a street called in words, which go to twelve: Fifth Ave is 5th Ave."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number, "th")
    return f"{number}{ending}"


class Joiner:
    """Holds every site once, ready to be asked twenty thousand times."""

    def __init__(self, sites: Iterable[SurveyedSite]) -> None:
        self._sites = {each.site_id: each for each in sites}
        self._doors: dict[int, list[Door]] = {}
        self._at: dict[tuple[str, str], list[int]] = defaultdict(list)
        for each in self._sites.values():
            doors = list(dict.fromkeys(door for said in each.addresses if (door := door_of(said))))
            self._doors[each.site_id] = doors
            for key in dict.fromkeys((door.house, door.street) for door in doors):
                self._at[key].append(each.site_id)
        placed = [each for each in self._sites.values() if each.lat is not None and each.lng is not None]
        placed.sort(key=lambda each: (each.lat or 0.0, each.site_id))
        self._ids = [each.site_id for each in placed]
        self._lat = np.array([each.lat for each in placed], np.float64)
        self._lng = np.array([each.lng for each in placed], np.float64)

    def join(self, row: SurveyRow, *, is_of_homes: bool) -> SurveyRow:
        """With its site and how it was found, or with the sentence why not. `is_of_homes`: of several sites
        at one place the one about a home is meant."""
        door = door_of(row.address)
        here = self._by_door(door) if door else []
        if len(found := self._meant(here, is_of_homes=is_of_homes)) == 1:
            return replace(row, site_id=found[0], how_joined="address")
        if found:
            return replace(row, why_not=f"{len(found)} sites stand at this address: join it by hand.")
        near = self._near(row, door)
        if len(found := self._meant([each for each, _ in near], is_of_homes=is_of_homes)) == 1:
            metres = dict(near)[found[0]]
            return replace(row, site_id=found[0], how_joined=f"within {WITHIN_M:.0f} m ({metres:.0f} m)")
        if found:
            return replace(row, why_not=f"{len(found)} sites lie within {WITHIN_M:.0f} m: join it by hand.")
        return replace(row, why_not=_why_none(row, door))

    def _by_door(self, door: Door) -> list[int]:
        """With the same unit where one has it, else wherever no other unit is said."""
        here = self._at.get((door.house, door.street), [])
        same = [each for each in here if door in self._doors[each]]
        if door.unit and same:
            return same
        return [each for each in here if not all(map(door.is_other_than, self._doors[each]))]

    def _near(self, row: SurveyRow, door: Door | None) -> list[tuple[int, float]]:
        """Within 60 m, without those of another house: the neighbor's is as near."""
        if row.lat is None or row.lng is None or not self._ids:
            return []
        first, last = np.searchsorted(self._lat, (row.lat - _WITHIN_DEG, row.lat + _WITHIN_DEG))
        metres = distance_m(row.lng, row.lat, self._lng[first:last], self._lat[first:last])
        near = [(self._ids[first + at], float(metres[at])) for at in np.flatnonzero(metres <= WITHIN_M)]
        return [(each, far) for each, far in near if not self._is_elsewhere(door, each)]

    def _is_elsewhere(self, door: Door | None, site_id: int) -> bool:
        doors = self._doors[site_id]
        return door is not None and bool(doors) and all(map(door.is_other_than, doors))

    def _meant(self, found: Sequence[int], *, is_of_homes: bool) -> Sequence[int]:
        homes = [each for each in found if self._sites[each].is_home]
        return homes if is_of_homes and homes else found


def _why_none(row: SurveyRow, door: Door | None) -> str:
    if door is None and row.lat is None:
        return "Its address names no house on a street, and it has no coordinates: no site was looked for."
    if row.lat is None:
        return "No site has this address, and it has no coordinates to look around."
    return f"No site has this address or lies within {WITHIN_M:.0f} m of it."
