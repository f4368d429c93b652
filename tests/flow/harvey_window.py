"""Harvey played through the real console from its first hour to its last; one line of JSON tells how it went.

`python -m tests.flow.harvey_window DATA SPEED`. Only the waiting for somebody to close the window is
replaced: by an operator who hands one site over, tells its residents, and compares at the end.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QTimer
from sqlalchemy import select

import ui.app
from dispatch import assembly
from dispatch.records import Flag, SyncStatus
from dispatch.rehearsal import Rehearsal
from dispatch.store import log, mirror, schema
from ui.compose import Console

ENDS_AT = int(datetime.fromisoformat("2017-09-02T00:00:00-05:00").timestamp() * 1000)
TICK_MS = 5
LOOK_S = 1.0
# How long after the storm's end the board may take to hold all of it: a few polls of the budget.
CATCH_UP_S = 300.0
WORDS = "We have your report. Keep out of the water. This is not 911."


class Operator:
    """Sits at the console while the storm plays."""

    def __init__(self, console: Console, rehearsal: Rehearsal) -> None:
        self._console = console
        self._rehearsal = rehearsal
        self._bridge = console.bridge
        self._gaps: list[float] = []
        self._ticked_at = 0.0
        self._states: dict[str, int] = {}
        self._troubles: list[str] = []
        self._lags: list[int] = []
        self._bridge.synced.connect(self._heard)

    async def play(self) -> dict[str, Any]:
        started = time.monotonic()
        timer = QTimer(interval=TICK_MS)
        timer.timeout.connect(self._tick)
        await self._until(lambda: self._bridge.board.count >= 30)
        timer.start()
        site_id, sent = await self._hand_over()
        while self._bridge.clock.now() < ENDS_AT:
            await self._move_about()
            truth = await self._truth()
            self._lags.append(len(truth) - self._bridge.board.report_count)
        await self._bridge.parts.workers.network(self._rehearsal.steer, paused=True)
        played_s = time.monotonic() - started
        truth, stored = await self._truth(), await self._stored()
        while stored != _statuses(truth) and time.monotonic() - started < played_s + CATCH_UP_S:
            await asyncio.sleep(LOOK_S)
            truth, stored = await self._truth(), await self._stored()
        timer.stop()
        caught_up_s = time.monotonic() - started - played_s
        return {**self._figures(truth, stored, site_id, sent), **self._times(played_s, caught_up_s)}

    async def _hand_over(self) -> tuple[int, str]:
        """One site handed over and accepted; its residents are told, by a message too."""
        board = self._bridge.board
        fits = np.flatnonzero(board.is_open() & ((board.flags & Flag.RESTRICTED) == 0))
        site_id = int(board.site_id[board.order(fits)[0]])
        self._console.selection.go(site_id)
        desk, em_desk = self._bridge.desk, self._bridge.em_desk
        draft = await self._bridge.read(desk.draft, site_id)
        sent = await self._bridge.act(desk.escalate, draft)
        await self._bridge.act(em_desk.accept, sent.escalation_id, "boat 4")
        await self._bridge.act(desk.message, site_id, WORDS)
        return site_id, sent.escalation_id

    async def _move_about(self) -> None:
        """Down the list, so that details are read and threads fetched while reports come in."""
        rows = np.flatnonzero(self._console.selection.mask)
        if rows.size:
            at = len(self._lags) % rows.size
            self._console.selection.go(int(self._bridge.board.site_id[rows[at]]))
        await asyncio.sleep(LOOK_S)

    async def _truth(self) -> list[dict[str, Any]]:
        answer = await self._bridge.parts.workers.network(self._rehearsal.control, "truth")
        found: list[dict[str, Any]] = answer["requests"]
        return found

    async def _stored(self) -> dict[str, str]:
        return await self._bridge.read(self._read_stored)

    def _read_stored(self) -> dict[str, str]:
        with self._bridge.parts.store.reading() as connection:
            rows = connection.execute(select(schema.request.c.remote_id, schema.request.c.status))
            return {row.remote_id: row.status for row in rows}

    def _figures(
        self, truth: list[dict[str, Any]], stored: dict[str, str], site_id: int, escalation_id: str
    ) -> dict[str, Any]:
        board, store = self._bridge.board, self._bridge.parts.store
        with store.reading() as connection:
            counted = mirror.counts(connection)
            members = set(
                connection.execute(
                    select(schema.request.c.remote_id)
                    .join(schema.membership, schema.membership.c.request_key == schema.request.c.request_key)
                    .where(schema.membership.c.site_id == site_id)
                ).scalars()
            )
            is_intact = log.verify(connection).is_intact
        threads = {
            str(each["id"]): [line["text"] for line in each["messages"]]
            for each in truth
            if str(each["id"]) in members
        }
        told = "passed to emergency management"
        files = list((self._bridge.data_dir / "hand-overs").iterdir())
        return {
            "truth": len(truth),
            "requests": counted[0],
            "quarantined": counted[1],
            "board_reports": int(board.report_count),
            "board_sites": int(board.count),
            "ids_equal": set(stored) == set(_statuses(truth)),
            "statuses_equal": stored == _statuses(truth),
            "unique": len(set(board.site_id.tolist())) == board.count,
            "messages_once": [words.count(WORDS) for words in threads.values()],
            "told_once": [sum(told in text for text in words) for words in threads.values()],
            "files": sorted(path.suffix for path in files if escalation_id in path.name),
            "log_intact": is_intact,
            "troubles": self._troubles,
            "states": self._states,
        }

    def _times(self, played_s: float, caught_up_s: float) -> dict[str, Any]:
        gaps = np.array(self._gaps or [0.0]) * 1000
        lags = np.array(self._lags or [0])
        return {
            "played_s": round(played_s, 1),
            "caught_up_s": round(caught_up_s, 1),
            "lag_median": float(np.median(lags)),
            "lag_most": int(lags.max()),
            "gap_p999_ms": round(float(np.percentile(gaps, 99.9)), 1),
            "gap_worst_ms": round(float(gaps.max()), 1),
            "ticks": len(gaps),
        }

    async def _until(self, condition: Any) -> None:
        while not condition():
            await asyncio.sleep(0.05)

    def _tick(self) -> None:
        now = time.perf_counter()
        if self._ticked_at:
            self._gaps.append(now - self._ticked_at)
        self._ticked_at = now

    def _heard(self, status: SyncStatus) -> None:
        self._states[status.state] = self._states.get(status.state, 0) + 1
        if status.state in ("waiting", "refused", "stopped"):
            self._troubles.append(status.sentence)


def _statuses(truth: list[dict[str, Any]]) -> dict[str, str]:
    return {str(each["id"]): str(each["status"]).lower() for each in truth}


def main(data: Path, speed: str) -> int:
    opened: list[Rehearsal] = []
    open_exercise = assembly.open_exercise

    def open_and_keep(*args: Any, **kwargs: Any) -> Rehearsal:
        opened.append(open_exercise(*args, **kwargs))
        return opened[0]

    async def play(console: Console) -> None:
        outcome = await Operator(console, opened[0]).play()
        print(json.dumps(outcome), flush=True)  # noqa: T201

    assembly.open_exercise = open_and_keep
    ui.app._until_closed = play
    return ui.app.run(["--exercise", "harvey", "--speed", speed, "--data", str(data)])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
