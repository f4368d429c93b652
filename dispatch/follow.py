"""Taking what any seat committed onto this seat's board, by the change feed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace

import numpy as np

from dispatch.board import Board, Delta, Rows
from dispatch.columns import Columns, columns_of
from dispatch.errors import StoreUnreachable
from dispatch.escalation.timers import due
from dispatch.garbage import without_collecting
from dispatch.masking import mask_row
from dispatch.records import Changes, Millis
from dispatch.store import escalations, sites
from dispatch.store.store import Store
from dispatch.touched import ROOM
from dispatch.workers import Workers

Clocks = dict[int, tuple[Millis, str]]
_Read = tuple[Columns, Clocks]
# The number that it goes up to with its mark, and what to take for it.
Missed = tuple[int, str, list[_Read]]

# Sites read at once: Python's own work over them is about the longest that a paint of the window, which needs
# the interpreter for each call into Qt, may have to share it.
STEP = 300
# What of the room is looked at again after that.
ROOM_OTHERS = ROOM | {"outbox"}
PIECE = 3000  # sites shown at once: every part of the screen looks at all sites when the board changes
_NO_ROWS: Rows = np.empty(0, np.intp)


log = logging.getLogger(__name__)


def _nobody_told(_sentence: str) -> None:
    """Nobody listens yet."""


def _nobody(_delta: Delta) -> None:
    """A board that nothing is painted from."""


class Follow:
    """Reads on the store lane, changes the board on the caller's thread. `is_masked` says whether the
    board must not hold the words of restricted sites (S15) as things stand."""

    def __init__(
        self,
        *,
        store: Store,
        board: Board,
        workers: Workers,
        is_masked: Callable[[], bool] = lambda: False,
    ) -> None:
        self.is_masked = is_masked
        self._store = store
        self._board = board
        self._workers = workers
        self._seen, self._mark = 0, ""
        self._first: set[int] = set()
        self.away_since: Millis = 0  # 0 while the store answers
        self.tell_away: Callable[[str], None] = _nobody_told  # called on the store lane
        self._turn = asyncio.Lock()  # one at a time: what is read later is shown later

    def load(self) -> Delta:
        """Everything the store holds, before anything is shown."""
        # The number first: what is committed between the two reads is then read once more.
        self._seen = self._store.feed_number()
        self._mark = self._store.mark(self._seen)
        # All of it comes to stay: the collector would walk a hundred thousand rows again and again meanwhile.
        with without_collecting():
            return self._take(self._read(None))

    def resume(self, number: int, also: Iterable[int]) -> Missed:
        """On the store lane: what a board that stood at `number` has missed since, and how the sites `also`
        stand now."""
        changes = self._store.changes_since(number)
        site_ids = sorted(changes.sites.union(also))
        steps = [site_ids[start : start + STEP] for start in range(0, len(site_ids), STEP)]
        return changes.number, self._store.mark(changes.number), [self._read(ids) for ids in steps]

    def take(self, missed: Missed) -> Delta:
        """The board has all of it then, and is followed from there."""
        self._seen, self._mark, read = missed
        return _joined([self._take(each) for each in read] or [Delta(_NO_ROWS, _NO_ROWS)])

    async def read_again(self, site_ids: Iterable[int]) -> Delta:
        """Sites of which somebody else may see more, or less, than who sat here before."""
        ids = sorted(site_ids)
        steps = [ids[start : start + STEP] for start in range(0, len(ids), STEP)]
        async with self._turn:
            read = [await self._workers.store(self._read, each) for each in steps]
            return _joined([self._take(each) for each in read] or [Delta(_NO_ROWS, _NO_ROWS)])

    async def catch_up(
        self, tell: Callable[[Delta], None] = _nobody, first: Iterable[int] = ()
    ) -> tuple[Delta, Changes] | None:
        """What changed since the last time, already on the board; None when nothing did.

        A flood is read in steps, so that an act gets onto the store lane between two of them, and `tell`
        hears of each piece once the board has it. The sites of `first` do not wait for the others, also when
        somebody else is catching up just now.
        """
        self._first.update(first)
        async with self._turn:
            followed = await self._workers.store(self._look)
            if followed is None:
                self._first.clear()
                return None
            changes, mark = followed
            if mark is None:
                return await self._begin_anew(tell)
            if changes.number == self._seen:
                self._first.clear()
                return None
            deltas = [delta async for delta in self._pieces(sorted(changes.sites), tell)]
            self._seen, self._mark = changes.number, mark
        return _joined(deltas), changes

    def _look(self) -> tuple[Changes, str | None] | None:
        """On the store lane: what changed, and the mark of the last of it; no mark where the store has gone
        back. None while a shared database is away, which is told once."""
        try:
            followed = self._store.follow(self._seen, self._mark)
        except StoreUnreachable as error:
            if not self.away_since:
                self.away_since = self._store.clock.now()
                self.tell_away(str(error))
            return None
        self.away_since = 0
        return followed or (Changes(), None)

    async def _begin_anew(self, tell: Callable[[Delta], None]) -> tuple[Delta, Changes]:
        """The store has gone back: all of it is read again, what it has never heard of is shown no more, and
        everybody looks at everything."""
        log.warning("the database went back in time: everything is read anew")
        self._first.clear()
        seen, mark, read = await self._workers.store(self._everything)
        gone = self._board.keep_only(read[0].site_ids)
        delta = _joined([gone, self._take(read)])
        self._seen, self._mark = seen, mark
        tell(delta)
        sites = frozenset(read[0].site_ids.tolist())
        return delta, Changes(seen, sites, frozenset({"all"}), ROOM_OTHERS)

    def _everything(self) -> tuple[int, str, _Read]:
        seen = self._store.feed_number()
        return seen, self._store.mark(seen), self._read(None)

    async def _pieces(self, site_ids: list[int], tell: Callable[[Delta], None]) -> AsyncIterator[Delta]:
        steps = [site_ids[start : start + STEP] for start in range(0, len(site_ids), STEP)]
        read: list[_Read] = []
        for number, ids in enumerate(steps, 1):
            read.append(await self._workers.store(self._read, ids))
            is_waited_for = bool(self._first)
            if is_waited_for:
                # Read last and shown with all that was read before it: nothing older comes after it.
                urgent, self._first = sorted(self._first), set()
                read.append(await self._workers.store(self._read, urgent))
            if is_waited_for or number == len(steps) or len(read) * STEP >= PIECE:
                delta = _joined([self._take(each) for each in read])
                read = []
                tell(delta)
                yield delta

    def _take(self, read: _Read) -> Delta:
        columns, clocks = read
        delta = self._board.take(columns)
        self._board.set_clocks(clocks)
        return delta

    def _read(self, site_ids: list[int] | None) -> _Read:
        now = self._store.clock.now()
        with self._store.reading() as connection:
            rows = sites.board_rows(connection, site_ids)
            if self.is_masked():
                rows = [mask_row(row) for row in rows]
            reports = sites.board_reports(connection, site_ids)
            handed_over = [row.site_id for row in rows if row.escalation_state]
            items = escalations.open_ones(connection, handed_over) if handed_over else ()
        clocks: Clocks = {}
        for item in items:
            if timer := due(item, now):
                said = (timer.due_at, replace(timer, now=timer.due_at).label)
                for site_id in item.site_ids:
                    clocks[site_id] = min(clocks.get(site_id, said), said)
        return columns_of(rows, reports), clocks


def _joined(deltas: list[Delta]) -> Delta:
    """One delta for several in a row; what came new with one and changed with a later one came new."""
    if len(deltas) == 1:
        return deltas[0]
    added = np.concatenate([_NO_ROWS, *(delta.added for delta in deltas)])
    changed = np.unique(np.concatenate([_NO_ROWS, *(delta.changed for delta in deltas)]))
    return Delta(added, np.setdiff1d(changed, added, assume_unique=True))
