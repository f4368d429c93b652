"""The slow look through everything open here: does the server still list it, and as what?

Absence from a list is never deletion. What a complete window did not show is read by its id, and only the
server's own "no" to that, twice and hours apart, marks the record; it stays, and nothing closes by itself.
"""

from __future__ import annotations

import logging
import time
from collections import Counter

from dispatch.errors import ServerFailed, ServerForbids, ServerNonsense, ServerRefused
from dispatch.records import Changes, Millis, Page, ServiceRequest
from dispatch.servers import ById
from dispatch.store import mirror, missing
from dispatch.sync.budget import Lane
from dispatch.sync.line import Line
from dispatch.sync.progress import Progress
from dispatch.sync.reader import Reader
from dispatch.sync.slices import DAY_MS, Slices

log = logging.getLogger(__name__)

EVERY_S = 30 * 60.0
# Older requests are few and far between: they are asked for by id.
WINDOWS_MS = 90 * DAY_MS
# Ids in one call: more make addresses longer than some servers take.
BATCH = 20
TRIES = 2
# By windows, unless that takes so many times the calls.
DEARER = 4
PLAN = "sweep"


class Sweep:
    """`step()` is one call; how far it has come stands in the progress."""

    def __init__(self, line: Line, progress: Progress) -> None:
        self._line = line
        self._progress = progress
        self._reader = Reader(line, progress, PLAN)
        self._calls = 0
        # Wall time, as the interval is: an exercise's clock may run or stand.
        self._swept_at: Millis | None = None
        self._is_wanted = False
        # By id and one at a time: what a list of several did not show.
        self._alone: list[str] = []
        self._stumbles: Counter[str] = Counter()

    @property
    def calls(self) -> int:
        return self._calls + self._reader.calls

    @property
    def is_wanted(self) -> bool:
        """Something is known to be missing."""
        return self._is_wanted

    @property
    def is_under_way(self) -> bool:
        return PLAN in self._progress.plans or bool(self._progress.by_id or self._alone)

    @property
    def is_due(self) -> bool:
        if self.is_under_way or self._is_wanted or self._swept_at is None:
            return True
        return _wall_now() - self._swept_at >= EVERY_S * 1000

    def remember(self, swept_at: Millis | None) -> None:
        """After a start: when the last one ended."""
        self._swept_at = swept_at

    def hurry(self) -> None:
        """After a gap, or when something was listed incompletely: do not wait for the time to come round."""
        self._is_wanted = True

    async def was_listed(self) -> None:
        """All that is there has just been listed anyway."""
        await self._line.workers.store(self._keep_swept, _wall_now())

    async def whole(self) -> Changes:
        """One from beginning to end, or what is left of one."""
        changes = await self.step()
        while self.is_under_way:
            changes |= await self.step()
        return changes

    async def step(self) -> Changes:
        """The next call of it; a first one also makes the plan."""
        if not self.is_under_way:
            await self._line.workers.store(self._begin)
        if PLAN in self._progress.plans:
            changes = await self._window()
        elif self._alone or self._progress.by_id:
            changes = await self._by_id()
        else:
            changes = Changes()
        if not self.is_under_way:
            self._is_wanted = False
            self._stumbles.clear()
            await self._line.workers.store(self._keep_swept, _wall_now())
        return changes

    def _begin(self) -> None:
        line, progress = self._line, self._progress
        can = line.server.capabilities
        with line.store.reading() as connection:
            here = missing.open_here(connection, line.taker.server_id)
            head_at = progress.head_at or max(here.values(), default=0)
            from_at = head_at - WINDOWS_MS
            rows = missing.count_between(connection, line.taker.server_id, from_at)
        recent = {request_id: at for request_id, at in here.items() if at >= from_at}
        older = [request_id for request_id in here if request_id not in recent]
        by_id = -(-len(recent) // (BATCH if can.has_lists else 1))
        by_window = -(-rows // max(1, can.page_size or can.row_cap or BATCH))
        # What never came at all only windows show: they are worth a few more calls, and needed wherever a
        # filter by change could not show everything. Where it should have, a list may still have left a row
        # out at the time (Q77), and no list of changes tells of it again: so every second time as well.
        sees_all = can.has_updated_after and not (self._is_wanted or progress.is_whole_next)
        progress.is_whole_next = sees_all
        is_by_id = not can.has_bounds or (sees_all and DEARER * by_id <= by_window)
        if is_by_id:
            progress.by_id = [*recent, *older]
        elif head_at:
            low_at = min(recent.values(), default=head_at) if sees_all else from_at
            plan = Slices(None, max(low_at, line.taker.since_at), head_at)
            # What it failed over last time may be mended by now.
            plan.parts, progress.broken = list(progress.broken), []
            progress.plans[PLAN], progress.by_id = plan, older

    async def _window(self) -> Changes:
        read = await self._reader.step(Lane.BACKFILL)
        covered = read.covered
        if covered is not None:
            here = await self._line.workers.store(self._open_between, covered.from_at, covered.to_at)
            self._progress.by_id += sorted(here - read.ids - set(self._progress.by_id))
        if self._progress.plans[PLAN].next() is None:
            del self._progress.plans[PLAN]
        return read.changes

    async def _by_id(self) -> Changes:
        waiting = self._progress.by_id
        if self._alone or not self._line.server.capabilities.has_lists or len(waiting) == 1:
            return await self._one(self._alone[0] if self._alone else waiting[0])
        batch = waiting[:BATCH]
        self._calls += 1
        page = await self._line.ask(Lane.BACKFILL, self._line.server.page, ById(tuple(batch)), 1)
        del waiting[: len(batch)]
        listed = {item.request_id for item in page.requests}
        self._alone = [request_id for request_id in batch if request_id not in listed]
        return await self._take(page)

    async def _one(self, request_id: str) -> Changes:
        self._calls += 1
        try:
            found = await self._line.ask(Lane.BACKFILL, self._line.server.request, request_id)
        except ServerForbids:
            raise
        except ServerRefused as error:
            log.info("request %s is kept back by the server: %s", request_id, error)
            self._drop(request_id)
            return Changes()
        except (ServerFailed, ServerNonsense):
            self._stumbles[request_id] += 1
            self._drop(request_id)
            if self._stumbles[request_id] < TRIES:
                self._progress.by_id.append(request_id)
            raise
        self._drop(request_id)
        if found is None:
            return await self._line.workers.store(self._not_there, request_id)
        return await self._take(_page_of(found))

    async def _take(self, page: Page) -> Changes:
        taker = self._line.taker
        return await self._line.workers.store(taker.page, page, progress=self._progress.dump())

    def _drop(self, request_id: str) -> None:
        for waiting in (self._alone, self._progress.by_id):
            if request_id in waiting:
                waiting.remove(request_id)

    def _not_there(self, request_id: str) -> Changes:
        taker = self._line.taker
        with self._line.store.transaction(taker.actor) as tx:
            if missing.not_there(tx, taker.server_id, request_id):
                log.info("the server no longer has request %s", request_id)
            mirror.set_server(tx.connection, taker.server_id, progress=self._progress.dump())
        taker.missing.add(request_id)
        return tx.changes

    def _open_between(self, from_at: Millis | None, to_at: Millis | None) -> set[str]:
        with self._line.store.reading() as connection:
            return missing.open_between(connection, self._line.taker.server_id, from_at, to_at)

    def _keep_swept(self, at: Millis) -> None:
        taker = self._line.taker
        with self._line.store.transaction(taker.actor, durable=False) as tx:
            mirror.set_server(tx.connection, taker.server_id, swept_at=at, progress=self._progress.dump())
        self._swept_at = at


def _page_of(found: ServiceRequest) -> Page:
    return Page((found,), (), None, None, 1)


def _wall_now() -> Millis:
    return int(time.time() * 1000)
