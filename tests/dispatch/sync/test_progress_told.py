"""A first sync says how far it has come, can be stopped and goes on, and lets what is nearer go first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch import assembly
from dispatch.records import SyncStatus
from dispatch.servers.seeclickfix import SeeClickFix
from dispatch.sync.service import Sync
from tests.benchmarks import rows
from tests.city import TOKEN, City
from tests.in_step import stored, truth
from tests.rooms import Room

ROWS = 4_000
Wait = Callable[..., None]


@pytest.fixture(scope="module")
def full_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    path = tmp_path_factory.mktemp("rows") / "rows.csv"
    rows.write_csv(path, ROWS)
    with City(
        tmp_path_factory.mktemp("city"), "rows", options=["--rows", str(path), "--all-at-once"]
    ) as city:
        yield city


@pytest.fixture
def begin(
    tmp_path: Path, full_city: City, clock: Any, run: Callable[..., Any]
) -> Iterator[Callable[..., tuple[Room, Sync, list[SyncStatus]]]]:
    opened: list[tuple[Room, Sync]] = []

    def begin_one(calls_per_minute: int = 0, poll_s: float = 0.2) -> tuple[Room, Sync, list[SyncStatus]]:
        room, heard = Room(tmp_path / "seat", full_city, clock, run), []  # type: ignore[var-annotated]
        sync, _ = assembly.build_sync(
            room.parts,
            url=full_city.url,
            token=TOKEN,
            calls_per_minute=calls_per_minute,
            poll_s=poll_s,
            tell=heard.append,
        )
        opened.append((room, sync))

        async def go() -> None:
            sync.start()

        run(go())
        return room, sync, heard

    yield begin_one
    for room, sync in opened:
        run(sync.stop())
        room.close()


def test_it_says_of_how_many_how_fast_and_when_it_will_be_done_and_nothing_once_it_is(
    begin: Callable[..., tuple[Room, Sync, list[SyncStatus]]], full_city: City, wait_until: Wait
) -> None:
    room, sync, heard = begin(calls_per_minute=40)

    wait_until(lambda: sync.status.done_at is not None)

    first, now = next(each for each in heard if each.done_at), time.time()
    assert (
        first.expected == len(truth(full_city)) and first.state == "behind" and first.calls_per_minute == 40
    )
    assert first.page_every_s is not None and first.page_every_s > 0
    assert first.done_at is not None and first.done_at > now
    wait_until(lambda: sync.status.next_look_at)
    assert room and all(each.expected == first.expected for each in heard if each.expected is not None)


def test_the_count_never_runs_ahead_of_itself_and_ends_with_the_backlog(
    begin: Callable[..., tuple[Room, Sync, list[SyncStatus]]], full_city: City, wait_until: Wait
) -> None:
    room, sync, heard = begin()

    wait_until(lambda: sync.status.state == "in_step")

    come = [each.requests for each in heard]
    assert come == sorted(come) and come[-1] == len(truth(full_city))
    expected = [each.expected for each in heard if each.expected is not None]
    assert set(expected) == {len(truth(full_city))} and len(expected) > 1
    done = sync.status
    assert (done.expected, done.rows_per_minute, done.done_at, done.page_every_s) == (None,) * 4
    assert stored(room) == truth(full_city)


def test_paused_it_waits_while_new_reports_come_in_and_then_goes_on_where_it_was(
    begin: Callable[..., tuple[Room, Sync, list[SyncStatus]]], full_city: City, wait_until: Wait
) -> None:
    room, sync, heard = begin()
    sync.pause_backlog(True)
    wait_until(lambda: sync.status.is_paused and sync.status.requests)
    stood_at = sync.status.requests
    assert stood_at < ROWS

    new = full_city.add_report("Oak down", category=rows.TITLES[0][0])
    wait_until(lambda: sync.status.requests == stood_at + 1)
    paused = sync.status
    assert new in stored(room)
    assert (paused.state, paused.done_at, paused.rows_per_minute) == ("behind", None, None)
    assert paused.expected is not None and paused.expected >= ROWS

    sync.pause_backlog(False)
    wait_until(lambda: sync.status.state == "in_step")
    assert stored(room) == truth(full_city) and heard


def test_what_somebody_reads_does_not_stand_behind_the_backlog(
    begin: Callable[..., tuple[Room, Sync, list[SyncStatus]]], full_city: City, wait_until: Wait
) -> None:
    # Given a backlog whose next page has to wait for a good while
    room, sync, _ = begin(calls_per_minute=10, poll_s=60)
    wait_until(lambda: sync.status.requests and sync._rest_s() > 5)
    request_id = next(iter(stored(room)))
    full_city.elsewhere(request_id, "comment", "It is worse now.")

    sync.want_thread([request_id])

    wait_until(lambda: any("worse" in line.text for line in room.view(request_id).thread))
    assert sync.status.state == "behind" and sync._rest_s() > 0


def test_what_was_said_to_a_p1_is_read_before_what_was_said_to_others(
    city: City, room: Room, run: Callable[..., Any], wait_until: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a seat in step, and two requests that somebody wrote to
    words = "A live wire is sparking on a car with people trapped inside"
    urgent = city.add_report(words, category="power_line_down")
    plain = [city.add_report(f"Limb number {n}", category="tree_private") for n in range(3)]
    room.sync()
    city.clock(forward_s=600)
    for each in (*plain, urgent):
        city.elsewhere(each, "comment", "It is worse now.")
    read: list[str] = []
    ask = SeeClickFix.messages

    def messages(server: SeeClickFix, request_id: str) -> Any:
        read.append(request_id)
        return ask(server, request_id)

    monkeypatch.setattr(SeeClickFix, "messages", messages)

    # When their change comes in
    async def go() -> None:
        room.work.start()

    run(go())
    wait_until(lambda: len(read) >= 4)
    run(room.work.stop())

    assert read[0] == urgent and set(read) == {urgent, *plain}
