"""Which layers are on, and the shading, as the next start finds them."""

from __future__ import annotations

from PySide6.QtCore import Qt

from dispatch import settings
from dispatch.insight.by_area import Measure
from tests.ui.map.conftest import FOLDER, HELPER, HOME
from ui.map.view import MapView

ALT = Qt.KeyboardModifier.AltModifier


def test_by_keyboard_alone_and_kept_for_the_next_start(real_over, city):
    city.add_report("Tree on the road", lat=27.77, lng=-82.68)
    console = real_over()
    view, folder = console.console.map, console.room.parts.folder

    console.key(Qt.Key.Key_N, ALT)
    by_count = view.shading.measure
    console.key(Qt.Key.Key_N, ALT)
    view.layer_box.switch("shelters", True)
    console.wait(lambda: settings.load(folder).layers == {"shading": "rate", "shelters": "on"})

    assert by_count is Measure.COUNT
    assert console.window.toast.said().startswith("Open sites per 1,000 residents")

    console.key(Qt.Key.Key_N, ALT)
    view.layer_box.switch("shelters", False)
    console.wait(lambda: not settings.load(folder).layers)


def test_what_was_kept_is_shown_again(show, qtbot, tmp_path, theme, select):
    view = MapView(
        selection=select([]),
        theme=theme,
        folder=FOLDER,
        home=HOME,
        tiles_dir=tmp_path / "tiles",
        command=HELPER,
        kept_layers={"shading": "rate", "shelters": "on", "hospitals": "off", "imported_0a": "off"},
    )
    qtbot.addWidget(view)

    assert view.shading.measure is Measure.RATE
    assert view.layer_box.is_on("shelters") and not view.layer_box.is_on("hospitals")
    assert view.layer_box.kept() == {"shelters": "on", "hospitals": "off", "imported_0a": "off"}
    view.close_tiles()
