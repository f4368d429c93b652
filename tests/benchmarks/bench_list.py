"""Scrolling the real list, and moving the time brush, each over 100,000 sites."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from dispatch.geo.folder import GeoFolder
from dispatch.resources import resource
from tests.benchmarks.floor import alternate, result
from tests.ui.boards import NOW, storm_board
from ui.map.view import MapView
from ui.queue.delegate import ROW_HEIGHT, RowDelegate
from ui.queue.list_view import QueueList
from ui.queue.selection import Selection
from ui.queue.view import QueueView
from ui.theme import Theme

COUNT = 100_000
SIZE = (1600, 1000)
SAMPLES = 60
JUMP_PX = 611  # no multiple of a row: half rows are painted too
ZONE = ZoneInfo("America/New_York")
HOME = (-82.80, 27.60, -82.54, 27.90)
FOLDER = GeoFolder(resource("geo"), "st-petersburg")
HELPER = (sys.executable, "-m", "ui.map.tiles")


class StormNow:
    def now(self) -> int:
        return NOW


class BareList(QAbstractScrollArea):
    """The floor: the same delegate over the rows in sight, with nothing of a table view around it."""

    def __init__(self, delegate: RowDelegate, rows: int, theme: Theme) -> None:
        super().__init__()
        self._delegate = delegate
        self._theme = theme
        self._rows = rows
        self.painted = 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        self.painted += 1
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), self._theme.color("window"))
        top = self.verticalScrollBar().value()
        first = top // ROW_HEIGHT
        last = min(self._rows - 1, (top + self.viewport().height() - 1) // ROW_HEIGHT)
        for position in range(first, last + 1):
            rect = QRect(0, position * ROW_HEIGHT - top, self.viewport().width(), ROW_HEIGHT)
            painter.save()
            painter.setClipRect(rect)
            self._delegate.paint_row(painter, rect, position)
            painter.restore()


def run() -> dict[str, dict[str, Any]]:
    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        theme = Theme("light")
        selection = Selection(storm_board(COUNT), clock=StormNow(), zone=ZONE, search=no_search)
        city = MapView(
            selection=selection, theme=theme, folder=FOLDER, home=HOME, tiles_dir=Path(folder), command=HELPER
        )
        queue = QueueView(selection=selection, map_view=city, detail=QWidget(), zone=ZONE, theme=theme)
        queue.resize(*SIZE)
        queue.show()
        exposed(app, queue)
        queue.order.touch()
        results = {
            "list_scroll_100k": scroll(app, queue.list, theme),
            "brush_100k": brush(app, queue),
        }
        city.close_tiles()
        queue.close()
    return results


def scroll(app: Any, listed: QueueList, theme: Theme) -> dict[str, Any]:
    delegate = listed.itemDelegate()
    assert isinstance(delegate, RowDelegate)
    bare = BareList(delegate, COUNT, theme)
    bare.setVerticalScrollBarPolicy(listed.verticalScrollBarPolicy())
    bare.resize(listed.size())
    bare.verticalScrollBar().setRange(0, listed.verticalScrollBar().maximum())
    bare.show()
    exposed(app, bare)
    steps = {"real": 0, "bare": 0}

    def move(area: QAbstractScrollArea, name: str) -> None:
        steps[name] += 1
        area.verticalScrollBar().setValue(steps[name] * JUMP_PX)
        area.viewport().repaint()

    values, floors = alternate(
        lambda: move(listed, "real"),
        lambda: move(bare, "bare"),
        samples=SAMPLES,
        before=app.processEvents,
    )
    if bare.painted < SAMPLES or listed.verticalScrollBar().value() != steps["real"] * JUMP_PX:
        raise RuntimeError("Some frames were not painted; the figures would mean nothing.")
    bare.close()
    return result(values, floors)


def brush(app: Any, queue: QueueView) -> dict[str, Any]:
    """An hour's step of the brush until everything is painted; the floor is given the mask."""
    selection, strip = queue.selection, queue.strip
    last = len(strip._hours().counts) - 1
    at = {"real": 0, "given": 0}
    spans = [(first, first + 3) for first in range(last - 30, last - 3)]
    masks = []
    for span in spans:
        strip.brush_hours(*span)
        masks.append((selection.filters, selection.mask, selection.outside))

    def paint() -> None:
        for part in (queue.list.viewport(), queue.map, strip, queue.header):
            part.repaint()
        app.processEvents()

    def move() -> None:
        at["real"] += 1
        # Not where the floor has just been: a brush that does not move costs nothing.
        strip.brush_hours(*spans[(at["real"] + len(spans) // 2) % len(spans)])
        paint()

    def given() -> None:
        at["given"] += 1
        selection.filters, selection.mask, selection.outside = masks[at["given"] % len(masks)]
        selection.narrowed.emit()
        paint()

    values, floors = alternate(move, given, samples=SAMPLES, before=app.processEvents)
    return result(values, floors)


def exposed(app: Any, window: QWidget) -> None:
    while not window.windowHandle() or not window.windowHandle().isExposed():
        app.processEvents()
    window.grab()


async def no_search(_text: str) -> list[int]:
    return []
