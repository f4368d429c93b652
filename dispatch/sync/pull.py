"""Asking the 311 server: the newest first, then the backlog, and from then on what changed.

Every walk goes by a bound in the server's own time and not by page numbers: rows that move while we page
can be met twice, never be missed. Pages are counted only inside one second that holds more than a page.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from dispatch.records import Changes, Millis, Page
from dispatch.servers import Newest, Updated
from dispatch.store import mirror
from dispatch.store.mirror import ServerRow
from dispatch.sync.ahead import FEW_ROWS, Ahead, together
from dispatch.sync.bounds import SECOND_MS, At, following_of, is_last, older
from dispatch.sync.budget import Lane
from dispatch.sync.line import Line

log = logging.getLogger(__name__)

# The server compares with >= and stamps whole seconds, and its own copies lag: ask again from two minutes
# before. Saving is idempotent, so repeats are free.
OVERLAP_MS = 120 * SECOND_MS
# One row stamped with the year 2099 must not end the asking: such a time moves no bound.
AHEAD_MS = 86_400 * SECOND_MS
# How long pages are fetched and saved side by side before others have their turn.
ROUND_S = 0.25

Took = Callable[[Changes], object]


@dataclass(frozen=True, slots=True)
class Step:
    """What one call brought. `is_in_step`: the server has nothing more to say for now."""

    changes: Changes
    is_in_step: bool


def _nobody(_: Changes) -> None:
    """Who does not want to hear of each save."""


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

    async def live(self, *, for_s: float = 0.0, took: Took = _nobody) -> Step:
        """Ask for what changed since the last time; the very first time for the newest page.

        One call; with `for_s`, as many as there is to ask in about that time, the next one under way while
        the last page is being saved. `took` hears of each save, also of those before a failure.
        """
        row = await self._stored()
        if row.watermark_at is None:
            return await self._first(row, took)
        ahead = Ahead(
            self._line, Lane.LIVE, self._call_updated, self._newer, until_at=time.monotonic() + for_s
        )
        start = self._forward or (row.watermark_at - OVERLAP_MS, 1)
        expected: At | None = start
        step = Step(Changes(), False)
        async with aclosing(ahead.pages(start)) as batches:
            async for batch in batches:
                for place, page in batch:
                    if place != expected:
                        return step
                    taken = await self._take_live(place, page)
                    took(taken.changes)
                    step = Step(step.changes | taken.changes, taken.is_in_step)
                    expected = self._forward
        return step

    async def backlog(self, *, for_s: float = 0.0, took: Took = _nobody) -> Step:
        """Ask for the next older page of what was there before we came; in step when there is none.

        `for_s` and `took` as in `live`; pages that came while others were being saved are saved together.
        """
        row = await self._stored()
        if row.backlog_done or row.backlog_before_at is None:
            return Step(Changes(), True)
        ahead = Ahead(
            self._line,
            Lane.BACKFILL,
            self._call_newest,
            older,
            until_at=time.monotonic() + for_s,
            least_rows=FEW_ROWS,
        )
        start = (row.backlog_before_at, self._backward_page)
        step = Step(Changes(), False)
        async with aclosing(ahead.pages(start)) as batches:
            async for batch in batches:
                taken = await self._take_backlog(batch)
                took(taken.changes)
                step = Step(step.changes | taken.changes, taken.is_in_step)
        return step

    async def until_in_step(self, took: Took = _nobody) -> Changes:
        """Everything, once: the newest page, the backlog, then what changed meanwhile."""
        step = await self.live(took=took)
        changes = step.changes
        while not self.is_backlog_done:
            changes |= (await self.backlog(for_s=ROUND_S, took=took)).changes
            step = replace(step, is_in_step=False)
        while not step.is_in_step:
            step = await self.live(for_s=ROUND_S, took=took)
            changes |= step.changes
        return changes

    async def _take_live(self, place: At, page: Page) -> Step:
        bound, number = place
        watermark_at = (await self._stored()).watermark_at or 0
        newest = self._latest(page, watermark_at)
        has_brought = number > 1 and self._has_brought
        watermark = max(bound if has_brought else newest, watermark_at)
        changes = await self._take(page, was_there_before_us=False, watermark_at=watermark)
        self._has_brought = has_brought or bool(changes)
        is_past = newest // SECOND_MS > bound // SECOND_MS
        if number > 1 and self._has_brought and (is_last(page) or is_past):
            # A row that left this second meanwhile pushed another onto a page already read: once more, until
            # the second brings nothing new.
            self._forward = (bound, 1)
            return Step(changes, False)
        self._forward = self._onward(place, page)
        return Step(changes, is_last(page))

    def _onward(self, place: At, page: Page) -> At | None:
        """Where the walk forward goes on after a page."""
        bound, number = place
        newest = self._latest(page, bound)
        if is_last(page):
            return None
        if newest // SECOND_MS > bound // SECOND_MS:
            return (newest // SECOND_MS * SECOND_MS, 1)
        return (bound, number + 1)

    def _newer(self, place: At, page: Page) -> At | None:
        """The same as far as it can be known before the page is saved: within one second it cannot."""
        return self._onward(place, page) if place[1] == 1 else None

    async def _take_backlog(self, batch: Sequence[tuple[At, Page]]) -> Step:
        place, last = batch[-1]
        following, number = following_of(place, last)
        page = together([page for _, page in batch])
        changes = await self._take(
            page,
            was_there_before_us=True,
            backlog_before_at=following,
            backlog_done=int(is_last(last)),
        )
        self._backward_page = number
        if is_last(last) and self._line.older:
            await self._line.workers.network(self._line.older.close)
        return Step(changes, is_last(last))

    async def _first(self, row: ServerRow, took: Took) -> Step:
        await self._line.budget.take(Lane.LIVE)
        page = await self._call_newest((None, 1))
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
        took(changes)
        return Step(changes, is_all)

    async def _call_newest(self, at: tuple[Millis | None, int]) -> Page:
        asked = Newest(at[0], self._since_at)
        if at[0] is None:
            return await self._call(asked, at[1], Lane.LIVE)
        self.calls += 1
        return await self._line.go(Lane.BACKFILL, self._line.older_page, asked, at[1])

    async def _call_updated(self, at: At) -> Page:
        return await self._call(Updated(at[0]), at[1], Lane.LIVE)

    async def _call(self, asked: Newest | Updated, number: int, lane: Lane) -> Page:
        self.calls += 1
        return await self._line.go(lane, self._line.server.page, asked, number)

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
