"""The sheet that places a site and the map under it, together."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from dispatch.geo.lookup import find
from dispatch.geo.street_grid import load_grid
from tests.ui.map.conftest import FOLDER, HELPER, HOME
from tests.ui.seat import Screen, request_of, some_site, view_of
from ui.map.placing import Placing
from ui.map.view import MapView


@pytest.fixture
def placing(qtbot, run, tmp_path):
    """A map beside the sheets of a site that has no place."""
    row = some_site(lat=None, lng=None, where="")
    screen = Screen(qtbot, run, row)
    screen.seat.views = {1: view_of(row, requests=(request_of("901", "Oak down", place=None),), address="")}
    box = screen.seat.jurisdiction.box
    screen.seat.detail.find_place = lambda typed: find(typed, load_grid("st-petersburg"), box)
    screen.seat.detail.area_of = lambda place: ""
    view = MapView(
        selection=screen.selection,
        theme=screen.theme,
        folder=FOLDER,
        home=HOME,
        tiles_dir=tmp_path / "tiles",
        command=HELPER,
    )
    screen.show(view)
    tie = Placing(sheets=screen.sheets, view=view)
    yield screen, view
    view.close_tiles()
    del tie


def test_a_click_on_the_map_becomes_the_place_that_is_recorded(placing, qtbot):
    screen, view = placing
    screen.open("place_by_hand")

    screen.do(
        lambda: qtbot.mouseClick(
            view, Qt.MouseButton.LeftButton, pos=QPoint(view.width() * 2 // 3, view.height() // 3)
        )
    )
    screen.ctrl_enter()

    [done] = screen.seat.done
    assert done.name == "place_by_hand"
    assert not view.aim.is_on, "with the sheet gone a click chooses sites again"


def test_without_a_mouse_the_cross_is_taken_and_the_keys_come_back(placing):
    screen, view = placing
    sheet = screen.open("place_by_hand")

    screen.key(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert view.hasFocus()
    screen.key(Qt.Key.Key_Return)

    assert sheet.fields["typed"].line.hasFocus()
    meant = sheet.chosen().place
    screen.ctrl_enter()
    assert screen.seat.done[0].args[1] == meant


def test_what_is_typed_is_marked_on_the_map_and_brought_into_view(placing):
    screen, view = placing
    sheet = screen.open("place_by_hand")
    screen.do(lambda: view.look_at(-9_000_000.0, 3_000_000.0, level=26))

    screen.type("1600 Central Ave")
    screen.do(sheet._timer.stop, sheet._timer.timeout.emit)

    assert view.aim.spot is not None
    assert view.shows(*view.aim.spot)


def test_leaving_the_sheet_takes_the_mark_away(placing):
    screen, view = placing
    screen.open("place_by_hand")
    screen.key(Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    screen.key(Qt.Key.Key_Return)

    screen.key(Qt.Key.Key_Escape)

    assert (view.aim.spot, view.aim.is_on) == (None, False)
