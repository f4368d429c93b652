"""Outreach notes: added and never changed, corrected and taken back, for all seats, words out of the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from dispatch.act_words import from_words, to_words
from dispatch.errors import ActRefused
from dispatch.outreach_desk import DAY_MS, materials_of
from dispatch.records import Material, OutreachDraft, OutreachKind
from dispatch.store import log, schema
from tests.city import City
from tests.conftest import LANDFALL
from tests.rooms import Room

DOOR = OutreachDraft(
    kind=OutreachKind.DOOR,
    area="Childs Park",
    at=LANDFALL - 3_600_000,
    place="9th Ave S to 15th Ave S",
    partner="Block captain R. Diaz",
    reached=40,
    materials=(Material("English", 200), Material("Spanish", 120)),
    owner="J. Hill",
    next_step="Come back with the bus",
    due_at=LANDFALL + 3_600_000,
    note="Nobody has had power since three",
)


@pytest.fixture
def seats(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], store_url: str
) -> Iterator[tuple[Room, Room]]:
    one = Room(tmp_path / "one", city, clock, run, store_url=store_url, seat="Seat 1")
    two = Room(tmp_path / "two", city, clock, run, store_url=store_url, seat="Seat 2", person="B. Second")
    yield one, two
    one.close()
    two.close()


@pytest.fixture
def desk(seats: tuple[Room, Room]) -> Any:
    return seats[0].parts.outreach_desk


def lines(room: Room) -> list[tuple[str, str]]:
    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        rows = list(log.every_row(connection))
    for words in (DOOR.place, DOOR.partner, DOOR.owner, DOOR.note):
        assert words not in str(rows), "words stay out of the log"
    return [(row["act"], row["text"]) for row in rows if "outreach" in row["text"]]


def rows(room: Room) -> int:
    with room.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(schema.outreach)).scalar_one())


def test_an_entry_is_whole_at_every_seat(seats: tuple[Room, Room]) -> None:
    one, two = seats

    changes = one.parts.outreach_desk.record(DOOR)

    assert changes.others == {"outreach"}
    [entry] = two.parts.outreach_desk.entries()
    assert entry.said == DOOR
    assert (entry.person, entry.seat, entry.recorded_at) == ("A. Operator", "Seat 1", LANDFALL)
    assert lines(one) == [("outreach", "outreach recorded: door to door, Childs Park")]


def test_a_correction_stands_in_its_place_and_the_first_row_stays(seats: tuple[Room, Room]) -> None:
    one, two = seats
    one.parts.outreach_desk.record(DOOR)
    [first] = one.parts.outreach_desk.entries()

    two.parts.outreach_desk.correct(first.outreach_id, replace(DOOR, reached=45))

    [now] = one.parts.outreach_desk.entries()
    assert (now.said.reached, now.corrects, now.person) == (45, first.outreach_id, "B. Second")
    assert rows(one) == 2
    with pytest.raises(ActRefused, match="Somebody has corrected"):
        one.parts.outreach_desk.correct(first.outreach_id, DOOR)


def test_taking_back_a_correction_brings_the_first_entry_back(desk: Any, seats: tuple[Room, Room]) -> None:
    desk.record(DOOR)
    desk.correct(desk.entries()[0].outreach_id, replace(DOOR, reached=45))

    desk.take_back(desk.entries()[0].outreach_id)
    assert [entry.said.reached for entry in desk.entries()] == [40]
    desk.take_back(desk.entries()[0].outreach_id)

    assert desk.entries() == ()
    assert rows(seats[0]) == 4
    assert [act for act, _ in lines(seats[0])] == [
        "outreach",
        "outreach_corrected",
        "outreach_taken_back",
        "outreach_taken_back",
    ]


def test_undo_takes_the_last_act_back_and_is_in_the_log(desk: Any, seats: tuple[Room, Room]) -> None:
    desk.record(DOOR)
    desk.correct(desk.entries()[0].outreach_id, replace(DOOR, reached=45))

    said, changes = seats[0].desk.undo()

    assert said == "Undone: outreach corrected: door to door, Childs Park."
    assert changes.others == {"outreach"}
    assert [entry.said.reached for entry in desk.entries()] == [40]
    seats[0].desk.undo()
    assert desk.entries() == ()
    assert lines(seats[0])[-1][0] == "undo"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reached": -1}, "People reached are 0 to"),
        ({"next_step": ""}, "Say what the next step is"),
        ({"at": LANDFALL + 2 * DAY_MS}, "entered when it is done"),
        ({"note": "x" * 501}, "at most 500 signs"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    desk: Any, seats: tuple[Room, Room], change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ActRefused, match=sentence):
        desk.record(replace(DOOR, **change))

    assert desk.entries() == () and lines(seats[0]) == []


def test_before_and_after_count_reports_and_accounts_once_the_days_are_over(
    seats: tuple[Room, Room], city: City, clock: Any
) -> None:
    room, desk = seats[0], seats[0].parts.outreach_desk
    city.add_report("Oak across the road")
    room.sync()
    with room.store.reading() as connection:
        created = connection.execute(select(schema.request.c.created_at)).scalar_one()
        area = connection.execute(select(schema.site.c.neighborhood)).scalar_one()
    assert area
    at = created - DAY_MS

    assert desk.around([area], at, 30) == (None, None), "no report is so old, and the days are not over"
    clock.set(at + 30 * DAY_MS)
    before, after = desk.around([area], at, 30)

    assert before is None
    assert (after.reports, after.reporters + after.without_account) == (1, 1)
    late = desk.around([area], created + 30 * DAY_MS, 30)
    assert late[0].reports == 1 and late[1] is None
    assert desk.around(["Elsewhere"], at, 30)[1].reports == 0


def test_a_note_can_be_kept_while_the_database_is_away(desk: Any) -> None:
    words = to_words(desk.record, (DOOR,), {})

    assert from_words(desk.record, words) == {"said": DOOR}


def test_materials_are_typed_as_language_and_number() -> None:
    assert materials_of("English 200, Haitian Creole: 35;Spanish120") == (
        Material("English", 200),
        Material("Haitian Creole", 35),
        Material("Spanish", 120),
    )
    assert materials_of("  ") == ()
    with pytest.raises(ActRefused, match="“many flyers” is not clear"):
        materials_of("English 200, many flyers")
