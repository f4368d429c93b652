"""Which photos are looked for, and what a package says of their sites."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from dispatch.evidence.cases import RESTRICTED, Cases, gather
from dispatch.evidence.pack import pack
from dispatch.evidence.photos import Limits, Photos
from dispatch.snapshot.asked import Asked, Wanted
from dispatch.triage.categories import load_categories
from dispatch.whole_zip import is_safe
from tests.city import City
from tests.rooms import ON_SQLITE, Room

pytestmark = ON_SQLITE
ELSEWHERE = {"lat": 27.79, "lng": -82.65}


def cases(room: Room, area: str = "") -> Cases:
    asked = Asked(0, room.parts.clock.now() + 1, Wanted(area))
    return gather(room.store, asked, room.parts.jurisdiction, load_categories())


def said_of(found: Cases, number: str) -> dict[str, object]:
    at = found.sites.position
    (row,) = (each for each in found.sites.values if each[at["site"]] == number)
    return {name: row[i] for name, i in at.items()}


def test_who_went_and_how_it_ended_stands_without_phones(city: City, room: Room) -> None:
    number = city.add_report("Tree on the road", has_photo=True)
    room.sync()
    escalation = room.escalate(number)
    desk, key = room.em_desk, escalation.escalation_id
    desk.accept(key)
    desk.resource(key, "Crew 7, call 727-555-0188", None)
    desk.close(key, "Cleared, Jane is at 727-555-0188", "B. Foreman")
    said = said_of(cases(room), number)
    assert (said["went"], said["outcome"]) == ("Crew 7, call [phone]", "Cleared, Jane is at [phone]")
    assert said["ended_at"] == room.parts.clock.now() and said["photos"] == 1


def test_a_restricted_report_of_another_site_is_left_out_without_naming_it(city: City, room: Room) -> None:
    tree = city.add_report("Tree on the road", has_photo=True)
    home = city.add_report("Water in house", category="5706", has_photo=True)
    room.sync()
    found = cases(room)
    restricted = said_of(found, home)
    assert (restricted["restricted"], restricted["folder"], restricted["address"]) == ("yes", "", None)
    assert [each.of for each in found.photos] == [tree]
    assert all(each.why_not in ("", RESTRICTED) for each in found.photos)


def test_only_the_area_asked_for_is_packed(city: City, room: Room) -> None:
    city.add_report("Tree on the road", has_photo=True)
    city.add_report("Tree on another road", has_photo=True, **ELSEWHERE)
    room.sync()
    areas = [said_of(cases(room), each.site)["neighborhood"] for each in cases(room).photos]
    assert len(set(areas)) == 2
    (only,) = cases(room, str(areas[0])).photos
    assert only.of == cases(room).photos[0].of


def test_stopped_on_the_way_nothing_is_left(
    city: City, room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.add_report("Tree on the road", has_photo=True)
    room.sync()
    apart = tmp_path / "apart"
    apart.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(apart))

    def stop(_at: int, _of: int) -> None:
        raise KeyboardInterrupt

    photos = Photos(tmp_path, limits=Limits())
    with pytest.raises(KeyboardInterrupt):
        pack(cases(room), photos, tmp_path / "out" / "photos.zip", tell=stop)
    photos.close()
    assert list(apart.iterdir()) == [] and list((tmp_path / "out").iterdir()) == []


def test_no_number_of_a_server_makes_a_path(city: City, room: Room, tmp_path: Path) -> None:
    for lat in (27.75, 27.79):
        city.add_report("Tree on the road", has_photo=True, lat=lat)
    room.sync()
    with closing(sqlite3.connect(tmp_path / "seat" / "seat.db")) as store, store:
        store.execute("UPDATE request SET remote_id = '../../C:\\up/' || request_key")
    found = cases(room)
    photos = Photos(tmp_path, limits=Limits())
    packed = pack(found, photos, tmp_path / "photos.zip")
    photos.close()
    with ZipFile(packed.path) as zipped:
        names = zipped.namelist()
    assert all(map(is_safe, names)) and len({name.split("/")[0] for name in names if "/" in name}) == 2
    assert {str(row[0])[:8] for row in found.sites.values} == {"../../C:"}
