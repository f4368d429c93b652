"""Asking a server that promises neither pages nor order: by windows of entry time, by what changed where that
can be asked, by the top of the list where it stands in order of change.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

from dispatch.errors import ServerFailed, ServerNonsense
from dispatch.records import Changes, Millis, Page
from dispatch.servers import Asked, Newest, Updated
from dispatch.servers.capabilities import Order
from dispatch.store import mirror
from dispatch.store.mirror import ServerRow
from dispatch.sync.budget import Lane
from dispatch.sync.line import Line
from dispatch.sync.progress import Progress
from dispatch.sync.pull import Step
from dispatch.sync.reader import AGAIN, Reader, ids_of, latest_change, length, may_go_on, note
from dispatch.sync.slices import DAY_MS, EARLIEST, LONGEST_MS, SECOND_MS, Slice, Slices
from dispatch.sync.walk import Took, nobody

log = logging.getLogger(__name__)

# What changed is asked for again from so long before: copies lag, times are stamped before they are shown.
OVERLAP_MS = 15 * 60 * SECOND_MS
# Without a filter by change, what was entered in these last hours is looked through at every poll, in turns.
RECENT_MS = 2 * DAY_MS
# A list in order of change is left after a page with nothing new and one more.
QUIET_PAGES = 2
# So often the list that is given unasked may fail before it is left alone.
TRIES = 3


@dataclass(slots=True)
class _Forward:
    """What changed since `bound`, page by page; no order among them is promised."""

    bound: Millis
    newest: Millis
    number: int = 1
    met: dict[str, Millis] = field(default_factory=dict)
    pages: list[frozenset[str]] = field(default_factory=list)
    has_moved: bool = False
    again: int = 0


Part = Callable[[], Coroutine[Any, Any, tuple[Changes, bool]]]


class Windows:
    """One round of `live` is one call or a few; `backlog` covers all that was there before, newest first."""

    def __init__(self, line: Line, progress: Progress, *, since_at: Millis | None = None) -> None:
        self._line = line
        self._progress = progress
        self._since_at = since_at
        self._row: ServerRow | None = None
        self._calls = 0
        self._readers = {name: Reader(line, progress, name) for name in ("top", "recent", "backlog")}
        # What is left of this round; each part says when it is done.
        self._round: list[Part] = []
        self._forward: _Forward | None = None
        self._page_number = 1
        self._quiet_pages = self._stumbles = 0
        # Something was listed incompletely: only a sweep will find the rest.
        self.wants_sweep = False

    @property
    def calls(self) -> int:
        return self._calls + sum(reader.calls for reader in self._readers.values())

    @property
    def is_backlog_done(self) -> bool:
        return self._row is not None and self._row.backlog_done

    @property
    def sees_all_changes(self) -> bool:
        """Does a round show what changed on requests of any age? Otherwise only a sweep does."""
        return self._line.server.capabilities.has_updated_after

    async def live(self, *, for_s: float = 0.0, took: Took = nobody) -> Step:
        """One call of the round, however much time there is; in step when the round is over."""
        row = await self._stored()
        if self._progress.head_at is None or row.watermark_at is None:
            step = await self._first()
            took(step.changes)
            return step
        if not self._round:
            self._round = self._parts()
        changes, is_done = await self._round[0]()
        took(changes)
        if is_done:
            self._round.pop(0)
        return Step(changes, not self._round)

    async def backlog(self, *, for_s: float = 0.0, took: Took = nobody) -> Step:
        """The next window back from what is known, or one page of it."""
        row = await self._stored()
        if row.backlog_done or self._progress.head_at is None:
            return Step(Changes(), True)
        if "backlog" not in self._progress.plans:
            self._progress.plans["backlog"] = self._backlog_plan(self._progress.head_at)
        read = await self._readers["backlog"].step(
            Lane.BACKFILL, was_there_before_us=True, columns=_backlog_columns
        )
        took(read.changes)
        plan = self._progress.plans["backlog"]
        is_done = plan.next() is None
        await self._remember(**_backlog_columns(plan))
        if is_done:
            del self._progress.plans["backlog"]
        return Step(read.changes, is_done)

    async def until_in_step(self, took: Took = nobody) -> Changes:
        """Everything, once: the first answer, the backlog, then what came or changed meanwhile."""
        changes = Changes()
        if self._progress.head_at is None or (await self._stored()).watermark_at is None:
            changes = (await self.live(took=took)).changes
        while self._progress.head_at is not None and not self.is_backlog_done:
            changes |= (await self.backlog(took=took)).changes
        # The round begins anew: what came and changed while the backlog was read is in it.
        self._round, self._forward = [], None
        while self._progress.head_at is not None:
            step = await self.live(took=took)
            changes |= step.changes
            if step.is_in_step and "recent" not in self._progress.plans:
                break
        return changes

    # -- the parts of a round -----------------------------------------------------------------------------

    def _parts(self) -> list[Part]:
        can = self._line.server.capabilities
        if can.has_updated_after:
            return [self._changed, self._top] if self._progress.has_blank_changes else [self._changed]
        if can.order is Order.UPDATED_DOWN and can.has_pages:
            self._page_number, self._quiet_pages = 1, 0
            return [self._last_changed]
        return [self._top, self._recent] if self.is_backlog_done else [self._top]

    async def _first(self) -> Step:
        """Whatever list the server gives unasked: it tells where its newest entries are."""
        asked = Newest(None, self._since_at)
        try:
            page = await self._ask(asked, 1, Lane.LIVE)
        except (ServerFailed, ServerNonsense):
            self._stumbles += 1
            if self._stumbles < TRIES:
                raise
            # It may be one row in this list that it fails over: windows can go round it.
            self._progress.head_at = self._now()
            watermark_at = OVERLAP_MS
            return Step(await self._take(Page((), (), None, None), watermark_at=watermark_at), False)
        can = self._line.server.capabilities
        if not page.received and can.probed_at is None:
            # A server may take "open,closed" for a status of its own, of which there are none.
            self._line.server.capabilities = replace(can, probed_at=0, has_lists=False)
            page = await self._ask(asked, 1, Lane.LIVE)
            self._line.server.capabilities = can if not page.received else self._line.server.capabilities
        self._progress.lengths.met(length(page))
        note(self._progress, page, self._now())
        if page.requests and length(page) == page.received:
            self._progress.first_oldest_at = min(item.created_at for item in page.requests)
        watermark_at = latest_change(page, self._now(), self._progress.head_at or OVERLAP_MS)
        changes = await self._take(page, was_there_before_us=True, watermark_at=watermark_at)
        return Step(changes, self._progress.head_at is None)

    async def _changed(self) -> tuple[Changes, bool]:
        row = await self._stored()
        since_at = row.watermark_at or 0
        forward = self._forward or _Forward(since_at - OVERLAP_MS, since_at)
        page = await self._ask(Updated(forward.bound), forward.number, Lane.LIVE)
        can, lengths = self._line.server.capabilities, self._progress.lengths
        is_full = may_go_on(length(page), can, lengths)
        lengths.met(length(page))
        note(self._progress, page, self._now())
        ids = ids_of(page)
        is_same_again = bool(ids) and ids in forward.pages
        forward.pages.append(ids)
        forward.has_moved |= any(
            forward.met.get(r.request_id, r.updated_at) != r.updated_at for r in page.requests
        )
        forward.met |= {r.request_id: r.updated_at for r in page.requests}
        forward.newest = latest_change(page, self._now(), forward.newest)
        if can.has_pages and is_full and not is_same_again:
            forward.number += 1
        elif forward.has_moved and forward.again < AGAIN and forward.number > 1:
            forward.again, forward.number, forward.has_moved = forward.again + 1, 1, False
            forward.pages.clear()
        elif (
            is_full
            and not can.has_pages
            and (bound := forward.newest // SECOND_MS * SECOND_MS) > forward.bound
        ):
            if not _stands_by_change(page):
                # Cut off anywhere: what changed last comes now, the rest by a look through everything open.
                log.info("more has changed than the server shows at once")
                self.wants_sweep = True
            forward = _Forward(bound, forward.newest)
        else:
            self.wants_sweep |= is_full and not can.has_pages
            changes = await self._take(page, watermark_at=max(forward.newest, since_at))
            self._forward = None
            return changes, True
        changes = await self._take(page)
        self._forward = forward
        return changes, False

    async def _last_changed(self) -> tuple[Changes, bool]:
        row = await self._stored()
        page = await self._ask(Newest(None, None), self._page_number, Lane.LIVE)
        note(self._progress, page, self._now())
        size = self._line.server.capabilities.page_size
        newest = latest_change(page, self._now(), row.watermark_at or 0)
        is_last = not page.received or 2 * length(page) < size
        changes = await self._take(page, watermark_at=max(newest, row.watermark_at or 0))
        self._quiet_pages = 0 if changes else self._quiet_pages + 1
        self._page_number += 1
        return changes, is_last or self._quiet_pages >= QUIET_PAGES

    async def _top(self) -> tuple[Changes, bool]:
        """What was entered since the newest entry we know."""
        head_at = self._progress.head_at or 0
        if "top" not in self._progress.plans:
            self._progress.plans["top"] = Slices(None, head_at - OVERLAP_MS, head_at, length_ms=LONGEST_MS)
        return await self._read("top")

    async def _recent(self) -> tuple[Changes, bool]:
        """One window of the last two days; the next round goes on behind it."""
        head_at = self._progress.head_at or 0
        if "recent" not in self._progress.plans:
            low_at = max(head_at - RECENT_MS, self._since_at or 0)
            self._progress.plans["recent"] = Slices(None, low_at, head_at, length_ms=RECENT_MS)
        changes, _ = await self._read("recent")
        return changes, True

    async def _read(self, name: str) -> tuple[Changes, bool]:
        read = await self._readers[name].step(Lane.LIVE)
        is_done = self._progress.plans[name].next() is None
        if is_done:
            del self._progress.plans[name]
        return read.changes, is_done

    # -- what all of them need ----------------------------------------------------------------------------

    def _backlog_plan(self, head_at: Millis) -> Slices:
        can = self._line.server.capabilities
        low_at = self._since_at or EARLIEST
        if not can.has_bounds:
            # Times asked for mean nothing here: the one list it gives, page by page, is all there is.
            return Slices(low_at, low_at, head_at, parts=[Slice(None, None)])
        high_at = None
        if can.order is Order.ENTERED_DOWN and self._progress.first_oldest_at is not None:
            high_at = self._progress.first_oldest_at // SECOND_MS * SECOND_MS + SECOND_MS
        return Slices(high_at, low_at, head_at)

    async def _ask(self, asked: Asked, number: int, lane: Lane) -> Page:
        self._calls += 1
        return await self._line.ask(lane, self._line.server.page, asked, number)

    async def _take(self, page: Page, *, was_there_before_us: bool = False, **columns: object) -> Changes:
        changes = await self._line.workers.store(
            self._line.taker.page,
            page,
            was_there_before_us=was_there_before_us,
            progress=self._progress.dump(),
            **columns,
        )
        await self._remember(**columns)
        return changes

    async def _remember(self, **columns: object) -> None:
        self._row = replace(await self._stored(), **columns)  # type: ignore[arg-type]

    async def _stored(self) -> ServerRow:
        if self._row is None:
            self._row = await self._line.workers.store(self._read_row)
        return self._row

    def _read_row(self) -> ServerRow:
        with self._line.store.reading() as connection:
            return mirror.server_row(connection, self._line.taker.server_id)

    def _now(self) -> Millis:
        return self._line.store.clock.now()


def _backlog_columns(plan: Slices) -> dict[str, object]:
    return {"backlog_before_at": plan.high_at, "backlog_done": int(plan.next() is None)}


def _stands_by_change(page: Page) -> bool:
    """Last changed last: what was cut off lies behind."""
    changed = [item.updated_at for item in page.requests]
    return changed == sorted(changed)
