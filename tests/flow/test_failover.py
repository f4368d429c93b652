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
from dispatch.acts import Acts
from dispatch.errors import ActKept, AlreadyRunning, StoreUnreachable
from dispatch.records import Band
from dispatch.store import log, schema
from tests.city import ROOT, City
from tests.postgres import LEFT_OUT, PostgresServer, Standby, find_programs
from tests.proxy import Proxy
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


def kept(acts: Acts, work: Callable[..., Any], *args: Any) -> None:
    with pytest.raises(ActKept):
        acts.do(work, args, {})


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
    kept(acts, two.desk.claim, sites[2])
    kept(acts, two.desk.note, sites[2], "kept meanwhile")
    assert run(two.parts.follow.catch_up()) is None and two.parts.follow.away_since == clock.now()
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


@pytest.fixture
def cut() -> Iterator[Callable[[str], Proxy]]:
    """`cut(folder of a socket)`: the network between one seat and that server."""
    made: list[Proxy] = []

    def make(folder: str) -> Proxy:
        made.append(Proxy(f"{folder}/.s.PGSQL.5432"))
        return made[-1]

    yield make
    for each in made:
        each.stop()


def done_within(acts: Acts) -> float:
    """How long it takes until nothing waits any more, in seconds."""
    began = time.monotonic()
    while acts.journal.waiting():
        acts.replay()
        assert time.monotonic() - began < PATIENCE_S, "what was kept is never done"
        time.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.parametrize("with_primary", [False, True], ids=["its network", "its network and the primary"])
def test_one_seat_loses_its_network_alone_or_together_with_the_primary(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], pair: Pair,
    cut: Callable[[str], Proxy], say_table: Callable[[str, list[str]], None], with_primary: bool,
) -> None:  # fmt: skip
    """Everything is swallowed and nobody is told, as by a pulled cable; the other seats go on."""
    proxies = [cut(str(pair.primary.home)), cut(str(pair.standby.home))]
    hosts = "&".join(f"host=127.0.0.1:{proxy.port}" for proxy in proxies)
    name = pair.url.partition("@/")[2].partition("?")[0]
    far_url = f"postgresql+psycopg://postgres@/{name}?{hosts}&sslmode=disable"
    one = Room(tmp_path / "one", city, clock, run, store_url=pair.url, seat="Seat 1")
    far = Room(tmp_path / "far", city, clock, run, store_url=far_url, seat="Seat 2")
    ids = [city.add_report(f"Oak {n} blocks 5th Ave N", address="5th Ave N & 9th St N") for n in range(3)]
    one.sync()
    sites = [one.site(each) for each in ids]
    far.parts.follow.load()

    for proxy in proxies:
        proxy.swallow()
    began = time.monotonic()
    acts = far.parts.acts
    kept(acts, far.desk.claim, sites[0])
    told_s = time.monotonic() - began
    began = time.monotonic()
    for text in ("first", "second", "third"):
        kept(acts, far.desk.note, sites[1], text)
    more_s = time.monotonic() - began
    kept(acts, far.desk.claim, sites[2])
    if with_primary:
        pair.primary.stop(how=signal.SIGKILL)
        pair.standby.promote()
    again(one.desk.claim, sites[2])
    for proxy in proxies:
        proxy.heal()
    back_s = done_within(acts)

    assert [fact.value for fact in one.view(ids[1]).facts] == ["first", "second", "third"]
    with one.store.reading() as connection:
        assert log.verify(connection).is_intact
        lines = connection.execute(select(schema.activity_log.c.act, schema.activity_log.c.seat)).all()
    assert sum(1 for line in lines if line == ("claim", "Seat 2")) == 1
    [refused] = acts.journal.refused()
    assert "Seat 1" in refused.refused, "its author hears who was first"
    say_table(
        f"One seat loses its network{' and the room its primary' if with_primary else ''}",
        [
            f"told that it is kept after {told_s:5.2f} s, three more after {more_s:5.2f} s",
            f"4 of 5 acts are done {back_s:5.2f} s after the network is back, once and in order;"
            " 1 is shown to its author, somebody else was first",
            "lost: nothing",
        ],
    )
    far.close()
    one.close()
