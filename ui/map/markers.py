"""Which markers a frame shows: single sites by their band, crowded cells as one bubble with its count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.board import Board, Mask, Rows
from dispatch.geo.areas import Bounds
from dispatch.geo.clusters import Cells, HitIndex, cells_of, inside_ring, visible
from dispatch.records import Band
from ui.map.frame import Frame
from ui.map.sprites import LARGEST_BUBBLE_PX, bubble_radius

CELL_PX = 72
HIT_PX = 11.0
# Up to this many sites in a cell are shown one by one when the whole view is not crowded.
FEW = 4
CROWDED = 1_500
# From here on streets are apart from each other and every site has room.
STREET_LEVEL = 31
ONE_PLACE_M = 15.0


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under the pointer: rows, the most urgent first; a bubble when there is no single one."""

    rows: Rows
    is_bubble: bool


class Markers:
    """Made anew when the frame's level, the mask or the board change; not while panning within it.

    What is in the window decides whether sites stand by themselves: a wider frame shows the same ones."""

    def __init__(self, board: Board, mask: Mask, frame: Frame, window: Frame) -> None:
        self._board = board
        self._frame = frame
        cell_m = CELL_PX * frame.ratio * frame.metres_per_px
        west, south, east, north = frame.bounds
        # Cells at the edge are counted whole, so that a bubble does not change when it comes into view.
        around = (west - cell_m, south - cell_m, east + cell_m, north + cell_m)
        self.rows = visible(board.x, board.y, mask, around)
        self._in_window = self._count_in(window.bounds)
        self.cells = self._gather(cell_m)
        apart = self._most_apart()
        self.bubbles = np.flatnonzero(self.cells.count > apart)
        self.singles = self._ordered(self.cells.rows_of_cells_up_to(apart))
        self._index = HitIndex(board.x, board.y, self.singles, size=cell_m)

    def near(self, px: float, py: float) -> Hit | None:
        """What a pointer there means: singles lie over bubbles, as they are painted."""
        frame, board = self._frame, self._board
        x, y = frame.place(px, py)
        rows = self._index.near(x, y, HIT_PX * frame.ratio * frame.metres_per_px)
        if rows.size:
            return Hit(rows[np.argsort(board.band[rows], kind="stable")], is_bubble=False)
        at_x, at_y = frame.point(self.cells.x[self.bubbles], self.cells.y[self.bubbles])
        away = np.hypot(at_x - px, at_y - py)
        for near in np.argsort(away)[:2].tolist():
            cell = int(self.bubbles[near])
            if away[near] <= bubble_radius(int(self.cells.count[cell])):
                rows = self.cells.rows_of(cell)
                return Hit(rows[np.argsort(board.band[rows], kind="stable")], is_bubble=True)
        return None

    def _gather(self, cell_m: float) -> Cells:
        board = self._board
        dangerous = (board.band <= Band.P2) & board.is_open()
        urgent = np.where(dangerous, board.band, np.int8(0))
        reach = cell_m * (0.5 - LARGEST_BUBBLE_PX / CELL_PX)
        return cells_of(board.x, board.y, urgent, self.rows, size=cell_m, reach=reach)

    def _most_apart(self) -> int:
        if self._frame.apparent_level >= STREET_LEVEL and self._in_window < 2 * CROWDED:
            return max(self.rows.size, 1)
        return FEW if self._in_window < CROWDED else 1

    def _count_in(self, bounds: Bounds) -> int:
        west, south, east, north = bounds
        x, y = self._board.x.take(self.rows), self._board.y.take(self.rows)
        return int(np.count_nonzero((x >= west) & (x < east) & (y >= south) & (y < north)))

    def _ordered(self, rows: Rows) -> Rows:
        """The sites shown one by one, the most urgent last, so that it is painted on top."""
        return rows[np.argsort(-self._board.band[rows], kind="stable")]


def sites_in_ring(board: Board, mask: Mask, ring: npt.NDArray[np.float64]) -> frozenset[int]:
    """Ids of the sites in view inside a ring drawn on the map (Mercator metres)."""
    rows = inside_ring(board.x, board.y, np.flatnonzero(mask), ring)
    return frozenset(board.site_id[rows].tolist())


def place_of(board: Board, site_id: int) -> tuple[float, float] | None:
    """Where a site lies in Mercator metres; None when the board has no place for it."""
    row = board.row(site_id)
    if row < 0 or not np.isfinite(board.x[row]):
        return None
    return float(board.x[row]), float(board.y[row])


def is_one_place(board: Board, rows: Rows) -> bool:
    """Whether coming closer would not take these sites apart."""
    return bool(np.ptp(board.x[rows]) < ONE_PLACE_M and np.ptp(board.y[rows]) < ONE_PLACE_M)


def box_elsewhere(board: Board, home: Bounds) -> Bounds | None:
    """Around nearly all sites when most of them lie outside the city's own box, else None."""
    known = np.isfinite(board.x)
    x, y = board.x[known], board.y[known]
    west, south, east, north = home
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    if not x.size or inside.mean() > 0.5:
        return None
    (left, right), (low, high) = np.percentile(x, (3, 97)), np.percentile(y, (3, 97))
    room = max(right - left, high - low, 1000.0) * 0.05
    return float(left - room), float(low - room), float(right + room), float(high + room)
