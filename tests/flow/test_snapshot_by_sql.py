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

import numpy as np
import pytest
from sqlalchemy import text

from dispatch.board import Board
from dispatch.geo.folder import GeoFolder
from dispatch.insight.neighborhoods import neighborhoods
from dispatch.insight.quiet_areas import QUIET
from dispatch.records import CloseReason, Flag, OutreachDraft, OutreachKind, ReturnCode
from dispatch.reports.formats import FORMATS, write
from dispatch.resources import resource
from dispatch.snapshot.asked import Asked, Wanted
from dispatch.snapshot.making import make
from dispatch.snapshot.records import Snapshot
from dispatch.store.sites import board_reports, board_rows
from dispatch.triage.categories import load_categories
from tests.city import City
from tests.dispatch.snapshot.workbook_reader import Workbook
from tests.rooms import Room
from ui.neighborhoods import words
from ui.neighborhoods.reading import read

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
        for name in ("sites", "reports", "hand_overs", "left_out", "areas"):
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


def fall_silent(room: Room, *names: str) -> None:
    """As if nobody had reported from there, and everybody from beside it."""
    with room.store.transaction(room.parts.actor) as tx:
        for name in names:
            move = "UPDATE site SET neighborhood = 'Childs Park' WHERE neighborhood = :name"
            tx.connection.execute(text(move), {"name": name})


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
    for name, rows in zip(
        ("Sites", "Reports", "Hand-overs", "Left out", "Areas"), pack.made.files, strict=True
    ):
        # What lies in no area has a row without a name.
        heading = "reports" if name == "Areas" else rows.columns[0].name
        assert len(book.column(name, heading)) == len(rows)
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


def test_every_neighborhood_is_counted_as_in_the_store(room: Room, tmp_path: Path) -> None:
    pack = taken(room, tmp_path / "out")
    rows = {row["neighborhood"]: row for row in pack.csv("areas")}
    layer = json.loads(GeoFolder(resource("geo"), "st-petersburg").neighborhoods.read_bytes())
    people = {each["properties"]["name"]: each["properties"]["pop_est"] for each in layer["features"]}
    joined = (
        "FROM request r JOIN membership m ON m.request_key = r.request_key"
        f" JOIN site s ON s.site_id = m.site_id WHERE {IN_PERIOD}"
    )
    in_bulk = f"(s.flags | s.own_flags) & {int(Flag.BULK)} <> 0"
    counted = pack.sql(
        f"SELECT s.neighborhood, count(*), sum(CASE WHEN {in_bulk} THEN 0 ELSE 1 END),"
        " count(DISTINCT s.site_id), count(DISTINCT CASE WHEN s.state <> 3 THEN s.site_id END)"
        f" {joined} GROUP BY 1"
    )
    of_area = {name: tuple(map(int, counts)) for name, *counts in counted}
    assert set(rows) == set(people) | set(of_area) and len(rows) > 100
    for name, row in rows.items():
        found = tuple(int(row[column]) for column in ("reports", "one_by_one", "sites", "open"))
        assert found == of_area.get(name, (0, 0, 0, 0)), name
        assert row["people"] == (str(round(people[name])) if name in people else "")
        rate = f"{1000 * found[1] / people[name]:.1f}" if people.get(name, 0) >= 200 else ""
        assert row["per_1000"] == rate, name
    assert sum(int(row["reports"]) for row in rows.values()) == number(pack, "reports")
    # A restricted report counts where it is.
    hidden = [row["neighborhood"] for row in pack.csv("reports") if row["restricted"] == "yes"]
    assert hidden and all(int(rows[name]["reports"]) >= hidden.count(name) for name in hidden)


def test_areas_are_quiet_where_the_console_has_them_so(room: Room, tmp_path: Path) -> None:
    fall_silent(room, "Disston Heights", "Gateway", "Barclay Estates")
    pack = taken(room, tmp_path / "out")
    loaded = read(GeoFolder(resource("geo"), "st-petersburg"))
    assert loaded is not None
    board = Board(promise_ms={})
    with room.store.reading() as connection:
        board.apply(board_rows(connection), board_reports(connection))
    ((began,),) = room_sql(room, "SELECT started_at FROM activation")
    shown = neighborhoods(board, loaded.places, since_at=MONTH[0], activated_at=began)

    rows = pack.csv("areas")
    quiet = [
        at for at, place in enumerate(shown.places) if place.areas and shown.judged.standing[at] in QUIET
    ]
    areas = {area for at in quiet for area in shown.places[at].areas}
    assert {row["neighborhood"] for row in rows if row["quiet"] == "yes"} == areas and areas
    assert number(pack, "quiet_areas") == len(areas)
    silent = [row for row in rows if row["reports"] == "0"]
    assert number(pack, "silent_areas") == len(silent) > 0
    for at, place in enumerate(shown.places[:-1]):
        of_place = [row for row in rows if row["neighborhood"] in place.areas]
        assert {row["how_sure"] for row in of_place} == {words.sure(shown, at)}
        assert {row["judged_as"] for row in of_place} == {words.name(place)}
        assert sum(int(row["one_by_one"]) for row in of_place) == shown.reports[at]
        expected = sum(float(row["expected"] or 0) for row in of_place)
        assert expected == pytest.approx(
            float(np.nan_to_num(shown.judged.expected[at])), abs=0.05 * len(of_place)
        )
    (table,) = (table for table in pack.made.tables if table.key == "quiet")
    assert len(table.lines) == len(quiet) and "do not mean low damage" in table.says


def test_a_filter_makes_no_area_look_quiet(room: Room, tmp_path: Path) -> None:
    for name, wanted in (("area", Wanted("Childs Park")), ("storm", Wanted(only_storm=True))):
        pack = taken(room, tmp_path / name, wanted)
        assert {row["quiet"] for row in pack.csv("areas")} == {""}
        assert not any(table.key == "quiet" for table in pack.made.tables)
        assert any("the filter leaves reports out" in remark for remark in pack.made.remarks)


def test_outreach_stands_beside_the_area_from_when_it_began(room: Room, tmp_path: Path) -> None:
    fall_silent(room, "Disston Heights")
    quiet = next(row for row in taken(room, tmp_path / "before").csv("areas") if row["quiet"] == "yes")
    draft = OutreachDraft(kind=OutreachKind.DOOR, area=quiet["neighborhood"], at=MONTH[0] + 3_600_000)
    room.parts.outreach_desk.record(draft)

    pack = taken(room, tmp_path / "after")

    (row,) = (row for row in pack.csv("areas") if row["neighborhood"] == quiet["neighborhood"])
    assert (quiet["outreach_began_at"], row["outreach_began_at"]) == ("", "2017-09-01T01:00:00-04:00")
    (table,) = (table for table in pack.made.tables if table.key == "quiet")
    assert any(line.label.endswith("outreach began 09/01/2017 01:00 EDT") for line in table.lines)


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
