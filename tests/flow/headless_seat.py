"""A seat of a room without a window: follows, acts, and tells at its end what it saw and how much it took."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import resource
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from dispatch import assembly
from dispatch.acts import Acts
from dispatch.assembly import Parts, Storm
from dispatch.clock import StormClock
from dispatch.errors import ActKept, ActRefused, LandfallError
from dispatch.http import HttpDoor
from dispatch.records import Band, SiteState, WaitReason
from dispatch.rehearsal import read_clock
from dispatch.settings import Settings

LOOK_S = 1.0
OPEN = (SiteState.NEW, SiteState.TRIAGED)


class Seat:
    def __init__(self, parts: Parts, name: str, chance: random.Random) -> None:
        self.parts, self.name, self.chance = parts, name, chance
        self.acts: Acts = parts.acts
        self.nudged = asyncio.Event()
        self.claimed: dict[int, float] = {}  # what this seat claimed: when it began to
        self.seen: dict[str, float] = {}  # "site by seat": when it stood on this board
        self.done = self.refused = self.kept = 0
        self.told = parts.folder / "told.txt"  # the notes that it was told of as done or kept
        self.failures: list[str] = []
        self.is_over = False

    async def follow(self) -> None:
        board = self.parts.board
        while True:
            self.nudged.clear()
            try:
                await self.parts.follow.catch_up()
            except LandfallError as error:
                self.failures.append(str(error))
            now = time.time()
            for site_id, claim in board.claims.items():
                self.seen.setdefault(f"{site_id} {claim.seat} {claim.at}", now)
            try:
                await asyncio.wait_for(self.nudged.wait(), LOOK_S)
            except TimeoutError:
                continue

    async def act(self, every_s: float, until: float) -> None:
        await asyncio.sleep(self.chance.uniform(0, every_s))
        while time.time() < until and not self.is_over:
            began = time.monotonic()
            try:
                await self.parts.workers.store(self.something)
                self.done += 1
            except ActKept:
                self.kept += 1
            except ActRefused:
                self.refused += 1
            except LandfallError as error:
                self.failures.append(str(error))
            await asyncio.sleep(max(0.0, every_s * self.chance.uniform(0.5, 1.5) - time.monotonic() + began))

    def something(self) -> None:
        """On the store lane: mostly claims, of sites that others want, too."""
        board, desk, chance = self.parts.board, self.parts.desk, self.chance
        ids = [int(each) for each in board.site_id[-60:]]
        if not ids:
            return
        mine = [site for site, claim in list(board.claims.items()) if claim.seat == self.name]
        site_id = chance.choice(ids)
        match chance.randrange(10):
            case 0 | 1 | 2 | 3:
                at = time.time()
                self.acts.do(desk.claim, (site_id,), {})
                self.claimed[site_id] = at
            case 4 | 5 if mine:
                self.acts.do(desk.let_go, (chance.choice(mine),), {})
            case 6:
                self.acts.do(desk.set_band, (site_id, chance.choice([Band.P2, Band.P3])), {"reason": "seen"})
            case 7:
                self.acts.do(desk.wait, (site_id, WaitReason.ACCESS), {})
            case 8:
                self.acts.do(desk.message, (site_id, f"Seen by {self.name}. This is not 911."), {})
            case _:
                self.note(site_id, f"looked at by {self.name}, {uuid4()}")

    def note(self, site_id: int, text: str) -> None:
        try:
            self.acts.do(self.parts.desk.note, (site_id, text), {})
        except ActKept:
            self.kept += 1
        with self.told.open("a") as told:
            told.write(f"{text}\n")

    async def do_what_is_kept(self) -> None:
        """As the console does."""
        while True:
            await self.parts.workers.store(self.acts.replay)
            await asyncio.sleep(LOOK_S)


def board_rows(parts: Parts) -> list[str]:
    """What a board shows of each site, to be compared with another one's."""
    board = parts.board
    rows = [
        (
            int(board.site_id[row]),
            int(board.band[row]),
            int(board.state[row]),
            int(board.reports[row]),
            int(board.flags[row]),
            int(board.acted_at[row]),
            repr(board.claims.get(int(board.site_id[row]))),
        )
        for row in range(board.count)
    ]
    return [repr(row) for row in sorted(rows)]


def digest(parts: Parts) -> str:
    return hashlib.sha256("\n".join(board_rows(parts)).encode()).hexdigest()


async def live(orders: dict[str, Any]) -> dict[str, Any]:
    clock = StormClock(read_clock(HttpDoor(), orders["control_url"]))
    parts = assembly.build(
        folder=Path(orders["folder"]),
        settings=Settings(person=orders["name"], seat=orders["name"]),
        clock=clock,
        storm=Storm("Hurricane Irma", is_exercise=True),
        store_url=orders["store_url"],
    )
    parts.load()
    loop = asyncio.get_running_loop()
    seat = Seat(parts, orders["name"], random.Random(orders["seed"]))
    nudge = lambda: loop.call_soon_threadsafe(seat.nudged.set)  # noqa: E731
    listener = assembly.listen(parts, feed=nudge, presence=lambda: None)
    assert listener is not None
    listener.start()
    following = asyncio.ensure_future(seat.follow())
    began, spent = time.monotonic(), time.process_time()
    print("ready", flush=True)  # noqa: T201
    replaying = asyncio.ensure_future(seat.do_what_is_kept())
    acting = asyncio.ensure_future(seat.act(orders["every_s"], orders["until"]))
    said = await loop.run_in_executor(None, sys.stdin.readline)
    if said.strip() == "rest":
        seat.is_over = True
        await acting
        while seat.acts.journal.waiting():
            await asyncio.sleep(0.1)
        print("at rest", flush=True)  # noqa: T201
        await loop.run_in_executor(None, sys.stdin.readline)  # all have stopped acting
    took_s, cpu_s = time.monotonic() - began, time.process_time() - spent
    replaying.cancel()
    await asyncio.gather(replaying, return_exceptions=True)
    await asyncio.sleep(0.1)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await parts.follow.catch_up()
    answer = {
        "name": seat.name,
        "digest": digest(parts),
        "sites": parts.board.count,
        "claimed": seat.claimed,
        "seen": seat.seen,
        "done": seat.done,
        "refused": seat.refused,
        "kept": seat.kept,
        "refused_kept": [act.words.get("text", "") for act in seat.acts.journal.refused()],
        "failures": seat.failures,
        "cpu_share": cpu_s / took_s,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    (parts.folder / "rows.txt").write_text("\n".join(board_rows(parts)))
    listener.stop()
    parts.close()
    return answer


if __name__ == "__main__":
    print(json.dumps(asyncio.run(live(json.loads(sys.stdin.readline())))), flush=True)  # noqa: T201
