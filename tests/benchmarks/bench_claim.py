"""A claim on one seat until it is painted on another one over PostgreSQL, beside a notification by itself.

The floor: NOTIFY sent on one plain connection until the other one has it.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from dispatch import assembly
from tests.benchmarks import rows
from tests.benchmarks.bench_upsert import StormNow
from tests.benchmarks.console import Opened, opened, painted, run_in_loop, until
from tests.benchmarks.floor import result
from tests.postgres import running

SITES = 2_000
SAMPLES, WARM = 40, 4
IN_SIGHT = 8  # rows that the list surely shows
# Two acts of two people; the reader of the feed takes its breath between them.
APART_S = 0.6


def run() -> dict[str, dict[str, Any]]:
    # As careful with the disk as a city's server: an act waits for it, and so does who sees it.
    with running(fsync=True) as server, tempfile.TemporaryDirectory() as name:
        folder, url = Path(name), server.new_database()
        rows.fill(folder / "fill", StormNow(), SITES, store_url=url)
        with another_seat(folder / "two", url) as other, plain_pair(url) as pair:
            found: dict[str, dict[str, Any]] = run_in_loop(lambda: measure(folder / "one", url, other, pair))
            return found


async def measure(folder: Path, url: str, other: Any, pair: Any) -> dict[str, dict[str, Any]]:
    parts = rows.seat(folder, StormNow(), store_url=url)
    loop = asyncio.get_running_loop()
    values, floors = [], []
    try:
        async with opened(parts) as seat:
            ear = assembly.listen(
                parts,
                feed=lambda: loop.call_soon_threadsafe(seat.bridge.nudge),
                presence=lambda: loop.call_soon_threadsafe(seat.console.presence.look),
            )
            assert ear is not None
            ear.start()
            seat.console.presence.begin()
            await asyncio.sleep(1)
            for number in range(-WARM, SAMPLES):
                floor = notified(*pair)
                value = await claim_seen(seat, other, seat.console.queue.model.site_at(number % IN_SIGHT))
                if number >= 0:
                    floors.append(floor)
                    values.append(value)
            await seat.console.leave()
            ear.stop()
    finally:
        parts.close()
    return {"claim_seen": result(values, floors, worst=max(values))}


async def claim_seen(seat: Opened, other: Any, site_id: int) -> float:
    await asyncio.sleep(APART_S)
    seen = asyncio.ensure_future(painted(seat.list.viewport(), lambda: site_id in seat.parts.board.claims))
    await asyncio.sleep(0.05)  # the paint that watching it begins with is over
    tell(other, "claim", site_id)
    ended = await seen
    began = float(await asyncio.to_thread(other.stdout.readline))
    await asyncio.sleep(APART_S)
    tell(other, "let_go", site_id)
    await asyncio.to_thread(other.stdout.readline)
    await until(lambda: site_id not in seat.parts.board.claims)
    return ended - began


def tell(other: Any, act: str, site_id: int) -> None:
    other.stdin.write(f"{act} {site_id}\n")
    other.stdin.flush()


def notified(sender: psycopg.Connection, hearer: psycopg.Connection) -> float:
    began = time.perf_counter()
    sender.execute("NOTIFY floor")
    heard = list(hearer.notifies(timeout=30, stop_after=1))
    assert heard
    return time.perf_counter() - began


@contextmanager
def plain_pair(url: str) -> Iterator[tuple[psycopg.Connection, psycopg.Connection]]:
    parts = make_url(url)
    words = {"host": parts.query["host"], "user": parts.username, "dbname": parts.database}
    with psycopg.connect(**words, autocommit=True) as one, psycopg.connect(**words, autocommit=True) as two:
        two.execute("LISTEN floor")
        yield one, two


@contextmanager
def another_seat(folder: Path, url: str) -> Iterator[Any]:
    words = [sys.executable, "-m", "tests.benchmarks.claimer", str(folder), url]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError("The other seat did not come up.")
        yield process
        process.stdin.close()
