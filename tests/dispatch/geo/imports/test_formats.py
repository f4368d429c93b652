"""Every format people bring comes to the same plain layer in degrees, with its fields."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from dispatch.geo.imports.checked import CHECKED
from dispatch.geo.layers import read_layer
from dispatch.geo.projection import to_mercator
from tests.dispatch.geo.imports.conftest import EAST, WEST, feature, geojson, two_zones, zipped_shapefile

KML = """<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>"""
FOLDER = """<Folder><name>{zone}</name><Placemark><name>{zone}</name><Polygon><outerBoundaryIs><LinearRing>
<coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Folder>"""


def mercator(degrees):
    return np.column_stack(to_mercator(degrees[:, 0], degrees[:, 1]))


def kml_text():
    rings = {"A": WEST, "B": EAST}
    said = {zone: " ".join(f"{x},{y},0" for x, y in ring) for zone, ring in rings.items()}
    return KML.format("".join(FOLDER.format(zone=zone, ring=ring) for zone, ring in said.items()))


def make_geojson(folder):
    return geojson(folder / "zones.geojson", two_zones())


def make_gpkg(folder):
    path = folder / "zones.gpkg"
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(shapely.polygons([WEST, EAST])),
        [np.array(["A", "B"], object)],
        ["EVAC"],
        geometry_type="Polygon",
        crs="EPSG:4326",
        driver="GPKG",
        layer="zones",
    )
    return path


def make_kml(folder):
    path = folder / "zones.kml"
    path.write_text(kml_text())
    return path


def make_kmz(folder):
    path = folder / "zones.kmz"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("doc.kml", kml_text())
    return path


def make_web_mercator_shapefile(folder):
    return zipped_shapefile(folder, crs="EPSG:3857", move=mercator)


MAKERS = (make_geojson, make_gpkg, make_kml, make_kmz, make_web_mercator_shapefile)


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_two_zones_come_out_of_every_format_at_their_place(make, tmp_path, bring):
    preview = bring(make(tmp_path))

    layer = read_layer(Path(preview.coming) / CHECKED)
    bounds = shapely.bounds(np.array(layer.shapes, object))
    wanted = shapely.bounds(shapely.transform(shapely.polygons([WEST, EAST]), mercator))
    assert preview.counts.areas == preview.counts.read == 2
    assert bounds == pytest.approx(wanted, abs=0.5)
    assert preview.samples["Name" if "km" in make.__name__ else "EVAC"] == ("A", "B")


def test_feet_of_the_state_plane_are_brought_to_degrees(tmp_path, bring):
    ring = [[430_000, 1_240_000], [450_000, 1_240_000], [450_000, 1_260_000], [430_000, 1_240_000]]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2237"}}
    path = geojson(
        tmp_path / "feet.json", [feature({"type": "Polygon", "coordinates": [ring]}, zone="A")], crs=crs
    )

    preview = bring(path)

    assert preview.projection == "EPSG:2237"
    assert preview.bounds == pytest.approx((-82.6993, 27.7432, -82.6373, 27.7985), abs=0.001)


def test_a_table_with_named_coordinates_becomes_points_and_empty_cells_are_counted(tmp_path, bring):
    path = tmp_path / "pumps.csv"
    path.write_text("name;Lat;Lon\nPump 1;27,7712;-82,6390\nPump 2;;\n")

    preview = bring(path)

    assert preview.counts.points == 1
    assert preview.counts.without_geometry == 1
    assert preview.bounds == pytest.approx((-82.639, 27.7712, -82.639, 27.7712))


def test_a_table_with_other_column_names_asks_which_they_are(tmp_path, bring):
    path = tmp_path / "pumps.csv"
    path.write_text("name,north,east\nPump 1,27.77,-82.64\n")

    asked = bring(path)
    told = bring(path, lat="north", lng="east")

    assert asked.coordinates_asked
    assert set(asked.samples) == {"name", "north", "east"}
    assert told.counts.points == 1


def test_the_original_is_kept_beside_it_byte_by_byte(tmp_path, bring):
    path = make_geojson(tmp_path)

    preview = bring(path)

    assert (Path(preview.coming) / "original.geojson").read_bytes() == path.read_bytes()
    assert len(preview.sha256) == 64


def test_a_bow_tie_is_mended_and_said(tmp_path, bring):
    tie = [[-82.70, 27.75], [-82.66, 27.80], [-82.66, 27.75], [-82.70, 27.80], [-82.70, 27.75]]
    preview = bring(geojson(tmp_path / "tie.geojson", [feature({"type": "Polygon", "coordinates": [tie]})]))

    (shape,) = read_layer(Path(preview.coming) / CHECKED).shapes
    assert preview.counts.mended == 1
    assert shape.is_valid
    assert shape.area > 0


def test_whatever_is_left_out_is_counted_by_its_reason(tmp_path, bring):
    far = {"type": "Point", "coordinates": [400, 27]}
    round_the_world = {"type": "LineString", "coordinates": [[-179, 10], [179, 10]]}
    broken = {"type": "Polygon", "coordinates": [[[0, 0]]]}
    features = [*two_zones(), *two_zones(), feature(None), feature(far), feature(round_the_world)]
    preview = bring(geojson(tmp_path / "mixed.geojson", [*features, feature(broken)]))

    counts = preview.counts
    assert (counts.areas, counts.without_geometry, counts.outside, counts.damaged) == (4, 1, 2, 1)
    assert counts.read == 8


def test_hostile_words_become_one_plain_line(tmp_path, bring):
    words = "<img src=x onerror=1>\u202egnp.exe\u0000\nsecond " + "x" * 9000
    zone = feature(two_zones()[0]["geometry"], name=words)
    preview = bring(geojson(tmp_path / "words.geojson", [zone]))

    (said,) = read_layer(Path(preview.coming) / CHECKED).properties
    assert said["name"].startswith("<img src=x onerror=1> gnp.exe second xxx")
    assert len(said["name"]) == 300
    assert json.dumps(said).isprintable()
