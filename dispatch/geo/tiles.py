"""Arithmetic of base map tiles, and which geometry falls into which tile. Draws nothing.

Two levels make one zoom step of a factor of two, so that each step of the wheel still shows tiles pixel
by pixel. Level 2z has the resolution of zoom z of 512 px web tiles.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.geo import geometry as shapely
from dispatch.geo.areas import Bounds
from dispatch.geo.projection import HALF_WORLD_M

TILE_PX = 512
MIN_LEVEL, MAX_LEVEL = 8, 36


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Column from the west, row from the north."""

    level: int
    column: int
    row: int

    @property
    def parent(self) -> Tile:
        """The tile of half the scale that holds this one: two levels up, by quarters."""
        return Tile(self.level - 2, self.column // 2, self.row // 2)

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north in Mercator metres."""
        span = tile_span(self.level)
        west, north = self.column * span - HALF_WORLD_M, HALF_WORLD_M - self.row * span
        return west, north - span, west + span, north


def resolution(level: float) -> float:
    """Mercator metres for one pixel."""
    return 2 * HALF_WORLD_M / TILE_PX * math.exp2(-level / 2)


def tile_span(level: int) -> float:
    return TILE_PX * resolution(level)


def level_for(metres_per_px: float) -> int:
    """The level drawn nearest to a resolution, within what tiles are made for."""
    level = round(2 * math.log2(2 * HALF_WORLD_M / TILE_PX / metres_per_px))
    return min(max(level, MIN_LEVEL), MAX_LEVEL)


def level_that_fits(bounds: Bounds, width_px: float, height_px: float) -> int:
    """The closest level at which a box is seen whole."""
    west, south, east, north = bounds
    need = max((east - west) / max(width_px, 1.0), (north - south) / max(height_px, 1.0), 1e-6)
    level = math.floor(2 * math.log2(2 * HALF_WORLD_M / TILE_PX / need))
    return min(max(level, MIN_LEVEL), MAX_LEVEL)


def tiles_over(bounds: Bounds, level: int) -> Iterator[Tile]:
    """Tiles that touch a box, row by row from the northwest."""
    west, south, east, north = bounds
    span = tile_span(level)
    first_column, last_column = _index(west + HALF_WORLD_M, span), _index(east + HALF_WORLD_M, span)
    first_row, last_row = _index(HALF_WORLD_M - north, span), _index(HALF_WORLD_M - south, span)
    for row in range(first_row, last_row + 1):
        for column in range(first_column, last_column + 1):
            yield Tile(level, column, row)


def _index(metres: float, span: float) -> int:
    return math.floor(metres / span)


class Binned:
    """Geometry that can be asked for by tile: what touches it, cut to it, coarse enough for its level."""

    def __init__(self, shapes: Sequence[shapely.Geometry]) -> None:
        self._shapes = np.array(shapes, object)
        self._tree = shapely.STRtree(self._shapes)
        self._coarse: dict[int, np.ndarray[tuple[int], np.dtype[np.object_]]] = {}

    def within(self, tile: Tile, *, margin_px: float) -> list[shapely.Geometry]:
        """The pieces in a tile and a margin around it, so that a wide pen reaches over the edge."""
        west, south, east, north = tile.bounds
        margin = margin_px * resolution(tile.level)
        box = (west - margin, south - margin, east + margin, north + margin)
        touching = self._tree.query(shapely.box(*box))
        if not touching.size:
            return []
        # In the file's order: later features are drawn over earlier ones, the same in every tile.
        pieces = shapely.clip_by_rect(self._at(tile.level)[np.sort(touching)], *box)
        return [piece for piece in pieces if not piece.is_empty]

    def _at(self, level: int) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        # A third of a pixel is not seen; at city scale it leaves a fifth of the vertices.
        if level not in self._coarse:
            coarse = shapely.simplify(self._shapes, resolution(level) / 3, preserve_topology=False)
            self._coarse[level] = np.where(shapely.is_empty(coarse), self._shapes, coarse)
        return self._coarse[level]
