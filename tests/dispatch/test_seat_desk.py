"""Who sits here: acts and forms are theirs from then on, the next start too, and the change is a log line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch import settings as seat_settings
from dispatch.errors import ActRefused, SettingsBroken
from dispatch.store import log
from tests.city import City
from tests.conftest import StillClock
from tests.rooms import Room


@pytest.fixture
def room(tmp_path: Path, city: City, clock: StillClock, run: Callable[..., Any]) -> Iterator[Room]:
    made = Room(tmp_path / "seat", city, clock, run)
    yield made
    made.close()


def rows(room: Room) -> list[dict[str, Any]]:
    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        return [dict(row) for row in log.every_row(connection)]


def test_from_then_on_every_act_is_theirs_and_older_ones_stay(room: Room, city: City) -> None:
    request_id = city.add_report("Oak down")
    room.sync()
    site_id = room.site(request_id)
    room.desk.claim(site_id)

    room.parts.seat_desk.sit("  Kim   Ortiz ", "Logistics")
    room.desk.note(site_id, "Asked the crew.")

    assert (room.parts.actor.person, room.parts.actor.position) == ("Kim Ortiz", "Logistics")
    claim, taken, note = rows(room)[-3:]
    assert (claim["act"], claim["person"], claim["position"]) == ("claim", "A. Operator", "Operator")
    assert (note["act"], note["person"], note["position"]) == ("note", "Kim Ortiz", "Logistics")
    assert (taken["act"], taken["person"], taken["position"]) == ("seat_taken", "Kim Ortiz", "Logistics")
    assert taken["text"] == "seat taken: Kim Ortiz, Logistics (before: A. Operator, Operator)"
    assert taken["seat"] == claim["seat"]


def test_it_is_kept_for_the_next_start(room: Room) -> None:
    room.parts.seat_desk.sit("Kim Ortiz", "Logistics")
    kept = seat_settings.load(room.parts.folder)
    assert (kept.person, kept.position) == ("Kim Ortiz", "Logistics")


def test_logistics_and_a_desk_of_the_city_may_order_resources_an_operator_not(room: Room, city: City) -> None:
    request_id = city.add_report("Oak across 5th Ave N, nobody gets through")
    room.sync()
    item = room.escalate(request_id, effect_needed="Clear one lane")
    with pytest.raises(ActRefused, match=r"Operator: say who sits here \(G W\)"):
        room.parts.form_desk.resource_request(item.escalation_id)
    for position in ("Logistics", "Emergency manager", "Energy · ESF 12"):
        room.parts.seat_desk.sit("Kim Ortiz", position)
        opened = room.parts.form_desk.resource_request(item.escalation_id)
        assert opened.form.requested_by.startswith("Kim Ortiz")  # type: ignore[attr-defined]


def test_positions_are_those_of_the_room_the_citys_desks_and_the_one_of_now(room: Room) -> None:
    positions = room.parts.seat_desk.positions()
    assert positions[:2] == ("Operator", "Supervisor")
    assert len(positions) == len(set(positions))
    assert {each.label for each in room.parts.jurisdiction.desks} <= set(positions)


@pytest.mark.parametrize(
    ("person", "position", "says"),
    [
        ("", "Logistics", "Write who sits here."),
        (" \t", "Logistics", "Write who sits here."),
        ("x" * 61, "Logistics", "at most 60"),
        ("Kim\x07", "Logistics", "plain signs"),
        ("Kim Ortiz", "King", "Choose a position"),
    ],
)
def test_what_is_no_name_or_position_is_refused(room: Room, person: str, position: str, says: str) -> None:
    before = len(rows(room))
    with pytest.raises(ActRefused, match=says):
        room.parts.seat_desk.sit(person, position)
    assert room.parts.actor.person == "A. Operator" and len(rows(room)) == before


def test_what_cannot_be_kept_is_neither_logged_nor_in_force(room: Room) -> None:
    (room.parts.folder / seat_settings.FILE).write_text("[seat\n")
    before = len(rows(room))
    with pytest.raises(SettingsBroken, match="line 1"):
        room.parts.seat_desk.sit("Kim Ortiz", "Logistics")
    assert room.parts.actor.person == "A. Operator" and len(rows(room)) == before
