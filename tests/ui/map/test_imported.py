"""Imported layers on the map and in the sheets, over a seat's own folder, by keyboard alone."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from dispatch import assembly, settings
from dispatch.geo.imports import apart
from dispatch.geo.imports.checked import CHECKED
from dispatch.geo.imports.kinds import LayerKind
from dispatch.geo.imports.records import Look
from dispatch.geo.projection import to_mercator
from tests.dispatch.geo.imports.conftest import WEST, feature, geojson, polygon, two_zones
from tests.ui.map.conftest import FOLDER, HELPER, HOME
from ui.bridge import Bridge
from ui.map.imported import ImportedLayers
from ui.map.view import MapView
from ui.sheets.registry import Sheets

IN_A = (27.775, -82.68)
ZONES = Look("County zones", LayerKind.EVACUATION, name_field="name", zone_field="EVAC", style="plum")
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


class Seat:
    """Map, layers and sheets as the console puts them together."""

    def __init__(self, folder, clock, qtbot, theme, select, run) -> None:
        self._run, self._qtbot, self.theme = run, qtbot, theme
        self.parts = assembly.build(
            folder=folder,
            settings=replace(settings.load(folder), person="Sam Reyes", seat="Seat 2"),
            clock=clock,
            storm=assembly.Storm("Hurricane Test", is_exercise=True),
        )
        self.bridge = Bridge(self.parts)
        self.window = QWidget()
        self.window.resize(1200, 900)
        qtbot.addWidget(self.window)
        self.view = MapView(
            selection=select([]),
            theme=theme,
            folder=FOLDER,
            home=HOME,
            tiles_dir=folder / "tiles",
            layers_dir=self.parts.layer_desk.folder.root,
            command=HELPER,
            parent=self.window,
        )
        self.view.resize(900, 700)
        self.sheets = Sheets(host=self.window, bridge=self.bridge, theme=theme)
        self.imported = ImportedLayers(bridge=self.bridge, view=self.view, parent=self.view)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        self.until(lambda: self.window.isActiveWindow())

    def until(self, condition) -> None:
        async def wait() -> None:
            for _ in range(600):
                if condition():
                    return
                await asyncio.sleep(0.05)
            raise AssertionError("it did not come to that")

        self._run(wait())

    def open(self, name):
        self.sheets.open(name)
        self.until(lambda: self.sheets.current is not None)
        return self.sheets.current

    def key(self, key, held=Qt.KeyboardModifier.NoModifier) -> None:
        self._qtbot.keyClick(QApplication.focusWidget() or self.window, key, held)

    def type(self, words) -> None:
        self._qtbot.keyClicks(QApplication.focusWidget(), words)

    def bring(self, path, look=ZONES) -> None:
        desk = self.parts.layer_desk
        desk.import_layer(apart.look_at(path, desk.folder), look)
        self.imported.look()
        count = len(desk.folder.layers())
        self.until(lambda: len([n for n in self.names() if n.startswith("imported_")]) == count)

    def names(self):
        return [layer.name for layer in self.view.layers]

    def box_words(self):
        return [tick.text() for tick in self.view.layer_box._ticks.values()]

    def follow(self) -> None:
        """What the bridge hears of the store, and the layers after it."""
        self._run(self.bridge.catch_up())

    def spot(self, lat, lng):
        return QPointF(*map(float, self.view.frame.point(*to_mercator(lng, lat))))

    def close(self) -> None:
        self.view.close_tiles()
        self.parts.close()


@pytest.fixture
def seat(tmp_path, clock, qtbot, theme, select, loop, run):
    asyncio.set_event_loop(loop)
    made = Seat(tmp_path / "seat", clock, qtbot, theme, select, run)
    yield made
    made.close()
    asyncio.set_event_loop(None)


def color_at(seat, lat, lng):
    at = seat.spot(lat, lng).toPoint()
    return QColor(seat.view.grab().toImage().pixel(at))


def test_a_file_is_imported_by_keyboard_alone(seat, tmp_path):
    path = geojson(tmp_path / "zones.geojson", two_zones())
    sheet = seat.open("import_layer")
    seat.type(str(path))
    seat.key(Qt.Key.Key_Return)
    seat.until(lambda: sheet.preview is not None)

    seat.key(Qt.Key.Key_Down)  # from "plain layer" to the kind below it
    seat.key(Qt.Key.Key_Return, CTRL)
    seat.until(lambda: seat.sheets.current is None)

    (layer,) = seat.parts.layer_desk.folder.layers()
    assert layer.look.label == "zones"
    assert layer.look.kind is not LayerKind.PLAIN
    assert layer.look.zone_field == "EVAC"
    assert layer.look.name_field == "name"
    seat.until(lambda: "zones" in seat.box_words())


def test_the_sheet_says_what_it_found_and_what_it_leaves_out(seat, tmp_path):
    tie = [[-82.70, 27.75], [-82.66, 27.80], [-82.66, 27.75], [-82.70, 27.80], [-82.70, 27.75]]
    path = geojson(tmp_path / "zones.geojson", [*two_zones(), feature(polygon(tie)), feature(None)])
    sheet = seat.open("import_layer")

    sheet.take_path(str(path))
    seat.until(lambda: sheet.preview is not None)
    said = sheet._found.said()
    sheet.fields["kind"].buttons[LayerKind.EVACUATION].click()

    assert "GeoJSON: 3 areas." in said
    assert "crossed themselves: 1" in said
    assert "Left out: 1 without a place." in said
    assert sheet._reads.said() == "Reads: Evacuation zone A, Evacuation zone B"


def test_a_damaged_file_is_a_sentence_under_the_path_and_nothing_is_imported(seat, tmp_path):
    path = tmp_path / "cut.geojson"
    path.write_text('{"type":"FeatureCollection","features":[{')
    sheet = seat.open("import_layer")

    sheet.take_path(str(path))
    seat.until(lambda: sheet.fields["file"].complaint())
    said = sheet.fields["file"].complaint()
    seat.key(Qt.Key.Key_Return, CTRL)

    assert said == "cut.geojson is damaged: it is no whole JSON. Save it again."
    assert sheet.problem() == ("file", "Choose a file that can be read.")
    assert seat.sheets.current is sheet
    assert seat.parts.layer_desk.folder.layers() == ()


def test_a_table_asks_for_its_coordinate_columns(seat, tmp_path):
    path = tmp_path / "pumps.csv"
    path.write_text("name,north,east\nPump 1,27.77,-82.64\n")
    sheet = seat.open("import_layer")
    sheet.take_path(str(path))
    seat.until(lambda: sheet.preview is not None)
    asked = sheet.problem()

    sheet.fields["lat"].show_value("north")
    sheet.fields["lng"].show_value("east")
    sheet.fields["lng"].edited.emit()
    seat.until(lambda: sheet.preview is not None and not sheet.preview.coordinates_asked)

    assert asked[0] == "lat"
    assert sheet.preview.counts.points == 1


def test_a_file_of_another_place_is_doubted(seat, tmp_path):
    far = feature({"type": "Point", "coordinates": [13.4, 52.5]}, name="Berlin")
    sheet = seat.open("import_layer")

    sheet.take_path(str(geojson(tmp_path / "far.geojson", [far])))
    seat.until(lambda: sheet.preview is not None)

    assert "Nothing of it lies in the city" in sheet._found.said()


def test_zones_are_drawn_from_tiles_and_say_their_name(seat, tmp_path):
    seat.view.grab()
    seat.until(lambda: not seat.view.tiles.needs_any)
    bare = color_at(seat, *IN_A)
    seat.bring(geojson(tmp_path / "zones.geojson", two_zones()))
    seat.view.grab()
    seat.until(lambda: not (seat.view.overlay.tiles.needs_any or seat.view.tiles.needs_any))

    drawn = color_at(seat, *IN_A)
    seat.view.pointer._hover(seat.spot(*IN_A))

    assert drawn != bare
    assert seat.view.card.text() == "Evacuation zone A\nWest\nCounty zones"


def test_no_layer_starts_no_process(seat):
    seat.view.grab()

    assert seat.view.overlay.tiles is None


def test_what_is_imported_takes_the_place_of_not_loaded(seat, tmp_path):
    before = seat.box_words()

    seat.bring(geojson(tmp_path / "zones.geojson", two_zones()))

    assert "Evacuation zones (not loaded)" in before
    assert "Evacuation zones (not loaded)" not in seat.box_words()
    assert "County zones" in seat.box_words()


def test_a_layer_whose_file_is_gone_says_not_loaded(seat, tmp_path, expect_warning):
    expect_warning("cannot be read")
    desk = seat.parts.layer_desk
    desk.import_layer(apart.look_at(geojson(tmp_path / "z.geojson", two_zones()), desk.folder), ZONES)
    (layer,) = desk.folder.layers()
    (desk.folder.root / layer.layer_id / CHECKED).unlink()

    seat.imported.look()
    seat.until(lambda: any("County zones" in words for words in seat.box_words()))

    assert "County zones (not loaded)" in seat.box_words()
    assert not seat.view.layer_box.is_on(f"imported_{layer.layer_id}")


def test_a_switch_stays_as_it_was_when_another_layer_comes(seat, tmp_path):
    seat.view.layer_box.switch("hospitals", False)
    seat.view.layer_box.switch("shelters", True)

    seat.bring(geojson(tmp_path / "zones.geojson", two_zones()))

    assert not seat.view.layer_box.is_on("hospitals")
    assert seat.view.layer_box.is_on("shelters")


def test_one_that_is_imported_while_another_look_ends_is_shown(seat, tmp_path, monkeypatch):
    desk, loop = seat.parts.layer_desk, asyncio.get_event_loop_policy().get_event_loop()
    preview = apart.look_at(geojson(tmp_path / "zones.geojson", two_zones()), desk.folder)
    seat.imported.look()
    seat.until(lambda: seat.imported._reading.done())
    stamp = desk.folder.stamp

    def import_behind_it():
        before = stamp()
        monkeypatch.undo()
        desk.import_layer(preview, ZONES)
        loop.call_soon_threadsafe(seat.imported.look)
        return before

    monkeypatch.setattr(desk.folder, "stamp", import_behind_it)
    seat.imported.look()

    seat.until(lambda: any("County zones" in words for words in seat.box_words()))


def test_a_layer_is_restyled_and_removed_by_keyboard(seat, tmp_path):
    seat.bring(geojson(tmp_path / "zones.geojson", two_zones()))
    sheet = seat.open("layers")
    seat.until(lambda: sheet.button.isEnabled())
    sheet.fields["style"].buttons["olive"].click()
    seat.key(Qt.Key.Key_Return, CTRL)
    seat.until(lambda: seat.sheets.current is None)
    (changed,) = seat.parts.layer_desk.folder.layers()

    sheet = seat.open("layers")
    seat.until(lambda: sheet.button.isEnabled())
    seat.key(Qt.Key.Key_R, ALT)
    still_there = seat.parts.layer_desk.folder.layers()
    seat.key(Qt.Key.Key_R, ALT)
    seat.until(lambda: seat.sheets.current is None)
    seat.until(lambda: not any(name.startswith("imported_") for name in seat.names()))

    assert changed.look.style == "olive"
    assert len(still_there) == 1
    assert seat.parts.layer_desk.folder.layers() == ()


def test_a_strangers_name_is_plain_text_and_no_key(seat, tmp_path):
    look = replace(ZONES, label="<b>&Zone</b> " + "long " * 30)
    seat.bring(geojson(tmp_path / "zones.geojson", [feature(polygon(WEST), EVAC="<i>A</i>")]), look)
    tick = next(t for n, t in seat.view.layer_box._ticks.items() if n.startswith("imported_"))

    seat.view.pointer._hover(seat.spot(*IN_A))

    assert tick.shortcut().isEmpty()
    assert tick.width() < 260
    assert seat.view.card.text().startswith("Evacuation zone <i>A</i>")


def test_points_are_named_only_when_pointed_at_closely(seat, tmp_path):
    pump = feature({"type": "Point", "coordinates": [-82.68, 27.775]}, name="Pump 1")
    seat.bring(geojson(tmp_path / "p.geojson", [pump]), Look("Pumps", name_field="name"))

    seat.view.pointer._hover(seat.spot(*IN_A) + QPoint(3, 0))
    near = seat.view.card.text()
    seat.view.pointer._hover(seat.spot(*IN_A) + QPoint(12, 0))

    assert near == "Pump 1\nPumps"
    assert "Pump" not in seat.view.card.text()
