"""Every number of a snapshot again by SQL of its own: over the CSV files alone, and over the store itself."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dispatch.records import CloseReason, ReturnCode
from dispatch.reports.formats import FORMATS, write
from dispatch.snapshot.asked import Asked, Wanted
from dispatch.snapshot.making import make
from dispatch.snapshot.records import Snapshot
from dispatch.triage.categories import load_categories
from tests.city import City
from tests.dispatch.snapshot.workbook_reader import Workbook
from tests.rooms import Room

MONTH = tuple(
    int(datetime.fromisoformat(at).timestamp() * 1000)
    for at in ("2017-09-01T00:00:00-04:00", "2017-10-01T00:00:00-04:00")
)
IN_PERIOD = "r.created_at >= :from_at AND r.created_at < :to_at"


@dataclass(frozen=True)
class Pack:
    folder: Path
    made: Snapshot
    said: dict[str, Any]
    room: Room

    def csv(self, name: str) -> list[dict[str, str]]:
        with (self.folder / f"EXERCISE_{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def database(self) -> sqlite3.Connection:
        """The CSV files as whoever receives them may load them."""
        connection = sqlite3.connect(":memory:")
        for name in ("sites", "reports", "hand_overs", "left_out"):
            with (self.folder / f"EXERCISE_{name}.csv").open(encoding="utf-8-sig", newline="") as file:
                names, *rows = csv.reader(file)
            columns = ", ".join(f'"{each}"' for each in names)
            connection.execute(f"CREATE TABLE {name} ({columns})")
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(names))})", rows)
        return connection

    def sql(self, query: str, **given: Any) -> list[Any]:
        span = {"from_at": self.made.head.from_at, "to_at": self.made.head.to_at}
        return room_sql(self.room, query, **span, **given)


def room_sql(room: Room, query: str, **given: Any) -> list[Any]:
    with room.store.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query), given)]


def taken(room: Room, folder: Path, wanted: Wanted | None = None) -> Pack:
    asked = Asked(*MONTH, wanted or Wanted())
    made = make(room.store, asked, room.parts.jurisdiction, load_categories())
    write(made, folder, FORMATS)
    said = json.loads((folder / "EXERCISE_snapshot.json").read_bytes())
    return Pack(folder, made, said, room)


def number(pack: Pack, key: str) -> int:
    (found,) = {each.value for each in pack.made.all_numbers if each.key == key}
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def room(tmp_path, clock, run, request):
    """Irma as the exercise begins, and worked a little: merged, handed over, answered, closed."""
    url = "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    with City(tmp_path / "city", storm="irma") as city:
        clock.set(int(datetime.fromisoformat(city.clock()["now"]).timestamp() * 1000))
        room = Room(tmp_path / "seat", city, clock, run, store_url=url)
        room.sync()
        work_a_little(room)
        yield room
        room.close()


def work_a_little(room: Room) -> None:
    worst, mild = open_sites(room, "s.band <= 2"), open_sites(room, "s.band = 4")
    room.desk.merge(mild[2][1], [mild[3][1]])
    first, second, third = (room.escalate(worst[at][0], effect_needed="Open the road") for at in (0, 1, 2))
    room.em_desk.accept(first.escalation_id, "crew 4", by_name="B. Manager")
    room.em_desk.close(first.escalation_id, "done", "Sgt. Ray")
    room.em_desk.accept(second.escalation_id, "crew 2", by_name="B. Manager")
    room.em_desk.give_back(third.escalation_id, ReturnCode.NO_RESOURCE, "no pump left", by_name="B. Manager")
    room.desk.close(mild[0][1], CloseReason.FIXED_CONFIRMED, confirmed_by="Sgt. Ray")
    room.desk.close(mild[1][1], CloseReason.NOT_OURS, note="county")


def open_sites(room: Room, where: str) -> list[tuple[str, int]]:
    """The worst first: number of the report, site."""
    query = (
        "SELECT r.remote_id, s.site_id FROM site s JOIN request r ON r.request_key = s.site_id"
        f" WHERE s.state <> 3 AND {where} ORDER BY s.band, s.site_id LIMIT 12"
    )
    return [(str(remote_id), int(site_id)) for remote_id, site_id in room_sql(room, query)]


def test_every_number_is_in_the_csv_files_by_its_own_filter(room: Room, tmp_path: Path) -> None:
    pack = taken(room, tmp_path / "out")
    connection = pack.database()
    assert len({each.key for each in pack.made.all_numbers}) == len(pack.made.all_numbers) > 300
    for each in pack.made.all_numbers:
        said = [(name, [str(v) for v in values]) for name, values in each.where]
        where = " AND ".join(f'"{name}" IN ({", ".join("?" * len(values))})' for name, values in said)
        query = f"SELECT count(*) FROM {each.of} WHERE {where or 'true'}"
        (found,) = connection.execute(query, [v for _, values in said for v in values]).fetchone()
        assert found == each.value, each


def test_the_totals_are_those_of_the_store(room: Room, tmp_path: Path) -> None:
    pack = taken(room, tmp_path / "out")
    of_period = f"FROM request r JOIN membership m ON m.request_key = r.request_key WHERE {IN_PERIOD}"
    sites = f"FROM site s WHERE s.site_id IN (SELECT m.site_id {of_period})"

    assert number(pack, "reports") == pack.sql(f"SELECT count(*) FROM request r WHERE {IN_PERIOD}")[0][0]
    assert number(pack, "sites") == pack.sql(f"SELECT count(DISTINCT m.site_id) {of_period}")[0][0]
    assert number(pack, "sites") == number(pack, "reports") - 1, "two were merged"
    assert number(pack, "open") == pack.sql(f"SELECT count(*) {sites} AND s.state <> 3")[0][0]
    bands = dict(pack.sql(f"SELECT s.band, count(*) {sites} GROUP BY 1"))
    assert {
        at: number(pack, f"bands.{name}.sites") for at, name in enumerate(("P1", "P2", "P3", "P4"), 1)
    } == {at: bands.get(at, 0) for at in range(1, 5)}
    confirmed = pack.sql(f"SELECT count(*) {sites} AND s.state = 3 AND s.state_reason = 'fixed_confirmed'")
    assert number(pack, "fixed_confirmed") == confirmed[0][0] == 1
    assert number(pack, "handed_over") == 3 and number(pack, "accepted") == 2
    assert number(pack, "refused") == number(pack, "unmet_needs") == 1
    per_day = pack.sql(
        "SELECT (r.created_at - 14400000) / 86400000, count(*) FROM request r"
        f" WHERE {IN_PERIOD} GROUP BY 1 ORDER BY 1"
    )
    (days,) = (table for table in pack.made.tables if table.key == "days")
    assert [sum(n.value for n in line.numbers) for line in days.lines] == [many for _, many in per_day]


def test_a_need_is_unmet_until_somebody_takes_it(room: Room, tmp_path: Path) -> None:
    unmet = "SELECT escalation_id FROM escalation WHERE state = :state"
    ((returned,),) = room_sql(room, unmet, state="returned")
    room.em_desk.accept(returned, "county pump", by_name="B. Manager")
    pack = taken(room, tmp_path / "taken")
    assert (number(pack, "unmet_needs"), number(pack, "refused")) == (0, 1)

    room.em_desk.mutual_aid(returned, "no pump of ours", by_name="B. Manager")
    assert number(taken(room, tmp_path / "asked"), "unmet_needs") == 1


def test_all_formats_say_the_same(room: Room, tmp_path: Path) -> None:
    pack = taken(room, tmp_path / "out")
    geo = json.loads((pack.folder / "EXERCISE_sites.geojson").read_bytes())
    manifest = json.loads((pack.folder / "EXERCISE_manifest.json").read_bytes())

    for rows in pack.made.files:
        assert (
            len(pack.csv(rows.name)) == len(pack.said[rows.name]) == len(rows) == manifest["rows"][rows.name]
        )
    assert [each["properties"]["site"] for each in geo["features"]] == [
        row["site"] for row in pack.csv("sites")
    ]
    with sqlite3.connect(pack.folder / "EXERCISE_snapshot.gpkg") as package:
        for rows in pack.made.files[1:]:
            assert package.execute(f'SELECT count(*) FROM "{rows.name}"').fetchone() == (len(rows),)
        said = dict(package.execute("SELECT name, value FROM about"))
        total = "SELECT (SELECT count(*) FROM sites) + (SELECT count(*) FROM sites_without_place)"
        assert package.execute(total).fetchone() == (len(pack.made.sites),)
    book = Workbook(pack.folder / "EXERCISE_snapshot.xlsx")
    cells = {at: cell.value for at, cell in book.cells("Summary").items()}
    counts = {label: cells.get(f"B{at[1:]}") for at, label in cells.items() if at.startswith("A")}
    for each in (*pack.made.now, *pack.made.numbers):
        assert (said[each.label], counts[each.label]) == (str(each.value), each.value), each
    for name, rows in zip(("Sites", "Reports", "Hand-overs", "Left out"), pack.made.files, strict=True):
        assert len(book.column(name, rows.columns[0].name)) == len(rows)
    assert [each["value"] for each in pack.said["numbers"]] == [each.value for each in pack.made.numbers]
    assert {pack.said["version"], geo["version"], manifest["version"]} == {pack.made.version}
    for each in manifest["files"]:
        content = (pack.folder / each["name"]).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (each["sha256"], each["bytes"])


def test_twice_the_same_bytes_and_another_version_after_an_act(room: Room, tmp_path: Path) -> None:
    one, two = taken(room, tmp_path / "one"), taken(room, tmp_path / "two")
    assert {path.name: path.read_bytes() for path in one.folder.iterdir()} == {
        path.name: path.read_bytes() for path in two.folder.iterdir()
    }
    room.desk.close(
        int(one.sql("SELECT min(site_id) FROM site WHERE state = 0")[0][0]),
        CloseReason.NOT_OURS,
        note="county",
    )
    assert taken(room, tmp_path / "three").made.version != one.made.version


def test_the_period_begins_with_its_first_moment_and_ends_before_its_last(room: Room) -> None:
    query = "SELECT created_at, count(*) FROM request GROUP BY 1 ORDER BY 1 DESC LIMIT 2"
    (last, at_last), (before, at_before) = room_sql(room, query)
    spans = {(before, last): at_before, (before, last + 1): at_before + at_last, (last, last + 1): at_last}
    for span, expected in spans.items():
        found = make(room.store, Asked(*span), room.parts.jurisdiction, load_categories())
        assert len(found.reports) == expected


def test_what_the_filter_leaves_out_is_counted(room: Room, tmp_path: Path) -> None:
    whole = taken(room, tmp_path / "whole")
    area = next(row["neighborhood"] for row in whole.csv("sites") if row["neighborhood"])
    part = taken(room, tmp_path / "part", Wanted(area, only_storm=True))

    kept, left = ({row["report"] for row in part.csv(name)} for name in ("reports", "left_out"))
    assert kept and left and not kept & left
    assert kept | left == {row["report"] for row in whole.csv("reports")}
    assert {row["neighborhood"] for row in part.csv("reports")} == {area}
    assert {row["why"] for row in part.csv("left_out")} == {
        f"outside {area}",
        "outside the storm's categories",
    }
    assert any(f"{len(left):,} reports left out" in remark for remark in part.made.remarks)


def test_s15_a_restricted_row_has_its_neighborhood_only(room: Room, tmp_path: Path) -> None:
    pack = taken(room, tmp_path / "out")
    hidden = [row for name in ("sites", "reports") for row in pack.csv(name) if row["restricted"] == "yes"]
    assert {row["neighborhood"] for row in hidden} and len(hidden) >= 2
    assert {row["address"] + row["latitude"] + row["longitude"] for row in hidden} == {""}
    shown = [row for row in pack.csv("sites") if row["restricted"] == "no"]
    assert sum(bool(row["latitude"]) for row in shown) > len(shown) * 0.9


def test_s18_an_exercise_says_so_in_every_file_name(room: Room, tmp_path: Path) -> None:
    pack = taken(room, tmp_path / "out")
    assert pack.said["head"]["is_exercise"] is True
    assert all(path.name.startswith("EXERCISE_") for path in pack.folder.iterdir())
