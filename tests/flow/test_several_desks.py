"""One site with several desks, and several sites handed over as one: each hand-over has one number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatch.errors import ActRefused
from dispatch.records import Band, CloseReason, Escalation, EscalationState, ReturnCode, Told911
from dispatch.store import escalations, sites
from tests.city import City
from tests.rooms import Room


@pytest.fixture
def oak(room: Room, city: City) -> str:
    request_id = city.add_report("Oak across both lanes, wire under it", address="5th Ave N & 9th St N")
    room.sync()
    return request_id


def of(room: Room, request_id: str) -> list[Escalation]:
    return list(room.view(request_id).escalations)


def row_of(room: Room, site_id: int) -> Any:
    with room.store.reading() as connection:
        [row] = [row for row in sites.board_rows(connection) if row.site_id == site_id]
    return row


def test_another_desk_gets_a_hand_over_of_its_own_beside_the_first(room: Room, oak: str) -> None:
    first = room.escalate(oak, desk="Public works", channels=("desk",))
    second = room.escalate(oak, desk="Energy", channels=("desk",))

    assert (
        [item.number for item in of(room, oak)] == [first.number, second.number] == ["EOC-0001", "EOC-0002"]
    )
    assert {item.state for item in of(room, oak)} == {EscalationState.SENT}
    assert row_of(room, first.site_id).escalation_desk == "Energy +1"


def test_the_same_desk_is_added_to(room: Room, oak: str) -> None:
    first = room.escalate(oak, desk="Public works", channels=("desk",))
    room.escalate(oak, desk="Energy", channels=("desk",))

    again = room.escalate(oak, desk="Public works", why_now="A car is under it", channels=("desk",))

    assert again.number == first.number and len(of(room, oak)) == 2


def test_the_wrong_desk_gave_it_back_and_it_goes_to_the_right_one_under_its_number(
    room: Room, oak: str
) -> None:
    first = room.escalate(oak, desk="Water", channels=("desk",))
    room.em_desk.give_back(first.escalation_id, ReturnCode.WRONG_DESK)

    again = room.escalate(oak, desk="Public works", channels=("desk",))

    assert (again.number, again.desk, again.state) == (first.number, "Public works", EscalationState.SENT)
    assert len(of(room, oak)) == 1


def test_the_row_shows_the_one_that_is_furthest_from_help(room: Room, oak: str) -> None:
    first = room.escalate(oak, desk="Public works", channels=("desk",))
    second = room.escalate(oak, desk="Energy", channels=("desk",))
    room.em_desk.resource(second.escalation_id, "Line crew 2", None)

    assert row_of(room, first.site_id).escalation_number == first.number

    room.em_desk.give_back(first.escalation_id, ReturnCode.NO_RESOURCE)
    assert row_of(room, first.site_id).escalation_state == EscalationState.RETURNED


def test_what_911_was_told_stands_on_every_card(room: Room, oak: str) -> None:
    room.escalate(oak, desk="Public works", channels=("desk",))
    room.escalate(oak, desk="Energy", channels=("desk",))

    room.desk.tell_911(room.site(oak), Told911(True, room.parts.clock.now(), "Ana", "17-2231"))

    assert {item.told_911.incident_number for item in of(room, oak) if item.told_911} == {"17-2231"}
    assert all(item.told_911 for item in of(room, oak))


@pytest.fixture
def street(room: Room, city: City) -> list[str]:
    ids = [
        city.add_report(f"Water in the house, knee deep, number {n}", address=f"{n} Bayou Blvd NE")
        for n in (401, 411, 421)
    ]
    ids.append(city.add_report("My mother is trapped upstairs on oxygen", address="431 Bayou Blvd NE"))
    room.sync()
    return ids


def as_one(room: Room, ids: list[str], **changes: Any) -> Escalation:
    first, *others = [room.site(each) for each in ids]
    draft = room.desk.draft(first, others)
    return room.desk.escalate(replace(draft, channels=("desk",), **changes))


def test_a_street_is_handed_over_as_one_with_the_worst_of_its_bands(room: Room, street: list[str]) -> None:
    item = as_one(room, street)

    assert item.band == Band.P1 and item.needs_911, "the one upstairs decides"
    assert item.reports == 4 and set(item.request_ids) == set(street)
    assert item.subject.endswith("and 3 more")
    assert [line[0] for line in item.details.splitlines()] == ["1", "2", "3", "4"]
    assert "431 Bayou Blvd NE" in item.address and item.place_quality == "area"
    with room.store.reading() as connection:
        assert len(escalations.open_ones(connection)) == 1
    for request_id in street:
        assert row_of(room, room.site(request_id)).escalation_number == item.number
        assert [each.number for each in of(room, request_id)] == [item.number]
    assert room.log_acts().count("escalate") == 4


def test_every_site_of_it_follows_its_answers(room: Room, street: list[str], city: City) -> None:
    item = as_one(room, street[:3])

    room.em_desk.accept(item.escalation_id)
    room.sync()

    for request_id in street[:3]:
        assert row_of(room, room.site(request_id)).escalation_state == EscalationState.ACCEPTED
        told = [line.text for line in room.view(request_id).thread]
        assert sum("passed to emergency management" in text for text in told) == 1


def test_residents_hear_that_a_crew_is_there_and_that_the_work_has_ended_where_it_is_ticked(
    room: Room, oak: str
) -> None:
    item = room.escalate(oak, desk="Public works", channels=("desk",), tell_residents=False)
    room.em_desk.on_scene(item.escalation_id, tell=True)
    room.em_desk.close(item.escalation_id, "Lane is clear", "", tell=True)
    room.sync()

    told = [line.text for line in room.view(oak).thread]
    assert sum("A crew is at the place you reported" in text for text in told) == 1
    assert sum("has ended its work" in text for text in told) == 1
    assert not any("Lane is clear" in text for text in told), "the outcome is not for the public"
    assert not any("passed to emergency management" in text for text in told)


def test_s8_no_resident_hears_anything_where_facts_are_restricted(room: Room, city: City) -> None:
    request_id = city.add_report("My mother is on oxygen, no power", category="medical_power_dependent")
    room.sync()
    before = len(city.messages(request_id))
    item = room.escalate(request_id, channels=("desk",), tell_residents=True)
    assert item.is_restricted

    room.em_desk.on_scene(item.escalation_id, tell=True)
    room.em_desk.close(item.escalation_id, "Taken to hospital", "Engine 4", tell=True)
    room.sync()

    assert len(city.messages(request_id)) == before


def test_a_site_that_is_with_emergency_management_is_not_closed_by_itself(
    room: Room, street: list[str]
) -> None:
    as_one(room, street)

    with pytest.raises(ActRefused):
        room.desk.close(room.site(street[2]), CloseReason.FIXED_CONFIRMED, confirmed_by="Crew 4", message="")


def test_a_closed_one_among_them_is_named_and_nothing_is_sent(room: Room, street: list[str]) -> None:
    room.desk.close(room.site(street[1]), CloseReason.NO_LONGER_NEEDED, message="", note="asked")

    with pytest.raises(ActRefused, match="411 Bayou Blvd NE is closed"):
        as_one(room, street[:3])

    with room.store.reading() as connection:
        assert escalations.every(connection) == ()
