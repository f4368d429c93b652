"""Asking for the next page while the last is being saved, so that neither waits for the other.

What stands ready but is not saved when a walk ends is forgotten: the stored marks move with a save alone, and
the next walk asks again from there.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import chain
from typing import Generic, TypeVar

from dispatch.records import Page
from dispatch.sync.budget import Lane
from dispatch.sync.line import Line

# Rows that may wait to be saved, and are then saved together: one commit for several pages.
MOST_ROWS = 1_000
# Where pages come fast, so many rows are waited for, for so long at most: each commit is told to every seat.
FEW_ROWS = 600
GATHER_S = 0.1

# A place of the walk.
P = TypeVar("P")


class Ahead(Generic[P]):
    """The pages of one walk, in its order. `call` fetches the page of a place, the budget's leave taken;
    `following` says where to go on after it, None after the last or when saving alone can tell. With
    `least_rows` pages that come fast are given some at a time."""

    def __init__(
        self,
        line: Line,
        lane: Lane,
        call: Callable[[P], Awaitable[Page]],
        following: Callable[[P, Page], P | None],
        *,
        until_at: float,
        least_rows: int = 1,
    ) -> None:
        self._line = line
        self._lane = lane
        self._call = call
        self._following = following
        self._until_at = until_at
        self._least_rows = least_rows
        self._ready: list[tuple[P, Page]] = []
        self._moved = asyncio.Event()
        self._has_room = asyncio.Event()
        self._is_waiting_its_turn = False

    async def pages(self, start: P) -> AsyncGenerator[list[tuple[P, Page]], None]:
        """What stands ready, at least one page at a time; ends after the last page, when the time is over, or
        when the budget lets no further call go now. The first call waits for its turn however long.

        Close it (`aclosing`): a call that waits for its turn is taken back, one under way is not waited for.
        Raises what the call raised, once everything that came before it has been given.
        """
        asking = asyncio.ensure_future(self._ask_on(start))
        asking.add_done_callback(lambda _: self._moved.set())
        try:
            while True:
                while not self._ready and not asking.done():
                    await self._moved.wait()
                    self._moved.clear()
                if not self._ready:
                    asking.result()
                    return
                await self._gather(asking)
                ready, self._ready = self._ready, []
                self._has_room.set()
                yield ready
                if not self._ready and self._is_waiting_its_turn:
                    return
        finally:
            await _ended(asking)

    async def _gather(self, asking: asyncio.Future[None]) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(GATHER_S):
                while self._rows() < self._least_rows and not (asking.done() or self._is_waiting_its_turn):
                    await self._moved.wait()
                    self._moved.clear()

    def _rows(self) -> int:
        return sum(len(page.requests) + len(page.bad) for _, page in self._ready)

    async def _ask_on(self, place: P | None) -> None:
        while place is not None:
            self._is_waiting_its_turn = True
            await self._line.budget.take(self._lane)
            self._is_waiting_its_turn = False
            page = await self._call(place)
            self._ready.append((place, page))
            self._moved.set()
            if time.monotonic() >= self._until_at:
                return
            while self._rows() >= MOST_ROWS:
                self._has_room.clear()
                await self._has_room.wait()
            place = self._following(place, page)


def together(pages: Sequence[Page]) -> Page:
    """Pages that follow each other as one, to be saved in one transaction."""
    if len(pages) == 1:
        return pages[0]
    return Page(
        tuple(chain.from_iterable(page.requests for page in pages)),
        tuple(chain.from_iterable(page.bad for page in pages)),
        pages[-1].next_page,
        pages[0].entries,
        sum(page.received for page in pages),
    )


async def _ended(task: asyncio.Future[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
    if not task.cancelled():
        task.exception()  # it was told already, or nobody is there any more to hear it
