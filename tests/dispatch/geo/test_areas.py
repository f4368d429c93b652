"""Which neighborhood a place lies in."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from dispatch.errors import SettingsBroken
from dispatch.geo.areas import OUTSIDE, Areas
from dispatch.geo.layers import bounds_of, read_layer, read_places
from dispatch.geo.projection import to_mercator

GEO = Path(__file__).parents[3] / "resources" / "geo"
HOSPITALS = GEO / "st-petersburg" / "hospitals.geojson"
HOODS = GEO / "st-petersburg" / "unverified" / "neighborhoods.geojson"


@pytest.fixture(scope="module")
def hoods():
    return Areas.load(HOODS)


@pytest.mark.parametrize(
    ("lat", "lng", "name"),
    [
        (27.7710, -82.6390, "Downtown"),
        (27.7960, -82.6110, "Snell Isle"),
        (27.7930, -82.7620, ""),  # the Gulf
        (29.7604, -95.3698, ""),  # Houston
    ],
)
def test_a_place_is_in_its_neighborhood_or_outside(hoods, lat, lng, name):
    x, y = to_mercator(lng, lat)

    assert hoods.name_at(float(x), float(y)) == name


def test_places_not_known_are_outside_and_keep_their_line(hoods):
    x, y = to_mercator([np.nan, -82.6390], [np.nan, 27.7710])

    found = hoods.locate(x, y)

    assert found[0] == OUTSIDE
    assert hoods.names[found[1]] == "Downtown"


def test_a_border_belongs_to_the_first_of_two_areas():
    areas = Areas([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], ids=["a", "b"], names=["A", "B"])

    assert areas.locate([1.0, 0.5, 1.5, 3.0], [0.5, 0.5, 0.5, 0.5]).tolist() == [0, 0, 1, OUTSIDE]


def test_a_name_is_found_by_its_id(hoods):
    assert hoods.name_of("417150") == "Albert Whitted Airport"
    assert hoods.name_of("0") == ""


def test_without_the_file_every_place_is_outside(tmp_path):
    areas = Areas.load(tmp_path / "missing.geojson")

    assert areas.locate([1.0], [2.0]).tolist() == [OUTSIDE]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"features": [{"geometry": {"type": "Point"}}]}', "<html>"]
)
def test_a_broken_layer_is_named_in_a_sentence(tmp_path, text):
    path = tmp_path / "ours.geojson"
    path.write_text(text)

    with pytest.raises(SettingsBroken, match=r"The map layer ours\.geojson is not GeoJSON"):
        read_layer(path)


def test_every_bundled_layer_can_be_read_and_says_whose_it_is():
    files = sorted(GEO.rglob("*.geojson"))

    layers = [read_layer(path) for path in files]

    assert len(layers) == 15
    assert all(layer.credit and len(layer) for layer in layers)
    assert all(shape.is_valid for layer in layers for shape in layer.shapes)


def test_places_and_bounds_are_those_of_the_geometry():
    layer, places = read_layer(HOSPITALS), read_places(HOSPITALS)

    x, y = shapely.get_coordinates(np.array(layer.shapes)).T
    assert (places.x.tolist(), places.y.tolist()) == (x.tolist(), y.tolist())
    assert (places.properties, places.note) == (layer.properties, layer.note)
    shapes = np.array(read_layer(HOODS).shapes)
    assert bounds_of(HOODS) == pytest.approx(shapely.total_bounds(shapes), abs=1e-6)


def test_a_missing_file_has_no_places_and_no_bounds(tmp_path):
    assert read_places(tmp_path / "missing.geojson").x.size == 0
    assert bounds_of(tmp_path / "missing.geojson") is None


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"features": [{"geometry": {"type": "Point"}}]}', '{"features": [{"geometry": null}]}'],
)
def test_a_broken_file_is_named_in_a_sentence_without_the_geometry_too(tmp_path, text):
    path = tmp_path / "ours.geojson"
    path.write_text(text)

    for read in (read_places, bounds_of):
        with pytest.raises(SettingsBroken, match=r"The map layer ours\.geojson is not GeoJSON"):
            read(path)


def test_a_whole_column_is_located_like_single_places(hoods):
    west, south, east, north = bounds_of(HOODS)
    rng = np.random.default_rng(1)
    x, y = rng.uniform(west, east, 300), rng.uniform(south, north, 300)

    found = hoods.locate(x, y)

    assert [hoods.names[i] if i != OUTSIDE else "" for i in found] == list(map(hoods.name_at, x, y))
