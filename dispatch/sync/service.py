"""The work that never ends: asking, sending, handing over, watching the timers; and saying how it stands."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from dispatch.em_desk import EmDesk
from dispatch.errors import LandfallError, RateLimited, StoreUnusable
from dispatch.records import Changes, SyncStatus
from dispatch.store import mirror, outbox
from dispatch.sync.budget import Lane
from dispatch.sync.deliver import Deliver
from dispatch.sync.line import Line
from dispatch.sync.pull import Pull
from dispatch.sync.push import Push, save_account, wall_now

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0
WATCH_S = 1.0
MOST_WANTED = 20
CATCHING_UP = "Fetching what the 311 server holds"
NO_ACCOUNT = "The 311 server does not know us, so nothing can be sent: enter a valid token in the settings."


class Sync:
    """One server's coming and going. `tell` hears each new status, `nudge_readers` that the feed moved."""

    def __init__(
        self,
        *,
        line: Line,
        pull: Pull,
        push: Push,
        deliver: Deliver,
        em_desk: EmDesk,
        poll_s: float,
        tell: Callable[[SyncStatus], None],
        nudge_readers: Callable[[], None],
    ) -> None:
        self._line = line
        self._pull = pull
        self._push = push
        self._deliver = deliver
        self._em_desk = em_desk
        self._poll_s = poll_s
        self._live_at = 0.0
        self._tell = tell
        self._nudge_readers = nudge_readers
        self._wanted: dict[str, None] = {}
        self._pull_nudge, self._push_nudge, self._hand_over_nudge = (asyncio.Event() for _ in range(3))
        self._trouble_since: dict[str, float] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self.status = SyncStatus(
            "starting", "Asking the 311 server for the first time", None, None, 0, 0, 0, 0
        )

    def start(self) -> None:
        works = (self._pulling, self._pushing, self._handing_over, self._watching)
        self._tasks = [asyncio.ensure_future(work()) for work in works]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def once(self) -> None:
        """One round of everything, for a run that ends: in step, sent what is due, handed over."""
        self._took(await self._pull.until_in_step())
        while self._line.taker.written_to:
            await self._fetch_thread(self._line.taker.written_to.popleft(), Lane.BACKFILL)
        while await self._push_once() == 0.0:
            pass
        await self._hand_over_once()
        await self._watch_once()

    def hold(self, seconds: float) -> None:
        """The server asked for a pause."""
        self._line.budget.hold(seconds)

    def nudge(self) -> None:
        """An act may have left something to send or to hand over."""
        self._push_nudge.set()
        self._hand_over_nudge.set()

    def want_thread(self, request_ids: list[str]) -> None:
        """Somebody looks at these requests: fetch their threads next."""
        self._wanted = dict.fromkeys([*request_ids, *self._wanted][:MOST_WANTED])
        self._pull_nudge.set()

    # -- the four works -------------------------------------------------------------------------------

    async def _pulling(self) -> None:
        while True:
            pause_s = await self._guarded("pull", self._pull_once)
            await _wait(self._pull_nudge, pause_s)

    async def _pull_once(self) -> float:
        """What changed at each poll; between two polls the backlog and the threads somebody looks at."""
        if time.monotonic() >= self._live_at:
            step = await self._pull.live()
            self._took(step.changes)
            if step.is_in_step:
                self._live_at = time.monotonic() + self._poll_s
        elif not self._pull.is_backlog_done:
            self._took((await self._pull.backlog()).changes)
        elif self._wanted:
            await self._fetch_thread(next(iter(self._wanted)), Lane.LIVE)
        elif self._line.taker.written_to:
            await self._fetch_thread(self._line.taker.written_to.popleft(), Lane.BACKFILL)
        if not self._pull.is_backlog_done:
            await self._say(state="behind", sentence=CATCHING_UP, next_try_at=None)
            return 0.0
        is_in_step = time.monotonic() < self._live_at
        if is_in_step:
            await self._say(state="in_step", sentence="", in_step_at=time.time(), next_try_at=None)
        else:
            await self._say(state="behind", sentence=CATCHING_UP, next_try_at=None)
        has_more = bool(self._wanted or self._line.taker.written_to)
        return 0.0 if has_more or not is_in_step else self._live_at - time.monotonic()

    async def _fetch_thread(self, request_id: str, lane: Lane) -> None:
        messages = await self._line.ask(lane, self._line.server.messages, request_id)
        self._wanted.pop(request_id, None)
        self._took(await self._line.workers.store(self._line.taker.thread, request_id, messages))

    async def _pushing(self) -> None:
        while True:
            pause_s = await self._guarded("push", self._push_once)
            await _wait(self._push_nudge, pause_s)

    async def _push_once(self) -> float:
        due_at = await self._line.workers.store(self._next_due_at)
        if due_at is None:
            return LONGEST_PAUSE_S
        if due_at > wall_now():
            return (due_at - wall_now()) / 1000
        if not self._push.account_id:
            account = await self._line.ask(Lane.ACT, self._line.server.account)
            if not account.account_id:
                await self._say(state="refused", sentence=NO_ACCOUNT)
                return LONGEST_PAUSE_S
            self._push.account_id = account.account_id
            await self._line.workers.store(
                save_account, self._line.store, self._line.taker, account.account_id
            )
        self._took(await self._push.once())
        self._pull_nudge.set()
        await self._say()
        return 0.0

    async def _handing_over(self) -> None:
        while True:
            self._hand_over_nudge.clear()
            pause_s = await self._guarded("hand-over", self._hand_over_once)
            await _wait(self._hand_over_nudge, pause_s)

    async def _hand_over_once(self) -> float:
        self._took(await self._deliver.once())
        return WATCH_S

    async def _watching(self) -> None:
        while True:
            await asyncio.sleep(await self._guarded("timers", self._watch_once))

    async def _watch_once(self) -> float:
        self._took(await self._line.workers.store(self._em_desk.expire_overdue))
        return WATCH_S

    # -- when it does not work --------------------------------------------------------------------------

    async def _guarded(self, name: str, work: Callable[[], Awaitable[float]]) -> float:
        """Do it; a failure is told once with its sentence, and the recovery with how long it took."""
        try:
            pause_s = await work()
        except RateLimited as error:
            self._line.budget.hold(error.retry_after_s)
            return await self._trouble(name, error, error.retry_after_s)
        except LandfallError as error:
            failures = min(8, self._failures(name))
            pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**failures) * random.uniform(0.8, 1.2)
            return await self._trouble(name, error, pause_s)
        except Exception:
            # An edge of the program: whatever went wrong in one round must not end the syncing.
            log.exception("a round of %s failed", name)
            return LONGEST_PAUSE_S
        since = self._trouble_since.pop(name, None)
        if since is not None:
            log.info("%s works again after %.0f s", name, time.time() - since)
        return pause_s

    def _failures(self, name: str) -> int:
        since = self._trouble_since.get(name)
        return 0 if since is None else int(max(0.0, time.time() - since) / FIRST_PAUSE_S).bit_length()

    async def _trouble(self, name: str, error: LandfallError, pause_s: float) -> float:
        if name not in self._trouble_since:
            self._trouble_since[name] = time.time()
            log.info("%s: %s", name, error)
        state = "refused" if isinstance(error, StoreUnusable) else "waiting"
        try:
            await self._say(state=state, sentence=str(error), next_try_at=time.time() + pause_s)
        except StoreUnusable:
            self._tell(replace(self.status, state=state, sentence=str(error)))
        return pause_s

    # -- saying how it stands ---------------------------------------------------------------------------

    async def _say(self, **values: object) -> None:
        to_send, held_back, requests, quarantined = await self._line.workers.store(self._counts)
        status = replace(
            self.status,
            **values,  # type: ignore[arg-type]
            to_send=to_send,
            held_back=held_back,
            requests=requests,
            quarantined=quarantined,
        )
        if status != self.status:
            self.status = status
            self._tell(status)

    def _took(self, changes: Changes) -> None:
        if changes:
            self._nudge_readers()

    def _counts(self) -> tuple[int, int, int, int]:
        with self._line.store.reading() as connection:
            return *outbox.counts(connection), *mirror.counts(connection)

    def _next_due_at(self) -> int | None:
        with self._line.store.reading() as connection:
            return outbox.next_due_at(connection)


async def _wait(nudge: asyncio.Event, seconds: float) -> None:
    """So long, or until nudged."""
    if seconds <= 0:
        await asyncio.sleep(0)
        return
    with suppress(TimeoutError):
        await asyncio.wait_for(nudge.wait(), seconds)
    nudge.clear()
