"""Taking what any seat committed onto this seat's board, by the change feed."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable
from dataclasses import replace

from dispatch.board import Board, Delta
from dispatch.escalation.timers import due
from dispatch.records import Changes, Millis, ReportRow, SiteRow
from dispatch.store import escalations, sites
from dispatch.store.store import Store
from dispatch.workers import Workers

Clocks = dict[int, tuple[Millis, str]]


class Follow:
    """Reads on the store lane, changes the board on the caller's thread. `mask` is for boards that must not
    hold the words of restricted sites (S15)."""

    def __init__(
        self,
        *,
        store: Store,
        board: Board,
        workers: Workers,
        mask: Callable[[SiteRow], SiteRow] | None = None,
    ) -> None:
        self._mask = mask
        self._store = store
        self._board = board
        self._workers = workers
        self._seen = 0

    def load(self) -> Delta:
        """Everything the store holds, before anything is shown."""
        # The number first: what is committed between the two reads is then read once more.
        self._seen = self._store.feed_number()
        # All of it comes to stay: the collector would walk a hundred thousand rows again and again meanwhile.
        was_collecting = gc.isenabled()
        gc.disable()
        try:
            return self._take(*self._read(None))
        finally:
            if was_collecting:
                gc.enable()

    async def catch_up(self) -> tuple[Delta, Changes] | None:
        """What changed since the last time, already on the board; None when nothing did."""
        changes = await self._workers.store(self._store.changes_since, self._seen)
        if changes.number == self._seen:
            return None
        read = await self._workers.store(self._read, changes.sites)
        if changes.number <= self._seen:
            return None  # another call was faster and had these with its own
        self._seen = changes.number
        return self._take(*read), changes

    def _take(self, rows: list[SiteRow], reports: list[ReportRow], clocks: Clocks) -> Delta:
        delta = self._board.apply(rows, reports)
        self._board.set_clocks(clocks)
        return delta

    def _read(self, site_ids: Iterable[int] | None) -> tuple[list[SiteRow], list[ReportRow], Clocks]:
        now = self._store.clock.now()
        with self._store.reading() as connection:
            rows = sites.board_rows(connection, site_ids)
            if self._mask:
                rows = [self._mask(row) for row in rows]
            reports = sites.board_reports(connection, site_ids)
            handed_over = {row.site_id for row in rows if row.escalation_state}
            items = escalations.open_ones(connection) if handed_over else ()
        clocks: Clocks = {}
        for item in items:
            if item.site_id in handed_over and (timer := due(item, now)):
                missing = replace(timer, now=timer.due_at).label
                clocks[item.site_id] = (timer.due_at, missing)
        return rows, reports, clocks
