"""Imported layers from file to log line, and what triage then says of a place."""

import shutil
from dataclasses import replace

import pytest
from sqlalchemy import select

from dispatch.errors import ActRefused, LayerRefused
from dispatch.geo.folder import GeoFolder
from dispatch.geo.imports import apart
from dispatch.geo.imports.expected import not_loaded
from dispatch.geo.imports.kinds import LayerKind
from dispatch.geo.imports.records import Look
from dispatch.resources import resource
from dispatch.store import schema
from dispatch.store.transaction import Transaction
from tests.dispatch.geo.imports.conftest import feature, geojson, two_zones
from tests.rooms import Room

ZONES = Look("County zones", LayerKind.EVACUATION, name_field="name", zone_field="EVAC", style="teal")


@pytest.fixture
def room(tmp_path, city, clock, run):
    made = Room(tmp_path / "seat", city, clock, run)
    yield made
    made.close()


def bring(room, tmp_path, look=ZONES):
    path = geojson(tmp_path / "zones.geojson", two_zones())
    desk = room.parts.layer_desk
    desk.import_layer(apart.look_at(path, desk.folder), look)
    return desk.folder.layers()[-1]


def log_lines(room):
    with room.store.reading() as connection:
        rows = connection.execute(select(schema.activity_log).order_by(schema.activity_log.c.number))
        return [row.text for row in rows if row.act == "layer"]


def reasons(room, request_id):
    return [reason.text for reason in room.view(request_id).reasons]


def score_until_done(room):
    while room.work._rescore.step()[1]:
        pass


def test_a_layer_is_taken_whole_with_hash_and_log_line(room, tmp_path):
    layer = bring(room, tmp_path)

    assert layer.counts.areas == 2
    assert len(layer.sha256) == 64
    assert (room.parts.folder / "layers" / layer.layer_id / layer.original).exists()
    assert log_lines(room) == ["layer imported: County zones (evacuation_zone, 2 features)"]


def test_a_layer_whose_log_line_cannot_be_written_is_not_imported(room, tmp_path, monkeypatch):
    desk = room.parts.layer_desk
    preview = apart.look_at(geojson(tmp_path / "z.geojson", two_zones()), desk.folder)

    def full_disk(*_args):
        raise OSError("disk full")

    monkeypatch.setattr(room.store, "transaction", full_disk)
    with pytest.raises(OSError, match="disk full"):
        desk.import_layer(preview, ZONES)

    assert desk.folder.layers() == ()


def test_a_zone_without_areas_or_field_is_refused(room, tmp_path):
    with pytest.raises(LayerRefused, match="field that holds the zone"):
        bring(room, tmp_path, replace(ZONES, zone_field=""))
    assert room.parts.layer_desk.folder.layers() == ()


def test_reports_already_here_are_scored_anew_with_the_imported_zone(room, tmp_path, city):
    key = city.add_report("Tree on the road", lat=27.77, lng=-82.68)
    room.sync()
    score_until_done(room)
    before = reasons(room, key)

    layer = bring(room, tmp_path)
    score_until_done(room)
    with_zone = reasons(room, key)
    room.parts.layer_desk.remove(layer.layer_id)
    score_until_done(room)

    assert "In evacuation zone A" not in before
    assert "In evacuation zone A" in with_zone
    assert reasons(room, key) == before


def test_a_report_that_comes_later_is_told_its_zone_at_once(room, tmp_path, city):
    room.sync()
    bring(room, tmp_path)
    key = city.add_report("Tree on the road", lat=27.77, lng=-82.64)

    room.sync()

    assert "In evacuation zone B" in reasons(room, key)


def test_imported_places_count_as_near_and_say_their_name(room, tmp_path, city):
    station = {"type": "Point", "coordinates": [-82.68, 27.771]}
    path = geojson(tmp_path / "stations.geojson", [feature(station, STATION_NAME="Station 7")])
    desk = room.parts.layer_desk
    desk.import_layer(
        apart.look_at(path, desk.folder),
        Look("Fire stations", LayerKind.FIRE_STATION, name_field="STATION_NAME"),
    )
    near = city.add_report("Tree on the road", lat=27.77, lng=-82.68)
    away = city.add_report("Tree on the road", lat=27.79, lng=-82.68)

    room.sync()

    assert "110 m from Station 7 (fire or police station)" in reasons(room, near)
    assert not any("Station 7" in said for said in reasons(room, away))


def test_a_surge_zone_is_told_by_its_name(room, tmp_path, city):
    bring(room, tmp_path, replace(ZONES, kind=LayerKind.SURGE))
    key = city.add_report("Tree on the road", lat=27.77, lng=-82.68)

    room.sync()

    assert "In storm surge zone A" in reasons(room, key)
    labels = room.parts.judge.reason_labels()
    assert labels["in_surge_zones"] == "In a storm surge zone"
    assert labels["in_evacuation_zones"] == "In an evacuation zone"


def test_what_is_brought_is_no_longer_missed(room, tmp_path):
    geo, folder = GeoFolder(resource("geo"), "st-petersburg"), room.parts.layer_desk.folder
    before = not_loaded(geo, folder.layers())

    bring(room, tmp_path)

    assert before == (LayerKind.EVACUATION, LayerKind.SURGE, LayerKind.FIRE_STATION)
    assert not_loaded(geo, folder.layers()) == (LayerKind.SURGE, LayerKind.FIRE_STATION)


def test_a_plain_layer_moves_no_score(room, tmp_path, city):
    key = city.add_report("Tree on the road", lat=27.77, lng=-82.68)
    room.sync()
    score_until_done(room)
    before = room.parts.in_force.made_with

    bring(room, tmp_path, replace(ZONES, kind=LayerKind.PLAIN))
    room.sync()

    assert room.parts.in_force.made_with == before
    assert not any("zone" in text for text in reasons(room, key))


def test_one_undo_takes_back_the_removal_the_next_one_the_import(room, tmp_path, city):
    layer = bring(room, tmp_path)
    folder = room.parts.layer_desk.folder
    key = city.add_report("Tree on the road", lat=27.77, lng=-82.68)
    room.sync()
    room.parts.layer_desk.remove(layer.layer_id)
    gone = folder.layers()

    said, changes = room.desk.undo()
    score_until_done(room)
    back, with_zone = folder.layers(), reasons(room, key)
    room.desk.undo()
    score_until_done(room)

    assert gone == ()
    assert said == "Undone: layer removed: County zones."
    assert changes.others == {"layers"}
    assert back == (layer,)
    assert "In evacuation zone A" in with_zone
    assert folder.layers() == ()
    assert "In evacuation zone A" not in reasons(room, key)
    assert (folder.root / "removed" / layer.layer_id / layer.original).exists()
    with pytest.raises(ActRefused, match="nothing to undo"):
        room.desk.undo()


def test_undo_gives_a_layer_its_earlier_name_and_purpose(room, tmp_path):
    layer = bring(room, tmp_path)
    room.parts.layer_desk.restyle(
        layer.layer_id, replace(ZONES, label="Surge", kind=LayerKind.PLAIN, zone_field="")
    )

    room.desk.undo()

    assert room.parts.layer_desk.folder.layers() == (layer,)


def test_an_undo_that_cannot_be_logged_leaves_the_layer_as_it_is(room, tmp_path, monkeypatch):
    layer = bring(room, tmp_path)

    def full_disk(*_args):
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(Transaction, "finish", full_disk)
        with pytest.raises(OSError, match="disk full"):
            room.desk.undo()

    assert room.parts.layer_desk.folder.layers() == (layer,)
    assert room.desk.undo()[0].startswith("Undone: layer imported")


def test_a_removed_layer_whose_files_are_gone_is_a_sentence(room, tmp_path):
    layer = bring(room, tmp_path)
    room.parts.layer_desk.remove(layer.layer_id)
    shutil.rmtree(room.parts.layer_desk.folder.root / "removed")

    with pytest.raises(LayerRefused, match="import it again"):
        room.desk.undo()


def test_a_layer_gets_another_name_and_color(room, tmp_path):
    layer = bring(room, tmp_path)

    room.parts.layer_desk.restyle(layer.layer_id, replace(ZONES, label="Surge", style="plum"))

    (changed,) = room.parts.layer_desk.folder.layers()
    assert (changed.look.label, changed.look.style) == ("Surge", "plum")
