"""A layer that is not there says so, leads to its import, and is then what it was declared to be."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from dispatch.geo.folder import GeoFolder
from dispatch.geo.imports import apart
from dispatch.geo.imports.kinds import LayerKind
from dispatch.geo.imports.records import Look
from dispatch.geo.projection import to_mercator
from tests.dispatch.geo.imports.conftest import feature, geojson, two_zones
from ui.map.layers import LAYERS

GULFPORT, OURS = (27.7480, -82.7030), (27.7710, -82.6790)
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def words(view):
    return [tick.text() for tick in view.layer_box._ticks.values()]


def spot(view, lat, lng):
    return QPointF(*map(float, view.frame.point(*to_mercator(lng, lat))))


def test_its_row_opens_the_import_of_just_that_and_is_filled_by_it(real_over, tmp_path):
    console = real_over()
    view, sheets = console.console.map, console.sheets
    path = geojson(tmp_path / "surge.geojson", two_zones())

    row = view.layer_box._ticks["surge_zones"]
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    sheet = sheets.current
    asked = sheet.fields["kind"].value()
    sheet.take_path(str(path))
    console.wait(lambda: sheet.preview is not None)
    console.key(Qt.Key.Key_Return, CTRL)
    console.wait(lambda: "surge" in words(view))

    assert asked is LayerKind.SURGE
    assert "Storm surge (not loaded)" not in words(view)
    assert "Evacuation zones (not loaded)" in words(view)
    (layer,) = console.room.parts.layer_desk.folder.layers()
    assert (layer.look.kind, layer.look.zone_field) == (LayerKind.SURGE, "EVAC")


def test_points_declared_as_stations_have_their_letter_and_fill_the_row(real_over, tmp_path):
    console = real_over()
    view, desk = console.console.map, console.room.parts.layer_desk
    station = feature({"type": "Point", "coordinates": [OURS[1], OURS[0]]}, name="Station 7")
    preview = apart.look_at(geojson(tmp_path / "s.geojson", [station]), desk.folder)
    bare = view.grab().toImage().pixel(spot(view, *OURS).toPoint())

    desk.import_layer(preview, Look("Our stations", LayerKind.FIRE_STATION, name_field="name"))
    console.console.imported.look()
    console.wait(lambda: "Our stations" in words(view))
    view.grab()
    view.pointer._hover(spot(view, *OURS))

    assert "Fire stations (not loaded)" not in words(view)
    assert view.card.text() == "Station 7\nFire station\nOur stations"
    assert view.grab().toImage().pixel(spot(view, *OURS).toPoint()) != bare


def test_undo_takes_an_import_and_a_removal_back_from_the_screen(real_over, tmp_path):
    console = real_over()
    view, desk = console.console.map, console.room.parts.layer_desk
    sheet = console.sheets.open("import_layer", kind=LayerKind.EVACUATION)
    sheet.take_path(str(geojson(tmp_path / "zones.geojson", two_zones())))
    console.wait(lambda: sheet.preview is not None)
    console.key(Qt.Key.Key_Return, CTRL)
    console.wait(lambda: "zones" in words(view))
    sheet = console.sheets.open("layers")
    console.wait(lambda: sheet.button.isEnabled())
    console.key(Qt.Key.Key_R, ALT)
    console.key(Qt.Key.Key_R, ALT)
    console.wait(lambda: "zones" not in words(view))

    console.queue.list.setFocus()
    console.key(Qt.Key.Key_Z, CTRL)
    console.wait(lambda: "zones" in words(view))
    console.wait(lambda: console.window.toast.said() == "Undone: layer removed: zones.")
    console.key(Qt.Key.Key_Z, CTRL)
    console.wait(lambda: "Evacuation zones (not loaded)" in words(view))

    assert desk.folder.layers() == ()


def test_the_sheet_says_what_the_city_lacks_and_how_to_bring_it(real_over):
    console = real_over()

    sheet = console.sheets.open("layers")
    console.wait(lambda: sheet._missing.said())

    assert sheet._missing.said() == (
        "Not loaded: evacuation zone, storm surge zone, fire station. "
        "Shift+L imports each from a file; say there what it is."
    )


def test_other_cities_are_named_as_not_ours_and_our_own_is_not(show):
    view = show([])
    view.layer_box.switch("other_agencies", True)
    view.layer_box.switch("hospitals", False)
    view.grab()

    view.pointer._hover(spot(view, *GULFPORT))
    theirs = view.card.text()
    view.pointer._hover(spot(view, *OURS))

    assert theirs.startswith("Gulfport\nNot in our city")
    assert view.card.text() == ""


def test_a_city_without_any_file_has_no_layer_but_says_so(qapp, tmp_path):
    layers = [make(GeoFolder(tmp_path, "nowhere")) for make in LAYERS]

    assert {each.name for each in layers if each.is_loaded} == {"reports", "heat"}
