"""A frame of the real map over its real base map, against one copy of a picture as large as the window."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from dispatch.board import Board
from dispatch.geo.areas import Areas
from dispatch.geo.folder import GeoFolder
from dispatch.geo.projection import to_degrees
from dispatch.records import SiteRow
from dispatch.resources import resource
from tests.benchmarks.floor import alternate, percentile, result, stopwatch
from ui.map.view import MapView
from ui.queue.selection import Selection
from ui.theme import Theme

SIZE = (1600, 1000)
SAMPLES = 200
COLD_FRAMES = 600
STEP_PX = 23
TILES_WITHIN_S = 120
NOW = 1_505_140_200_000
HOME = (-82.80, 27.60, -82.54, 27.90)
FOLDER = GeoFolder(resource("geo"), "st-petersburg")
HELPER = (sys.executable, "-m", "ui.map.tiles")


class StormNow:
    def now(self) -> int:
        return NOW


class CountedMap(MapView):
    paints = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        self.paints += 1
        super().paintEvent(event)


class OneCopy(QWidget):
    """The floor: a window that copies one picture and does nothing else."""

    def __init__(self, picture: QPixmap) -> None:
        super().__init__()
        self._picture = picture
        self.paints = 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        self.paints += 1
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._picture)


def run() -> dict[str, dict[str, Any]]:
    app = QApplication.instance() or QApplication([])
    theme = Theme("light")
    with tempfile.TemporaryDirectory() as folder:
        hundred = board_of(100_000)
        cold = cold_frames(app, hundred, theme, Path(folder))
        return {
            "map_pan_100k": pans(app, hundred, theme, Path(folder)) | cold,
            "map_zoom_100k": zooms(app, hundred, theme, Path(folder)),
            "map_pan_500k": pans(app, board_of(500_000), theme, Path(folder)),
        }


def pans(app: Any, board: Board, theme: Theme, folder: Path) -> dict[str, Any]:
    view, floor = shown(app, board, theme, folder)
    wait_for_tiles(app, view)
    at = iter(range(10**6))

    def pan() -> None:
        # To and fro over more than the margin: frames that fill the picture anew are among them.
        view.pan_by(STEP_PX if next(at) // 40 % 2 == 0 else -STEP_PX, 0)
        view.repaint()

    return measured(app, view, floor, pan)


def zooms(app: Any, board: Board, theme: Theme, folder: Path) -> dict[str, Any]:
    view, floor = shown(app, board, theme, folder)
    wait_for_tiles(app, view)
    for step in (1, 1, -1, -1):
        view.zoom_by(step)
        wait_for_tiles(app, view)
    at = iter(range(10**6))

    def zoom() -> None:
        view.zoom_by(1 if next(at) // 2 % 2 == 0 else -1)
        view.repaint()

    return measured(app, view, floor, zoom)


def measured(app: Any, view: CountedMap, floor: OneCopy, frame: Any) -> dict[str, Any]:
    painted, copied = view.paints, floor.paints
    values, floors = alternate(frame, floor.repaint, samples=SAMPLES, before=app.processEvents)
    if view.paints - painted < SAMPLES or floor.paints - copied < SAMPLES:
        raise RuntimeError("Some frames were not painted; the figures would mean nothing.")
    closed(view, floor)
    return result(values, floors)


def cold_frames(app: Any, board: Board, theme: Theme, folder: Path) -> dict[str, float]:
    """p99 of frames while panning over a city of which no tile exists yet, events between them included."""
    view, floor = shown(app, board, theme, folder)
    view.zoom_by(3)

    def frame(number: int) -> None:
        view.pan_by(STEP_PX if number % 200 < 100 else -STEP_PX, 9 if number % 400 < 200 else -9)
        view.repaint()
        app.processEvents()

    seconds = [stopwatch(lambda n=number: frame(n)) for number in range(COLD_FRAMES)]
    closed(view, floor)
    return {"p99": round(percentile(seconds, 0.99) * 1e3, 4)}


def shown(app: Any, board: Board, theme: Theme, folder: Path) -> tuple[CountedMap, OneCopy]:
    """The map and the floor in windows of the same size, both exposed."""
    view = CountedMap(
        selection=Selection(board, clock=StormNow(), zone=ZoneInfo("America/New_York"), search=no_search),
        theme=theme,
        folder=FOLDER,
        home=HOME,
        tiles_dir=folder,
        command=HELPER,
    )
    view.resize(*SIZE)
    picture = QPixmap(*SIZE)
    picture.fill(theme.color("land"))
    floor = OneCopy(picture)
    floor.resize(*SIZE)
    for window in (view, floor):
        window.show()
    until(app, lambda: view.paints > 0 and floor.paints > 0)
    return view, floor


def closed(*windows: QWidget) -> None:
    for window in windows:
        if isinstance(window, MapView):
            window.close_tiles()
        window.close()


def wait_for_tiles(app: Any, view: MapView) -> None:
    view.repaint()
    until(app, lambda: not view.tiles.needs_any)


def until(app: Any, condition: Any) -> None:
    ends = time.monotonic() + TILES_WITHIN_S
    while not condition():
        if time.monotonic() > ends:
            raise RuntimeError("The map did not come to rest.")
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


async def no_search(_text: str) -> list[int]:
    return []


def board_of(count: int) -> Board:
    """Open sites where people live: around the neighborhoods, dense here and sparse there."""
    rng = np.random.default_rng(4)
    hoods = Areas.load(FOLDER.neighborhoods)
    middles = np.array([(shape.centroid.x, shape.centroid.y) for shape in hoods.shapes])
    chosen = middles[rng.choice(len(middles), count, p=rng.dirichlet(np.ones(len(middles))))]
    lng, lat = to_degrees(*(chosen + rng.normal(0, 600, (count, 2))).T)
    band = rng.choice(np.arange(1, 6), count, p=(0.01, 0.07, 0.3, 0.6, 0.02)).tolist()
    blank = dict.fromkeys(SiteRow._fields, 0) | dict.fromkeys(
        (
            "state_reason",
            "neighborhood",
            "claimed_by",
            "claimed_seat",
            "escalation_state",
            "escalation_number",
            "escalation_desk",
        ),
        "",
    )
    blank |= {"score": 40.0, "category": "tree_down", "reports": 1, "first_at": NOW, "last_at": NOW}
    blank |= {"what": "Tree on road", "where": "Childs Park · 11th Ave S"}
    pattern = SiteRow(**blank)
    board = Board(promise_ms={})
    board.apply(
        [
            pattern._replace(site_id=number + 1, band=b, lat=y, lng=x)
            for number, (b, y, x) in enumerate(zip(band, lat.tolist(), lng.tolist(), strict=True))
        ]
    )
    return board
