"""`sync-apart`: the console's syncing as a process of its own (`sync/apart.py` is the console's end)."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click
import orjson

from dispatch import assembly
from dispatch.assembly import Parts, Storm
from dispatch.clock import Clock, StormClock, WallClock
from dispatch.errors import AlreadyRunning, LandfallError
from dispatch.escalation.channel import Values
from dispatch.garbage import collect_seldom
from dispatch.http import HttpDoor
from dispatch.locks import FolderLock
from dispatch.processor import BEHIND, stand_behind
from dispatch.records import SyncStatus
from dispatch.rehearsal import read_clock
from dispatch.rights import may_sync
from dispatch.settings import Settings
from dispatch.store.sync_lock import StoreLock
from dispatch.sync.apart import STARTING, STOP_S, Orders
from dispatch.sync.pages_apart import MANY_ROWS
from dispatch.sync.service import Sync
from dispatch.waiting import is_set_within

log = logging.getLogger(__name__)

NICE = 5
# On a single core a process more only takes turns with this one.
ENOUGH_CORES = 2
LOOK_AT_CLOCK_S = 15.0
BEAT_S = 2.0
TRY_LOCK_S = 1.0
NOT_THIS_LOGIN = "This room is synced by a process of its own, not by who sits here; its work is followed."


@click.command("sync-apart", hidden=True)
def sync_apart() -> None:
    """Sync for a console: orders come on standard input, news go out on standard output."""
    stand_behind(NICE, BEHIND)
    logging.getLogger().setLevel(logging.INFO)
    try:
        code = asyncio.run(_live())
    except Exception:
        # The edge of this process: the console hears that it ended, the log says why.
        log.exception("the syncing failed")
        code = 1
    # Calls that still wait for the server would hold an ordinary end up; their time-outs are of no use now.
    os._exit(code)


async def _live() -> int:
    orders = Orders(**orjson.loads(sys.stdin.buffer.readline()))
    ears = Ears()
    ears.open()
    try:
        async with AsyncExitStack() as opened:
            await _sync(orders, ears, opened)
    except LandfallError as error:
        say(failed=str(error))
        return 1
    return 0


async def _sync(orders: Orders, ears: Ears, opened: AsyncExitStack) -> None:
    door = HttpDoor()
    opened.callback(door.close)
    clock: Clock = WallClock()
    if orders.control_url:
        clock = StormClock(read_clock(door, orders.control_url))
    parts = assembly.build(
        folder=Path(orders.folder),
        settings=Settings(**orders.settings),
        clock=clock,
        storm=Storm(orders.storm, orders.is_exercise),
        store_url=orders.store_url,
    )
    opened.callback(parts.close)
    ears.channel_values = parts.channel_values
    if not may_sync(parts.actor.role):
        await _follow(ears)
        return
    lock = await _take_lock(parts, ears, opened)
    if lock is None:
        return
    tell(STARTING)
    work, _ = assembly.build_sync(
        parts,
        url=orders.url,
        token=orders.token,
        kind=orders.kind,
        organization=orders.organization,
        calls_per_minute=orders.calls_per_minute,
        poll_s=orders.poll_s,
        tell=tell,
        nudge_readers=lambda: say(changed=True),
        many_rows=MANY_ROWS if (os.cpu_count() or 1) >= ENOUGH_CORES else None,
        lock=lock,
    )
    ears.work = work
    collect_seldom()
    # The lock is kept until the last transaction is over.
    opened.callback(parts.workers.close)
    opened.push_async_callback(work.stop)
    work.start()
    look = None
    if isinstance(clock, StormClock):
        look = asyncio.ensure_future(_keep_clock(clock, parts, door, orders.control_url, ears.clock))
    while not await ears.is_over_within(BEAT_S):
        say(alive=True)
        if isinstance(lock, StoreLock):
            # Where it is not, the console starts us again, and we wait for our turn as any other.
            lock.must_be_ours()
    if look:
        look.cancel()


async def _follow(ears: Ears) -> None:
    """Until the console ends: somebody else syncs, or nobody does, and this seat never may."""
    tell(replace(STARTING, state="elsewhere", sentence=NOT_THIS_LOGIN))
    say(alive=True)
    while not await ears.is_over_within(BEAT_S):
        say(alive=True)


async def _take_lock(parts: Parts, ears: Ears, opened: AsyncExitStack) -> FolderLock | StoreLock | None:
    """Wait until nobody else syncs this data (a headless `sync`, another seat): its work is followed
    meanwhile, and taken over when it ends. None when the console ends first."""
    lock = assembly.sync_lock(parts)
    while True:
        try:
            lock.take()
        except AlreadyRunning as error:
            tell(replace(STARTING, state="elsewhere", sentence=str(error)))
            say(alive=True)
            if await ears.is_over_within(TRY_LOCK_S):
                return None
        else:
            opened.callback(lock.let_go)
            return lock


async def _keep_clock(
    clock: StormClock, parts: Parts, door: HttpDoor, control_url: str, steered: asyncio.Event
) -> None:
    """Read the storm's clock now and then, and when the console has set it."""
    while True:
        await is_set_within(steered, LOOK_AT_CLOCK_S)
        steered.clear()
        try:
            clock.set(await parts.workers.network(read_clock, door, control_url))
        except LandfallError as error:
            log.info("the storm's clock could not be read: %s", error)


class Ears:
    """Hears the console on standard input, on a thread of its own; the end of it is the end of us."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        self.clock = asyncio.Event()
        self.work: Sync | None = None
        self.channel_values: Values | None = None

    def open(self) -> None:
        threading.Thread(target=self._listen, name="console", daemon=True).start()

    async def is_over_within(self, seconds: float) -> bool:
        return await is_set_within(self._over, seconds)

    def _listen(self) -> None:
        for line in sys.stdin.buffer:
            self._loop.call_soon_threadsafe(self._heed, orjson.loads(line))
        # A round that hangs must not keep the lock from the next console.
        last = threading.Timer(STOP_S, os._exit, (1,))
        last.daemon = True
        last.start()
        self._loop.call_soon_threadsafe(self._over.set)

    def _heed(self, words: dict[str, Any]) -> None:
        acts: dict[str, Callable[[], None]] = {"clock": self.clock.set}
        if self.channel_values is not None and "channels" in words:
            self.channel_values.take(Settings(channels=words["channels"]).channel_values())
        if self.work:
            acts["nudge"] = self.work.nudge
            if "want" in words:
                self.work.want_thread(words["want"])
            if "paused" in words:
                self.work.pause_backlog(words["paused"])
        acts.get(words.get("do", ""), lambda: None)()


def tell(status: SyncStatus) -> None:
    say(status=asdict(status))


def say(**words: Any) -> None:
    with suppress(OSError):  # nobody listens any more; the end of our input says so too
        sys.stdout.buffer.write(orjson.dumps(words) + b"\n")
        sys.stdout.buffer.flush()
