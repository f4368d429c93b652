"""A room loses its syncing, a seat, a seat's network and its database, one after another and two together."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from dispatch.assembly import Storm, build, open_exercise
from dispatch.settings import Settings
from dispatch.store import log, schema
from tests.flow.headless_seat import board_rows, digest
from tests.flow.test_one_room import double_claims, leave, line, say, start_seat
from tests.postgres import LEFT_OUT, PostgresServer, Standby, find_programs
from tests.proxy import Proxy
from tests.services import Service

SEATS = int(os.environ.get("LANDFALL_SEATS", "8"))
BETWEEN_S = float(os.environ.get("LANDFALL_BETWEEN_S", "20"))
EVERY_S = 1.5  # an act of each seat
SPEED = 60.0
PATIENCE_S = 60.0
CUT_S = 12.0
LOOK_S = 0.05


class Servers:
    """A primary and two standbys, which take its place one after the other."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self.primary: PostgresServer = PostgresServer(programs)
        self.primary.create()
        self.primary.start()
        self.standbys = [Standby(programs, self.primary), Standby(programs, self.primary)]
        self.all = [self.primary, *self.standbys]
        self.homes = [str(each.home) for each in self.all]
        self.name = self.primary.new_database().partition("@/")[2].partition("?")[0]
        self.follow()

    def follow(self) -> None:
        """The next standby begins to follow, and from then on a commit is one when it has it, too."""
        standby = self.standbys[0]
        standby.follow_after(self.primary)
        standby.create()
        standby.start()
        self.primary.wait_for(standby)

    def lose_primary(self) -> None:
        self.primary.stop(how=signal.SIGKILL)
        self.primary = self.standbys.pop(0)
        assert isinstance(self.primary, Standby)
        self.primary.promote()

    def url(self, hosts: list[str], **more: str) -> str:
        query = "&".join([*(f"host={host}" for host in hosts), *(f"{k}={v}" for k, v in more.items())])
        return f"postgresql+psycopg://postgres@/{self.name}?{query}"

    def ask(self, statement: str) -> list[Any]:
        """Of whichever takes writes just now; nothing while none does."""
        try:
            with psycopg.connect(
                host=",".join(self.homes),
                user="postgres",
                dbname=self.name,
                target_session_attrs="read-write",
                connect_timeout=2,
            ) as own:
                return own.execute(statement.encode()).fetchall()
        except psycopg.Error:
            return []

    def remove(self) -> None:
        for each in reversed(self.all):
            each.remove()


@pytest.fixture
def servers() -> Iterator[Servers]:
    programs = find_programs()
    if programs is None:
        pytest.skip(LEFT_OUT)
    made = Servers(programs)
    yield made
    made.remove()


class Room:
    """Seats and services that sync; every note that a seat was told of stands in a file beside it."""

    def __init__(self, folder: Path, servers: Servers) -> None:
        self.folder, self.servers = folder, servers
        self.rehearsal = open_exercise("irma", speed=SPEED, folder=folder / "city", calls_per_minute=0)
        self.url = servers.url(servers.homes)
        self.owner = build(
            folder=folder / "owner",
            settings=Settings(seat="Owner"),
            clock=self.rehearsal.clock,
            storm=Storm("Hurricane Irma", is_exercise=True),
            store_url=self.url,
        )
        self.proxies = [Proxy(f"{home}/.s.PGSQL.5432") for home in servers.homes]
        self.services: list[Service] = []
        self.start_service()
        seconds_until(lambda: bool(servers.ask("SELECT 1 FROM syncing WHERE holder <> ''")))
        self.start_service()
        self.until = time.time() + 10_000
        self.seats: list[subprocess.Popen[bytes]] = []
        self.seats += [self.start_seat(number) for number in range(SEATS)]
        for each in self.seats:
            assert line(each) == "ready"

    def start_service(self) -> None:
        city: Any = SimpleNamespace(url=self.rehearsal.addresses.url)
        number = len(self.services)
        self.services.append(Service(f"service-{number}", self.folder / "services", city, self.url))

    def start_seat(self, number: int) -> subprocess.Popen[bytes]:
        url = self.url
        if number == 0:  # its network can be cut
            url = self.servers.url([f"127.0.0.1:{proxy.port}" for proxy in self.proxies], sslmode="disable")
        # One of them is always in the middle of an act.
        every_s = 0.05 if number == 1 else EVERY_S
        control = self.rehearsal.addresses.control_url
        return start_seat(self.folder, url, control, number, self.until, every_s=every_s)

    # -- what is lost -----------------------------------------------------------------------------------

    def lose_syncing(self) -> None:
        """The one that was started first holds the lock; the other one waits for it."""
        next(each for each in self.services if not each.has_ended()).kill()
        self.start_service()

    def lose_seat(self) -> None:
        """By SIGKILL in an act; somebody starts it again."""
        self.seats[1].kill()
        leave(self.seats[1])
        self.seats[1] = self.start_seat(1)

    def cut_network(self) -> None:
        for proxy in self.proxies:
            proxy.swallow()

    def heal_network(self) -> None:
        for proxy in self.proxies:
            proxy.heal()

    # -- what is seen -----------------------------------------------------------------------------------

    def beats(self) -> str:
        """Changes as long as somebody syncs."""
        return repr(self.servers.ask("SELECT * FROM syncing"))

    def told(self) -> Counter[str]:
        """What each seat was told of as done or kept: by its own file, which outlasts it."""
        said: Counter[str] = Counter()
        for path in self.folder.glob("seat-*/told.txt"):
            said.update(path.read_text().splitlines())
        return said

    def acts_of(self, *seats: str) -> int:
        names = ", ".join(f"'{seat}'" for seat in seats)
        found = self.servers.ask(f"SELECT count(*) FROM activity_log WHERE seat IN ({names})")
        return int(found[0][0]) if found else -1

    def close(self) -> None:
        for seat in self.seats:
            seat.kill()
            leave(seat)
        for service in self.services:
            service.end()
        for proxy in self.proxies:
            proxy.stop()
        self.rehearsal.stop()
        self.owner.close()


@pytest.fixture
def room(tmp_path: Path, servers: Servers) -> Iterator[Room]:
    made = Room(tmp_path, servers)
    yield made
    made.close()


def seconds_until(condition: Callable[[], bool]) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < PATIENCE_S, "it does not come back"
        time.sleep(LOOK_S)
    return time.monotonic() - began


@pytest.mark.soak
def test_one_after_another_and_two_together_nothing_is_lost(
    room: Room, say_table: Callable[[str, list[str]], None]
) -> None:
    others = [f"Seat {number}" for number in range(2, SEATS)]
    rows: list[str] = []

    def syncs_again() -> float:
        before = room.servers.ask("SELECT holder FROM syncing")
        return seconds_until(lambda: room.servers.ask("SELECT holder FROM syncing") not in ([], before))

    def acts_again(*seats: str) -> float:
        before = room.acts_of(*seats)
        return seconds_until(lambda: room.acts_of(*seats) > max(before, 0))

    def row(what: str, **seconds: float) -> None:
        said = ", ".join(f"{name.replace('_', ' ')} {value:.1f} s" for name, value in seconds.items())
        rows.append(f"{what:44} {said}")
        time.sleep(BETWEEN_S)

    time.sleep(BETWEEN_S)
    room.lose_syncing()
    row("the syncing seat", another_syncs_after=syncs_again())
    room.lose_seat()
    ready = seconds_until(lambda: line(room.seats[1]) == "ready")
    row("a seat in the middle of an act", it_is_back_after=ready, and_acts_after=acts_again("Seat 1"))
    room.cut_network()
    time.sleep(CUT_S)
    room.heal_network()
    row(f"the network of one seat, {CUT_S:g} s", its_kept_acts_are_done_after=acts_again("Seat 0"))
    room.servers.lose_primary()
    row("the primary; its standby is promoted", others_act_after=acts_again(*others))
    room.servers.follow()
    room.cut_network()
    room.lose_syncing()
    took = syncs_again()
    time.sleep(CUT_S)
    room.heal_network()
    row("a seat's network and the syncing", another_syncs_after=took, it_acts_after=acts_again("Seat 0"))
    room.lose_syncing()
    room.servers.lose_primary()
    acted = acts_again(*others)
    row("the syncing and the primary", others_act_after=acted, another_syncs_after=syncs_again_or_now(room))

    answers = stop(room)
    told = room.told()
    room.owner.load()
    with room.owner.store.reading() as connection:
        lines = connection.execute(select(schema.activity_log).order_by(schema.activity_log.c.number)).all()
        assert log.verify(connection).is_intact
        notes = Counter(connection.execute(select(schema.fact.c.value)).scalars())
    refused = Counter(text for answer in answers for text in answer["refused_kept"])
    lost = [text for text in told if notes[text] + refused[text] != 1]
    twice = [text for text, count in notes.items() if text.startswith("looked at by") and count > 1]
    rows += [
        f"{len(told)} notes were told as done or kept: {len(lost)} lost, {len(twice)} twice",
        f"acts kept {sum(a['kept'] for a in answers)}, double claims {len(double_claims(lines))}, log intact "
        f"({len(lines)} lines), boards of {len({a['digest'] for a in answers})} kind",
    ]
    say_table("What a room loses", rows)
    assert not lost and not twice and not double_claims(lines)
    ours, others = (room.folder / "seat-2/rows.txt").read_text().splitlines(), board_rows(room.owner)
    assert [pair for pair in zip(ours, others, strict=False) if pair[0] != pair[1]][:5] == []
    assert {answer["digest"] for answer in answers} == {digest(room.owner)}


def syncs_again_or_now(room: Room) -> float:
    """Somebody may have taken over while the seats were looked at: then it beats."""
    before = room.beats()
    return seconds_until(lambda: room.beats() not in ("[]", before))


def stop(room: Room) -> list[dict[str, Any]]:
    """All stop acting, then what the syncing brings ends, then each tells what it has."""
    for each in room.seats:
        say(each, "rest")
    for each in room.seats:
        assert line(each) == "at rest"
    for service in room.services:
        service.end()
    for each in room.seats:
        say(each, "stop")
    answers = [json.loads(line(each)) for each in room.seats]
    for each in room.seats:
        leave(each)
    return answers
