"""The outbox on its way: in order for each request, once each, back to its author when refused."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from dispatch.errors import ActRefused, LandfallError, RateLimited, ServerFailed, ServerRefused
from dispatch.records import CloseReason, OutboxState
from dispatch.servers import Outgoing
from dispatch.servers.seeclickfix import SeeClickFix
from dispatch.store import outbox
from tests.city import City
from tests.in_step import hurry
from tests.rooms import Room


def ours(room: Room, request_id: str) -> list[tuple[str, str]]:
    """What stands in the outbox for this report: words and state, in order."""
    with room.store.reading() as connection:
        items = outbox.of_site(connection, room.site(request_id))
    return [(item.text, item.state.value) for item in items if item.request_id == request_id]


def try_until_sent(room: Room, rounds: int = 60) -> None:
    """Rounds with all waits over, until nothing waits; what breaks is tried again, as the service does."""
    for _ in range(rounds):
        hurry(room)
        with suppress(LandfallError):
            room.sync()
        with room.store.reading() as connection:
            if outbox.counts(connection)[0] == 0:
                return
    raise AssertionError("something still waits")


@pytest.mark.parametrize(
    ("room", "rates"),
    [
        ("sqlite", {"503": 0.4}),
        ("sqlite", {"reset": 0.4}),
        ("sqlite", {"lose-answer-after-doing-it": 0.5}),
        ("postgresql", {"lose-answer-after-doing-it": 0.5}),
        ("sqlite", {"nonsense": 0.4}),
        ("sqlite", {"empty": 0.4}),
        ("sqlite", {"html": 0.4}),
    ],
    indirect=["room"],
)
def test_messages_of_one_request_arrive_in_order_and_once_through_any_fault(
    room: Room, city: City, rates: dict[str, float]
) -> None:
    ids = [city.add_report("Oak down"), city.add_report("Limb down")]
    room.sync()
    words = [f"Line {number} of the city." for number in range(6)]
    for text in words:
        for each in ids:
            room.desk.message(room.site(each), text)

    city.set_rates(rates)
    try_until_sent(room)

    for each in ids:
        assert [text for text in city.messages(each) if text.startswith("Line ")] == words


def test_a_message_does_not_overtake_the_one_before_it(room: Room, city: City, run: Any) -> None:
    request_id = city.add_report("Oak down")
    room.sync()
    room.desk.message(room.site(request_id), "First.")
    room.desk.message(room.site(request_id), "Second.")

    city.fail_next("503")
    with pytest.raises(ServerFailed):
        run(room.work._push_once())  # the account is asked for first
    city.fail_next("429")
    with pytest.raises(RateLimited):
        run(room.work._push_once())
    assert not [text for text in city.messages(request_id) if text in ("First.", "Second.")]
    try_until_sent(room)

    assert [text for text in city.messages(request_id) if text in ("First.", "Second.")] == [
        "First.",
        "Second.",
    ]


def test_equal_messages_go_out_as_often_as_they_were_written(room: Room, city: City) -> None:
    request_id = city.add_report("Oak down")
    room.sync()
    for _ in range(3):
        room.desk.message(room.site(request_id), "Crew delayed.")

    city.set_rates({"lose-answer-after-doing-it": 0.5, "503": 0.2})
    try_until_sent(room)

    assert city.messages(request_id).count("Crew delayed.") == 3


def test_one_report_the_server_stumbles_over_does_not_hold_up_the_others(
    room: Room, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, plain = city.add_report("Oak down"), city.add_report("Limb down")
    room.sync()
    room.desk.message(room.site(odd), "We have your report.")
    room.desk.message(room.site(plain), "We have your report.")
    messages = SeeClickFix.messages

    def stumble(server: SeeClickFix, request_id: str) -> Any:
        if request_id == odd:
            raise ServerFailed("The 311 server failed (500).")
        return messages(server, request_id)

    monkeypatch.setattr(SeeClickFix, "messages", stumble)
    for _ in range(2):
        with suppress(ServerFailed):
            room.sync()

    assert city.messages(plain).count("We have your report.") == 1
    assert ours(room, odd) == [("We have your report.", "waiting")]


def test_a_refusal_goes_to_its_author_and_the_others_go_on(room: Room, city: City) -> None:
    refused, plain = city.add_report("Oak down"), city.add_report("Limb down")
    room.sync()
    city.elsewhere(refused, "archive", "Done.")
    for each in (refused, plain):
        room.desk.close(room.site(each), CloseReason.NO_LONGER_NEEDED, message="Nothing left to do here.")

    room.sync()

    assert ours(room, refused) == [("Nothing left to do here.", "failed")]
    assert city.status(plain) == "Closed"
    line = next(line for line in room.view(refused).thread if line.kind == "ours")
    assert line.state == OutboxState.FAILED and "archived" in line.error
    assert "refused" in room.log_acts()


def test_a_token_that_expired_makes_messages_wait_and_loses_none(
    room: Room, city: City, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = city.add_report("Oak down")
    room.sync()
    room.desk.message(room.site(request_id), "We have your report.")

    def expired(*_: Any) -> Any:
        raise ServerRefused("The 311 server does not take this token (401).", status=401)

    with monkeypatch.context() as patch:
        patch.setattr(SeeClickFix, "post", expired)
        room.sync()
    assert room.work.status.state == "refused" and "token" in room.work.status.sentence
    assert room.work.status.to_send == 1
    room.sync()

    assert city.messages(request_id).count("We have your report.") == 1


def test_a_message_taken_back_while_its_thread_is_read_is_not_sent(
    room: Room, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = city.add_report("Oak down")
    room.sync()
    room.desk.message(room.site(request_id), "Wrong words.")
    [line] = [line for line in room.view(request_id).thread if line.kind == "ours"]
    messages = SeeClickFix.messages

    def and_meanwhile(server: SeeClickFix, asked: str) -> Any:
        if ours(room, request_id) == [("Wrong words.", "waiting")]:
            room.desk.take_back([line.outbox_id])
        return messages(server, asked)

    monkeypatch.setattr(SeeClickFix, "messages", and_meanwhile)
    room.sync()
    room.sync()

    assert "Wrong words." not in city.messages(request_id)
    assert ours(room, request_id) == [("Wrong words.", "taken_back")]


def test_a_message_that_is_leaving_cannot_be_taken_back_any_more(
    room: Room, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = city.add_report("Oak down")
    room.sync()
    room.desk.message(room.site(request_id), "We have your report.")
    [line] = [line for line in room.view(request_id).thread if line.kind == "ours"]
    post, refusals = SeeClickFix.post, []

    def and_meanwhile(*asked: Any) -> Any:
        with pytest.raises(ActRefused) as refusal:
            room.desk.take_back([line.outbox_id])
        refusals.append(str(refusal.value))
        return post(*asked)

    monkeypatch.setattr(SeeClickFix, "post", and_meanwhile)
    room.sync()

    assert refusals == ["It has already left. Send a correction instead."]
    assert city.messages(request_id).count("We have your report.") == 1


def test_a_closing_lost_on_the_way_while_another_closes_it_still_brings_its_words(
    room: Room, city: City
) -> None:
    """It is closed as wished; but the resident has not had our words: they go as a message, once."""
    request_id = city.add_report("Limb down")
    room.sync()
    room.desk.close(room.site(request_id), CloseReason.FIXED_UNCONFIRMED, message="The limb is gone.")

    city.set_rates({"503": 1.0})
    for _ in range(2):
        with suppress(LandfallError):
            room.sync()
    city.set_rates({})
    city.fail_next("lose-answer-after-doing-it")
    city.elsewhere(request_id, "close", "Done by the parks department.")
    try_until_sent(room)

    assert city.messages(request_id).count("The limb is gone.") == 1
    assert city.status(request_id) == "Closed"
    assert ours(room, request_id)[-1][1] == "sent"


def test_the_server_changes_spaces_and_the_message_is_known_again(
    room: Room, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = city.add_report("Oak down")
    room.sync()
    room.desk.message(room.site(request_id), "First line.\nSecond  line. ")
    post = SeeClickFix.post

    def with_its_own_line_ends(server: Any, item: Outgoing) -> Any:
        return post(server, replace(item, text=item.text.replace("\n", "\r\n").replace("  ", " ")))

    monkeypatch.setattr(SeeClickFix, "post", with_its_own_line_ends)
    city.fail_next("lose-answer-after-doing-it")
    try_until_sent(room)

    assert sum(text.startswith("First line.") for text in city.messages(request_id)) == 1


def test_moderated_words_wait_at_the_city_and_are_never_sent_again(room: Room, city: City) -> None:
    request_id = city.add_report("Oak down")
    room.sync()
    room.desk.message(room.site(request_id), "We have your report.")

    city.fail_next("moderated")
    for _ in range(3):
        hurry(room)
        room.sync()
    assert ours(room, request_id) == [("We have your report.", "held")]
    assert [line.state for line in room.view(request_id).thread if line.kind == "ours"] == ["held"]
    city.clock(forward_s=301)
    hurry(room)
    room.sync()

    assert ours(room, request_id) == [("We have your report.", "sent")]
    assert city.messages(request_id).count("We have your report.") == 1


def test_equal_words_behind_held_ones_wait_until_those_show(room: Room, city: City) -> None:
    """Which of two equal lines has arrived nobody could tell while one of them may still show."""
    request_id = city.add_report("Oak down")
    room.sync()
    for _ in range(2):
        room.desk.message(room.site(request_id), "Crew delayed.")

    city.fail_next("moderated")
    room.sync()
    assert ours(room, request_id) == [("Crew delayed.", "held"), ("Crew delayed.", "waiting")]
    city.clock(forward_s=301)
    city.set_rates({"lose-answer-after-doing-it": 0.5, "503": 0.2})
    try_until_sent(room)

    assert city.messages(request_id).count("Crew delayed.") == 2


def test_a_wait_after_a_failure_is_short_and_in_the_future(room: Room, city: City) -> None:
    request_id = city.add_report("Oak down")
    room.sync()
    room.desk.message(room.site(request_id), "We have your report.")

    city.set_rates({"503": 1.0})
    before = time.time_ns() // 1_000_000
    with pytest.raises(ServerFailed):
        room.sync()
    city.set_rates({"lose-answer-after-doing-it": 1.0})
    with suppress(LandfallError):
        room.sync()

    with room.store.reading() as connection:
        [item] = [item for item in outbox.of_site(connection, room.site(request_id)) if item.error]
    assert before < item.due_at < before + 30_000 and item.error
