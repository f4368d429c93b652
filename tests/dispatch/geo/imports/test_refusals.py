"""Damaged, empty, huge and hostile files: one sentence each, and nothing of them stays."""

import os
import sqlite3
import subprocess
import sys
import zipfile

import pytest

from dispatch.errors import LayerRefused
from dispatch.geo.imports import apart, limits
from dispatch.geo.imports.folder import LayerFolder
from tests.dispatch.geo.imports.conftest import feature, geojson, two_zones, zipped_shapefile


def said_of(bring, path):
    with pytest.raises(LayerRefused) as refused:
        bring(path)
    sentence = str(refused.value)
    assert path.name in sentence
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.geojson", b"", "is empty"),
        ("cut.geojson", b'{"type":"FeatureCollection","features":[{"type"', "no whole JSON"),
        ("other.json", b'{"alerts": []}', "no GeoJSON layer"),
        ("nothing.geojson", b'{"type":"FeatureCollection","features":[]}', "nothing with a place"),
        ("cut.zip", b"PK\x03\x04damaged", "damaged zip"),
        ("cut.gpkg", b"SQLite format 3\x00damaged", "damaged"),
        ("part.shp", b"\x00\x00\x27\x0a" + bytes(96), "zip it with"),
        ("page.kml", b"<html><body>Log in</body></html>", "no KML"),
        ("bomb.kml", b'<!DOCTYPE k [<!ENTITY a "aaaa">]><kml>&a;</kml>', "DOCTYPE"),
        (
            "trap.vrt",
            b"<OGRVRTDataSource><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTDataSource>",
            "no KML",
        ),
        ("letter.pdf", b"%PDF-1.7\n\x00\x01", "none of GeoJSON"),
        ("notes.csv", b"just words\n", "none of GeoJSON"),
    ],
)
def test_a_file_that_is_no_layer_is_refused_in_a_sentence(name, content, words, tmp_path, bring):
    path = tmp_path / name
    path.write_bytes(content)

    assert words in said_of(bring, path)


def test_a_file_of_two_hundred_megabytes_is_refused_unread(tmp_path, bring):
    path = tmp_path / "huge.geojson"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # no room on the disk: only its size is looked at

    assert "has 200 MB, a layer may have 100" in said_of(bring, path)


def test_too_many_features_are_refused(tmp_path, bring):
    point = feature({"type": "Point", "coordinates": [-82.6, 27.7]})
    path = geojson(tmp_path / "many.geojson", [point] * (limits.FEATURES + 1))

    assert f"{limits.FEATURES:,} features" in said_of(bring, path)


def test_metres_without_a_projection_are_refused_with_the_way_out(tmp_path, bring):
    path = zipped_shapefile(tmp_path, crs=None, move=lambda degrees: degrees * 111_000)

    assert "add the .prj" in said_of(bring, path)


@pytest.mark.parametrize("name", ["../../evil.shp", "/etc/evil.shp", "c:/evil.shp", "..\\evil.shp"])
def test_a_zip_that_reaches_outside_its_folder_is_refused(name, tmp_path, bring):
    path = tmp_path / "trap.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr(name, b"x")

    assert "outside its folder" in said_of(bring, path)


def test_a_zip_that_unpacks_to_too_much_is_refused_unpacked(tmp_path, bring):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out, out.open("a.shp", "w") as packed:
        for _ in range(401):
            packed.write(bytes(1_000_000))
    assert path.stat().st_size < 1_000_000

    assert "unpacks to more" in said_of(bring, path)


def test_a_geopackage_without_a_layer_is_refused(tmp_path, bring):
    path = tmp_path / "table.gpkg"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE words (word TEXT)")
    made.close()

    assert "GeoPackage" in said_of(bring, path) or "no layer" in said_of(bring, path)


def test_the_reading_process_gives_the_same_as_the_file_says(tmp_path):
    path = geojson(tmp_path / "zones.geojson", two_zones())

    preview = apart.look_at(path, LayerFolder(tmp_path / "layers"))

    assert preview.counts.areas == 2
    assert preview.samples == {"EVAC": ("A", "B"), "name": ("West", "East")}


def test_a_reader_that_hangs_is_given_up_and_the_console_goes_on(tmp_path, monkeypatch):
    path = geojson(tmp_path / "zones.geojson", two_zones())
    hang = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(apart, "helper_command", lambda _name: hang)
    monkeypatch.setattr(apart, "GRACE_S", 0)

    with pytest.raises(LayerRefused, match="given up after"):
        apart.look_at(path, LayerFolder(tmp_path / "layers"), seconds=0.5)


def test_a_reader_that_is_killed_is_a_sentence(tmp_path, monkeypatch):
    path = geojson(tmp_path / "zones.geojson", two_zones())
    monkeypatch.setattr(
        apart, "helper_command", lambda _name: [sys.executable, "-c", "import os; os.abort()"]
    )

    with pytest.raises(LayerRefused, match="damaged, or needs too much"):
        apart.look_at(path, LayerFolder(tmp_path / "layers"))


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such limits")
def test_the_reading_process_may_not_take_all_memory():
    code = "from dispatch.geo.imports.limits import keep_within; keep_within(); bytearray(8 << 30)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=os.environ, check=False)

    assert b"MemoryError" in done.stderr


def test_the_same_file_twice_leaves_one_waiting_room(tmp_path):
    path, folder = geojson(tmp_path / "zones.geojson", two_zones()), LayerFolder(tmp_path / "layers")

    apart.look_at(path, folder)
    apart.look_at(path, folder)

    assert len(list((tmp_path / "layers" / "coming").iterdir())) == 1
    assert folder.layers() == ()
