"""A city's own pictures under the sites: from MBTiles and PMTiles, whatever state the file is in."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import sys
from pathlib import Path

import pytest
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage

from dispatch.errors import MapFileBroken
from dispatch.geo.projection import HALF_WORLD_M, to_mercator
from dispatch.geo.raster import open_raster
from dispatch.geo.tiles import Tile, tile_span
from tests.ui.map.conftest import FOLDER, HELPER
from ui.map.base_map import BaseMap
from ui.map.raster import _picture, draw_raster
from ui.map.tile_key import TileKey
from ui.map.tiles import Atlas, draw_tile
from ui.theme import DIM, LIGHT

LOOK = (sys.executable, "-m", "dispatch.geo.raster.tell")
LAT, LNG = 27.77, -82.64
MOST_ZOOM = 14
CREDIT = 'Photos <a href="https://example.test">City of Gulfport</a> &amp; <b>friends</b>'


def picture(color: str, side: int = 256) -> bytes:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(color))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data.data())


def color_of(zoom: int, column: int, row: int) -> str:
    """Each tile has its own color, so that a wrong one shows."""
    return QColor(40 + 10 * zoom, 20 + column * 37 % 200, 20 + row * 53 % 200).name()


def place(zoom: int) -> tuple[int, int]:
    x, y = map(float, to_mercator(LNG, LAT))
    span = 2 * HALF_WORLD_M / (1 << zoom)
    return int((x + HALF_WORLD_M) // span), int((HALF_WORLD_M - y) // span)


def tiles_of_the_file() -> dict[tuple[int, int, int], bytes]:
    found = {}
    for zoom in range(10, MOST_ZOOM + 1):
        column, row = place(zoom)
        for dx in range(-3, 4):
            for dy in range(-3, 4):
                key = (zoom, column + dx, row + dy)
                found[key] = picture(color_of(*key))
    return found


def write_mbtiles(path: Path, **metadata: str) -> Path:
    said = {"name": "Flyover 2026", "format": "png", "minzoom": "10", "maxzoom": str(MOST_ZOOM)}
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        file.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
        )
        file.executemany(
            "INSERT INTO metadata VALUES (?, ?)", [*(said | {"attribution": CREDIT} | metadata).items()]
        )
        rows = [(z, x, (1 << z) - 1 - y, data) for (z, x, y), data in tiles_of_the_file().items()]
        file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    file.close()
    return path


def write_pmtiles(path: Path) -> Path:
    with path.open("wb") as file:
        writer = Writer(file)
        found = tiles_of_the_file()
        for key in sorted(found, key=lambda key: zxy_to_tileid(*key)):
            writer.write_tile(zxy_to_tileid(*key), found[key])
        head = {
            "tile_type": TileType.PNG,
            "tile_compression": Compression.NONE,
            "min_zoom": 10,
            "max_zoom": MOST_ZOOM,
            "min_lon_e7": -1800000000,
            "min_lat_e7": -850000000,
            "max_lon_e7": 1800000000,
            "max_lat_e7": 850000000,
            "center_zoom": 12,
            "center_lon_e7": 0,
            "center_lat_e7": 0,
        }
        writer.finalize(head, {"name": "Flyover 2026", "attribution": CREDIT})
    return path


@pytest.fixture(params=["mbtiles", "pmtiles"])
def file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    write = write_mbtiles if request.param == "mbtiles" else write_pmtiles
    return write(tmp_path / f"flyover.{request.param}")


def key_at(level: int, theme: str = "light", variant: str = "plain") -> TileKey:
    x, y = map(float, to_mercator(LNG, LAT))
    span = tile_span(level)
    return TileKey(
        theme, variant, Tile(level, int((x + HALF_WORLD_M) // span), int((HALF_WORLD_M - y) // span))
    )


def middle_of(key: TileKey) -> tuple[int, int]:
    """Where the place lies in the tile, in pixels."""
    x, y = map(float, to_mercator(LNG, LAT))
    west, _, _, north = key.tile.bounds
    metres = tile_span(key.tile.level) / 512
    return int((x - west) / metres), int((north - y) / metres)


def test_both_kinds_say_what_they_are_and_their_credit_as_plain_text(file: Path) -> None:
    raster = open_raster(file)
    assert (raster.about.name, raster.about.least_zoom, raster.about.most_zoom) == ("Flyover 2026", 10, 14)
    assert raster.about.attribution == "Photos City of Gulfport & friends"
    assert raster.about.kind == "png"
    raster.close()


@pytest.mark.parametrize(("level", "zoom"), [(18, 10), (22, 12), (23, 13), (26, 14), (31, 14)])
def test_a_tile_shows_the_picture_of_its_place_also_between_zooms_and_beyond_the_last(
    file: Path, level: int, zoom: int
) -> None:
    raster = open_raster(file)
    image = QImage(512, 512, QImage.Format.Format_RGB32)
    key = key_at(level)

    assert draw_raster(image, raster, LIGHT, key.tile)

    assert image.pixelColor(*middle_of(key)).name() == color_of(zoom, *place(zoom))
    raster.close()


def test_what_the_file_does_not_have_is_the_bundled_map(file: Path) -> None:
    raster, atlas = open_raster(file), Atlas(FOLDER)
    for key in (key_at(14), TileKey("light", "plain", Tile(22, 3, 3))):
        assert draw_tile(atlas, LIGHT, key, raster) == draw_tile(atlas, LIGHT, key)
    raster.close()


def test_by_night_pictures_are_dark_and_neighborhood_lines_lie_over_them(file: Path) -> None:
    raster, atlas = open_raster(file), Atlas(FOLDER)
    key = key_at(24)
    day = draw_tile(atlas, LIGHT, key, raster).pixelColor(*middle_of(key))
    night = draw_tile(atlas, DIM, key_at(24, "dim"), raster).pixelColor(*middle_of(key))
    assert night.lightness() < day.lightness() * 0.6

    with_lines = draw_tile(atlas, LIGHT, key_at(24, variant="hoods"), raster)
    assert with_lines != draw_tile(atlas, LIGHT, key, raster)
    raster.close()


@pytest.fixture
def base(qtbot, tmp_path):
    made = BaseMap(tmp_path / "tiles", folder=FOLDER, command=HELPER, look_command=LOOK)
    made.tiles.start()
    yield made
    made.close()


def test_a_chosen_file_is_drawn_by_the_process_and_the_bundled_set_is_kept(base, qtbot, file, tmp_path):
    key = key_at(24)
    with qtbot.waitSignal(base.arrived, timeout=30_000):
        base.tiles.wish([key])
    bundled = base.tiles.picture(key).toImage()

    with qtbot.waitSignal(base.changed, timeout=30_000):
        base.use_file(file)
    with qtbot.waitSignal(base.arrived, timeout=30_000):
        base.tiles.wish([key])
    assert base.about.attribution == "Photos City of Gulfport & friends"
    assert base.tiles.picture(key).toImage().pixelColor(*middle_of(key)).name() == color_of(13, *place(13))

    drawn_before = set((tmp_path / "tiles").rglob("*.png"))
    base.use_bundled()
    with qtbot.waitSignal(base.arrived, timeout=30_000):
        base.tiles.wish([key])
    assert base.tiles.picture(key).toImage() == bundled
    assert set((tmp_path / "tiles").rglob("*.png")) == drawn_before


def endless(path: Path) -> Path:
    """Its tiles are a view that never ends."""
    write_mbtiles(path)
    with sqlite3.connect(path) as made:
        made.execute("ALTER TABLE tiles RENAME TO kept")
        made.execute(
            "CREATE VIEW tiles AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
            " SELECT x AS zoom_level, x AS tile_column, x AS tile_row, NULL AS tile_data FROM n WHERE x < 0"
        )
    made.close()
    return path


def vector(path: Path) -> Path:
    write_mbtiles(path)
    with sqlite3.connect(path) as made:
        made.execute("UPDATE tiles SET tile_data = x'1f8b0800000000000003'")
    made.close()
    return path


def cut_off(path: Path) -> Path:
    whole = write_pmtiles(path).read_bytes()
    path.write_bytes(whole[: len(whole) // 50])
    return path


def pointing_outside(path: Path) -> Path:
    whole = bytearray(write_pmtiles(path).read_bytes())
    struct.pack_into("<Q", whole, 8, 1 << 60)  # where the root directory lies
    path.write_bytes(bytes(whole))
    return path


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def huge(path: Path) -> Path:
    with path.open("wb") as made:
        made.truncate(200_000_000)
    return path


BROKEN = {
    "empty": (lambda p: written(p, b""), "is empty"),
    "text": (lambda p: written(p, b"<html>Not found</html>"), "neither MBTiles nor PMTiles"),
    "huge and of zeros": (huge, "neither MBTiles nor PMTiles"),
    "a database of something else": (lambda p: other_database(p), "damaged or no MBTiles"),
    "half a database": (lambda p: written(p, write_mbtiles(p).read_bytes()[:5000]), "damaged or no MBTiles"),
    "vector tiles": (vector, "vector tiles"),
    "endless": (endless, "damaged or no MBTiles"),
    "mad zooms": (lambda p: write_mbtiles(p, maxzoom="9000000000"), "which zooms"),
    "half an archive": (cut_off, "damaged"),
    "an archive that points outside": (pointing_outside, "damaged"),
    "an archive of another version": (lambda p: written(p, b"PMTiles\x02" + bytes(200)), "version 3"),
}


def other_database(path: Path) -> Path:
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE requests (id INTEGER)")
    made.close()
    return path


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_is_of_no_use_ends_in_a_sentence_and_the_map_stays_as_it_was(base, qtbot, tmp_path, case):
    make, words = BROKEN[case]
    before = base.tiles
    with qtbot.waitSignal(base.refused, timeout=30_000) as refused:
        base.use_file(make(tmp_path / "chosen file"))
    assert words in refused.args[0] and "chosen file" in refused.args[0]
    assert base.tiles is before and base.path is None


def test_a_file_that_is_not_there_is_named(base, qtbot, tmp_path):
    with qtbot.waitSignal(base.refused, timeout=30_000) as refused:
        base.use_file(tmp_path / "gone.mbtiles")
    assert "gone.mbtiles cannot be read" in refused.args[0]


def test_pictures_that_are_none_or_far_too_large_leave_the_bundled_map(tmp_path):
    path = write_mbtiles(tmp_path / "odd.mbtiles")
    with sqlite3.connect(path) as made:
        made.execute("UPDATE tiles SET tile_data = ? WHERE rowid % 2", (picture("red", 4096),))
        made.execute("UPDATE tiles SET tile_data = x'89504e470d0a1a0a00' WHERE rowid % 2 = 0")
    made.close()
    raster, atlas, key = open_raster(path), Atlas(FOLDER), key_at(24)
    assert draw_tile(atlas, LIGHT, key, raster) == draw_tile(atlas, LIGHT, key)
    raster.close()


def test_a_file_that_goes_bad_while_it_is_shown_gives_way_to_the_bundled_map(
    base, qtbot, tmp_path, expect_warning
):
    expect_warning("its process ended 3 times")
    path = write_mbtiles(tmp_path / "flyover.mbtiles")
    with qtbot.waitSignal(base.changed, timeout=30_000):
        base.use_file(path)
    path.write_bytes(b"overwritten")

    with qtbot.waitSignal(base.refused, timeout=60_000) as refused:
        base.tiles.wish([key_at(24)])

    assert refused.args == ["flyover.mbtiles cannot be drawn: the bundled map is shown."]
    assert base.path is None


def test_a_damaged_directory_raises_the_same_sentence_while_drawing(tmp_path):
    raster = open_raster(write_pmtiles(tmp_path / "flyover.pmtiles"))
    raster._reader.get_bytes = lambda _offset, _length: b"\x00" * 200
    with pytest.raises(MapFileBroken, match="damaged"):
        raster.tile(12, 0, 0)
    raster.close()


def test_the_process_that_looks_prints_one_line(tmp_path, capfd):
    import subprocess

    path = write_mbtiles(tmp_path / "a b.mbtiles")
    done = subprocess.run([*LOOK, str(path)], check=True, stdout=subprocess.PIPE, env=dict(os.environ))
    assert json.loads(done.stdout)["about"]["name"] == "Flyover 2026"


def test_a_tile_that_is_an_svg_is_none_and_nothing_it_names_is_fetched(tmp_path):
    """Qt would read it: the first tile says what a file holds, the others may be anything."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture("#ff0000"))
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    inside = f'<image width="256" height="256" xlink:href="{secret.as_uri()}"/>'
    svg = f'<svg {names} width="256" height="256">{inside}</svg>'

    assert _picture(svg.encode()) is None
    assert _picture(b"\x89PNG" + svg.encode()) is None
    assert _picture(picture("#ff0000")) is not None
