"""One hand-over by several channels: one id, the first answer wins, the next where nobody takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch.records import Delivery, DeliveryState, Escalation, EscalationState, Flag
from dispatch.store import escalations, sites
from tests.city import City
from tests.relay import Relay, keep_secret
from tests.rooms import Room

QUEUED, SENT, DELIVERED, FAILED, DEAD_LETTER, ANSWERED = DeliveryState
WIRE = "A wire is down and sparking"


@pytest.fixture
def relay() -> Iterator[Relay]:
    made = Relay()
    yield made
    made.stop()


@pytest.fixture
def open_room(
    tmp_path: Path,
    city: City,
    clock: Any,
    run: Callable[..., Any],
    relay: Relay,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[], Room]]:
    """A console of a city with desk, folder and webhook; called again it has been started again."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", keep_secret(tmp_path / "keys"))
    rooms: list[Room] = []

    def start() -> Room:
        while rooms:
            rooms.pop().close()
        rooms.append(Room(tmp_path / "seat", city, clock, run, channels={"webhook": relay.values()}))
        return rooms[0]

    yield start
    while rooms:
        rooms.pop().close()


@pytest.fixture
def room(open_room: Callable[[], Room]) -> Room:
    return open_room()


def hand_over(room: Room, city: City, *channels: str, text: str = WIRE) -> Escalation:
    request_id = city.add_report(text, category="power_line_down", address="5th Ave N & 9th St N")
    room.sync()
    return room.escalate(request_id, channels=channels)


def ways(room: Room, sent: Escalation) -> dict[str, Delivery]:
    return {way.channel: way for way in room.em_desk.deliveries([sent.escalation_id])[sent.escalation_id]}


def states(room: Room, sent: Escalation) -> dict[str, DeliveryState]:
    return {name: way.state for name, way in ways(room, sent).items()}


def now(room: Room, sent: Escalation) -> Escalation:
    with room.store.reading() as connection:
        item = escalations.get(connection, sent.escalation_id)
    assert item is not None
    return item


def is_marked(room: Room, sent: Escalation) -> bool:
    with room.store.reading() as connection:
        row = sites.row(connection, sent.site_id)
    assert row is not None
    return bool(row.own_flags & Flag.NEW_FACT)


def test_a_receipt_of_the_relay_says_that_it_was_received(room: Room, city: City, relay: Relay) -> None:
    sent = hand_over(room, city, "desk", "webhook")
    room.sync()

    assert states(room, sent) == {"desk": SENT, "webhook": DELIVERED}
    assert now(room, sent).state == EscalationState.RECEIVED
    assert [said["escalation_id"] for said in relay.taken.values()] == [sent.escalation_id]


def test_the_first_acknowledgement_wins_and_what_has_not_left_need_not(
    room: Room, city: City, relay: Relay, open_room: Callable[[], Room]
) -> None:
    relay.fail_next(503)
    sent = hand_over(room, city, "desk", "folder", "webhook")
    room.sync()
    assert states(room, sent) == {"desk": SENT, "folder": SENT, "webhook": FAILED}

    room.em_desk.accept(sent.escalation_id, "crew 4", by_name="B. Manager")
    assert states(room, sent) == {"desk": DELIVERED, "folder": SENT, "webhook": ANSWERED}
    room = open_room()
    room.sync()

    assert not relay.taken and states(room, sent)["webhook"] == ANSWERED, "not tried after a start either"
    assert now(room, sent).state == EscalationState.ACCEPTED


def test_a_receipt_that_comes_after_the_answer_moves_nothing_back(
    room: Room, city: City, relay: Relay
) -> None:
    sent = hand_over(room, city, "webhook")
    # While the relay is still answering, somebody takes it by voice.
    relay.on_taking = lambda _body: room.em_desk.hold(sent.escalation_id, by_name="B. Manager", how="spoken")
    room.sync()

    assert now(room, sent).state == EscalationState.HELD
    assert states(room, sent) == {"webhook": DELIVERED}, "they have it, and that is true"
    assert room.log_acts().count("received") == 0


def test_newer_words_still_go_to_who_has_accepted(room: Room, city: City, relay: Relay) -> None:
    sent = hand_over(room, city, "desk", "webhook")
    room.sync()
    room.em_desk.accept(sent.escalation_id, "crew 4")

    room.desk.escalate(update(room, sent, "The water rises"))
    room.em_desk.resource(sent.escalation_id, "Crew 4", None)
    room.sync()

    assert [said["effect_needed"] for said in relay.taken.values()][-1] == "The water rises"


def update(room: Room, sent: Escalation, effect: str) -> Any:
    return replace(room.desk.draft(sent.site_id), effect_needed=effect)


def test_on_time_out_it_comes_back_and_goes_down_the_next_channel_under_its_id(
    room: Room, city: City, clock: Any, relay: Relay
) -> None:
    sent = hand_over(room, city, "desk")
    room.sync()
    clock.advance(minutes=4)
    room.sync()
    assert now(room, sent).state == EscalationState.EXPIRED
    assert states(room, sent)["folder"] == QUEUED

    room.sync()
    assert states(room, sent) == {"desk": SENT, "folder": SENT}
    clock.advance(minutes=3)
    room.sync()
    room.sync()
    assert states(room, sent) == {"desk": SENT, "folder": SENT, "webhook": DELIVERED}
    clock.advance(minutes=30)
    room.sync()

    assert set(states(room, sent)) == {"desk", "folder", "webhook"}, "nobody walks or speaks by itself"
    assert [said["escalation_id"] for said in relay.taken.values()] == [sent.escalation_id]
    assert all(sent.escalation_id in name for name in room.files())
    said = [line.text for line in room.view(sent.request_ids[0]).log if line.act == "expired"]
    assert said == [
        f"{sent.number}: nobody accepted it in time; it goes by folder as well",
        f"{sent.number}: nobody accepted it in time; it goes by webhook as well",
    ]


def test_newer_words_go_where_it_went_by_itself(room: Room, city: City, clock: Any) -> None:
    sent = hand_over(room, city, "desk")
    clock.advance(minutes=4)
    room.sync()
    room.sync()

    room.desk.escalate(update(room, sent, "Both lanes"))

    assert states(room, sent) == {"desk": QUEUED, "folder": QUEUED}


def test_what_the_only_channel_refuses_stands_on_top_at_once_and_goes_on(
    room: Room, city: City, relay: Relay
) -> None:
    relay.fail_next(400)
    sent = hand_over(room, city, "webhook")
    room.sync()

    item, view = now(room, sent), room.view(sent.request_ids[0])
    assert item.state == EscalationState.EXPIRED and room.log_acts().count("not_handed_over") == 1
    assert states(room, sent) == {"webhook": DEAD_LETTER, "desk": QUEUED}
    [refused] = [way for way in view.deliveries if way.channel == "webhook"]
    assert "The webhook at 127.0.0.1" in refused.error and "(400)" in refused.error

    room.sync()
    assert states(room, sent) == {"webhook": DEAD_LETTER, "desk": SENT} and not relay.taken

    room.desk.escalate(update(room, sent, "Both lanes"))
    room.sync()
    assert states(room, sent) == {"webhook": DELIVERED, "desk": SENT}, "a person sent it again"
    assert now(room, sent).state == EscalationState.RECEIVED


def test_where_another_channel_has_it_nothing_comes_back_before_its_time(
    room: Room, city: City, relay: Relay
) -> None:
    relay.fail_next(400)
    sent = hand_over(room, city, "desk", "webhook")
    room.sync()

    assert now(room, sent).state == EscalationState.SENT
    assert states(room, sent) == {"desk": SENT, "webhook": DEAD_LETTER}


def test_newer_words_that_a_channel_refuses_put_the_site_on_top(room: Room, city: City, relay: Relay) -> None:
    sent = hand_over(room, city, "webhook")
    room.sync()
    room.em_desk.accept(sent.escalation_id, "crew 4", by_name="B. Manager", how="spoken")
    relay.fail_next(400)

    room.desk.escalate(update(room, sent, "Both lanes"))
    room.sync()

    assert now(room, sent).state == EscalationState.ACCEPTED and is_marked(room, sent)


def test_words_added_to_what_was_taken_before_it_left_may_be_refused_too(
    room: Room, city: City, relay: Relay
) -> None:
    sent = hand_over(room, city, "webhook")
    room.em_desk.accept(sent.escalation_id, "crew 4", by_name="B. Manager", how="spoken")
    relay.fail_next(400)

    room.desk.escalate(update(room, sent, "Both lanes"))
    room.sync()

    assert now(room, sent).state == EscalationState.ACCEPTED and is_marked(room, sent)
    assert states(room, sent) == {"webhook": DEAD_LETTER}


def test_what_fails_again_and_again_is_given_up_loudly(
    room: Room, city: City, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dispatch.sync.deliver.WAITS_S", (0, 0, 0, 0, 0))
    sent = hand_over(room, city, "webhook")
    relay.fail_next(*["dropped"] * 6)
    for _ in range(5):
        room.sync()
    assert states(room, sent) == {"webhook": FAILED} and ways(room, sent)["webhook"].attempts == 5

    room.sync()

    assert states(room, sent) == {"webhook": DEAD_LETTER, "desk": QUEUED}
    assert now(room, sent).state == EscalationState.EXPIRED
    assert "broke the line" in ways(room, sent)["webhook"].error


def test_a_slow_relay_holds_up_no_other_channel(
    room: Room, city: City, relay: Relay, run: Callable[..., Any], wait_until: Callable[..., None]
) -> None:
    relay.fail_next("slow:3")
    sent = hand_over(room, city, "folder", "webhook")

    async def start() -> None:
        room.work.start()

    run(start())
    try:
        wait_until(lambda: states(room, sent)["folder"] == SENT)
        assert states(room, sent)["webhook"] == QUEUED
        later = hand_over_now(room, city, run)
        wait_until(lambda: states(room, later)["folder"] == SENT)
        assert states(room, sent)["webhook"] == QUEUED, "the relay is still thinking"
        wait_until(lambda: states(room, sent)["webhook"] == DELIVERED)
    finally:
        run(room.work.stop())


def hand_over_now(room: Room, city: City, run: Callable[..., Any]) -> Escalation:
    """While the work goes on; the site is the same, another desk."""
    with room.store.reading() as connection:
        [row] = sites.board_rows(connection)
    draft = replace(room.desk.draft(row.site_id), desk="Public Works", channels=("folder",))
    made: Escalation = room.desk.escalate(draft)
    room.work.nudge()
    return made


def test_an_answer_by_the_relay_is_its_receipt_too(room: Room, city: City, relay: Relay) -> None:
    """The receipt is lost, the answer comes: one acknowledged hand-over, and no second try."""
    relay.on_taking = lambda body: relay.answer(body, "accept", text="crew 4")
    relay.fail_next("lost")
    sent = hand_over(room, city, "desk", "webhook")
    room.sync()

    item = now(room, sent)
    assert item.state == EscalationState.ACCEPTED and len(item.answers) == 1
    assert (item.answers[0].by_name, item.answers[0].how) == ("M. Diaz", "webhook")
    assert states(room, sent) == {"desk": SENT, "webhook": DELIVERED}

    room.sync()
    assert [*relay.calls.values()] == [1]


def test_answers_nobody_proves_wait_to_be_read(room: Room, city: City, relay: Relay) -> None:
    sent = hand_over(room, city, "webhook")
    room.sync()
    [body] = relay.taken.values()
    relay.answer(body, "accept", key=b"somebody else's key of 24 bytes")
    relay.answer(body | {"token": "guessed"}, "accept")
    room.sync()

    assert now(room, sent).state == EscalationState.RECEIVED
    why = sorted(each.incoming.why_unclear[:20] for each in room.em_desk.to_read())
    assert why == ["Its signature is not", "Nobody proved that t"]
