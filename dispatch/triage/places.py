"""Where a report says it is, in words, and whether pin, address and words agree (S11)."""

from __future__ import annotations

from collections.abc import Iterable

from dispatch.geo.address import short_place
from dispatch.geo.lookup import Box, Found, find
from dispatch.geo.street_grid import Grid, doubt, load_grid, rounded
from dispatch.records import Place


class Places:
    """`grid` is the city's numbering of streets; None where it has none that we know."""

    def __init__(self, grid: Grid | None) -> None:
        self._grid = grid
        self._default_pins: frozenset[Place] = frozenset()

    @classmethod
    def load(cls, jurisdiction: str) -> Places:
        return cls(load_grid(jurisdiction))

    def short(self, address: str) -> str:
        """The place for a list row: never a street without its AVE or ST and its direction."""
        return short_place(address)

    def doubt(self, place: Place | None, address: str, words: str) -> str:
        """Both places in words where they disagree; empty where they do not, or where nothing is known."""
        if self._grid is None:
            return ""
        found = doubt(place, address, words, self._grid, self._default_pins)
        return found.words if found else ""

    def find(self, typed: str, box: Box) -> Found:
        """What a person may mean by an address or coordinates; `box` is the city's."""
        return find(typed, self._grid, box)

    @property
    def default_pins(self) -> frozenset[Place]:
        return self._default_pins

    def is_default_pin(self, place: Place | None) -> bool:
        return place is not None and bool(self._default_pins) and rounded(place) in self._default_pins

    def learn(self, default_pins: Iterable[Place]) -> frozenset[Place]:
        """Points where reports of many addresses stand: a geocoder's "somewhere". Those not known before."""
        fresh = frozenset(default_pins) - self._default_pins
        self._default_pins |= fresh
        return fresh
