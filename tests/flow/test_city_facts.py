"""What the city can tell residents: typed in, the newest stands, nothing is written over, with undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch.errors import ActRefused
from dispatch.records import CityFactDraft, FactKind, ShelterState
from dispatch.store import log
from tests.city import City
from tests.conftest import LANDFALL
from tests.rooms import Room

HOUR = 3_600_000
GIBBS = CityFactDraft(
    kind=FactKind.SHELTER, name="Gibbs High", value=ShelterState.OPEN.value, room=240, source="shelter desk"
)
BRIDGE = CityFactDraft(
    kind=FactKind.CLOSURE,
    name="Gandy Bridge",
    value="closed both ways",
    source="Highway Patrol",
    until_at=LANDFALL + 12 * HOUR,
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
    return seats[0].parts.city_fact_desk


def said(desk: Any) -> list[CityFactDraft]:
    return [each.said for each in desk.facts().said]


def test_a_fact_is_whole_at_every_seat_with_who_said_it_and_when(seats: tuple[Room, Room]) -> None:
    one, two = seats

    changes = one.parts.city_fact_desk.keep(GIBBS)

    assert changes.others == {"city_fact"}
    [fact] = two.parts.city_fact_desk.facts().said
    assert fact.said == GIBBS
    assert (fact.person, fact.at) == ("A. Operator", LANDFALL)
    with one.store.reading() as connection:
        assert log.verify(connection).is_intact
        rows = str(list(log.every_row(connection)))
    assert "shelter kept for residents" in rows and "Gibbs" not in rows


def test_of_one_name_the_newest_stands_and_undo_brings_the_one_before_as_old_as_it_is(
    seats: tuple[Room, Room], desk: Any, clock: Any
) -> None:
    desk.keep(GIBBS)
    clock.advance(minutes=10)
    full = replace(GIBBS, name="gibbs high", value="full", room=None)
    desk.keep(full)
    assert said(desk) == [full]

    seats[0].desk.undo()

    [fact] = desk.facts().said
    assert (fact.said, fact.at) == (GIBBS, LANDFALL)
    seats[0].desk.undo()
    assert said(desk) == []


def test_what_holds_no_longer_leaves_the_list_and_undo_brings_it_back(
    seats: tuple[Room, Room], desk: Any
) -> None:
    desk.keep(BRIDGE)
    desk.keep(GIBBS)

    desk.gone(next(each.fact_id for each in desk.facts().said if each.said == BRIDGE))
    assert said(desk) == [GIBBS]
    seats[0].desk.undo()

    assert said(desk) == [BRIDGE, GIBBS]


def test_undo_leaves_what_another_has_said_since(seats: tuple[Room, Room], desk: Any) -> None:
    desk.keep(GIBBS)
    newer = replace(GIBBS, room=12)
    seats[1].parts.city_fact_desk.keep(newer)

    with pytest.raises(ActRefused, match="something newer"):
        seats[0].desk.undo()

    assert said(desk) == [newer]


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (replace(GIBBS, name=" "), "Say what it is"),
        (replace(GIBBS, value="maybe"), "open, full or closed"),
        (replace(GIBBS, room=-1), "Room left is 0 to"),
        (replace(GIBBS, value="full"), "has no room"),
        (replace(BRIDGE, value=""), "Type what is closed"),
        (replace(BRIDGE, source=""), "Say who closed it"),
        (replace(BRIDGE, until_at=LANDFALL), "over already"),
        (replace(BRIDGE, note="x" * 201), "at most 200 signs"),
        (replace(BRIDGE, kind=FactKind.NUMBER, value=""), "Type the number"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(desk: Any, draft: CityFactDraft, sentence: str) -> None:
    with pytest.raises(ActRefused, match=sentence):
        desk.keep(draft)

    assert said(desk) == []


def test_shelters_are_those_of_the_map_and_no_number_is_made_up(desk: Any) -> None:
    facts = desk.facts()

    assert "Gibbs High" in [each.name for each in facts.shelters]
    assert all("Pinellas County" in each.source for each in facts.shelters)
    assert facts.numbers and not any(each.number for each in facts.numbers)
