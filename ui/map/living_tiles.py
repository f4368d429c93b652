"""Base map tiles over pictures that come and change while they are shown: a tile server's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dispatch.geo.areas import Bounds
from ui.map.tile_key import TileKey
from ui.map.tile_store import TileStore

# So many drawn tiles are known; older ones are drawn again, which takes a blink.
KNOWN = 600


class LivingTiles(TileStore):
    """What is on disk counts only if it was drawn in this session and nothing has come for its place since.

    The old picture is shown until the new one is there.
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._drawn: dict[TileKey, Bounds] = {}
        self._stale: set[TileKey] = set()
        # Asked for, and something has come for their place meanwhile.
        self._overtaken: set[TileKey] = set()

    def lacks(self, key: TileKey) -> bool:
        return key in self._stale or super().lacks(key)

    def draw_ahead(self, keys: Iterable[TileKey]) -> None:
        """Nothing: it would be drawn from what is not there yet."""

    def renew(self, boxes: Sequence[Bounds]) -> None:
        """Other pictures stand in these places now (Mercator metres)."""
        known = dict(self._drawn)
        for key in (*self._memory, *self._asked, *self._failed):
            if key not in known:
                known[key] = key.tile.bounds
        touched = {key for key, bounds in known.items() if any(_meet(bounds, box) for box in boxes)}
        for key in touched:
            self._drawn.pop(key, None)
        self._failed -= touched
        self._stale = (self._stale | touched) & self._memory.keys()
        self._overtaken |= touched & self._asked.keys()

    def _is_drawn(self, key: TileKey) -> bool:
        return key in self._drawn and super()._is_drawn(key)

    def _load(self, key: TileKey) -> bool:
        is_loaded = super()._load(key)
        if is_loaded:
            self._stale.discard(key)
        return is_loaded

    def _take_drawn(self, key: TileKey) -> None:
        if key in self._overtaken:
            self._overtaken.discard(key)
            return
        self._drawn.pop(key, None)
        self._drawn[key] = key.tile.bounds
        if len(self._drawn) > KNOWN:
            self._drawn.pop(next(iter(self._drawn)))


def _meet(one: Bounds, other: Bounds) -> bool:
    west, south, east, north = one
    return west < other[2] and other[0] < east and south < other[3] and other[1] < north
