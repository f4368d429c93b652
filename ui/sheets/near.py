"""Which open sites lie near one: read from the board's columns, same family first, then by distance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.board import Board

NEAR_M = 250.0


@dataclass(frozen=True, slots=True)
class Neighbor:
    site_id: int
    band: int
    what: str
    where: str
    distance_m: float
    first_at: int
    reports: int
    is_same_family: bool


def distances_m(board: Board, row: int) -> npt.NDArray[np.float64]:
    """From this site to every site of the board; NaN where one has no place."""
    # Mercator stretches with latitude; the cosine brings metres on paper back to metres on the ground.
    scale = np.cos(np.radians(board.lat[row]))
    return np.hypot(board.x - board.x[row], board.y - board.y[row]) * scale


def neighbors(
    board: Board, site_id: int, family: Callable[[str], str], *, radius_m: float = NEAR_M
) -> list[Neighbor]:
    row = board.row(site_id)
    if row < 0 or np.isnan(board.x[row]):
        return []
    distance = distances_m(board, row)
    near = board.is_open() & (distance <= radius_m)
    near[row] = False
    rows = np.flatnonzero(near)
    own = family(board.categories[board.category[row]])
    found = [_neighbor(board, int(i), float(distance[i]), own, family) for i in rows]
    return sorted(found, key=lambda n: (not n.is_same_family, n.distance_m))


def _neighbor(board: Board, row: int, distance_m: float, own: str, family: Callable[[str], str]) -> Neighbor:
    return Neighbor(
        site_id=int(board.site_id[row]),
        band=int(board.band[row]),
        what=board.what[row],
        where=board.where[row],
        distance_m=distance_m,
        first_at=int(board.first_at[row]),
        reports=int(board.reports[row]),
        is_same_family=family(board.categories[board.category[row]]) == own,
    )
