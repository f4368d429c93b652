"""Arithmetic of the tiles that map servers and map files have: zooms, columns, rows from the north."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dispatch.geo.areas import Bounds
from dispatch.geo.projection import HALF_WORLD_M

# Zoom, column, row.
WebTile = tuple[int, int, int]


def zoom_for(level: int, most_zoom: int) -> int:
    """The zoom to draw a level of ours from: level 2z has the resolution of zoom z + 1 of 256 px tiles;
    between two, the finer."""
    return min(math.ceil(level / 2) + 1, most_zoom)


def tiles_within(bounds: Bounds, zoom: int) -> Iterator[WebTile]:
    """Those that a box (Mercator metres) shows at least a strip of, from its middle outwards."""
    west, south, east, north = bounds
    span, last = span_m(zoom), (1 << zoom) - 1
    left, right = (west + HALF_WORLD_M) / span, (east + HALF_WORLD_M) / span
    top, bottom = (HALF_WORLD_M - north) / span, (HALF_WORLD_M - south) / span
    columns = range(max(math.floor(left), 0), min(math.ceil(right) - 1, last) + 1)
    rows = range(max(math.floor(top), 0), min(math.ceil(bottom) - 1, last) + 1)
    middle = (left + right - 1) / 2, (top + bottom - 1) / 2
    found = [(zoom, column, row) for row in rows for column in columns]
    yield from sorted(found, key=lambda tile: math.hypot(tile[1] - middle[0], tile[2] - middle[1]))


def bounds_of(tile: WebTile) -> Bounds:
    """West, south, east, north in Mercator metres."""
    zoom, column, row = tile
    span = span_m(zoom)
    west, north = column * span - HALF_WORLD_M, HALF_WORLD_M - row * span
    return west, north - span, west + span, north


def coarser(tile: WebTile, steps: int) -> WebTile:
    """The tile so many zooms above that covers the place of this one."""
    zoom, column, row = tile
    return zoom - steps, column >> steps, row >> steps


def span_m(zoom: int) -> float:
    """How wide a tile is, in Mercator metres."""
    return 2 * HALF_WORLD_M / (1 << zoom)
