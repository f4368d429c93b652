"""Every figure of the volumes again, by a few lines of SQL of its own over the same store."""

from __future__ import annotations

import csv
import gzip
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from dispatch.board import Board
from dispatch.figure_desk import Figure
from dispatch.insight.frame import frame
from dispatch.insight.volumes import HOUR_MS, Group, Step, Teller
from dispatch.records import Band, CloseReason, Flag
from dispatch.store import course
from dispatch.volume_reader import Asked
from tests.city import City
from tests.dispatch.insight.test_volumes import NOTHING
from tests.rooms import Room

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "storms"
LIVE = "(s.own_flags | s.flags) & 1024 = 0"  # not one that stands in another site
HOURS = 72
THREE_DAYS = Asked(hours=HOURS)


def board_of(room: Room) -> Board:
    room.parts.load()
    return room.parts.board


def ask(room: Room, asked: Asked) -> Any:
    room.parts.volume_reader.forget()
    return count_again(room, asked)


def count_again(room: Room, asked: Asked = THREE_DAYS) -> Any:
    """With what was read of the store before, if it is kept."""
    board = board_of(room)
    families = {key: room.parts.shown().family(key) for key in board.categories}
    started_at = room.parts.room()[0].started_at
    seen = frame(board, room.parts.clock.now())
    return room.parts.volume_reader.volumes(seen, asked, families=families, since=started_at)


def sql(room: Room, query: str, **given: Any) -> list[Any]:
    with room.store.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query), given)]


def by_hour(room: Room, column: str, given: dict[str, int], where: str = "true") -> np.ndarray:
    """How many of them lie in each of the hours shown."""
    found = np.zeros(HOURS, np.int64)
    query = (
        f"SELECT ({column} - :start) / 3600000, count(*) FROM request r "
        "JOIN membership m ON m.request_key = r.request_key JOIN site s ON s.site_id = m.site_id "
        f"WHERE {column} >= :start AND {column} <= :now AND {where} GROUP BY 1"
    )
    for hour, many in sql(room, query, **given):
        found[hour] = many
    return found


@pytest.fixture
def storm(tmp_path, clock, run, request):
    """The Irma exercise as it begins, in a room on the store that the parameter names."""
    url = "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    with City(tmp_path / "city", storm="irma") as city:
        clock.set(int(datetime.fromisoformat(city.clock()["now"]).timestamp() * 1000))
        room = Room(tmp_path / "seat", city, clock, run, store_url=url)
        room.sync()
        yield room
        room.close()


@pytest.mark.parametrize("storm", ["sqlite", "postgresql"], indirect=True)
def test_volumes_are_what_sql_says_of_the_same_store(storm: Room, clock) -> None:
    room, board = storm, board_of(storm)
    ids = [int(each) for each in board.site_id[board.order(np.flatnonzero(board.is_open()))]]
    clock.advance(minutes=4)
    for site_id in ids[:9]:
        room.desk.claim(site_id)
    clock.advance(minutes=3)
    for site_id in ids[-5:]:
        room.desk.close(site_id, CloseReason.NO_LONGER_NEEDED)
    room.desk.merge(ids[20], [ids[21]])
    room.desk.escalate(room.desk.draft(ids[2]))
    clock.advance(minutes=2)
    now = clock.now()

    found = ask(room, Asked(hours=HOURS))

    given = {"start": found.start_at, "now": now}
    assert found.start_at == (now // HOUR_MS + 1 - HOURS) * HOUR_MS
    for band in Band:
        came = by_hour(
            room, "r.created_at", given, f"s.band = {int(band)} AND s.flags & {int(Flag.BULK)} = 0"
        )
        assert found.series[band.name].tolist() == came.tolist(), band
    assert found.totals.tolist() == by_hour(room, "r.created_at", given).tolist()
    assert found.reports == by_hour(room, "r.created_at", given).sum()
    [(open_sites,)] = sql(room, f"SELECT count(*) FROM site s WHERE s.state <> 3 AND {LIVE}")
    assert found.open_sites == found.backlog[-1] + 0 == open_sites
    closed_at = (
        "coalesce(s.closed_at, (SELECT max(q.closed_at) FROM request q JOIN membership n "
        "ON n.request_key = q.request_key WHERE n.site_id = s.site_id))"
    )
    opened = f"SELECT count(*) FROM site s WHERE s.first_at < :end AND {LIVE}"
    gone = f"SELECT count(*) FROM site s WHERE s.state = 3 AND {closed_at} < :end AND {LIVE}"
    for hour in (0, 30, 60, HOURS - 2):
        end = {"end": found.start_at + (hour + 1) * HOUR_MS}
        [(came,)], [(went,)] = sql(room, opened, **end), sql(room, gone, **end)
        assert found.backlog[hour] == came - went, hour
    staff = "r.reporter_role IN ('Verified Official', 'Admin')"
    assert found.by_teller[Teller.STAFF] == by_hour(room, "r.created_at", given, staff).sum()
    looked = sql(room, f"SELECT s.acted_at FROM site s WHERE s.acted_at > 0 AND {LIVE}")
    assert found.takes[Step.FIRST_LOOK].done == len(looked)
    assert found.takes[Step.HANDED_OVER].done == 1 and found.takes[Step.ACCEPTED].waiting == 1
    closings = sql(room, f"SELECT {closed_at} - s.first_at FROM site s WHERE s.state = 3 AND {LIVE}")
    assert found.takes[Step.CLOSED].done == len(closings)
    [(claims,)] = sql(room, "SELECT count(*) FROM claim c JOIN site s ON s.site_id = c.site_id")
    assert sum(each.claimed for each in found.seats) == claims
    [(acts,)] = sql(
        room,
        "SELECT count(*) FROM activity_log WHERE person <> '' AND at > :since "
        "AND act IN ('claim', 'close', 'merge', 'escalate')",
        since=now - HOUR_MS,
    )
    assert acts <= sum(each.acts for each in found.seats) <= acts + 3, "and what an act brings with it"
    seats = {each.seat: each.last_hour for each in room.parts.statistics_desk.room().seats}
    assert {each.seat: each.acts for each in found.seats} == seats, "two screens, one answer"


@pytest.mark.parametrize("storm", ["sqlite"], indirect=True)
def test_by_category_and_by_channel_sum_to_the_same_reports(storm: Room) -> None:
    by = {group: ask(storm, Asked(group, hours=None)) for group in Group}
    assert len({tuple(each.totals.tolist()) for each in by.values()}) == 1
    assert by[Group.BAND].reports == board_of(storm).report_count


@pytest.mark.parametrize("storm", ["sqlite"], indirect=True)
def test_what_is_noted_while_the_store_is_being_read_is_there_the_next_time(
    storm: Room, clock, monkeypatch
) -> None:
    reader, read = storm.parts.volume_reader, course.figures

    def noted_meanwhile(*given: Any) -> Any:
        found = read(*given)
        if not found:
            storm.parts.figure_desk.note(Figure.POWER_OUT, 41_200, clock.now(), "outage map")
            reader.forget()
        return found

    monkeypatch.setattr(course, "figures", noted_meanwhile)
    assert not count_again(storm).figures
    assert count_again(storm).figures


@pytest.mark.parametrize("storm", ["sqlite"], indirect=True)
def test_suspended_response_is_told_with_its_beginning_and_its_end(storm: Room, clock) -> None:
    since = clock.now()
    storm.desk.suspend("police", since, "wind", since + HOUR_MS)
    clock.advance(minutes=30)
    storm.desk.suspend("fire", clock.now(), "wind", since + HOUR_MS)
    clock.advance(minutes=30)
    storm.desk.resume_service("police")

    found = ask(storm, Asked()).suspended

    assert found == ((since, clock.now(), "police"), (since + 30 * 60_000, None, "fire"))


@pytest.mark.skipif(not SHARED.exists(), reason="the real storms are not beside the repository")
@pytest.mark.parametrize("folder", ["houston-harvey-2017", "newhaven-2014"])
def test_a_real_storm_gives_the_figures_that_its_file_gives(tmp_path, clock, run, folder, say_table) -> None:
    rows = SHARED / folder / "requests.csv.gz"
    with gzip.open(rows, "rt", encoding="utf-8") as file:
        times = [datetime.fromisoformat(row["created_at"]).timestamp() for row in csv.DictReader(file)]
    plain = sqlite3.connect(":memory:")
    plain.execute("CREATE TABLE r (created REAL)")
    plain.executemany("INSERT INTO r VALUES (?)", [(at,) for at in times])
    lines = [f"{'from':16} {'console':>9} {'the file':>9}"]
    with City(tmp_path / "city", storm="rows", options=("--rows", str(rows), "--all-at-once")) as city:
        clock.set(int(datetime.fromisoformat(city.clock()["now"]).timestamp() * 1000))
        room = Room(tmp_path / "seat", city, clock, run)
        room.sync()
        found = ask(room, Asked(hours=None))
        room.close()
    start = found.start_at // 1000
    query = "SELECT CAST((created - ?) / 3600 AS INTEGER), count(*) FROM r GROUP BY 1"
    by_file = np.zeros(found.hours, np.int64)
    for hour, many in plain.execute(query, (start,)):
        by_file[hour] = many
    assert found.totals.tolist() == by_file.tolist()
    for hour in sorted(np.argsort(found.totals)[-6:]):
        said = datetime.fromtimestamp(start + hour * 3600, UTC)
        lines.append(f"{said:%Y-%m-%d %H:%M} {found.totals[hour]:9} {by_file[hour]:9}")
    say_table(f"Busiest hours of {found.reports} reports in {found.hours} hours (UTC): {folder}", lines)


def test_the_hours_of_the_day_are_learned_from_what_the_city_reported_before(tmp_path, clock, run) -> None:
    """Past storms are among it; a city without a past begins with even hours."""
    told = replace(NOTHING, told=tuple((day * 24 + 16, Teller.RESIDENT, False, 20) for day in range(20)))
    with City(tmp_path / "city") as city:
        room = Room(tmp_path / "seat", city, clock, run)
        reader = room.parts.volume_reader

        noon = reader._hours_of_day(told, 30 * 24 * HOUR_MS)
        few = reader._hours_of_day(told, 3 * 24 * HOUR_MS)
        room.close()

    assert noon[11] == 24 and noon.sum() == 24, "16:00 UTC in January is 11:00 in St. Petersburg"
    assert few.tolist() == [1.0] * 24
