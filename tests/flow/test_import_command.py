"""`import layer` as a script calls it: one line of JSON, one sentence for what is wrong, triage told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dispatch.__main__ import main
from dispatch.geo.imports.folder import LayerFolder
from dispatch.geo.imports.kinds import LayerKind
from tests.dispatch.geo.imports.conftest import feature, geojson, two_zones
from tests.flow.test_command_line import dispatch
from tests.rooms import Room


def said(capsys, *arguments: str) -> tuple[int, dict[str, int], str]:
    """In this process: what is read apart is read apart all the same."""
    code = main(["import", "layer", *arguments])
    heard = capsys.readouterr()
    lines = heard.out.strip().splitlines()
    return code, json.loads(lines[-1]) if lines else {}, heard.err.strip()


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'seat' / 'seat.db'}"


@pytest.fixture
def layers(tmp_path: Path) -> LayerFolder:
    (tmp_path / "seat").mkdir()
    return LayerFolder(tmp_path / "seat" / "layers")


def test_a_file_becomes_the_zones_that_triage_looks_up(tmp_path, store, layers, city, clock, run):
    path = geojson(tmp_path / "zones.geojson", [*two_zones(), feature(None)])

    code, answer, err = dispatch(
        "import", "layer", str(path), "--store", store, "--as", "evacuation_zones", "--name", "County zones"
    )

    assert (code, answer) == (0, {"read": 3, "taken": 2, "refused": 1}), err
    (layer,) = layers.layers()
    assert (layer.look.label, layer.look.kind) == ("County zones", LayerKind.EVACUATION)
    assert (layer.look.zone_field, layer.look.name_field) == ("EVAC", "name")
    key = city.add_report("Tree on the road", lat=27.77, lng=-82.68)
    room = Room(tmp_path / "seat", city, clock, run)
    room.sync()
    assert "In evacuation zone A" in [reason.text for reason in room.view(key).reasons]
    room.close()


def test_a_table_is_told_its_columns(tmp_path, store, layers, capsys):
    path = tmp_path / "stations.csv"
    path.write_text("station,north,east\nStation 7,27.77,-82.64\nStation 8,,\n")

    asked = said(capsys, str(path), "--store", store, "--as", "fire_stations")
    code, answer, _ = said(
        capsys,
        *(str(path), "--store", store, "--as", "stations", "--lat", "north", "--lng", "east"),
        *("--name-field", "station"),
    )

    assert (asked[0], asked[1]) == (2, {})
    assert asked[2] == "Name the columns with the coordinates, --lat and --lng, out of: station, north, east."
    assert (code, answer) == (0, {"read": 2, "taken": 1, "refused": 1})
    assert [each.look.kind for each in layers.layers()] == [LayerKind.FIRE_STATION]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["nowhere.geojson"], 2, "There is no file nowhere.geojson."),
        (["zones.geojson", "--as", "surge_zones", "--zone-field", "EVA"], 2, "no field EVA, but: EVAC, name"),
        (["plain.geojson", "--as", "surge_zones"], 2, "Name the field that holds the zone"),
        (["zones.geojson", "--zone-field", "EVAC"], 2, "--zone-field goes only with a zone"),
        (["points.geojson", "--as", "flood_zones"], 1, "A zone needs areas"),
        (["cut.geojson"], 1, "cut.geojson is damaged: it is no whole JSON. Save it again."),
        (["zones.geojson", "--as", "volcanoes"], 2, "'volcanoes' is not one of"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_nothing_is_imported(
    tmp_path, store, layers, capsys, monkeypatch, arguments, code, sentence
):
    monkeypatch.chdir(tmp_path)
    geojson(tmp_path / "zones.geojson", two_zones())
    geojson(tmp_path / "plain.geojson", [feature(two_zones()[0]["geometry"], colour="red")])
    geojson(tmp_path / "points.geojson", [feature({"type": "Point", "coordinates": [-82.6, 27.7]}, zone="A")])
    (tmp_path / "cut.geojson").write_text('{"type":"FeatureCollection","features":[{')

    ended, answer, err = said(capsys, *arguments, "--store", store)

    assert (ended, answer) == (code, {})
    assert sentence in err and "\n" not in err
    assert layers.layers() == ()


def test_a_file_of_another_place_is_taken_but_doubted(tmp_path, store, layers, capsys):
    far = feature({"type": "Point", "coordinates": [13.4, 52.5]}, name="Berlin")

    code, _, err = said(capsys, str(geojson(tmp_path / "far.geojson", [far])), "--store", store)

    assert code == 0
    assert "Nothing of it lies in the city" in err


def test_the_command_says_what_a_layer_can_be():
    from dispatch.commands.import_ import import_

    text = CliRunner().invoke(import_, ["layer", "--help"]).output

    assert all(name in text for name in ("evacuation_zones", "surge_zones", "fire_stations", "shelters"))
