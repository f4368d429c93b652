"""A hand-over goes to the county and back; one without any resource stays as an unmet need (S6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.errors import ActRefused
from dispatch.escalation.timers import TimerKind, running
from dispatch.forms import ics213
from dispatch.records import Band, Escalation, EscalationState
from dispatch.store import escalations
from tests.city import City
from tests.rooms import Room

COUNTY = "Pinellas County EM"
MINUTE_MS = 60_000


@pytest.fixture
def sent(room: Room, city: City) -> Escalation:
    request_id = city.add_report("People are trapped in the attic, water is rising", address="5th Ave N")
    room.sync()
    item = room.escalate(request_id, channels=("desk",))
    assert item.band == Band.P1
    return item


def now(room: Room, sent: Escalation) -> Escalation:
    with room.store.reading() as connection:
        item = escalations.get(connection, sent.escalation_id)
    assert item is not None
    return item


def test_the_county_has_it_with_its_number_and_its_own_clock_runs(room: Room, sent: Escalation) -> None:
    room.em_desk.accept(sent.escalation_id)

    room.em_desk.forward(sent.escalation_id, COUNTY, "M-118")

    item = now(room, sent)
    assert (item.state, item.forwarded_to, item.forwarded_number) == (
        EscalationState.FORWARDED,
        COUNTY,
        "M-118",
    )
    assert item.forwarded_at == item.timer_from_at == room.parts.clock.now()
    assert item.desk == sent.desk, "the city's own desk still answers for it"
    form = ics213.fill(item, room.parts.jurisdiction.zone)
    assert f"Forwarded. to {COUNTY} no. M-118" in form.reply


def test_a_county_that_is_silent_is_overdue_as_the_citys_own_desk_would_be(
    room: Room, sent: Escalation
) -> None:
    room.em_desk.forward(sent.escalation_id, COUNTY)
    item = now(room, sent)

    late = {timer.kind for timer in running(item, item.timer_from_at + 5 * MINUTE_MS) if timer.is_overdue}

    assert TimerKind.RESOURCE in late


def test_the_county_answers_or_gives_it_back(room: Room, sent: Escalation) -> None:
    room.em_desk.forward(sent.escalation_id, COUNTY, "M-118")
    room.em_desk.resource(sent.escalation_id, "County boat 3", None, by_name="M. Diaz", how="spoken")
    assert now(room, sent).state == EscalationState.UNDER_WAY

    room.em_desk.forward(sent.escalation_id, COUNTY, "M-119")
    room.em_desk.accept(sent.escalation_id, "county has nobody", by_name="M. Diaz", how="spoken")

    item = now(room, sent)
    assert item.state == EscalationState.ACCEPTED
    assert [a.kind for a in item.answers] == ["forward", "resource", "forward", "accept"]


def test_a_new_fact_leaves_it_where_it_is(room: Room, sent: Escalation) -> None:
    room.em_desk.forward(sent.escalation_id, COUNTY, "M-118")

    draft = room.desk.draft(sent.site_id)
    room.desk.escalate(replace(draft, why_now="The water is at the roof"))

    item = now(room, sent)
    assert (item.state, item.forwarded_number) == (EscalationState.FORWARDED, "M-118")


def test_forwarding_needs_to_whom(room: Room, sent: Escalation) -> None:
    with pytest.raises(ActRefused, match="Say to whom"):
        room.em_desk.forward(sent.escalation_id, "  ")

    assert now(room, sent).state == EscalationState.SENT


def test_mutual_aid_is_open_until_something_comes(room: Room, sent: Escalation) -> None:
    room.em_desk.accept(sent.escalation_id)
    began = now(room, sent).timer_from_at

    room.em_desk.mutual_aid(sent.escalation_id, "two boats asked of Hillsborough")

    item = now(room, sent)
    assert item.state == EscalationState.MUTUAL_AID and item.state.is_open
    assert item.timer_from_at == began, "asking somebody else gives no new time"

    room.em_desk.resource(sent.escalation_id, "Hillsborough boat 1", None)
    assert now(room, sent).state == EscalationState.UNDER_WAY
