"""The room's database server is lost and a streaming standby takes its place: seats go on by themselves."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from dispatch import assembly
from dispatch.errors import AlreadyRunning, StoreUnreachable
from dispatch.records import Band
from dispatch.store import log, schema
from tests.city import ROOT, City
from tests.postgres import LEFT_OUT, PostgresServer, Standby, find_programs
from tests.rooms import Room

PATIENCE_S = 20.0


@dataclass
class Pair:
    primary: PostgresServer
    standby: Standby
    url: str


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A primary that answers only when its standby has what was committed, and the standby."""
    programs = find_programs()
    if programs is None:
        pytest.skip(LEFT_OUT)
    primary = PostgresServer(programs)
    standby = Standby(programs, primary)
    try:
        primary.create()
        primary.start()
        standby.create()
        standby.start()
        primary.wait_for(standby)
        url = primary.new_database()
        name = url.partition("@/")[2].partition("?")[0]
        yield Pair(
            primary,
            standby,
            f"postgresql+psycopg://postgres@/{name}?host={primary.home}&host={standby.home}",
        )
    finally:
        standby.remove()
        primary.remove()


def again(work: Callable[..., Any], *args: Any) -> float:
    """As an operator would: until it is taken; how long that took, in seconds."""
    began = time.monotonic()
    while True:
        with suppress(StoreUnreachable):
            work(*args)
            return time.monotonic() - began
        assert time.monotonic() - began < PATIENCE_S, "the database stays away"
        time.sleep(0.1)


def test_the_primary_is_killed_and_the_seats_go_on_with_its_standby(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], pair: Pair,
    say_table: Callable[[str, list[str]], None],
) -> None:  # fmt: skip
    one = Room(tmp_path / "one", city, clock, run, store_url=pair.url, seat="Seat 1")
    two = Room(tmp_path / "two", city, clock, run, store_url=pair.url, seat="Seat 2")
    ids = [city.add_report(f"Oak {n} blocks 5th Ave N", address="5th Ave N & 9th St N") for n in range(4)]
    one.sync()
    two.parts.follow.load()
    sites = [one.site(each) for each in ids]
    one.desk.claim(sites[0])
    two.desk.note(sites[1], "seen before the loss")
    run(two.parts.follow.catch_up())
    with one.store.reading() as connection:
        before = connection.execute(select(func.count()).select_from(schema.activity_log)).scalar_one()

    pair.primary.stop(how=signal.SIGKILL)
    began = time.monotonic()
    with pytest.raises(StoreUnreachable, match="does not answer just now"):
        two.desk.claim(sites[2])
    told_s = time.monotonic() - began
    assert two.parts.board.claims[sites[0]].seat == "Seat 1", "what was seen stays seen"
    acts = two.parts.acts
    acts.do(two.desk.claim, (sites[2],), {})
    acts.do(two.desk.note, (sites[2], "kept meanwhile"), {})
    assert run(two.parts.follow.catch_up()) is None and two.parts.follow.is_away
    pair.standby.promote()
    began = time.monotonic()
    while acts.journal.waiting():
        acts.replay()
        assert time.monotonic() - began < PATIENCE_S
        time.sleep(0.05)
    went_on_s = time.monotonic() - began
    again(one.desk.set_band, sites[3], Band.P2)
    one.sync()
    run(two.parts.follow.catch_up())

    assert two.parts.board.claims[sites[0]].seat == "Seat 1"
    assert two.parts.board.claims[sites[2]].seat == "Seat 2"
    assert int(two.parts.board.band[two.parts.board.row(sites[3])]) == Band.P2
    with one.store.reading() as connection:
        proof = log.verify(connection)
        notes = connection.execute(
            select(schema.activity_log.c.number).where(schema.activity_log.c.act == "note")
        ).all()
    assert proof.is_intact and proof.entries >= before + 3 and len(notes) == 2
    say_table(
        "The primary is killed, its standby promoted",
        [
            f"told to who acted meanwhile after {told_s:5.2f} s",
            f"2 kept acts are done {went_on_s:5.2f} s after the standby was told to take over",
            f"log lines lost: 0 of {before}, chain intact: {proof.is_intact}",
        ],
    )
    one.close()
    two.close()


def test_who_syncs_is_cut_off_and_another_seat_takes_over_within_seconds(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], postgres_url: str,
    say_table: Callable[[str, list[str]], None],
) -> None:  # fmt: skip
    """A process that holds the lock is killed, and one is stopped, as one that hangs or has lost its line."""
    room = Room(tmp_path / "two", city, clock, run, store_url=postgres_url)
    lock = assembly.sync_lock(room.parts)
    took = {}
    for how in (signal.SIGKILL, signal.SIGSTOP):
        command = [sys.executable, "-m", "tests.flow.lock_holder", postgres_url]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None and holder.stdout.readline().strip() == "held"
            with pytest.raises(AlreadyRunning):
                lock.take()
            holder.send_signal(how)
            began = time.monotonic()
            while True:
                try:
                    lock.take()
                    break
                except AlreadyRunning:
                    assert time.monotonic() - began < PATIENCE_S
                    time.sleep(0.1)
            took[how.name] = time.monotonic() - began
            if how is signal.SIGSTOP:
                holder.send_signal(signal.SIGCONT)
                assert holder.stdout.readline().strip() == "refused", "it wrote after it was taken over"
            holder.kill()
        lock.let_go()
    say_table("Taking over the syncing", [f"{name}: after {seconds:.2f} s" for name, seconds in took.items()])
    room.close()
