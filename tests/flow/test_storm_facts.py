"""What heads a snapshot: entered by who leads, the newest stands, whoever counts finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dispatch.errors import ActRefused, NotAllowed
from dispatch.records import Role, Signed, StormFacts
from dispatch.snapshot.asked import Asked
from dispatch.snapshot.making import make
from dispatch.snapshot_desk import SnapshotDesk
from dispatch.triage.categories import load_categories
from tests.city import City
from tests.conftest import LANDFALL
from tests.rooms import Room

SAID = StormFacts(
    contact="EOC Planning, 727-555-0100, 24 h",
    disaster_number="DR-4337",
    activation_level="1",
    local_emergency="since 09/07/2017",
)
BY_ONE = Signed("A. Operator", "Operator", LANDFALL)


@pytest.fixture
def seats(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], store_url: str
) -> Iterator[tuple[Room, Room]]:
    one = Room(tmp_path / "one", city, clock, run, store_url=store_url, seat="Seat 1")
    two = Room(tmp_path / "two", city, clock, run, store_url=store_url, seat="Seat 2", person="B. Second")
    yield one, two
    one.close()
    two.close()


def test_what_one_seat_enters_heads_the_count_of_every_other(seats: tuple[Room, Room]) -> None:
    one, two = seats
    assert two.parts.snapshot_desk.facts() == StormFacts()

    changes = one.parts.snapshot_desk.say_facts(SAID)

    assert changes.others == {"snapshot"}
    assert two.parts.snapshot_desk.facts() == replace(SAID, said=BY_ONE)
    made = make(two.store, Asked(0, LANDFALL), two.parts.jurisdiction, load_categories())
    assert (made.head.contact, made.head.disaster_number) == (SAID.contact, "DR-4337")
    assert (made.head.declared_area, made.head.activation_level) == ("", "1")
    assert made.head.local_emergency == "since 09/07/2017"


def test_another_head_is_another_digest(seats: tuple[Room, Room]) -> None:
    one, _ = seats
    asked, city, table = Asked(0, LANDFALL), one.parts.jurisdiction, load_categories()
    before = make(one.store, asked, city, table).version
    one.parts.snapshot_desk.say_facts(SAID)
    assert make(one.store, asked, city, table).version != before


def test_undo_brings_back_what_stood_before_and_by_whom(seats: tuple[Room, Room], clock: Any) -> None:
    one, two = seats
    one.parts.snapshot_desk.say_facts(SAID)
    clock.advance(minutes=5)
    newer = replace(SAID, declared_area="Pinellas County")
    two.parts.snapshot_desk.say_facts(newer)
    with pytest.raises(ActRefused, match="something newer"):
        one.desk.undo()

    two.desk.undo()

    assert one.parts.snapshot_desk.facts() == replace(SAID, said=BY_ONE)
    one.desk.undo()
    assert one.parts.snapshot_desk.facts() == StormFacts()


def test_undo_of_the_first_leaves_nothing_entered(seats: tuple[Room, Room]) -> None:
    one, _ = seats
    one.parts.snapshot_desk.say_facts(SAID)
    one.desk.undo()
    assert one.parts.snapshot_desk.facts() == StormFacts()


def test_the_log_says_that_it_was_entered_and_no_typed_word(seats: tuple[Room, Room]) -> None:
    one, _ = seats
    one.parts.snapshot_desk.say_facts(SAID)
    with one.store.reading() as connection:
        rows = connection.execute(text("SELECT act, text, detail FROM activity_log")).all()
    assert [row.act for row in rows if row.act == "storm_facts"] == ["storm_facts"]
    assert not [row for row in rows if "727-555-0100" in str(row) or "DR-4337" in str(row)]


def test_a_line_too_long_and_one_that_stands_so_already_are_refused(seats: tuple[Room, Room]) -> None:
    desk = seats[0].parts.snapshot_desk
    with pytest.raises(ActRefused, match="at most 200 signs"):
        desk.say_facts(StormFacts(contact="x" * 201))
    desk.say_facts(StormFacts(contact=" EOC \n Planning ", declared_area="x" * 200))
    assert desk.facts().contact == "EOC Planning"
    with pytest.raises(ActRefused, match="stands so already"):
        desk.say_facts(StormFacts(contact="EOC Planning", declared_area="x" * 200))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR, Role.ADMINISTRATOR])
def test_only_who_leads_may_enter_it(seats: tuple[Room, Room], role: Role) -> None:
    one, _ = seats
    actor = replace(one.parts.actor, role=role)
    desk = SnapshotDesk(store=one.store, actor=lambda: actor, now=one.parts.clock.now)
    with pytest.raises(NotAllowed, match="supervisor or the emergency manager"):
        desk.say_facts(SAID)
    assert desk.facts() == StormFacts()
