"""The queue's order cut into groups by neighborhood, category or claim; the group of the worst site first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from dispatch.board import CLOSED, Board, Rows
from dispatch.records import Band

Codes = npt.NDArray[np.int32]


class GroupBy(StrEnum):
    NOTHING = ""
    HOOD = "hood"
    CATEGORY = "category"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class Group:
    """`name` is the neighborhood's, the category's key or the person's, empty for none; `p1` counts the open
    P1 in it, so that a folded one hides none silently (S5)."""

    name: str
    count: int
    p1: int
    is_folded: bool


@dataclass(frozen=True, slots=True)
class Grouped:
    """`places` holds rows of the board in the order shown; -1 stands for the first group's heading, -2 for
    the second's and so on. Rows of a folded group have no place."""

    places: Rows
    groups: tuple[Group, ...] = ()


def group(board: Board, order: Rows, by: GroupBy, folded: Collection[str] = ()) -> Grouped:
    """`order` is the queue's own (S4): it holds inside each group, and its first site of each leads."""
    if by is GroupBy.NOTHING or not order.size:
        return Grouped(order)
    codes, names = _codes(board, by)
    mine = codes[order]
    first = np.full(len(names), len(order), np.intp)
    first[mine[::-1]] = np.arange(len(order) - 1, -1, -1)  # what is written last stays: the first of each
    counts = np.bincount(mine, minlength=len(names))
    is_p1 = (board.band[order] == Band.P1) & (board.state[order] != CLOSED)
    p1 = np.bincount(mine[is_p1], minlength=len(names))
    shown = np.argsort(first, kind="stable")[: int((counts > 0).sum())]
    groups = tuple(
        Group(names[code], int(counts[code]), int(p1[code]), names[code] in folded) for code in shown.tolist()
    )
    # In sixteen bits, as the board's own columns are: sorted by digits, about five times faster.
    rank = np.zeros(len(names), np.int16)
    rank[shown] = np.arange(len(shown), dtype=np.int16)
    sorted_rows = order[np.argsort(rank[mine], kind="stable")]
    starts = np.concatenate([[0], np.cumsum(counts[shown])[:-1]]).astype(np.intp)
    headings = -1 - np.arange(len(shown), dtype=np.intp)
    places = np.insert(sorted_rows, starts, headings)
    if any(each.is_folded for each in groups):
        is_open = np.repeat([not each.is_folded for each in groups], counts[shown] + 1)
        places = places[is_open | (places < 0)]
    return Grouped(places, groups)


def name_of(board: Board, row: int, by: GroupBy) -> str:
    """The group that a row of the board belongs to now."""
    codes, names = _codes(board, by)
    return names[int(codes[row])]


def _codes(board: Board, by: GroupBy) -> tuple[Codes, list[str]]:
    """A number for each row of the board, and the group's name by number."""
    if by is GroupBy.CLAIM:
        people = sorted({claim.person for claim in board.claims.values()})
        codes = np.full(board.count, len(people), np.int32)
        for site_id, claim in board.claims.items():
            codes[board.row(site_id)] = people.index(claim.person)
        return codes, [*people, ""]
    column, names = (board.hood, board.hoods) if by is GroupBy.HOOD else (board.category, board.categories)
    # The place after the last is that of -1: no name.
    return np.where(column < 0, len(names), column).astype(np.int32), [*names, ""]
