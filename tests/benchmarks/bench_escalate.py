"""Ctrl+Enter in the escalate sheet until the row says "sending", beside one transaction the disk has."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatch.records import EscalationState
from tests.benchmarks import rows
from tests.benchmarks.bench_upsert import StormNow
from tests.benchmarks.console import Opened, opened, painted, run_in_loop, until
from tests.benchmarks.floor import result

SITES = 2_000
SAMPLES = 30
# Somebody reads the sheet before they send it: what opening it set going has come to rest by then.
READING_S = 0.7
EFFECT = "Traffic control at the crossing"


def run() -> dict[str, dict[str, Any]]:
    return run_in_loop(measure)


async def measure() -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows.fill(folder, StormNow(), SITES)
        parts = rows.seat(folder, StormNow())
        floor = one_transaction(folder / "floor.db")
        values, floors = [], []
        try:
            async with opened(parts) as seat:
                for number in range(SAMPLES):
                    floors.append(next(floor))
                    values.append(await escalated(seat, seat.console.queue.model.site_at(number)))
        finally:
            parts.close()
    return {"escalate": result(values, floors)}


async def escalated(seat: Opened, site_id: int) -> float:
    seat.console.selection.go(site_id)
    sheet: Any = seat.console.sheets.open("escalate", site_id)
    await until(lambda: sheet._draft is not None and sheet.button.isEnabled())
    sheet.fields["effect"].fill(EFFECT)
    await asyncio.sleep(READING_S)
    started = time.perf_counter()
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    ended = await painted(seat.list.viewport(), lambda: is_sending(seat, site_id))
    seat.console.sheets.close()
    return ended - started


def is_sending(seat: Opened, site_id: int) -> bool:
    """On the board after the commit; nothing carries it off here, so that "sending" is what is painted."""
    hand_over = seat.parts.board.hand_overs.get(site_id)
    return hand_over is not None and hand_over.state == EscalationState.SENT


def one_transaction(path: Path) -> Iterator[float]:
    """Seconds of writing one small row that is on the disk when the call returns."""
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("CREATE TABLE act (at INTEGER, text TEXT)")
    while True:
        started = time.perf_counter()
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO act VALUES (?, ?)", (time.time_ns(), EFFECT))
        database.execute("COMMIT")
        yield time.perf_counter() - started
