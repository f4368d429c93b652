"""100,000 reports from a real server to the store, the board and the screen, and how the window bears it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer

from dispatch import assembly
from dispatch.records import SyncStatus
from dispatch.sync.apart import Apart
from tests.benchmarks import rows
from tests.benchmarks.bench_upsert import StormNow, empty
from tests.benchmarks.console import Opened, opened, painted, run_in_loop, until
from tests.benchmarks.floor import percentile, result
from tests.city import TOKEN, City

SAMPLES = 3  # most of a minute each; the gaps between ticks come in thousands all the same
REPORTS = 30
TICK_MS = 5
POLL_S, QUICK_POLL_S = 6.0, 0.3
WORDS = "Oak fell across both lanes, cars turn back"


class Ticks:
    """Gaps between the ticks of a timer on the UI thread: what an operator's key would have waited."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now

    async def during(self, work: Awaitable[Any]) -> Any:
        self._last = time.perf_counter()
        self._timer.start()
        try:
            return await work
        finally:
            self._timer.stop()


def run() -> dict[str, dict[str, Any]]:
    return run_in_loop(measure)


async def measure() -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows.write_csv(folder / "rows.csv")
        played = ("--rows", str(folder / "rows.csv"), "--all-at-once")
        with City(folder / "city", "rows", options=played) as city:
            return await sampled(city, folder)


async def sampled(city: City, folder: Path) -> dict[str, dict[str, Any]]:
    values, floors = [], []
    busy, idle = Ticks(), Ticks()
    for number in range(SAMPLES):
        parts = rows.seat(folder / f"seat-{number}", StormNow())
        try:
            async with opened(parts) as seat:
                database = empty(folder / f"plain-{number}.db")
                floors.append(await idle.during(plain_client(city, database)))
                sync = sync_of(seat, city, POLL_S)
                values.append(await busy.during(synced(seat, sync)))
                await sync.stop()
                if number == SAMPLES - 1:
                    to_screen = await reports_to_screen(seat, city)
        finally:
            parts.close()
    gaps = [1e3 * percentile(ticks.gaps, 0.999) for ticks in (busy, idle)]
    return {
        "sync_100k": result(values, floors, unit="s"),
        "ui_gap_sync_100k": {
            "value": round(gaps[0], 2),
            "unit": "ms",
            "floor": round(gaps[1], 2),
            "ratio": round(gaps[0] / gaps[1], 3),
            "n": len(busy.gaps),
            "p99": round(1e3 * percentile(busy.gaps, 0.99), 2),
            "worst": round(1e3 * max(busy.gaps), 2),
        },
        "report_to_screen": to_screen,
    }


async def plain_client(city: City, database: Path) -> float:
    command = [sys.executable, "-m", "tests.benchmarks.plain_client", city.url, str(database)]
    done = await in_thread(subprocess.run, command, check=True, stdout=subprocess.PIPE)
    answer = json.loads(done.stdout)
    if answer["rows"] != rows.COUNT:
        raise RuntimeError(f"The plain client has {answer['rows']} rows; its seconds would mean nothing.")
    return float(answer["seconds"])


def sync_of(seat: Opened, city: City, poll_s: float) -> Apart:
    """In a process of its own, as the console has it."""
    sync = assembly.sync_apart(
        seat.parts,
        url=city.url,
        token=TOKEN,
        calls_per_minute=0,
        poll_s=poll_s,
        tell=seat.bridge.synced.emit,
        nudge_readers=seat.bridge.nudge,
    )
    seat.bridge.on_act = sync.nudge
    return sync


async def synced(seat: Opened, sync: Apart) -> float:
    """From the first call until the list with every row in it is painted. The process is up by then: a
    console starts it once, before the first call."""
    sync.pause_backlog(True)
    sync.start()
    await until(lambda: sync.status.state == "behind")
    started = time.perf_counter()
    sync.pause_backlog(False)
    await until(lambda: seat.shown == rows.COUNT and sync.status.state == "in_step")
    ended = await painted(seat.list.viewport())
    return ended - started


async def reports_to_screen(seat: Opened, city: City) -> dict[str, Any]:
    """From the first call that can bring a new report until its row is painted, 100,000 others beside it."""
    looks: list[float] = []

    def take(status: SyncStatus) -> None:
        if status.next_look_at and status.next_look_at not in looks[-1:]:
            looks.append(status.next_look_at)

    seat.bridge.synced.connect(take)
    sync = sync_of(seat, city, QUICK_POLL_S)
    seat.console.selection.brush(rows.LAST_AT, None)
    sync.start()
    await until(lambda: sync.status.state == "in_step")
    before = seat.shown
    values, floors = [], []
    for number in range(1, REPORTS + 1):
        floors.append(await in_thread(round_trip, city))
        waiting = asyncio.ensure_future(
            painted(seat.list.viewport(), lambda n=number: seat.shown >= before + n)
        )
        await asyncio.sleep(0)
        await in_thread(city.add_report, WORDS, category=rows.TITLES[0][0])
        committed_at = time.time()
        await waiting
        # Clock times, as the other process tells them.
        values.append(time.time() - next((at for at in looks if at >= committed_at), committed_at))
    await sync.stop()
    return result(values, floors)


async def in_thread(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, partial(work, *args, **kwargs))


def round_trip(city: City) -> float:
    started = time.perf_counter()
    city.clock()
    return time.perf_counter() - started
