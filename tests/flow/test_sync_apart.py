"""The syncing in a process of its own: told, heard, killed, replaced, ended; every act arrives once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch import assembly
from dispatch.errors import AlreadyRunning
from dispatch.locks import sync_lock
from dispatch.processor import BEHIND
from dispatch.records import SyncStatus
from dispatch.store import mirror
from dispatch.sync import apart
from dispatch.sync.apart import Apart
from tests.benchmarks import rows
from tests.city import ROOT, TOKEN, City
from tests.conftest import LANDFALL
from tests.in_step import stored, truth
from tests.rooms import Room

WORDS = "We have your report. This is not 911."
POLL_S = 0.2
ROWS = 2_000
Wait = Callable[..., None]


class Console:
    """What a console is to the syncing: it starts it, hears it, follows what it stored."""

    def __init__(self, room: Room, run: Callable[..., Any], **changes: Any) -> None:
        self.heard: list[SyncStatus] = []
        self.nudges: list[float] = []
        self._run = run
        wanted = {"url": room.city.url, "token": TOKEN, "calls_per_minute": 0, "poll_s": POLL_S, **changes}
        self.sync: Apart = assembly.sync_apart(
            room.parts,
            tell=self.heard.append,
            nudge_readers=lambda: self.nudges.append(time.monotonic()),
            **wanted,
        )

    def start(self) -> None:
        async def go() -> None:
            self.sync.start()

        self._run(go())

    def stop(self) -> None:
        self._run(self.sync.stop())

    @property
    def status(self) -> SyncStatus:
        return self.sync.status

    @property
    def process_id(self) -> int:
        assert self.sync.process_id
        return self.sync.process_id

    def is_in_step(self) -> bool:
        return self.status.state == "in_step"


@pytest.fixture
def console(room: Room, run: Callable[..., Any]) -> Iterator[Callable[..., Console]]:
    opened: list[Console] = []

    def open_one(**changes: Any) -> Console:
        opened.append(Console(room, run, **changes))
        opened[-1].start()
        return opened[-1]

    yield open_one
    for each in opened:
        each.stop()


@pytest.fixture(scope="module")
def full_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Many pages, so that there is a middle to be stopped in."""
    path = tmp_path_factory.mktemp("rows") / "rows.csv"
    rows.write_csv(path, ROWS)
    options = ["--rows", str(path), "--all-at-once"]
    with City(tmp_path_factory.mktemp("city"), "rows", options=options) as city:
        yield city


def count(room: Room) -> int:
    with room.store.reading() as connection:
        return mirror.counts(connection)[0]


def sent_at(room: Room, request_id: str) -> int | None:
    return room.view(request_id).escalations[-1].sent_at


def is_free(folder: Path) -> bool:
    lock = sync_lock(folder)
    try:
        lock.take()
    except AlreadyRunning:
        return False
    lock.let_go()
    return True


def is_gone(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_it_brings_reports_tells_how_it_stands_and_sends_an_act_when_nudged(
    console: Callable[..., Console], room: Room, city: City, wait_until: Wait
) -> None:
    request_id = city.add_report("Oak down")
    seat = console()
    wait_until(seat.is_in_step)
    assert seat.status.requests == 1 and seat.nudges

    room.desk.message(room.site(request_id), WORDS)
    seat.sync.nudge()
    wait_until(lambda: WORDS in city.messages(request_id) and seat.status.to_send == 0)
    city.elsewhere(request_id, "comment", "It is worse now.")
    seat.sync.want_thread([request_id])
    wait_until(lambda: any("worse" in line.text for line in room.view(request_id).thread))

    assert city.messages(request_id).count(WORDS) == 1
    assert {status.state for status in seat.heard} <= {"starting", "behind", "in_step"}


def test_killed_in_the_middle_it_is_replaced_and_everything_arrives_once(
    console: Callable[..., Console], room: Room, city: City, wait_until: Wait,
    expect_warning: Callable[[str], None],
) -> None:  # fmt: skip
    expect_warning("the syncing ended \\(SIGKILL\\); it starts again")
    ids = [city.add_report(f"Limb number {n}") for n in range(3)]
    seat = console()
    wait_until(seat.is_in_step)
    in_step_at, first = seat.status.in_step_at, seat.process_id
    assert in_step_at is not None
    city.set_rates({"lose-answer-after-doing-it": 1.0})
    for each in ids:
        room.desk.message(room.site(each), WORDS)
    seat.sync.nudge()
    wait_until(lambda: seat.status.state == "waiting" and seat.status.to_send == 3)

    os.kill(first, signal.SIGKILL)
    wait_until(lambda: seat.status.state == "stopped")
    told = seat.status
    city.set_rates({})
    wait_until(lambda: seat.is_in_step() and seat.status.to_send == 0)

    assert (told.sentence, told.next_try_at is not None) == (apart.ENDED, True)
    assert told.in_step_at is not None and told.in_step_at >= in_step_at
    assert all(status.in_step_at for status in seat.heard[seat.heard.index(told) :])
    assert seat.process_id != first
    assert [city.messages(each).count(WORDS) for each in ids] == [1, 1, 1]
    assert stored(room) == truth(city)


def test_a_channel_changed_meanwhile_is_used_at_once_and_by_the_next_life_too(
    console: Callable[..., Console], room: Room, city: City, wait_until: Wait, tmp_path: Path,
    expect_warning: Callable[[str], None],
) -> None:  # fmt: skip
    expect_warning("the syncing ended \\(SIGKILL\\); it starts again")
    ids = [city.add_report(f"Oak number {n}") for n in range(2)]
    seat = console()
    wait_until(seat.is_in_step)
    relay = tmp_path / "another relay"

    seat.sync.take_channels({"folder": {"exercise_folder": str(relay)}})
    room.escalate(ids[0], channels=("desk", "folder"))
    seat.sync.nudge()
    wait_until(lambda: len(list(relay.glob("*.json"))) == 1)
    first = seat.process_id
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: seat.status.state == "stopped")
    room.escalate(ids[1], channels=("desk", "folder"))

    wait_until(lambda: len(list(relay.glob("*.json"))) == 2)
    assert room.files() == []


def test_killed_while_pages_come_in_the_next_one_goes_on_there(
    room: Room, run: Any, full_city: City, wait_until: Wait, allow_warning: Callable[[str], None]
) -> None:
    allow_warning("the syncing ended \\(SIGKILL\\); it starts again")
    seat = Console(room, run, url=full_city.url)
    seat.start()
    wait_until(lambda: count(room) > 0)
    os.kill(seat.process_id, signal.SIGKILL)
    wait_until(lambda: seat.is_in_step())
    seat.stop()

    assert stored(room) == truth(full_city)


def test_stopped_in_the_middle_of_a_call_it_ends_soon_and_the_next_start_goes_on_there(
    room: Room, run: Any, full_city: City, wait_until: Wait, allow_warning: Callable[[str], None]
) -> None:
    seat = Console(room, run, url=full_city.url)
    seat.start()
    wait_until(lambda: count(room) > 0)
    full_city.set_rates({"slow": 1.0}, seconds=20)
    began = time.monotonic()
    seat.stop()
    took_s = time.monotonic() - began
    full_city.set_rates({})

    assert is_free(room.parts.folder), f"after {took_s:.1f} s"
    came = stored(room)
    again = Console(room, run, url=full_city.url)
    again.start()
    wait_until(again.is_in_step)
    again.stop()
    assert stored(room) == truth(full_city)
    assert came.items() <= stored(room).items()


def test_when_the_console_is_killed_the_syncing_goes_too_and_lets_go_of_its_lock(
    tmp_path: Path, city: City, wait_until: Wait
) -> None:
    command = [sys.executable, "-m", "tests.flow.sync_console", str(tmp_path / "seat"), city.url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as seat:
        assert seat.stdout is not None
        process_id = int(seat.stdout.readline())
        assert not is_free(tmp_path / "seat")

        seat.kill()
        seat.wait()
        wait_until(lambda: is_gone(process_id))

    assert is_free(tmp_path / "seat")


def test_where_somebody_else_syncs_it_says_so_follows_and_takes_over_when_they_end(
    console: Callable[..., Console], room: Room, city: City, wait_until: Wait
) -> None:
    other = assembly.sync_lock(room.parts)
    other.take()
    seat = console()
    wait_until(lambda: seat.status.state == "elsewhere")
    assert "already syncing" in seat.status.sentence
    city.add_report("Oak down")

    other.let_go()
    wait_until(lambda: seat.is_in_step() and count(room) == 1)


def test_what_keeps_it_from_starting_is_said_in_its_own_words(
    console: Callable[..., Console], wait_until: Wait, expect_warning: Callable[[str], None]
) -> None:
    expect_warning("the syncing ended \\(exit code 1\\)")
    seat = console(control_url="http://127.0.0.1:9/control")

    wait_until(lambda: seat.status.state == "stopped")

    assert "takes no connections" in seat.status.sentence and seat.status.next_try_at is not None


def test_one_that_says_nothing_any_more_is_cut_off_and_replaced(
    console: Callable[..., Console], city: City, wait_until: Wait, expect_warning: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    expect_warning("says nothing any more and is cut off")
    expect_warning("the syncing ended \\(SIGKILL\\)")
    monkeypatch.setattr(apart, "SILENT_S", 1.0)
    monkeypatch.setattr(apart, "LOOK_S", 0.2)
    seat = console()
    wait_until(seat.is_in_step)
    first = seat.process_id

    os.kill(first, signal.SIGSTOP)
    city.add_report("Oak down")
    wait_until(lambda: seat.is_in_step() and seat.status.requests == 1)

    assert is_gone(first)


def test_in_an_exercise_it_goes_by_the_storms_clock(
    console: Callable[..., Console], room: Room, city: City, wait_until: Wait
) -> None:
    request_id = city.add_report("Oak across both lanes", address="5th Ave N & 9th St N")
    seat = console(control_url=city.control_url)
    wait_until(seat.is_in_step)
    room.escalate(request_id)
    seat.sync.nudge()
    wait_until(lambda: sent_at(room, request_id))
    assert sent_at(room, request_id) == LANDFALL

    city.clock(forward_s=60)
    seat.sync.look_at_clock()
    other = city.add_report("Wire down", address="9th Ave N & 9th St N")
    wait_until(lambda: room.parts.detail.find(other))
    room.escalate(other)
    seat.sync.nudge()
    wait_until(lambda: sent_at(room, other))
    assert sent_at(room, other) == LANDFALL + 60_000


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="this system has no such shares")
def test_the_window_goes_first(console: Callable[..., Console], wait_until: Wait) -> None:
    seat = console()
    wait_until(seat.is_in_step)

    assert Path(f"/proc/{seat.process_id}/autogroup").read_text().split()[-1] == str(BEHIND)


def test_its_command_line_and_environment_hold_no_token(
    console: Callable[..., Console], wait_until: Wait
) -> None:
    seat = console(token="very-secret")
    wait_until(lambda: seat.status.state == "refused")

    for what in ("cmdline", "environ"):
        assert b"very-secret" not in Path(f"/proc/{seat.process_id}/{what}").read_bytes()
    assert "very-secret" not in repr(seat.sync._orders)
