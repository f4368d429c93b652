"""A real map over a real board, with tiles drawn by its own process into the test's folder."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence

import pytest
from PySide6.QtGui import QCursor

from dispatch.board import Board
from dispatch.geo.folder import GeoFolder
from dispatch.records import Band, Millis, SiteRow
from dispatch.resources import resource
from tests.ui.map.weather_seat import WeatherSeat
from ui.map.view import MapView
from ui.queue.selection import Selection
from ui.theme import Theme

FOLDER = GeoFolder(resource("geo"), "st-petersburg")
HOME = (-82.80, 27.60, -82.54, 27.90)
HELPER = (sys.executable, "-m", "ui.map.tiles")
LANDFALL: Millis = 1_505_140_200_000
MINUTE_MS = 60_000


def site(
    site_id: int,
    lat: float | None,
    lng: float | None,
    *,
    band: int = Band.P3,
    state: int = 0,
    what: str = "Tree on parked car",
    where: str = "Childs Park · 11th Ave S",
) -> SiteRow:
    at = LANDFALL - 26 * MINUTE_MS
    return SiteRow(
        site_id=site_id,
        band=band,
        score=48.0,
        first_at=at,
        last_at=at,
        acted_at=0,
        reports=2,
        state=state,
        state_reason="",
        category="tree_down",
        neighborhood="Childs Park",
        lat=lat,
        lng=lng,
        flags=0,
        snoozed_until=0,
        what=what,
        where=where,
        why="",
        claimed_by="",
        claimed_seat="",
        claimed_at=0,
        escalation_state="",
        escalation_number="",
        escalation_desk="",
        escalation_state_at=0,
    )


async def no_search(_text: str) -> list[int]:
    return []


@pytest.fixture
def select(clock, zone) -> Callable[[Sequence[SiteRow]], Selection]:
    """A selection over a board that holds these sites."""

    def make(rows: Sequence[SiteRow]) -> Selection:
        board = Board(promise_ms={})
        board.apply(rows)
        return Selection(board, clock=clock, zone=zone, search=no_search)

    return make


@pytest.fixture
def theme(qapp) -> Theme:
    return Theme("light")


@pytest.fixture
def show(qtbot, tmp_path, theme, select) -> Iterator[Callable[..., MapView]]:
    """`show([site(…)])` is an exposed map of 660 by 780 with those sites in view."""
    shown: list[MapView] = []

    def make(rows: Sequence[SiteRow], *, size=(660, 780), command=HELPER, folder=FOLDER) -> MapView:
        view = MapView(
            selection=select(rows),
            theme=theme,
            folder=folder,
            home=HOME,
            tiles_dir=tmp_path / "tiles",
            command=command,
        )
        qtbot.addWidget(view)
        shown.append(view)
        view.resize(*size)
        QCursor.setPos(0, 0)  # a pointer that stands where a test will put it does not move
        with qtbot.waitExposed(view):
            view.show()
        view.grab()
        return view

    yield make
    for view in shown:
        view.close_tiles()


@pytest.fixture
def weather_seat(tmp_path, clock, qtbot, theme, select, loop, run) -> Iterator[Callable[..., WeatherSeat]]:
    """`weather_seat(nws_url=…)` is a seat that knows where to ask; it asks when it is told to."""
    asyncio.set_event_loop(loop)
    made: list[WeatherSeat] = []

    def make(**urls: str) -> WeatherSeat:
        place = {"geo": FOLDER, "home": HOME, "helper": HELPER}
        made.append(WeatherSeat(tmp_path / "seat", clock, qtbot, theme, select, run, **place, **urls))
        return made[-1]

    yield make
    for each in made:
        each.close()
    asyncio.set_event_loop(None)
