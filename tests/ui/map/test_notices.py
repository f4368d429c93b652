"""The areas of live notices on the map of a real console: drawn when published, gone when they end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from dispatch.geo.projection import to_mercator
from tests.conftest import LANDFALL
from tests.notices import EVACUATION, HOUR_MS, SERVICE, published
from ui.map.layers.sweeps import NoticeAreas

LAT, LNG = 27.7559, -82.6895  # in Childs Park


class OnMap:
    def __init__(self, real):
        self.real = real
        self.layer = next(each for each in real.console.map.layers if isinstance(each, NoticeAreas))

    def catch_up(self):
        self.real.room._run(self.real.bridge.catch_up())

    def says(self):
        view = self.real.console.map
        x, y = (float(each) for each in to_mercator(LNG, LAT))
        view.close_in(x, y)
        view.grab()
        scene = view.picture.scene
        return self.layer.says(*scene.frame.point(x, y), scene)


@pytest.fixture
def on_map(real_over):
    return OnMap(real_over())


def test_a_published_notice_is_drawn_where_it_holds_until_it_ends(on_map, clock):
    item = published(on_map.real.room, SERVICE)
    on_map.catch_up()
    on_map.real.wait(lambda: on_map.layer.is_loaded)

    assert on_map.says() == f"{item.number} Sandbags at Northwest Pool\nFrom 10:30 until 16:30"

    clock.set(item.expires_at)
    on_map.real.bridge.ticked.emit(clock.now())
    on_map.real.wait(lambda: not on_map.layer.is_loaded)


def test_two_for_one_area_are_one_outline_and_one_to_come_is_dashed_until_it_begins(on_map, clock):
    later = published(on_map.real.room, replace(SERVICE, starts_at=LANDFALL + HOUR_MS))
    on_map.catch_up()
    on_map.real.wait(lambda: on_map.layer.is_loaded)
    assert [each.area.style for each in on_map.layer._drawn] == [Qt.PenStyle.DashLine]

    clock.set(later.starts_at)
    on_map.real.bridge.ticked.emit(clock.now())
    on_map.real.wait(lambda: [each.area.style for each in on_map.layer._drawn] == [Qt.PenStyle.SolidLine])

    published(on_map.real.room, EVACUATION)
    on_map.catch_up()
    on_map.real.wait(lambda: "Leave Childs Park now" in on_map.says())
    assert [each.area.name for each in on_map.layer._drawn] == ["N-001, N-002"]


def test_one_for_the_whole_city_colors_no_map(on_map):
    published(on_map.real.room, replace(SERVICE, area=()))
    published(on_map.real.room, SERVICE)
    on_map.catch_up()
    on_map.real.wait(lambda: on_map.layer.is_loaded)

    assert [each.area.name for each in on_map.layer._drawn] == ["N-002"]
