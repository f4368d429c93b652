"""A far seat at work: the syncing runs, rows come in, a script acts without a pause; until it is killed.

What it is doing in each moment stands in a file that outlives it. Every act is told after its commit: what
was told must be there for ever.
"""

from __future__ import annotations

import asyncio
import functools
import mmap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from dispatch import assembly
from dispatch.errors import ActRefused
from dispatch.escalation.folder import FolderChannel
from dispatch.records import CloseReason
from dispatch.servers import SERVERS
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.sync.push import Push
from dispatch.sync.take import Taker
from tests.city import TOKEN

DOINGS = (
    "in an act's transaction",
    "in a page's transaction",
    "in a thread's transaction",
    "in a hand-over",
    "noting a message",
    "sending a message",
    "asking the server",
)
IDLE = "idle"
# The exercise's organization: by its own face it takes notes and assignments.
ORGANIZATION = "276"
ACTS = {"message": 6, "close": 2, "escalate": 3, "accept": 2, "merge": 1, "note": 1, "claim": 1}
LONGEST_REST_S = 0.008
# While another process comes up, so as not to pile up more than it can send.
LONGEST_REST_APART_S = 0.1
POLL_S = 0.02


class Gauge:
    """One byte for each doing: how many are in it."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._bytes = mmap.mmap(file.fileno(), len(DOINGS))
        self._lock = threading.Lock()

    @staticmethod
    def make(path: Path) -> None:
        path.write_bytes(bytes(len(DOINGS)))

    @staticmethod
    def read(path: Path) -> list[str]:
        return [name for name, busy in zip(DOINGS, path.read_bytes(), strict=True) if busy] or [IDLE]

    @contextmanager
    def busy(self, doing: str) -> Iterator[None]:
        self._add(doing, 1)
        try:
            yield
        finally:
            self._add(doing, -1)

    def _add(self, doing: str, more: int) -> None:
        with self._lock:
            self._bytes[DOINGS.index(doing)] += more


def mark(gauge: Gauge) -> None:
    """Let the product's real functions say what they are in."""

    def within(owner: Any, name: str, doing: str) -> None:
        work = getattr(owner, name)

        @functools.wraps(work)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with gauge.busy(doing):
                return work(*args, **kwargs)

        setattr(owner, name, wrapped)

    within(Taker, "page", "in a page's transaction")
    within(Taker, "thread", "in a thread's transaction")
    within(FolderChannel, "hand_over", "in a hand-over")
    within(Push, "_write", "noting a message")
    for server in SERVERS.values():
        within(server, "post", "sending a message")
        within(server, "page", "asking the server")
    transaction = Store.transaction

    @contextmanager
    def acting(self: Store, actor: Any, *, durable: bool = True) -> Iterator[Transaction]:
        with gauge.busy("in an act's transaction"), transaction(self, actor, durable=durable) as tx:
            yield tx

    def either(self: Store, actor: Any, *, durable: bool = True) -> Any:
        return (acting if actor.person else transaction)(self, actor, durable=durable)

    Store.transaction = either  # type: ignore[method-assign]


class Load:
    """`go` never returns. `tell` hears ("working", process of the syncing) and ("acted", what it was)."""

    def __init__(self, room: Any, tell: Any, *, chance: int, life: int, is_apart: bool) -> None:
        self._room, self._parts, self._tell = room, room.parts, tell
        self._random, self._life, self._is_apart = Random(chance), life, is_apart
        self._lines = 0

    async def go(self) -> None:
        work = self._room.work
        if self._is_apart:
            work = assembly.sync_apart(
                self._parts,
                url=self._room.city.url,
                token=TOKEN,
                organization=ORGANIZATION,
                calls_per_minute=0,
                poll_s=POLL_S,
                tell=lambda status: self._tell(("status", (status.state, work.process_id))),
                nudge_readers=lambda: None,
            )
        work.start()
        self._tell(("working", None))
        while True:
            longest = LONGEST_REST_APART_S if self._is_apart else LONGEST_REST_S
            await asyncio.sleep(self._random.uniform(0, longest))
            await self._parts.follow.catch_up()
            board = self._parts.board
            if open_sites := board.site_id[board.is_open()].tolist():
                sites = self._random.choices(open_sites, k=2)
                await self._parts.workers.store(self._act, *sites)
                work.nudge()

    def _act(self, site_id: int, other_id: int) -> None:
        """One act and what it was; in the words told, so that it can be looked for."""
        desk, em_desk = self._room.desk, self._room.em_desk
        act = self._random.choices(list(ACTS), list(ACTS.values()))[0]
        self._lines += 1
        text = f"Line {self._life}.{self._lines} of the city. This is not 911."
        try:
            view = self._parts.detail.view(site_id)
            to = tuple(each.request_id for each in view.requests if each.status != "archived")
            match act:
                case "message":
                    desk.message(site_id, text)
                case "close":
                    desk.close(
                        site_id, CloseReason.NO_LONGER_NEEDED, note="x", confirmed_by="y", message=text
                    )
                case "escalate":
                    text, to = desk.escalate(desk.draft(site_id)).escalation_id, ()
                case "accept":
                    text, to = view.escalations[-1].escalation_id if view.escalations else "", ()
                    em_desk.accept(text, "crew 4")
                case "merge":
                    desk.merge(site_id, [other_id])
                case "note":
                    desk.note(site_id, text)
                case "claim":
                    desk.claim(site_id)
        except ActRefused:
            return
        self._tell(("acted", (act, text, to)))
