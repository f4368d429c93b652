"""Many places on few pixels: grid cells with counts, what lies under the pointer, what a lasso holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dispatch.geo.areas import Bounds

Rows = npt.NDArray[np.intp]
Column = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """One entry for each grid cell that holds something. `rows` are all rows inside; `key` says which square
    of the grid each lies in, and `everywhere` how many lie in each square, the empty ones too.

    x, y is the middle of the places inside; worst is the lowest number of `urgent` above 0, else 0.
    """

    x: Column
    y: Column
    count: npt.NDArray[np.int64]
    worst: npt.NDArray[np.int8]
    rows: Rows
    key: npt.NDArray[np.int64]
    everywhere: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return self.count.size

    def rows_of(self, cell: int) -> Rows:
        start = self._starts[cell]
        return self._by_cell[start : start + self.count[cell]]

    def rows_of_cells_up_to(self, most: int) -> Rows:
        """Those in cells that hold no more than so many."""
        return self.rows[(self.everywhere <= most).take(self.key)]

    # Asked for by a pointer, not by each frame.
    @cached_property
    def _by_cell(self) -> Rows:
        return self.rows[_sorted_by(self.key)]

    @cached_property
    def _starts(self) -> npt.NDArray[np.int64]:
        return np.concatenate(([0], np.cumsum(self.count)[:-1]))


def visible(x: Column, y: Column, mask: Mask, bounds: Bounds) -> Rows:
    """Rows inside a box that the mask lets through. NaN is in no box."""
    west, south, east, north = bounds
    return np.flatnonzero(mask & (x >= west) & (x < east) & (y >= south) & (y < north))


def cells_of(
    x: Column, y: Column, urgent: npt.NDArray[np.int8], rows: Rows, *, size: float, reach: float
) -> Cells:
    """Gather rows into square cells of `size` metres on a grid fixed to the world.

    The grid does not move with the view, so panning moves no bubble. A cell's middle is held within
    `reach` of the cell's own centre: neighbors drawn with a smaller radius then never overlap.
    """
    if not rows.size:
        empty = np.empty(0, np.int64)
        return Cells(np.empty(0), np.empty(0), empty, np.empty(0, np.int8), rows, empty, empty)
    px, py = x.take(rows), y.take(rows)
    # In floating point until the key is whole: each cast of all rows is a pass more.
    column, row = np.floor(px / size), np.floor(py / size)
    first_column, first_row = column.min(), row.min()
    wide = int(column.max() - first_column) + 1
    key = ((row - first_row) * wide + (column - first_column)).astype(np.int64)

    everywhere = np.bincount(key)
    filled = np.flatnonzero(everywhere)
    count = everywhere[filled]
    middle_x, middle_y = np.bincount(key, px)[filled] / count, np.bincount(key, py)[filled] / count
    centre_x = (filled % wide + first_column + 0.5) * size
    centre_y = (filled // wide + first_row + 0.5) * size
    return Cells(
        x=np.clip(middle_x, centre_x - reach, centre_x + reach),
        y=np.clip(middle_y, centre_y - reach, centre_y + reach),
        count=count,
        worst=_worst(key, urgent.take(rows), filled),
        rows=rows,
        key=key,
        everywhere=everywhere,
    )


def _sorted_by(key: npt.NDArray[np.int64]) -> Rows:
    # Two-byte numbers are sorted by radix, six times faster; a screen never has more cells than that.
    small = key.astype(np.uint16) if key.max() < 65_536 else key
    return np.argsort(small, kind="stable")


def _worst(key: npt.NDArray[np.int64], urgent: npt.NDArray[np.int8], filled: Rows) -> npt.NDArray[np.int8]:
    marked = np.flatnonzero(urgent > 0)  # five times faster than of the numbers themselves
    worst = np.full(int(filled[-1]) + 1, 127, np.int8)
    np.minimum.at(worst, key[marked], urgent[marked])
    found = worst[filled]
    return np.where(found == 127, 0, found).astype(np.int8)


class HitIndex:
    """Finds the rows near a point without looking at all of them: a grid over the rows given."""

    def __init__(self, x: Column, y: Column, rows: Rows, *, size: float) -> None:
        known = rows[np.isfinite(x[rows]) & np.isfinite(y[rows])]
        self._size = size
        key = _pack(np.floor(x[known] / size), np.floor(y[known] / size))
        order = np.argsort(key, kind="stable")
        self._key = key[order]
        self._rows = known[order]
        self._x, self._y = x[self._rows], y[self._rows]

    def near(self, x: float, y: float, reach: float) -> Rows:
        """Rows within `reach`, nearest first."""
        columns = np.arange(np.floor((x - reach) / self._size), np.floor((x + reach) / self._size) + 1)
        lows = np.floor((y - reach) / self._size)
        highs = np.floor((y + reach) / self._size)
        start = np.searchsorted(self._key, _pack(columns, np.full_like(columns, lows)), "left")
        stop = np.searchsorted(self._key, _pack(columns, np.full_like(columns, highs)), "right")
        near: Rows = np.concatenate([np.arange(a, b) for a, b in zip(start, stop, strict=True)])
        away: Column = np.hypot(self._x[near] - x, self._y[near] - y)
        inside = away <= reach
        found: Rows = self._rows[near[inside][np.argsort(away[inside], kind="stable")]]
        return found


def _pack(column: Column, row: Column) -> npt.NDArray[np.int64]:
    # Rows of one column lie side by side, so that a column of cells is one slice.
    return (column.astype(np.int64) << 32) + row.astype(np.int64)


def inside_ring(x: Column, y: Column, rows: Rows, ring: npt.NDArray[np.float64]) -> Rows:
    """Those of `rows` inside a closed hand-drawn ring (n x 2, crossing itself is allowed: even-odd).

    Each edge looks only at the places at its own height, found by one sort: 12 ms for 100,000 places and
    200 edges, where asking a polygon place by place took half a second.
    """
    if len(ring) < 3:
        return rows[:0]
    west, south = ring.min(axis=0)
    east, north = ring.max(axis=0)
    px, py = x[rows], y[rows]
    boxed = np.flatnonzero((px >= west) & (px <= east) & (py >= south) & (py <= north))
    by_height = boxed[np.argsort(py[boxed], kind="stable")]
    px, py = px[by_height], py[by_height]
    odd = np.zeros(by_height.size, np.bool_)
    for (x0, y0), (x1, y1) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        # Half open, so that a corner is counted for one of its two edges.
        level = slice(*np.searchsorted(py, (min(y0, y1), max(y0, y1)), "left"))
        odd[level] ^= px[level] < x0 + (py[level] - y0) * ((x1 - x0) / (y1 - y0))
    return np.sort(rows[by_height[odd]])
