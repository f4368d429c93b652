"""The volumes over 1, 10 and 100 thousand sites of three days: counting them, and drawing both charts anew.

The floors do what cannot be done without: one count of the reports by hour, one copy of a picture of the
charts' size to the screen.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from dispatch.board import CLOSED, Board
from dispatch.insight.forecast import DAY, forecast
from dispatch.insight.frame import frame
from dispatch.insight.volumes import HOUR_MS, Group, Teller, Told, Volumes, count, whole_hours
from tests.benchmarks.bench_map import NOW, OneCopy, board_of, until
from tests.benchmarks.floor import alternate, result
from ui.theme import Theme
from ui.volumes.charts import Arrivals, Backlog

SIZES = ((1_000, "1k"), (10_000, "10k"), (100_000, "100k"))
HOURS = 72
WINDOW = (1100, 560)
SAMPLES = 60
ZONE = ZoneInfo("America/New_York")

Results = dict[str, dict[str, Any]]


def run() -> Results:
    app = QApplication.instance() or QApplication([])
    theme = Theme("light")
    results: Results = {}
    for many, called in SIZES:
        board = storm_of(many)
        told = told_of(board)
        results[f"volumes_count_{called}"] = counting(board, told)
        results[f"volumes_draw_{called}"] = drawing(app, theme, counted(board, told))
    return results


def storm_of(many: int) -> Board:
    """Three days with a surge on the last; half of the sites are closed, most were looked at."""
    board = board_of(many)
    chance = np.random.default_rng(5)
    at = NOW - (chance.beta(1, 4, many) * HOURS * HOUR_MS).astype(np.int64)
    board.first_at[:], board.last_at[:] = at, at
    board.report_at[:] = at[board.report_row]
    board.acted_at[:] = np.where(chance.random(many) < 0.8, np.minimum(at + 600_000, NOW), 0)
    board.state[:] = np.where(chance.random(many) < 0.5, CLOSED, 0)
    return board


def told_of(board: Board) -> Told:
    closed = board.state == CLOSED
    hours, times = np.unique(board.report_at // HOUR_MS, return_counts=True)
    return Told(
        read_at=NOW,
        closed_sites=board.site_id[closed],
        closed_at=np.minimum(board.first_at[closed] + 5 * HOUR_MS, NOW),
        told=tuple((int(at), Teller.RESIDENT, False, int(n)) for at, n in zip(hours, times, strict=True)),
        hand_overs=np.empty((0, 4), np.int64),
        acts={"Seat 1": 40},
        suspended=(),
        figures={},
    )


def counted(board: Board, told: Told) -> Volumes:
    seen = frame(board, NOW)
    families = np.arange(max(len(board.categories), 1)) % 3
    ahead = forecast(whole_hours(seen, HOURS)[1], 0, np.ones(DAY))
    return count(
        seen,
        told,
        families=families,
        names=("trees", "wires", "other"),
        group=Group.BAND,
        hours=HOURS,
        since=NOW - 24 * HOUR_MS,
        forecast=ahead,
    )


def counting(board: Board, told: Told) -> dict[str, Any]:
    """With the forecast made anew, which the console does once an hour only."""
    start = NOW - HOURS * HOUR_MS

    def one_count() -> None:
        np.bincount(np.clip((board.report_at - start) // HOUR_MS, 0, HOURS), minlength=HOURS)

    values, floors = alternate(lambda: counted(board, told), one_count)
    return result(values, floors)


def drawing(app: Any, theme: Theme, shown: Volumes) -> dict[str, Any]:
    window = QWidget()
    column = QVBoxLayout(window)
    charts = (Arrivals(zone=ZONE, theme=theme, name="a"), Backlog(zone=ZONE, theme=theme, name="b"))
    for chart in charts:
        column.addWidget(chart)
    picture = QPixmap(*WINDOW)
    picture.fill(theme.color("card"))
    floor = OneCopy(picture)
    for each in (window, floor):
        each.resize(*WINDOW)
        each.show()
    until(app, lambda: window.windowHandle().isExposed() and floor.paints > 0)

    def draw() -> None:
        for chart in charts:
            chart.show_volumes(shown)
            chart.viewport().repaint()

    values, floors = alternate(draw, floor.repaint, samples=SAMPLES)
    for each in (window, floor):
        each.close()
    return result(values, floors)
