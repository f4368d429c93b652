"""The base map's tiles: drawn by their own process, kept on disk, never waited for."""

import hashlib
import io
import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QProcess
from PySide6.QtGui import QImage

from dispatch.geo.folder import GeoFolder
from dispatch.geo.projection import HALF_WORLD_M, to_mercator
from dispatch.geo.tiles import Tile, tile_span
from dispatch.resources import resource
from tests.ui.map.conftest import FOLDER, HELPER
from ui.map import tile_key, tile_process, tiles
from ui.map.frame import Frame
from ui.map.ground import Ground
from ui.map.tile_key import TileKey, version_of
from ui.map.tile_store import TileStore
from ui.map.tiles import Atlas, draw_tile
from ui.theme import DIM, LIGHT, Theme


@pytest.fixture(scope="module")
def atlas():
    return Atlas(FOLDER)


@pytest.fixture
def store(qtbot, tmp_path):
    made = TileStore(tmp_path / "tiles", folder=FOLDER, command=HELPER)
    made.start()
    yield made
    made.close()


def tile_at(lat, lng, level):
    x, y = map(float, to_mercator(lng, lat))
    span = tile_span(level)
    return Tile(level, int((x + HALF_WORLD_M) // span), int((HALF_WORLD_M - y) // span))


def key_at(lat, lng, level, theme="light", variant="hoods"):
    return TileKey(theme, variant, tile_at(lat, lng, level))


def color_at(image, key, lat, lng):
    x, y = map(float, to_mercator(lng, lat))
    west, _, _, north = key.tile.bounds
    metres = tile_span(key.tile.level) / 512
    return image.pixelColor(int((x - west) / metres), int((north - y) / metres)).name()


@pytest.mark.parametrize(("palette", "theme"), [(LIGHT, "light"), (DIM, "dim")])
def test_land_is_land_and_water_is_water(atlas, palette, theme):
    for lat, lng, name in (
        (27.7655, -82.6735, "land"),
        (27.70, -82.60, "water"),
        (27.7353, -82.6530, "water"),
    ):
        key = key_at(lat, lng, 26, theme)
        assert color_at(draw_tile(atlas, palette, key), key, lat, lng) == getattr(palette, name)


def test_no_seam_shows_where_coarse_and_fine_land_meet(atlas):
    key = key_at(28.245, -82.40, 24)
    image = draw_tile(atlas, LIGHT, key)

    column = [color_at(image, key, 28.243 + n / 2000, -82.431) for n in range(9)]

    assert LIGHT.water not in column and LIGHT.shore not in column


def test_far_from_any_bundled_shore_there_are_outlines_and_a_graticule(atlas):
    key = key_at(31.2, -97.0, 20)
    image = draw_tile(atlas, LIGHT, key)

    found = {image.pixelColor(x, 256).name() for x in range(512)}

    assert LIGHT.land in found and len(found) > 1


def test_neighborhood_lines_are_in_one_variant_only(atlas):
    tile = tile_at(27.7655, -82.6735, 24)

    with_lines = draw_tile(atlas, LIGHT, TileKey("light", "hoods", tile))
    without = draw_tile(atlas, LIGHT, TileKey("light", "plain", tile))

    assert with_lines != without


def test_the_same_tile_is_drawn_the_same(atlas):
    key = key_at(27.77, -82.66, 24)

    assert draw_tile(atlas, LIGHT, key) == draw_tile(Atlas(FOLDER), LIGHT, key)


def test_other_vectors_or_colors_make_another_set(tmp_path, monkeypatch):
    before = version_of(FOLDER)
    changed = GeoFolder(tmp_path, "st-petersburg")

    assert version_of(changed) != before
    monkeypatch.setattr(tile_key, "DRAWING", tile_key.DRAWING + 1)
    assert version_of(FOLDER) != before


def test_the_helper_draws_what_it_is_asked_and_says_so(tmp_path, monkeypatch, capsys):
    key = key_at(27.77, -82.66, 22)
    asked = f"{key.line()}\nmauve hoods 22 1 1\nnonsense\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(asked))
    monkeypatch.setattr("os.nice", lambda _by: 0)

    code = tiles.main(["--geo", str(resource("geo")), "--city", "st-petersburg", "--out", str(tmp_path)])

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        f"done {key.line()}",
        "failed mauve hoods 22 1 1",
        "failed nonsense",
    ]
    assert QImage(str(tmp_path / key.path)).size().width() == 512
    assert not list(tmp_path.rglob("*.part"))


def test_a_wished_tile_arrives_from_the_helper_and_later_from_disk(store, qtbot, tmp_path):
    key = key_at(27.77, -82.66, 24)
    with qtbot.waitSignal(store.arrived, timeout=30_000):
        store.wish([key])
    assert store.picture(key) is not None

    again = TileStore(tmp_path / "tiles", folder=FOLDER, command=["/nowhere/at/all"])
    again.start()
    with qtbot.waitSignal(again.arrived, timeout=30_000):
        again.wish([key])

    assert again.picture(key).toImage().pixelColor(5, 5) == store.picture(key).toImage().pixelColor(5, 5)


def test_tiles_are_drawn_ahead_when_nothing_is_missing(store, qtbot, tmp_path):
    keys = [key_at(27.77, -82.66, level) for level in (20, 21, 22)]

    store.draw_ahead(keys)

    # In spare time only: where every core is busy that takes its time.
    qtbot.waitUntil(lambda: store.is_idle, timeout=180_000)
    drawn = {path.name for path in (tmp_path / "tiles").rglob("*.png")}
    assert drawn == {key.path.name for key in keys}
    assert all(store.picture(key) is None for key in keys)


def test_what_is_drawn_ahead_waits_while_a_backlog_needs_the_processor(store, qtbot, tmp_path):
    x, y = map(float, to_mercator(-82.66, 27.77))
    window = Frame.around(x, y, level=24, width=300, height=200)
    ground = Ground(store=store, theme=Theme(), home=window.bounds)
    ground.let_ahead_wait(True)
    ground.wish(window, window.widened(64))
    qtbot.waitUntil(lambda: ground.is_whole(window) and not store.needs_any, timeout=30_000)
    assert store.is_idle

    ground.let_ahead_wait(False)

    assert not store.is_idle


def test_nothing_is_drawn_ahead_before_the_margin_is_asked_for(store):
    """The first picture and each step of the wheel have none."""
    x, y = map(float, to_mercator(-82.66, 27.77))
    window = Frame.around(x, y, level=24, width=300, height=200)
    ground = Ground(store=store, theme=Theme(), home=window.bounds)

    ground.wish(window, window)
    assert store.needs_any and not store._ahead

    ground.wish(window, window.widened(64))
    assert store._ahead


@pytest.mark.skipif(sys.platform != "linux", reason="only there can spare time be taken back")
def test_the_helper_draws_ahead_in_spare_time_and_at_once_what_is_waited_for(store, qtbot):
    spare, needed = (key_at(27.77, -82.66 + n / 1000, 18) for n in (0, 300))

    def pace():
        helper = store.findChild(QProcess)
        process_id = helper.processId() if helper else 0
        if not process_id:
            return None
        share = Path(f"/proc/{process_id}/autogroup")
        nice = share.read_text().split()[-1] if share.exists() else None
        return os.sched_getscheduler(process_id), nice, os.getsid(process_id) != os.getsid(0)

    # Each session has its own share of the processor: in ours it would have all of ours in spare time.
    has_shares = Path("/proc/self/autogroup").exists()
    store.draw_ahead([spare])
    least = (os.SCHED_IDLE, "19" if has_shares else None, True)
    qtbot.waitUntil(lambda: pace() == least, timeout=30_000)
    with qtbot.waitSignal(store.arrived, timeout=30_000):
        store.wish([needed])
        ordinary = (os.SCHED_OTHER, "0" if has_shares else None, True)
        qtbot.waitUntil(lambda: pace() == ordinary, timeout=30_000)


def test_sets_of_old_vectors_are_thrown_away(tmp_path, qtbot):
    old = tmp_path / "tiles" / hashlib.sha1(b"old").hexdigest()[:12]
    old.mkdir(parents=True)
    (old / "tile.png").write_bytes(b"x")

    TileStore(tmp_path / "tiles", folder=FOLDER, command=HELPER).start()

    assert not old.exists()


def test_a_damaged_tile_on_disk_is_drawn_anew(store, qtbot, tmp_path, expect_warning):
    key = key_at(27.77, -82.66, 22)
    path = tmp_path / "tiles" / store.version / key.path
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a picture")
    expect_warning("damaged and is drawn anew")

    with qtbot.waitSignal(store.arrived, timeout=30_000):
        store.wish([key])

    assert store.picture(key).width() == 512


@pytest.mark.parametrize("command", [["/nowhere/at/all"], [sys.executable, "-c", "raise SystemExit(3)"]])
def test_without_its_helper_the_map_goes_on_and_says_so_once(qtbot, tmp_path, expect_warning, command):
    store = TileStore(tmp_path / "tiles", folder=FOLDER, command=command)
    store.start()
    expect_warning("its process ended 3 times")
    said = []
    store.gave_up.connect(said.append)

    store.wish([key_at(27.77, -82.66, 22)])

    qtbot.waitUntil(lambda: bool(said), timeout=30_000)
    store.wish([key_at(27.77, -82.66, 23)])
    # In spare time only: where every core is busy that takes its time.
    qtbot.waitUntil(lambda: store.is_idle, timeout=180_000)
    assert said == ["The base map could not be drawn."]
    store.close()


def test_while_a_tile_is_missing_a_coarser_one_stands_in(show, qtbot, theme):
    view = show([])
    qtbot.waitUntil(lambda: not view.tiles.needs_any, timeout=60_000)
    gulf = QPoint(30, 400)
    assert view.grab().toImage().pixelColor(gulf).name() == theme.palette.water

    view.zoom_by(1, QPointF(gulf))

    assert view.grab().toImage().pixelColor(gulf).name() == theme.palette.water
    assert view.tiles.needs_any


def test_half_written_tiles_of_a_killed_helper_are_swept_away(tmp_path):
    old, fresh = tmp_path / "light-hoods" / "1.part", tmp_path / "light-hoods" / "2.part"
    old.parent.mkdir()
    for part in (old, fresh):
        part.write_bytes(b"half")
    os.utime(old, (0, 0))

    tile_process.sweep(tmp_path)

    assert not old.exists() and fresh.exists()


def test_once_closed_it_starts_no_helper_that_nobody_would_end(qtbot, tmp_path):
    store = TileStore(tmp_path / "tiles", folder=FOLDER, command=["/nowhere/at/all"])
    store.start()
    store.close()
    store.wish([key_at(27.77, -82.66, 22)])
    qtbot.wait(50)
    assert store._helper is None and store.is_idle
