"""The second page of a snapshot: how long it took, how sites ended, where they lie, what else was
counted. Two columns, each table as long as lets all of them in."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch.reports import snapshot_grid
from dispatch.reports.paper import Sheet
from dispatch.reports.snapshot_grid import Grid, Laid
from dispatch.reports.snapshot_pages import FOOT, GAP, GUTTER, LARGE_MOST, LEADS, QUIET, TOLD, WHAT
from dispatch.snapshot.records import Snapshot

FIRST = ("closed", "areas", "bands", "lifelines")
# What page one has shown as a table or as bars stands once more only among the tables of data.
SHOWN = frozenset({WHAT, LEADS, TOLD, "hours", *QUIET})
# How many lines each table gets: the most with which all of them fit.
STEPS = (200, 100, *range(60, 0, -1))


def draw(snapshot: Snapshot, sheet: Sheet, top: float) -> None:
    """Where there are more tables than fit with a line each, the last ones stand among the data alone."""
    half = (sheet.right - sheet.left - GUTTER) / 2
    laid = [Laid(grid, half, 2) for grid in _grids(snapshot)]
    room = sheet.bottom - FOOT - top
    while laid:
        most = next((most for most in STEPS if _packed(laid, most, room) is not None), 0)
        if most:
            break
        laid.pop()
    for each, (column, y) in zip(laid, _packed(laid, most, room) or (), strict=True):
        each.draw(sheet, sheet.left + column * (half + GUTTER), top + y, most)


def _grids(snapshot: Snapshot) -> list[Grid]:
    tables = {table.key: table for table in snapshot.tables}
    keys = [key for key in FIRST if key in tables]
    keys += [key for key in tables if key not in SHOWN and key not in FIRST]
    return [
        snapshot_grid.of_spreads("How long it took", snapshot.spreads),
        snapshot_grid.of_numbers("Further numbers", snapshot.numbers[LARGE_MOST:]),
        *(snapshot_grid.of_table(tables[key]) for key in keys),
    ]


def _packed(laid: Sequence[Laid], most: int, room: float) -> list[tuple[int, float]] | None:
    """Column and top of each with so many lines at most; None where they do not fit."""
    ends = [0.0, 0.0]
    found = []
    for each in laid:
        column = 0 if ends[0] <= ends[1] else 1
        found.append((column, ends[column]))
        ends[column] += each.height(most)
        if ends[column] > room:
            return None
        ends[column] += GAP
    return found
