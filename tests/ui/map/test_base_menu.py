"""Choosing the base map by menu: kept for the next start, and never a map without a sentence."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from dispatch import assembly, settings
from tests.ui.map.conftest import FOLDER, HELPER, HOME
from tests.ui.map.test_base_map import write_mbtiles
from ui.bridge import Bridge
from ui.map.base_menu import BaseMenu
from ui.map.view import MapView


class Seat:
    """A map and its menu over a seat's own folder, as the console puts them together."""

    def __init__(self, folder, clock, qtbot, theme, select) -> None:
        self.parts = assembly.build(
            folder=folder,
            settings=replace(settings.load(folder), person="Sam Reyes", seat="Seat 2"),
            clock=clock,
            storm=assembly.Storm("Hurricane Test", is_exercise=True),
        )
        self.bridge = Bridge(self.parts)
        self.said: list[str] = []
        self.bridge.said.connect(lambda sentence, _is_alarm: self.said.append(sentence))
        self.view = MapView(
            selection=select([]),
            theme=theme,
            folder=FOLDER,
            home=HOME,
            tiles_dir=folder / "tiles",
            command=HELPER,
        )
        qtbot.addWidget(self.view)
        self.view.resize(900, 700)
        self.view.show()
        self.menu = BaseMenu(bridge=self.bridge, view=self.view, parent=self.view)

    def entries(self) -> list[str]:
        return [("* " if a.isChecked() else "") + a.text() for a in self.menu.menu().actions() if a.text()]

    def close(self) -> None:
        self.view.close_tiles()
        self.parts.close()


@pytest.fixture
def open_seat(tmp_path, clock, qtbot, theme, select, loop):
    asyncio.set_event_loop(loop)
    seats = []

    def make() -> Seat:
        seats.append(Seat(tmp_path, clock, qtbot, theme, select))
        return seats[-1]

    yield make
    for seat in seats:
        seat.close()
    asyncio.set_event_loop(None)


def choose(seat: Seat, path: Path, qtbot) -> None:
    """In the file dialog that the menu opens."""
    *_, entry = seat.menu.menu().actions()
    entry.trigger()
    dialog = seat.view.findChild(QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    qtbot.waitUntil(lambda: seat.view.base.path == path or bool(seat.said), timeout=30_000)


async def kept(folder: Path, name: str) -> None:
    while settings.load(folder).base_map != name:
        await asyncio.sleep(0.01)


def test_a_chosen_file_is_kept_for_the_next_start_with_its_credit_in_view(open_seat, tmp_path, qtbot, run):
    path = write_mbtiles(tmp_path / "flyover & more.mbtiles")
    seat = open_seat()
    assert seat.entries()[0] == "* Bundled map, needs no network"

    choose(seat, path, qtbot)
    run(kept(tmp_path, str(path)))

    assert seat.entries()[:2] == ["Bundled map, needs no network", "* Flyover 2026 over it"]
    words = seat.view.credits.text(seat.view.frame)
    assert words.startswith("Base map: Flyover 2026 · Photos City of Gulfport & friends · over ")

    seat.close()
    again = open_seat()
    qtbot.waitUntil(lambda: again.view.base.path == path, timeout=30_000)

    again.menu.menu().actions()[0].trigger()
    run(kept(tmp_path, ""))
    assert "Flyover" not in again.view.credits.text(again.view.frame)


def test_a_file_that_has_gone_by_the_next_start_is_named_and_not_forgotten(open_seat, tmp_path, qtbot, run):
    path = write_mbtiles(tmp_path / "flyover.mbtiles")
    seat = open_seat()
    choose(seat, path, qtbot)
    run(kept(tmp_path, str(path)))
    seat.close()
    path.unlink()

    again = open_seat()
    qtbot.waitUntil(lambda: bool(again.said), timeout=30_000)

    assert "flyover.mbtiles cannot be read" in again.said[0]
    # A share that is away tonight may be back tomorrow.
    assert settings.load(tmp_path).base_map == str(path)
