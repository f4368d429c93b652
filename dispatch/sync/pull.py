"""Asking the 311 server: the newest first, then the backlog, and from then on what changed.

Every walk goes by a bound in the server's own time and not by page numbers: rows that move while we page
can be met twice, never be missed. Pages are counted only inside one second that holds more than a page.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from dispatch.records import Changes, Millis, Page
from dispatch.servers import Newest, Updated
from dispatch.store import mirror
from dispatch.store.mirror import ServerRow
from dispatch.sync.budget import Lane
from dispatch.sync.line import Line

log = logging.getLogger(__name__)

SECOND_MS = 1_000
# The server compares with >= and stamps whole seconds, and its own copies lag: ask again from two minutes
# before. Saving is idempotent, so repeats are free.
OVERLAP_MS = 120 * SECOND_MS
# One row stamped with the year 2099 must not end the asking: such a time moves no bound.
AHEAD_MS = 86_400 * SECOND_MS


@dataclass(frozen=True, slots=True)
class Step:
    """What one call brought. `is_in_step`: the server has nothing more to say for now."""

    changes: Changes
    is_in_step: bool


class Pull:
    """One server's state of asking, kept in its row of the store so that a new start goes on there."""

    def __init__(self, line: Line, *, since_at: Millis | None = None) -> None:
        self._line = line
        self._since_at = since_at
        self.calls = 0
        self._row: ServerRow | None = None
        # The bound and page of the walk forward that is under way; None between two walks.
        self._forward: tuple[Millis, int] | None = None
        # Whether the pages of one second that were read until now brought anything new.
        self._has_brought = False
        self._backward_page = 1

    @property
    def is_backlog_done(self) -> bool:
        return self._row is not None and self._row.backlog_done

    async def live(self) -> Step:
        """Ask for what changed since the last time; the very first time for the newest page."""
        row = await self._stored()
        if row.watermark_at is None:
            return await self._first(row)
        bound, number = self._forward or (row.watermark_at - OVERLAP_MS, 1)
        page = await self._page(Updated(bound), number, Lane.LIVE)
        newest = self._latest(page, row.watermark_at)
        has_brought = number > 1 and self._has_brought
        watermark = max(bound if has_brought else newest, row.watermark_at)
        changes = await self._take(page, was_there_before_us=False, watermark_at=watermark)
        self._has_brought = has_brought or bool(changes)
        is_last = page.next_page is None or not (page.requests or page.bad)
        is_past = newest // SECOND_MS > bound // SECOND_MS
        if number > 1 and self._has_brought and (is_last or is_past):
            # A row that left this second meanwhile pushed another onto a page already read: once more, until
            # the second brings nothing new.
            self._forward = (bound, 1)
            return Step(changes, False)
        if is_last:
            self._forward = None
        elif is_past:
            self._forward = (newest // SECOND_MS * SECOND_MS, 1)
        else:
            self._forward = (bound, number + 1)
        return Step(changes, is_last)

    async def backlog(self) -> Step:
        """Ask for the next older page of what was there before we came; in step when there is none."""
        row = await self._stored()
        if row.backlog_done or row.backlog_before_at is None:
            return Step(Changes(), True)
        bound = row.backlog_before_at
        page = await self._page(Newest(bound, self._since_at), self._backward_page, Lane.BACKFILL)
        oldest = min((item.created_at for item in page.requests), default=bound)
        # The bound is exclusive and whole seconds: the second of the oldest row is asked for once more.
        following = (oldest // SECOND_MS + 1) * SECOND_MS
        is_last = page.next_page is None or not (page.requests or page.bad)
        if following < bound:
            self._backward_page = 1
        else:
            following, self._backward_page = bound, self._backward_page + 1
        changes = await self._take(
            page, was_there_before_us=True, backlog_before_at=following, backlog_done=int(is_last)
        )
        return Step(changes, is_last)

    async def until_in_step(self) -> Changes:
        """Everything, once: the newest page, the backlog, then what changed meanwhile."""
        step = await self.live()
        changes = step.changes
        while not self.is_backlog_done:
            changes |= (await self.backlog()).changes
            step = replace(step, is_in_step=False)
        while not step.is_in_step:
            step = await self.live()
            changes |= step.changes
        return changes

    async def _first(self, row: ServerRow) -> Step:
        page = await self._page(Newest(None, self._since_at), 1, Lane.LIVE)
        oldest = min((item.created_at for item in page.requests), default=None)
        is_all = page.next_page is None or oldest is None
        # Nothing on it yet: the walk forward starts at the beginning of time when something comes.
        watermark = self._latest(page, OVERLAP_MS)
        changes = await self._take(
            page,
            was_there_before_us=True,
            watermark_at=watermark,
            backlog_before_at=None if oldest is None else (oldest // SECOND_MS + 1) * SECOND_MS,
            backlog_done=int(is_all),
        )
        return Step(changes, is_all)

    async def _page(self, asked: Newest | Updated, number: int, lane: Lane) -> Page:
        self.calls += 1
        return await self._line.ask(lane, self._line.server.page, asked, number)

    def _latest(self, page: Page, default: Millis) -> Millis:
        latest = self._line.store.clock.now() + AHEAD_MS
        return max((item.updated_at for item in page.requests if item.updated_at <= latest), default=default)

    async def _take(self, page: Page, *, was_there_before_us: bool, **progress: object) -> Changes:
        if page.bad:
            log.info("%d rows went to quarantine", len(page.bad))
        taker = self._line.taker
        changes = await self._line.workers.store(
            taker.page, page, was_there_before_us=was_there_before_us, **progress
        )
        self._row = replace(await self._stored(), **progress)  # type: ignore[arg-type]
        return changes

    async def _stored(self) -> ServerRow:
        if self._row is None:
            self._row = await self._line.workers.store(self._read_row)
        return self._row

    def _read_row(self) -> ServerRow:
        with self._line.store.reading() as connection:
            return mirror.server_row(connection, self._line.taker.server_id)
