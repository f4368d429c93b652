"""Twenty seats and one syncing on a real PostgreSQL, a storm at sixty times its speed, five acts a second."""

from __future__ import annotations

import json
import os
import select
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select as sql_select

from dispatch.assembly import Storm, build, open_exercise
from dispatch.desk import CLAIM_STALE_MS
from dispatch.settings import Settings
from dispatch.store import log, schema
from tests.city import ROOT
from tests.flow.headless_seat import digest
from tests.postgres import PostgresServer, running

SEATS = int(os.environ.get("LANDFALL_SEATS", "20"))
MINUTES = float(os.environ.get("LANDFALL_MINUTES", "10"))
ACTS_PER_S = 5.0
SPEED = 60.0
PATIENCE_S = 240.0


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """As careful as a city's would be."""
    with running(fsync=True) as made:
        yield made


@pytest.mark.soak
def test_twenty_seats_work_one_storm(
    tmp_path: Path, server: PostgresServer, say_table: Callable[[str, list[str]], None]
) -> None:
    url = server.new_database()
    rehearsal = open_exercise("irma", speed=SPEED, folder=tmp_path / "city", calls_per_minute=0)
    owner = build(
        folder=tmp_path / "owner",
        settings=Settings(seat="Owner"),
        clock=rehearsal.clock,
        storm=Storm("Hurricane Irma", is_exercise=True),
        store_url=url,
    )
    syncing = subprocess.Popen(
        [
            *(sys.executable, "-m", "dispatch", "sync", "--server", "seeclickfix"),
            *("--url", rehearsal.addresses.url, "--store", url, "--for", str(60 * MINUTES + 60)),
            *("--budget", "0", "--token-env", "LANDFALL_TOKEN"),
        ],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env={**os.environ, "LANDFALL_TOKEN": "exercise"},
    )
    until = time.time() + 60 * MINUTES + 3.0 * SEATS
    seats = [start_seat(tmp_path, url, rehearsal.addresses.control_url, n, until) for n in range(SEATS)]
    for each in seats:
        assert line(each) == "ready"
    floor = NotifyFloor(url)
    connections = watch_connections(url, until)
    while time.time() < until:
        floor.measure()
        time.sleep(2.0)
    time.sleep(2.0)
    syncing.terminate()
    for each in seats:
        say(each, "stop")
    answers = [json.loads(line(each)) for each in seats]
    for each in (*seats, syncing):
        leave(each)
    floor.close()
    rehearsal.stop()

    owner.load()
    with owner.store.reading() as connection:
        lines = connection.execute(
            sql_select(schema.activity_log).order_by(schema.activity_log.c.number)
        ).all()
        assert log.verify(connection).is_intact
    doubles = double_claims(lines)
    times = seen_after(answers, {(r.site_id, r.seat, r.at) for r in lines if r.act == "claim"})
    table = [
        f"{SEATS} seats, {MINUTES:g} minutes, storm at {SPEED:g}, {len(lines)} log lines",
        f"acts done {sum(a['done'] for a in answers)}, refused {sum(a['refused'] for a in answers)}, "
        f"a second {sum(a['done'] + a['refused'] for a in answers) / (60 * MINUTES):.1f}",
        f"double claims: {len(doubles)}; boards equal: {len({a['digest'] for a in answers})} of one kind, "
        f"like a fresh one: {answers[0]['digest'] == digest(owner)}; sites {answers[0]['sites']}",
        f"claim seen on another board: n {len(times)}, median {1000 * statistics.median(times):.1f} ms, "
        f"99 % {1000 * sorted(times)[int(0.99 * len(times))]:.1f} ms, worst {1000 * max(times):.0f} ms",
        f"NOTIFY there and back: n {len(floor.times)}, "
        f"median {1000 * statistics.median(floor.times):.2f} ms, "
        f"worst {1000 * max(floor.times):.1f} ms",
        f"processor per seat: {100 * statistics.mean(a['cpu_share'] for a in answers):.1f} % of a core, "
        f"worst {100 * max(a['cpu_share'] for a in answers):.1f} %; "
        f"memory {max(a['megabytes'] for a in answers):.0f} MB",
        f"connections: at most {max(connections)} for {SEATS} seats, the syncing and the test, "
        f"{(max(connections) - 3) / SEATS:.1f} a seat",
        f"failures told: {sum(len(a['failures']) for a in answers)}",
    ]
    say_table("One room", table)
    owner.close()
    assert not doubles
    assert {a["digest"] for a in answers} == {digest(owner)}
    assert not [failure for a in answers for failure in a["failures"]]


class NotifyFloor:
    """What two plain connections need to tell each other something."""

    def __init__(self, url: str) -> None:
        self._lines = [connect(url), connect(url)]
        for number, each in enumerate(self._lines):
            each.execute(f"LISTEN floor_{number}".encode())
        self.times: list[float] = []

    def measure(self) -> None:
        here, there = self._lines
        began = time.perf_counter()
        here.execute(b"NOTIFY floor_1")
        next(there.notifies(timeout=10, stop_after=1))
        there.execute(b"NOTIFY floor_0")
        next(here.notifies(timeout=10, stop_after=1))
        self.times.append(time.perf_counter() - began)

    def close(self) -> None:
        for each in self._lines:
            each.close()


def connect(url: str) -> psycopg.Connection[Any]:
    name, _, host = url.partition("@/")[2].partition("?host=")
    return psycopg.connect(dbname=name, host=host, user="postgres", autocommit=True)


def watch_connections(url: str, until: float) -> list[int]:
    seen: list[int] = [0]

    def look() -> None:
        with connect(url) as own:
            while time.time() < until:
                count = own.execute(
                    b"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                ).fetchone()
                seen.append(int(count[0]) if count else 0)
                time.sleep(1.0)

    threading.Thread(target=look, daemon=True).start()
    return seen


def start_seat(
    folder: Path,
    url: str,
    control_url: str,
    number: int,
    until: float,
    *,
    every_s: float = SEATS / ACTS_PER_S,
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.flow.headless_seat"]
    made = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    orders = {
        "folder": str(folder / f"seat-{number}"),
        "store_url": url,
        "control_url": control_url,
        "name": f"Seat {number}",
        "seed": number,
        "every_s": every_s,
        "until": until,
    }
    say(made, json.dumps(orders))
    return made


def say(process: subprocess.Popen[bytes], words: str) -> None:
    assert process.stdin is not None
    process.stdin.write(words.encode() + b"\n")
    process.stdin.flush()


def leave(process: subprocess.Popen[bytes]) -> None:
    process.wait(PATIENCE_S)
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


def line(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE_S)
    assert ready, "a seat does not answer"
    return process.stdout.readline().decode().strip()


def double_claims(lines: list[Any]) -> list[tuple[int, str, str]]:
    """(site, who had it, who got it as well), by the log; S4 lets a P1 that nobody touched be taken."""
    holds: dict[int, tuple[str, int]] = {}
    doubles = []
    for each in lines:
        if each.site_id is None:
            continue
        holder = holds.get(each.site_id)
        if each.act == "claim":
            if holder and holder[0] != each.seat and each.at - holder[1] < CLAIM_STALE_MS:
                doubles.append((each.site_id, holder[0], each.seat))
            holds[each.site_id] = (each.seat, each.at)
        elif each.act in ("let_go", "close", "merged"):
            holds.pop(each.site_id, None)
        elif holder and holder[0] == each.seat and each.act != "note":
            holds[each.site_id] = (holder[0], each.at)  # an act of the holder's own keeps it fresh
    return doubles


def seen_after(answers: list[dict[str, Any]], claims: set[tuple[int, str, int]]) -> list[float]:
    """From the key to another board, in seconds; a site that its seat claimed several times counts once."""
    began = {(int(site), a["name"]): at for a in answers for site, at in a["claimed"].items()}
    newest: dict[tuple[int, str], int] = {}
    for site, seat_name, at in claims:
        newest[site, seat_name] = max(at, newest.get((site, seat_name), 0))
    found = []
    for each in answers:
        for key, seen_at in each["seen"].items():
            site, _, rest = key.partition(" ")
            seat_name, _, at = rest.rpartition(" ")
            who = (int(site), seat_name)
            if (
                seat_name != each["name"]
                and newest.get(who) == int(at)
                and seen_at >= began.get(who, seen_at + 1)
            ):
                found.append(seen_at - began[who])
    return found
