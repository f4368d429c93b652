"""Taking what any seat committed onto this seat's board, by the change feed."""

from __future__ import annotations

from collections.abc import Iterable

from dispatch.board import Board, Delta
from dispatch.records import Changes, ReportRow, SiteRow
from dispatch.store import sites
from dispatch.store.store import Store
from dispatch.workers import Workers


class Follow:
    """Reads on the store lane, changes the board on the caller's thread."""

    def __init__(self, *, store: Store, board: Board, workers: Workers) -> None:
        self._store = store
        self._board = board
        self._workers = workers
        self._seen = 0

    def load(self) -> Delta:
        """Everything the store holds, before anything is shown."""
        # The number first: what is committed between the two reads is then read once more.
        self._seen = self._store.feed_number()
        return self._board.apply(*self._read(None))

    async def catch_up(self) -> tuple[Delta, Changes] | None:
        """What changed since the last time, already on the board; None when nothing did."""
        changes = await self._workers.store(self._store.changes_since, self._seen)
        if changes.number == self._seen:
            return None
        rows, reports = await self._workers.store(self._read, changes.sites)
        if changes.number <= self._seen:
            return None  # another call was faster and had these with its own
        self._seen = changes.number
        return self._board.apply(rows, reports), changes

    def _read(self, site_ids: Iterable[int] | None) -> tuple[list[SiteRow], list[ReportRow]]:
        with self._store.reading() as connection:
            return sites.board_rows(connection, site_ids), sites.board_reports(connection, site_ids)
