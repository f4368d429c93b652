"""Who is on which desk: hand-overs name them, and a shift change leaves no card with who has gone home."""

from __future__ import annotations

import pytest

from dispatch.forms import ics213
from dispatch.records import DUTY_OFFICER, Escalation
from dispatch.store.schema import activity_log
from tests.city import City
from tests.rooms import Room

DESK = "Public works"


@pytest.fixture
def oak(room: Room, city: City) -> str:
    request_id = city.add_report("Oak across both lanes", address="5th Ave N & 9th St N")
    room.sync()
    return request_id


def of(room: Room, request_id: str) -> Escalation:
    [item] = room.view(request_id).escalations
    return item


def test_the_form_names_who_is_on_the_desk(room: Room, oak: str) -> None:
    room.em_desk.take_desk(DESK, "M. Diaz", "Channel 4")

    item = room.escalate(oak, desk=DESK, channels=("desk",))

    assert item.to_person == "M. Diaz"
    assert ics213.fill(item, room.parts.jurisdiction.zone).sent_to == "M. Diaz, Public works (ESF 3)"


def test_a_vacant_desk_is_the_duty_officers(room: Room, oak: str) -> None:
    room.em_desk.take_desk(DUTY_OFFICER, "J. Ruiz")

    assert room.escalate(oak, desk=DESK, channels=("desk",)).to_person == "J. Ruiz, duty officer"


def test_at_a_shift_change_open_cards_get_the_incoming_name(room: Room, oak: str) -> None:
    room.em_desk.take_desk(DESK, "M. Diaz")
    room.em_desk.take_desk(DUTY_OFFICER, "J. Ruiz")
    item = room.escalate(oak, desk=DESK, channels=("desk",))

    room.em_desk.take_desk(DESK, "K. Ono")
    assert of(room, oak).to_person == "K. Ono"

    room.em_desk.take_desk(DESK, "")
    assert of(room, oak).to_person == "J. Ruiz, duty officer"

    room.em_desk.close(item.escalation_id, "Cleared", "")
    room.em_desk.take_desk(DESK, "M. Diaz")
    assert of(room, oak).to_person == "J. Ruiz, duty officer", "who had it stands in the record"


def test_one_that_is_passed_on_has_the_name_of_the_new_desk(room: Room, oak: str) -> None:
    room.em_desk.take_desk(DESK, "M. Diaz")
    room.em_desk.take_desk("Energy", "P. Kahn")
    item = room.escalate(oak, desk=DESK, channels=("desk",))

    room.em_desk.pass_on(item.escalation_id, "Energy")

    assert of(room, oak).to_person == "P. Kahn"


def test_who_took_which_desk_is_in_the_log(room: Room, oak: str) -> None:
    room.em_desk.take_desk(DESK, "M. Diaz")
    room.escalate(oak, desk=DESK, channels=("desk",))
    room.em_desk.take_desk(DESK, "K. Ono")

    with room.store.reading() as connection:
        lines = [row for row in connection.execute(activity_log.select()) if row.act == "desk_taken"]
    assert [line.text for line in lines] == [
        "Public works: M. Diaz, 0 open hand-overs",
        "Public works: K. Ono, 1 open hand-overs",
    ]
    assert '"before":"M. Diaz"' in lines[1].detail
