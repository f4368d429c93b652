"""Base map tiles over kept pictures that come and go while they are shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from dispatch.geo.projection import HALF_WORLD_M, to_mercator
from dispatch.geo.tiles import Tile, tile_span
from dispatch.geo.web_tiles import bounds_of
from dispatch.tile_server.kept import Kept, KeptPictures, KeptTiles
from tests.tile_server import picture
from tests.ui.map.conftest import FOLDER, HELPER
from ui.map.living_tiles import LivingTiles
from ui.map.tile_key import TileKey, over_kept
from ui.map.tiles import Atlas, draw_tile
from ui.theme import DIM, LIGHT

LAT, LNG = 27.77, -82.64


@pytest.fixture
def living(qtbot, tmp_path):
    kept = KeptTiles(tmp_path / "a.tiles")
    store = LivingTiles(
        tmp_path / "tiles", folder=FOLDER, command=HELPER, over=over_kept(tmp_path / "a.tiles", 13)
    )
    store.start()
    yield store, kept
    store.close()
    kept.close()


def test_what_comes_while_a_tile_is_drawn_is_on_it_and_what_goes_is_not(living, qtbot):
    store, kept = living
    x, y = map(float, to_mercator(LNG, LAT))
    span = tile_span(24)
    key = TileKey(
        "light", "plain", Tile(24, int((x + HALF_WORLD_M) // span), int((HALF_WORLD_M - y) // span))
    )
    below = (13, key.tile.column * 2, key.tile.row * 2)

    def corner() -> str:
        store.wish([key])
        found = store.picture(key)
        return found.toImage().pixelColor(100, 100).name() if found else ""

    store.wish([key])
    qtbot.waitUntil(lambda: bool(store._asked), timeout=30_000)
    kept.keep(below, picture((200, 30, 30)), Kept("d", "", "", 1, 1))
    store.renew([bounds_of(below)])
    qtbot.waitUntil(lambda: corner() == "#c81e1e", timeout=30_000)
    assert not store.lacks(key)

    store.renew([bounds_of((13, 0, 0))])
    assert not store.lacks(key)

    kept.drop("d")
    store.renew([bounds_of(below)])
    assert store.lacks(key) and store.picture(key) is not None
    qtbot.waitUntil(lambda: corner() not in ("", "#c81e1e"), timeout=30_000)


def test_what_an_earlier_session_drew_is_not_shown(living, qtbot, tmp_path):
    store, _ = living
    key = TileKey("light", "plain", Tile(24, 1108, 1716))
    old = tmp_path / "tiles" / store.version / key.path
    old.parent.mkdir(parents=True)
    old.write_bytes(picture((1, 2, 3), side=512))
    with qtbot.waitSignal(store.arrived, timeout=30_000):
        store.wish([key])
    assert store.picture(key).toImage().pixelColor(9, 9).name() != "#010203"


def test_by_night_only_what_a_tile_covers_is_dimmed(tmp_path: Path):
    kept = KeptTiles(tmp_path / "a.tiles")
    x, y = map(float, to_mercator(LNG, LAT))
    span = tile_span(24)
    tile = Tile(24, int((x + HALF_WORLD_M) // span), int((HALF_WORLD_M - y) // span))
    half = (13, tile.column * 2, tile.row * 2)
    kept.keep(half, picture((255, 255, 255)), Kept("d", "", "", 1, 1))
    pictures, atlas = KeptPictures(tmp_path / "a.tiles", most_zoom=13), Atlas(FOLDER)

    night = draw_tile(atlas, DIM, TileKey("dim", "plain", tile), pictures)
    bare = draw_tile(atlas, DIM, TileKey("dim", "plain", tile))

    assert night.pixelColor(100, 100).lightness() < 160 and night != bare
    assert night.copy(256, 0, 256, 512) == bare.copy(256, 0, 256, 512)
    day = draw_tile(atlas, LIGHT, TileKey("light", "plain", tile), pictures)
    assert day.pixelColor(100, 100).name() == QColor(255, 255, 255).name()
    pictures.close()
    kept.close()
