"""Finding sites with 100,000 and 500,000 of them: under the pointer, inside a lasso, by words.

The floors do what cannot be done without: one look at every site's place, one question to the word index.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from dispatch.board import Board
from tests.benchmarks import rows
from tests.benchmarks.bench_map import board_of, closed, shown, wait_for_tiles
from tests.benchmarks.bench_upsert import StormNow
from tests.benchmarks.floor import alternate, result
from ui.map.markers import sites_in_ring
from ui.map.view import MapView
from ui.theme import Theme

SAMPLES = 60
EDGES = 200
WORDS = ("oak", "street light corner", "no hay luz", "alley behind")
_MATCH = "SELECT count(*) FROM request_words WHERE request_words MATCH ?"

Results = dict[str, dict[str, Any]]


def run() -> Results:
    app = QApplication.instance() or QApplication([])
    results: Results = {}
    with tempfile.TemporaryDirectory() as name:
        for count, called in ((100_000, "100k"), (500_000, "500k")):
            view, floor = shown(app, board_of(count), Theme("light"), Path(name))
            wait_for_tiles(app, view)
            results[f"hover_{called}"] = hover(view)
            results[f"lasso_{called}"] = lasso(view)
            closed(view, floor)
            results[f"search_{called}"] = search(Path(name) / called, count)
    return results


def hover(view: MapView) -> dict[str, Any]:
    """The pointer moves: what lies under it, and the words of its card."""
    places = points(view)
    board = view.selection.board

    def every_site() -> None:
        x, y = view.frame.place(300.0, 300.0)
        int(np.argmin(np.hypot(board.x - x, board.y - y)))

    values, floors = alternate(lambda: view.pointer._hover(next(places)), every_site, samples=SAMPLES)
    return result(values, floors)


def points(view: MapView) -> Any:
    chance = np.random.default_rng(3)
    while True:
        yield QPointF(chance.uniform(0, view.width()), chance.uniform(0, view.height()))


def lasso(view: MapView) -> dict[str, Any]:
    """A drawn ring around about half of the city."""
    board, mask = view.selection.board, view.selection.mask
    ring = drawn_ring(board)
    west, south = ring.min(axis=0)
    east, north = ring.max(axis=0)
    found = sites_in_ring(board, mask, ring)
    if not board.count / 10 < len(found) < board.count:
        raise RuntimeError(f"{len(found)} sites in the lasso: the figures would mean nothing.")

    def boxed() -> None:
        inside = mask & (board.x >= west) & (board.x < east) & (board.y >= south) & (board.y < north)
        frozenset(board.site_id[inside].tolist())

    values, floors = alternate(lambda: sites_in_ring(board, mask, ring), boxed, samples=SAMPLES)
    return result(values, floors)


def drawn_ring(board: Board) -> Any:
    """As a hand draws it: round, and never quite."""
    chance = np.random.default_rng(5)
    angle = np.linspace(0, 2 * np.pi, EDGES, endpoint=False)
    reach = 4_000 * (1 + 0.1 * chance.standard_normal(EDGES))
    middle = np.array([np.median(board.x), np.median(board.y)])
    return middle + np.stack([np.cos(angle), np.sin(angle)], axis=1) * reach[:, None]


def search(folder: Path, count: int) -> dict[str, Any]:
    """Words typed into the search: to the sites that hold them; as the console asks, through its detail."""
    folder.mkdir()
    rows.fill(folder, StormNow(), count)
    parts = rows.seat(folder, StormNow())
    plain = sqlite3.connect(folder / "seat.db")
    try:
        if not all(parts.detail.search(words) for words in WORDS):
            raise RuntimeError("Some words were not found; the figures would mean nothing.")
        values, floors = alternate(
            asking(parts.detail.search),
            asking(lambda words: plain.execute(_MATCH, (f'"{words.split()[-1]}"*',)).fetchall()),
            samples=SAMPLES,
        )
    finally:
        plain.close()
        parts.close()
    return result(values, floors)


def asking(find: Callable[[str], object]) -> Callable[[], object]:
    numbers = iter(range(10**6))
    return lambda: find(WORDS[next(numbers) % len(WORDS)])
