"""The bands of 2,000 of 100,000 sites change: from the change to the list painted in its new order."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtWidgets import QApplication, QWidget

from dispatch.columns import Columns, columns_of
from dispatch.records import Band, SiteRow
from tests.benchmarks.bench_list import StormNow, exposed, no_search
from tests.benchmarks.floor import alternate, result
from tests.ui.boards import board_of, storm_rows
from ui.queue.selection import Selection
from ui.queue.view import QueueView
from ui.theme import Theme

COUNT = 100_000
CHANGED = 2_000
SIZE = (1600, 1000)
SAMPLES = 30
CURRENT = 40_000
ZONE = ZoneInfo("America/New_York")


def run() -> dict[str, dict[str, Any]]:
    app = QApplication.instance() or QApplication([])
    rows = storm_rows(COUNT)
    selection = Selection(board_of(*rows), clock=StormNow(), zone=ZONE, search=no_search)
    queue = QueueView(
        selection=selection, map_view=QWidget(), detail=QWidget(), zone=ZONE, theme=Theme("light")
    )
    queue.resize(*SIZE)
    queue.show()
    exposed(app, queue)
    entry = resort(app, queue, made_changes(rows, SAMPLES + 10))
    queue.close()
    return {"resort_100k": entry}


def resort(app: Any, queue: QueueView, made: list[Columns]) -> dict[str, Any]:
    """Selection and scroll stay with the same site: else the figure would mean nothing."""
    selection, board, listed = queue.selection, queue.selection.board, queue.list
    selection.go(int(board.site_id[CURRENT]))
    listed.viewport().repaint()
    changes = iter(made)

    def change() -> None:
        selection.take(board.take(next(changes)))
        queue.order.apply()
        listed.viewport().repaint()

    def floor() -> None:
        rows = np.flatnonzero(selection.mask)
        rows[np.argsort(board._keys(rows), kind="stable")]
        listed.viewport().repaint()

    def settle() -> None:
        app.processEvents()
        if not listed.visualRect(listed.currentIndex()).intersects(listed.viewport().rect()):
            raise RuntimeError("The current site was scrolled out of view.")

    values, floors = alternate(change, floor, samples=SAMPLES, before=settle)
    keys = board._keys(queue.model.order)
    if len(keys) < COUNT or (np.diff(keys) < 0).any() or selection.current != board.site_id[CURRENT]:
        raise RuntimeError("The list is not in order; the figures would mean nothing.")
    return result(values, floors)


def made_changes(rows: list[SiteRow], count: int) -> list[Columns]:
    """What the store would say of 2,000 sites each time: to and fro between two bands."""
    chance = np.random.default_rng(11)
    made = []
    for number in range(count):
        chosen = chance.choice(COUNT, CHANGED, replace=False)
        band = int(Band.P3 if number % 2 else Band.P4)
        made.append(columns_of([rows[at]._replace(band=band) for at in chosen], ()))
    return made
