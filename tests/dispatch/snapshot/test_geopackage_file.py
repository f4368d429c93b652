"""The GeoPackage of a snapshot, read back by GDAL and by SQLite."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely

from dispatch.errors import FileNotWritten
from dispatch.reports import geopackage_file
from dispatch.reports.visible_text import visible
from dispatch.snapshot.records import NOT_ASSESSED, Snapshot
from tests.dispatch.snapshot.example_workbook import HOSTILE, snapshot

LAYERS = [
    *("sites", "sites_without_place", "reports", "hand_overs", "left_out", "areas"),
    *("about", "definitions"),
]


def written(content: Snapshot, folder: Path) -> Path:
    path = folder / "snapshot.gpkg"
    geopackage_file.write(content, path)
    return path


def layer(path: Path, name: str) -> tuple[dict[str, Any], dict[str, list[Any]], Any]:
    """What GDAL says of the layer, its fields, its points."""
    meta, _, geometry, columns = pyogrio.raw.read(path, layer=name, datetime_as_string=True)
    fields = {str(field): list(values) for field, values in zip(meta["fields"], columns, strict=True)}
    return meta, fields, None if geometry is None else shapely.from_wkb(geometry)


def test_sites_with_a_place_are_points_where_they_are(tmp_path: Path) -> None:
    path = written(snapshot(), tmp_path)

    meta, fields, points = layer(path, "sites")
    assert (meta["crs"], meta["geometry_type"]) == ("EPSG:4326", "Point")
    assert [(point.x, point.y) for point in points] == [(-82.64, 27.77)]
    assert (fields["site"], fields["reports"], fields["open"]) == (["440"], [2], ["yes"])
    assert [str(at).replace("+00:00", "Z") for at in fields["first_entered_at"]] == [
        "2017-09-10T22:00:01.250Z"
    ]
    assert pyogrio.read_info(path, layer="sites")["total_bounds"] == (-82.64, 27.77, -82.64, 27.77)


def test_what_has_no_place_is_a_table(tmp_path: Path) -> None:
    path = written(snapshot(), tmp_path)

    kinds = {str(name): kind for name, kind in pyogrio.list_layers(path)}
    assert list(kinds) == LAYERS
    assert [name for name, kind in kinds.items() if kind is not None] == ["sites"]
    assert layer(path, "sites_without_place")[1]["site"] == ["99"]
    assert layer(path, "hand_overs")[1]["hand_over"] == ["EOC-0041"]


@pytest.mark.parametrize("place", [(None, -82.6), (91.0, -82.6), (27.7, float("nan")), ("27.7", -82.6)])
def test_half_a_place_is_none(tmp_path: Path, place: tuple[Any, Any]) -> None:
    content = snapshot()
    at = content.sites.position
    row = list(content.sites.values[0])
    row[at["latitude"]], row[at["longitude"]] = place

    path = written(replace(content, sites=replace(content.sites, values=(tuple(row),))), tmp_path)

    assert layer(path, "sites")[1]["site"] == []
    assert layer(path, "sites_without_place")[1]["site"] == ["440"]


def test_fifty_hostile_texts_come_back_whole(tmp_path: Path) -> None:
    path = written(snapshot(HOSTILE), tmp_path)

    assert layer(path, "sites")[1]["address"] == [visible(text) for text in HOSTILE]
    assert {visible(text) for text in HOSTILE} <= {*layer(path, "about")[1]["value"]}


@pytest.mark.parametrize("is_exercise", [True, False])
def test_s18_every_layer_and_row_says_that_it_is_an_exercise(tmp_path: Path, is_exercise: bool) -> None:
    path = written(snapshot(is_exercise=is_exercise), tmp_path)

    with closing(sqlite3.connect(path)) as package:
        named = package.execute("SELECT identifier, description FROM gpkg_contents").fetchall()
    assert len(named) == len(LAYERS)
    assert all(name.startswith("EXERCISE") is is_exercise for name, _ in named)
    assert all(NOT_ASSESSED in text and text.startswith("EXERCISE") is is_exercise for _, text in named)
    for name in LAYERS:
        assert {*layer(path, name)[1]["exercise"]} == {"yes" if is_exercise else "no"}


def test_totals_are_the_snapshots(tmp_path: Path) -> None:
    content = snapshot(HOSTILE)
    path = written(content, tmp_path)

    sites = [site for name in LAYERS[:2] for site in layer(path, name)[1]["site"]]
    assert sorted(sites) == sorted(str(row[0]) for row in content.sites.values)
    assert len(sites) == content.numbers[0].value
    about = layer(path, "about")[1]
    values = dict(zip(about["name"], about["value"], strict=True))
    assert [values[number.label] for number in content.now] == [str(number.value) for number in content.now]
    assert len(layer(path, "definitions")[1]["says"]) == sum(len(rows.columns) + 1 for rows in content.files)


def test_sqlite_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    path = written(snapshot(HOSTILE), tmp_path)

    with closing(sqlite3.connect(path)) as package:
        assert package.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert package.execute("PRAGMA foreign_key_check").fetchall() == []
        assert package.execute("PRAGMA application_id").fetchone() == (0x47504B47,)


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    content = snapshot(HOSTILE)
    for name in ("one", "two"):
        geopackage_file.write(content, tmp_path / name)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    with closing(sqlite3.connect(tmp_path / "one")) as package:
        changed = package.execute("SELECT DISTINCT last_change FROM gpkg_contents").fetchall()
    assert changed == [("2017-09-11T10:00:00.000Z",)]


def test_what_cannot_be_written_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "snapshot.gpkg"
    path.write_bytes(b"yesterday's")
    content = snapshot()
    wrong = replace(content, reports=replace(content.reports, values=((object(),),)))  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="longer"):
        geopackage_file.write(wrong, path)
    with pytest.raises(FileNotWritten, match="is not there"):
        geopackage_file.write(content, tmp_path / "no folder" / "snapshot.gpkg")

    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"yesterday's"
