"""The console is killed in the middle of an act: after a restart it is there once or not at all."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.records import DeliveryState, EscalationState
from tests.city import ROOT, City
from tests.flow.seat_process import WORDS
from tests.relay import Relay, keep_secret
from tests.rooms import Room

PATIENCE_S = 60.0
# What stands in the store after the kill: nothing of the escalation, or all of it.
BEFORE = ("before the transaction", "in the transaction")
AFTER = (
    "after the transaction",
    "before the delivery",
    "in the middle of a file",
    "between its two files",
    "after the delivery",
    "after its receipt",
)
SENDING = (
    "before the note",
    "after the note",
    "before the server has it",
    "after the server has it",
    "after it is stored as sent",
)
# With a webhook as third channel, whose receipt is lost and whose relay accepts at once.
THREE_CHANNELS = (
    "after the transaction",
    "in the middle of a file",
    "after its answer is lost",
    "before the answer is kept",
    "after the answer is kept",
    "after it is confirmed",
)
# Those where the two databases could differ: what a cut transaction leaves, and what was noted of a message.
ALSO_ON_POSTGRESQL = ("in the transaction", "after the server has it")


@pytest.fixture
def reopen(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any]
) -> Iterator[Callable[[str, str], tuple[Room, str]]]:
    """`reopen(point, store_url)`: a seat is killed there, the next one starts on its data."""
    rooms: list[Room] = []

    def killed_at(point: str, store_url: str = "") -> tuple[Room, str]:
        request_id = city.add_report("Oak blocks both lanes", address="5th Ave N & 9th St N")
        folder = tmp_path / "seat"
        kill(folder, city, request_id, point, *([store_url] if store_url else []))
        rooms.append(Room(folder, city, clock, run, store_url=store_url))
        return rooms[0], request_id

    yield killed_at
    for room in rooms:
        room.close()


def kill(folder: Path, city: City, request_id: str, point: str, *store_url: str) -> None:
    """A seat of its own that escalates, and is killed there."""
    words = [str(folder), city.url, request_id, point, *store_url]
    seat = subprocess.run(
        [sys.executable, "-m", "tests.flow.seat_process", *words],
        cwd=ROOT,
        timeout=PATIENCE_S,
        capture_output=True,
        text=True,
    )
    assert seat.returncode == -signal.SIGKILL, seat.stderr


@pytest.fixture
def relay() -> Iterator[Relay]:
    made = Relay()
    yield made
    made.stop()


def is_all_there_once(room: Room, city: City, request_id: str) -> None:
    """One escalation, its pair of files, and at the resident's thread each of the two messages once."""
    room.sync()
    room.sync()
    [handed] = room.view(request_id).escalations
    assert handed.state is EscalationState.SENT and handed.sent_at is not None

    room.em_desk.accept(handed.escalation_id, "crew 4", by_name="B. Manager")
    room.sync()
    room.sync()

    assert sorted(name.rpartition(".")[2] for name in room.files()) == ["json", "pdf"]
    assert all(handed.escalation_id in name for name in room.files())
    thread = city.messages(request_id)
    assert thread.count(WORDS) == 1
    assert sum("passed to emergency management" in text for text in thread) == 1
    assert room.log_acts().count("escalate") == 1  # and the log proves itself


@pytest.mark.parametrize("point", BEFORE)
def test_killed_before_the_commit_there_is_no_escalation_and_the_next_try_makes_one(
    reopen: Callable[..., tuple[Room, str]], city: City, point: str
) -> None:
    room, request_id = reopen(point)
    room.sync()
    assert not room.view(request_id).escalations and not room.files()
    assert city.messages(request_id).count(WORDS) == 1, "the message was an act of its own"

    room.escalate(request_id, tell_residents=True)

    is_all_there_once(room, city, request_id)


@pytest.mark.parametrize("point", AFTER)
def test_killed_after_the_commit_there_is_one_escalation_and_one_pair_of_files(
    reopen: Callable[..., tuple[Room, str]], city: City, point: str
) -> None:
    room, request_id = reopen(point)

    is_all_there_once(room, city, request_id)


@pytest.mark.parametrize("point", SENDING)
def test_killed_while_a_message_is_sent_it_stands_once_in_the_thread(
    reopen: Callable[..., tuple[Room, str]], city: City, point: str
) -> None:
    room, request_id = reopen(point)

    is_all_there_once(room, city, request_id)


@pytest.mark.parametrize("point", THREE_CHANNELS)
def test_killed_among_three_channels_with_a_lost_receipt_there_is_one_acknowledged_escalation(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], point: str, relay: Relay,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", keep_secret(tmp_path / "keys"))
    monkeypatch.setenv("WEBHOOK", json.dumps(relay.values()))
    relay.on_taking = lambda body: relay.answer(body, "accept", text="crew 4")
    relay.fail_next("lost")
    request_id = city.add_report("Oak blocks both lanes", address="5th Ave N & 9th St N")
    kill(tmp_path / "seat", city, request_id, point)

    room = Room(tmp_path / "seat", city, clock, run, channels={"webhook": relay.values()})
    for _ in range(3):
        room.sync()

    [handed] = room.view(request_id).escalations
    assert handed.state is EscalationState.ACCEPTED
    assert [(answer.kind, answer.how) for answer in handed.answers] == [("accept", "webhook")]
    assert len(relay.taken) == 1, "whatever was tried again had the same id"
    assert sorted(name.rpartition(".")[2] for name in room.files()) in ([], ["json", "pdf"])
    ways = {way.channel: way.state for way in room.view(request_id).deliveries}
    assert ways["webhook"] is DeliveryState.DELIVERED
    assert ways["folder"] in (DeliveryState.SENT, DeliveryState.ANSWERED)
    assert (room.files() == []) is (ways["folder"] is DeliveryState.ANSWERED)
    told = [line for line in room.view(request_id).thread if "passed to emergency management" in line.text]
    assert len(told) == 1, "the residents hear it once"
    assert room.em_desk.to_read() == () and room.log_acts().count("accept") == 1
    room.close()


@pytest.mark.parametrize("point", ALSO_ON_POSTGRESQL)
def test_the_same_on_postgresql(
    reopen: Callable[..., tuple[Room, str]], city: City, postgres_url: str, point: str
) -> None:
    room, request_id = reopen(point, postgres_url)
    if not room.view(request_id).escalations:
        room.escalate(request_id, tell_residents=True)

    is_all_there_once(room, city, request_id)
