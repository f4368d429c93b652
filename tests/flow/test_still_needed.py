"""When a service drives again every held P1 asks "still needed?" (S7); no answer means unknown (S9)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.board import CLOSED as SHUT
from dispatch.errors import ActRefused
from dispatch.escalation.held import is_asked, not_reached
from dispatch.escalation.mail import letter
from dispatch.escalation.timers import TimerKind, running
from dispatch.forms import ics213, notable
from dispatch.past import _state_then
from dispatch.records import Band, Escalation, EscalationState
from dispatch.store import escalations, log
from tests.city import City
from tests.rooms import Room

HELD, ACCEPTED, CLOSED = EscalationState.HELD, EscalationState.ACCEPTED, EscalationState.CLOSED
HOUR_MS = 3_600_000


@pytest.fixture
def seats(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], store_url: str
) -> Iterator[tuple[Room, Room]]:
    """Two seats on one store, of either kind."""
    one = Room(tmp_path / "one", city, clock, run, store_url=store_url, seat="Seat 1")
    two = Room(tmp_path / "two", city, clock, run, store_url=store_url, seat="Seat 2")
    yield one, two
    one.close()
    two.close()


@pytest.fixture
def room(seats: tuple[Room, Room]) -> Room:
    return seats[0]


def held(room: Room, text: str, band: Band = Band.P1, address: str = "401 5th Ave N") -> Escalation:
    request_id = room.city.add_report(text, address=address)
    room.sync()
    if room.view(request_id).row.band != band:
        room.desk.set_band(room.site(request_id), band)
    item = room.escalate(request_id, channels=("desk",))
    room.em_desk.hold(item.escalation_id)
    return now(room, item)


def now(room: Room, item: Escalation) -> Escalation:
    with room.store.reading() as connection:
        found = escalations.get(connection, item.escalation_id)
    assert found is not None
    return found


def let_drive(room: Room, clock: Any) -> None:
    at = clock.now()
    room.desk.suspend("police", at, "Wind 45 mph", at + HOUR_MS)
    clock.advance(hours=1)
    room.desk.resume_service("police")


def lines(room: Room) -> list[str]:
    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        return [row["text"] for row in log.every_row(connection)]


def test_s7_every_held_p1_then_p2_is_asked_when_a_service_drives_again(room: Room, clock: Any) -> None:
    second = held(room, "Tree on the road", Band.P2, "12 Bayou Blvd NE")
    first = held(room, "Man trapped upstairs")
    third = held(room, "Branch on the lawn", Band.P3, "9 Bayou Blvd NE")
    assert not is_asked(now(room, first)), "nothing drives yet"

    let_drive(room, clock)

    assert [item.number for item in room.em_desk.held()] == [first.number, second.number]
    assert all(map(is_asked, room.em_desk.held())) and not is_asked(now(room, third))
    assert lines(room)[-1] == "field response again: police; 2 held for weather: still needed?"
    assert {now(room, item).state for item in (first, second, third)} == {HELD}, "nothing moves by itself"


def test_s7_still_needed_ends_the_hold_where_it_was_accepted(room: Room, clock: Any) -> None:
    item = held(room, "Man trapped upstairs")
    let_drive(room, clock)

    changes = room.em_desk.still_needed(item.escalation_id)

    after = now(room, item)
    assert (after.state, after.desk, after.accepted_at) == (ACCEPTED, item.desk, item.accepted_at)
    assert changes.sites == {item.site_id} and room.em_desk.held() == ()
    [clock_of_it] = [t for t in running(after, clock.now()) if t.kind == TimerKind.RESOURCE]
    assert clock_of_it.since == clock.now(), "S6: five minutes for a resource, from now"
    assert "STILL NEEDED" in "\n".join(letter._added(after, room.parts.jurisdiction.zone))
    assert ics213.fill(after, room.parts.jurisdiction.zone).reply.startswith("Still needed")
    with room.store.reading() as connection:
        [line] = [e for e in log.of_site(connection, item.site_id) if e.act == "still_needed"]
    assert line.text == f"{item.number} still needed" and "still_needed" in notable.NOTABLE


def test_s9_nobody_reached_means_unknown_and_closes_nothing(room: Room, clock: Any) -> None:
    item = held(room, "Man trapped upstairs")
    let_drive(room, clock)
    clock.advance(minutes=5)

    room.em_desk.not_reached(item.escalation_id)
    clock.advance(hours=9)
    room.em_desk.expire_overdue()

    after = now(room, item)
    tried = not_reached(after)
    assert after.state == HELD and is_asked(after) and tried is not None
    assert tried.by_name == "A. Operator" and tried.at == after.asked_at + 300_000
    assert ics213.fill(after, room.parts.jurisdiction.zone).reply.startswith("Accepted, held for weather")
    assert room.view(item.request_ids[0]).row.state != SHUT, "the site stays open as well"


def test_s7_no_longer_needed_closes_with_who_said_so_whatever_the_band(room: Room, clock: Any) -> None:
    first = held(room, "Man trapped upstairs")
    second = held(room, "Tree on the road", Band.P2, "12 Bayou Blvd NE")
    let_drive(room, clock)

    with pytest.raises(ActRefused, match="Say who"):
        room.em_desk.no_longer_needed(second.escalation_id, " ")
    room.em_desk.no_longer_needed(first.escalation_id, "the caller", "a neighbour drove him")
    room.em_desk.no_longer_needed(second.escalation_id, "Crew 4")

    closed = now(room, first)
    assert (closed.state, closed.outcome) == (CLOSED, "No longer needed: a neighbour drove him")
    assert closed.confirmed_by == "the caller" and now(room, second).confirmed_by == "Crew 4"
    assert not any("neighbour" in line for line in lines(room)), "nobody's words in the log"
    assert room.view(first.request_ids[0]).row.state != SHUT, "the site is the operator's to close"


def test_s7_of_two_seats_the_second_hears_who_was_first(seats: tuple[Room, Room], clock: Any) -> None:
    one, two = seats
    yes, no, tried = (
        held(one, text, address=f"{n} 5th Ave N")
        for n, text in ((401, "Man trapped upstairs"), (7, "Woman trapped"), (9, "Child trapped"))
    )
    let_drive(one, clock)

    one.em_desk.still_needed(yes.escalation_id, by_name="M. Diaz")
    one.em_desk.no_longer_needed(no.escalation_id, "the caller")
    one.em_desk.not_reached(tried.escalation_id, seen_at=0)

    first = r"M. Diaz answered first, at 11:30 EDT: EOC-0001 is still needed\."
    with pytest.raises(ActRefused, match=first):
        two.em_desk.no_longer_needed(yes.escalation_id, "a neighbour")
    with pytest.raises(ActRefused, match=first):
        two.em_desk.not_reached(yes.escalation_id)
    with pytest.raises(ActRefused, match=r"A. Operator answered first, at 11:30 EDT: EOC-0002 is closed"):
        two.em_desk.still_needed(no.escalation_id)
    with pytest.raises(ActRefused, match="reached nobody: EOC-0003 stays held"):
        two.em_desk.not_reached(tried.escalation_id, seen_at=0)
    two.em_desk.still_needed(tried.escalation_id)
    assert [now(two, each).state for each in (yes, no, tried)] == [ACCEPTED, CLOSED, ACCEPTED]


def test_s7_at_the_same_moment_one_answer_is_taken_and_the_other_refused(
    seats: tuple[Room, Room], clock: Any
) -> None:
    items = [held(seats[0], "Man trapped upstairs", address=f"{n} 5th Ave N") for n in range(401, 406)]
    let_drive(seats[0], clock)
    heard: list[str] = []

    def answer(seat: Room, is_needed: bool) -> None:
        for item in items:
            try:
                if is_needed:
                    seat.em_desk.still_needed(item.escalation_id)
                else:
                    seat.em_desk.no_longer_needed(item.escalation_id, "the caller")
            except ActRefused as error:
                heard.append(str(error))

    both = [threading.Thread(target=answer, args=(seat, seat is seats[0])) for seat in seats]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert len(heard) == len(items) and all("answered first" in words for words in heard)
    for item in items:
        ended = [a.kind for a in now(seats[0], item).answers if a.kind in ("still_needed", "close")]
        assert len(ended) == 1


def test_s7_what_is_held_again_waits_for_the_next_time(room: Room, clock: Any) -> None:
    item = held(room, "Man trapped upstairs")
    let_drive(room, clock)
    room.em_desk.not_reached(item.escalation_id)
    clock.advance(minutes=1)
    room.em_desk.still_needed(item.escalation_id)
    clock.advance(minutes=1)
    room.em_desk.hold(item.escalation_id)
    assert not is_asked(now(room, item)), "held again, and nothing stands still or drives since"

    let_drive(room, clock)

    assert is_asked(now(room, item)) and not_reached(now(room, item)) is None, "asked anew"


def test_s7_questions_and_answers_outlive_the_program(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], store_url: str
) -> None:
    before = Room(tmp_path / "one", city, clock, run, store_url=store_url)
    items = [held(before, "Man trapped upstairs", address=f"{n} 5th Ave N") for n in (401, 7, 9)]
    let_drive(before, clock)
    before.em_desk.still_needed(items[0].escalation_id)
    before.em_desk.not_reached(items[1].escalation_id)
    before.close()

    after = Room(tmp_path / "one", city, clock, run, store_url=store_url)

    asked = after.em_desk.held()
    assert [(item.number, is_asked(item), not_reached(item) is not None) for item in asked] == [
        ("EOC-0002", True, True),
        ("EOC-0003", True, False),
    ]
    assert now(after, items[0]).state == ACCEPTED
    after.close()


def test_a_board_of_an_earlier_minute_shows_it_held(room: Room, clock: Any) -> None:
    item = held(room, "Man trapped upstairs")
    let_drive(room, clock)
    between = clock.now()
    clock.advance(minutes=2)
    room.em_desk.still_needed(item.escalation_id)

    after = now(room, item)
    assert _state_then(after, between) == HELD and _state_then(after, clock.now()) == ACCEPTED


def test_a_new_fact_to_a_held_one_leaves_the_question_standing(room: Room, clock: Any) -> None:
    item = held(room, "Man trapped upstairs")
    let_drive(room, clock)

    room.escalate(item.request_ids[0], channels=("desk",), why_now="Water is rising")

    assert is_asked(now(room, item))
