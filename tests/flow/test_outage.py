"""The 311 server dies while an operator goes on acting: all acts arrive, once, in order; the line tells."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dispatch import assembly
from dispatch.records import Band, CloseReason, SyncStatus, WaitReason
from dispatch.store import log, outbox
from dispatch.sync.service import Sync
from tests.city import TOKEN, City
from tests.in_step import stored, truth
from tests.rooms import Room

SITES = 8
ACT_EVERY_S = 0.25
POLL_S = 0.2
# After an outage the next try may be a minute away, and each message of a report waits for the one before.
PATIENCE_S = 150.0
TOLD = "passed to emergency management"


@dataclass
class Seat:
    """A whole seat with the service's own loops running, and an operator who writes down what they did."""

    room: Room
    work: Sync
    run: Callable[..., Any]
    heard: list[tuple[float, SyncStatus]]
    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    acts: int = 0

    def act(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        outcome = self.run(self.room.parts.workers.store(work, *args, **kwargs))
        self.work.nudge()
        return outcome

    def write(self, request_id: str) -> None:
        text = f"Word {len(self.said[request_id]) + 1} on {request_id}. This is not 911."
        self.act(self.room.desk.message, self.site(request_id), text)
        self.said[request_id].append(text)

    def close(self, request_id: str) -> None:
        text = f"{request_id} is done. This is not 911."
        self.act(self.room.desk.close, self.site(request_id), CloseReason.FIXED_CONFIRMED, message=text)
        self.said[request_id].append(text)

    def site(self, request_id: str) -> int:
        return int(self.run(self.room.parts.workers.store(self.room.parts.detail.find, request_id)))

    def do_something(self, ids: list[str]) -> None:
        """One act after the other, all over the sites; the last one of them is left for the escalation."""
        request_id = ids[self.acts % (len(ids) - 1)]
        site_id, desk = self.site(request_id), self.room.desk
        match self.acts % 4:
            case 0 | 1:
                self.write(request_id)
            case 2:
                self.act(desk.set_band, site_id, Band.P2 if self.acts % 8 == 2 else Band.P3)
            case 3:
                self.act(desk.wait, site_id, WaitReason.ACCESS)
        self.acts += 1

    def to_send(self) -> int:
        with self.room.store.reading() as connection:
            return outbox.counts(connection)[0]


@pytest.fixture
def seat(tmp_path: Path, city: City, clock: Any, run: Callable[..., Any]) -> Iterator[Seat]:
    room = Room(tmp_path / "seat", city, clock, run)
    heard: list[tuple[float, SyncStatus]] = []
    work, _ = assembly.build_sync(
        room.parts,
        url=city.url,
        token=TOKEN,
        calls_per_minute=0,
        poll_s=POLL_S,
        tell=lambda status: heard.append((time.time(), status)),
    )

    async def start() -> None:
        work.start()

    run(start())
    yield Seat(room, work, run, heard)
    run(work.stop())
    room.close()


@pytest.mark.parametrize("outage_s", [4.0, pytest.param(120.0, marks=pytest.mark.soak)])
def test_a_server_gone_in_the_middle_gets_every_act_once_and_in_order(
    seat: Seat, city: City, wait_until: Callable[..., None], outage_s: float
) -> None:
    # Given a seat in step and an operator at work
    ids = [city.add_report(f"Limb number {n} on the sidewalk", category="tree_private") for n in range(SITES)]
    wait_until(lambda: seat.work.status.state == "in_step" and seat.work.status.requests == SITES)
    for each in ids:
        seat.write(each)

    # When the server dies while messages are leaving, stays away, and the operator goes on
    city.kill()
    gone_at = time.time()
    handed_over = seat.room.escalate(ids[-1], tell_residents=True)
    seat.work.nudge()
    wait_until(lambda: len(seat.room.files()) == 2)
    seat.act(seat.room.em_desk.accept, handed_over.escalation_id, "crew 4")
    while time.time() < gone_at + outage_s:
        seat.do_something(ids)
        wait_until(_passed(ACT_EVERY_S))
    for each in ids[:3]:
        seat.close(each)
    wait_until(lambda: seat.work.status.state == "waiting")
    away, to_send = seat.work.status, seat.to_send()
    back_at = time.time()
    city.start()
    wait_until(lambda: seat.to_send() == 0, PATIENCE_S)
    sent_at = time.time()
    wait_until(
        lambda: (
            (seat.work.status.state, seat.work.status.to_send) == ("in_step", 0)
            and stored(seat.room) == truth(city)
        ),
        PATIENCE_S,
    )

    # Then every word stands once in its thread, in the order of writing
    for each in ids:
        thread = city.messages(each)
        assert [text for text in thread if text in seat.said[each]] == seat.said[each]
        assert sum(TOLD in text for text in thread) == (each == ids[-1])
    assert [city.status(each) for each in ids[:3]] == ["Closed"] * 3
    assert len(seat.room.files()) == 2
    with seat.room.store.reading() as connection:
        assert log.verify(connection).is_intact

    # And the status line was true all the while
    assert away.sentence and away.next_try_at is not None
    assert away.in_step_at is not None and away.in_step_at <= gone_at + POLL_S
    first_sorrow = next(at for at, status in seat.heard if at > gone_at and status.state == "waiting")
    between = [status for at, status in seat.heard if first_sorrow <= at < back_at]
    assert {status.state for status in between} == {"waiting"}
    assert max(status.to_send for status in between) >= to_send - SITES
    last = seat.work.status
    assert (last.state, last.sentence, last.next_try_at, last.to_send) == ("in_step", "", None, 0)
    words = sum(len(each) for each in seat.said.values())
    print(  # noqa: T201
        f"away {back_at - gone_at:.0f} s, noticed after {first_sorrow - gone_at:.2f} s; {seat.acts} acts and "
        f"{words} messages; {to_send} to send when it came back, all sent after {sent_at - back_at:.1f} s"
    )


def _passed(seconds: float) -> Callable[[], bool]:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until
