"""Pages are asked for while others are being saved: sooner done, and still nothing lost or taken twice."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest

from dispatch.errors import ServerFailed, StoreUnusable
from dispatch.records import BadRecord, Changes, Page
from dispatch.sync.ahead import FEW_ROWS, GATHER_S, MOST_ROWS, Ahead
from dispatch.sync.budget import Budget, Lane
from dispatch.sync.pull import Pull
from tests.city import City
from tests.in_step import stored, truth
from tests.rooms import ON_SQLITE, Room

LONG_S = 60.0
PAGE = 100


def fill(city: City, pages: int) -> None:
    """Some at a time in the same second."""
    for number in range(pages * PAGE):
        city.add_report(f"Oak across the road, number {number}")
        if number % 10 == 9:
            city.clock(forward_s=1)


async def until(is_so: Any) -> None:
    by = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < by, "it never came"
        await asyncio.sleep(0.005)


def test_the_server_is_asked_on_while_the_store_is_busy_but_not_without_end(
    room: Room, city: City, run: Any
) -> None:
    fill(city, 3 + MOST_ROWS // PAGE)
    run(room.pull.live())
    may_save = threading.Event()

    async def with_a_busy_store() -> int:
        held = asyncio.ensure_future(room.parts.workers.store(may_save.wait, LONG_S))
        walk = asyncio.ensure_future(room.pull.backlog(for_s=LONG_S))
        # One page is being saved, and behind it as many wait as are saved together.
        await until(lambda: room.pull.calls >= 2 + MOST_ROWS // PAGE)
        unsaved = len(stored(room))
        may_save.set()
        await asyncio.gather(held, walk)
        return unsaved

    assert run(with_a_busy_store()) == PAGE
    assert stored(room) == truth(city)


def test_pages_saved_before_a_failure_stay_and_are_told(room: Room, city: City, run: Any) -> None:
    fill(city, 4)
    run(room.pull.live())
    told: list[Changes] = []

    async def until_it_fails() -> None:
        await room.pull.backlog(took=told.append)
        city.fail_next(503)
        await room.pull.backlog(for_s=LONG_S, took=told.append)

    with pytest.raises(ServerFailed):
        run(until_it_fails())
    had = len(stored(room))
    run(room.pull.until_in_step())

    assert PAGE < had < 4 * PAGE and len(told) == 1
    assert stored(room) == truth(city)


@ON_SQLITE
def test_what_could_not_be_saved_is_asked_for_again(room: Room, city: City, run: Any) -> None:
    fill(city, 4)
    run(room.pull.live())
    with room.store.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON request WHEN (SELECT count(*) FROM request) = 250 "
            "BEGIN SELECT RAISE(FAIL, 'disk is full'); END"
        )

    with pytest.raises(StoreUnusable):
        run(_all(room))
    had = len(stored(room))
    with room.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    run(room.pull.until_in_step())

    assert had < 4 * PAGE and stored(room) == truth(city)


def test_a_walk_that_is_cancelled_goes_on_where_it_was(room: Room, city: City, run: Any) -> None:
    fill(city, 5)
    run(room.pull.live())

    async def cancelled() -> None:
        others = asyncio.all_tasks()
        walk = asyncio.ensure_future(room.pull.backlog(for_s=LONG_S))
        await until(lambda: room.pull.calls >= 3)
        walk.cancel()
        await asyncio.wait([walk])
        assert walk.cancelled()
        assert asyncio.all_tasks() == others, "nothing goes on behind"

    run(cancelled())
    run(room.pull.until_in_step())

    assert stored(room) == truth(city)


def test_a_walk_waits_its_turn_for_the_first_call_only(room: Room, city: City, run: Any) -> None:
    """Where calls are few, what came is told at once and not when the next may go."""
    fill(city, 6)
    budget = Budget(9)
    pull = Pull(replace(room.pull._line, budget=budget))
    run(pull.live())

    started = time.monotonic()
    step = run(pull.backlog(for_s=LONG_S))

    assert step.changes and not step.is_in_step
    assert 1 < pull.calls < 6, "the burst, and no call past it"
    assert time.monotonic() - started < LONG_S / 2
    outlook = budget.explain()
    assert outlook.waiting[Lane.BACKFILL] == 0 and outlook.in_s[Lane.BACKFILL] > 0


def test_pages_that_come_fast_are_saved_together_and_slow_ones_as_they_come(room: Room, run: Any) -> None:
    page = Page((), (BadRecord("no id", b"{}"),) * PAGE, None, None)

    async def given(pause_s: float) -> list[int]:
        async def call(_: int) -> Page:
            await asyncio.sleep(pause_s)
            return page

        ahead = Ahead(
            room.pull._line,
            Lane.BACKFILL,
            call,
            lambda number, _: number + 1 if number <= FEW_ROWS // PAGE else None,
            until_at=time.monotonic() + LONG_S,
            least_rows=FEW_ROWS,
        )
        async with aclosing(ahead.pages(1)) as batches:
            return [len(batch) async for batch in batches]

    assert run(given(0.0)) == [FEW_ROWS // PAGE, 1]
    assert run(given(2 * GATHER_S)) == [1] * (FEW_ROWS // PAGE + 1)


async def _all(room: Room) -> None:
    while not (await room.pull.backlog(for_s=LONG_S)).is_in_step:
        pass
