"""The rate budget on a loop whose time jumps to the next timer, so that minutes take no time."""

from __future__ import annotations

import asyncio
import contextlib
import selectors
from collections.abc import AsyncIterator, Coroutine, Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.sync.budget import MARGIN_S, WINDOW_S, Budget, Lane


class LeapingLoop(asyncio.SelectorEventLoop):
    """Real asyncio, but where it would wait for a timer its clock leaps there instead."""

    def __init__(self) -> None:
        super().__init__(LeapingSelector(self))
        self.leapt_s = 0.0

    def time(self) -> float:
        return self.leapt_s


class LeapingSelector(selectors.SelectSelector):
    def __init__(self, loop: LeapingLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits and nobody will come"
        self._loop.leapt_s += timeout
        return super().select(0)


@pytest.fixture
def loop() -> Iterator[LeapingLoop]:
    with contextlib.closing(LeapingLoop()) as leaping:
        yield leaping


@contextlib.asynccontextmanager
async def meanwhile(work: Coroutine[Any, Any, object]) -> AsyncIterator[None]:
    task = asyncio.ensure_future(work)
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def took(budget: Budget, lane: Lane) -> float:
    """The moment at which the call went."""
    await budget.take(lane)
    return asyncio.get_running_loop().time()


async def calls(budget: Budget, *lanes: Lane) -> list[float]:
    return await asyncio.gather(*(took(budget, lane) for lane in lanes))


def test_no_limit_never_waits(loop: LeapingLoop) -> None:
    budget = Budget(0, loop.time)
    assert set(loop.run_until_complete(calls(budget, *[Lane.BACKFILL] * 500))) == {0.0}


def test_the_first_screen_fills_at_once_and_backfill_goes_evenly_after_it(loop: LeapingLoop) -> None:
    budget = Budget(20, loop.time)
    times = loop.run_until_complete(calls(budget, *[Lane.BACKFILL] * 45))
    assert times[:6] == [0.0] * 6
    assert sum(at < WINDOW_S for at in times) == 14
    gaps = [later - earlier for earlier, later in pairwise(times[5:])]
    assert min(gaps) > 4
    assert max(gaps) < 7
    assert times[-1] <= 3 * (WINDOW_S + MARGIN_S)


def test_an_act_in_the_middle_of_the_backlog_goes_at_once(loop: LeapingLoop) -> None:
    budget = Budget(20, loop.time)

    async def story() -> float:
        async with meanwhile(calls(budget, *[Lane.BACKFILL] * 60)):
            await asyncio.sleep(100)
            times = await calls(budget, Lane.ACT, Lane.ACT, Lane.ACT)
        return max(times) - 100

    assert loop.run_until_complete(story()) == 0


def test_many_acts_wait_seconds_not_the_whole_minute(loop: LeapingLoop) -> None:
    budget = Budget(20, loop.time)

    async def story() -> list[float]:
        async with meanwhile(calls(budget, *[Lane.BACKFILL] * 60)):
            await asyncio.sleep(100)
            return [at - 100 for at in await calls(budget, *[Lane.ACT] * 8)]

    waits = loop.run_until_complete(story())
    assert waits == sorted(waits)
    assert waits[-1] < 25


def test_a_flood_of_acts_does_not_blind_the_console(loop: LeapingLoop) -> None:
    budget = Budget(20, loop.time)

    async def story() -> list[float]:
        async with meanwhile(calls(budget, *[Lane.ACT] * 500)):
            return [await took(budget, Lane.LIVE) for _ in range(5)]

    polls = loop.run_until_complete(story())
    assert max(later - earlier for earlier, later in pairwise(polls)) <= WINDOW_S + MARGIN_S


def test_after_a_429_nobody_goes_until_the_server_said(loop: LeapingLoop) -> None:
    budget = Budget(20, loop.time)
    budget.hold(17)
    budget.hold(3)  # a second answer that was on its way does not shorten the first
    assert budget.explain().held_s == 17
    assert loop.run_until_complete(calls(budget, *Lane)) == pytest.approx([17, 17, 17])
    assert budget.explain().held_s == 0


def test_a_hold_counts_without_a_limit_too(loop: LeapingLoop) -> None:
    budget = Budget(0, loop.time)
    budget.hold(60)
    assert loop.run_until_complete(took(budget, Lane.ACT)) == pytest.approx(60)


def test_the_status_line_can_say_when_each_lane_goes(loop: LeapingLoop) -> None:
    budget = Budget(20, loop.time)
    assert set(budget.explain().in_s.values()) == {0.0}

    async def story() -> None:
        await calls(budget, *[Lane.ACT] * 20)
        waiting = asyncio.ensure_future(took(budget, Lane.ACT))
        await asyncio.sleep(1)
        outlook = budget.explain()
        assert outlook.in_s[Lane.ACT] == pytest.approx(60)
        assert outlook.waiting == {Lane.ACT: 1, Lane.LIVE: 0, Lane.BACKFILL: 0}
        assert await waiting == pytest.approx(61)

    loop.run_until_complete(story())


def test_who_gives_up_waiting_takes_nothing(loop: LeapingLoop) -> None:
    budget = Budget(1, loop.time)

    async def story() -> list[float]:
        await budget.take(Lane.LIVE)
        leaving = asyncio.ensure_future(budget.take(Lane.ACT))
        await asyncio.sleep(1)
        leaving.cancel()
        return await calls(budget, Lane.ACT, Lane.ACT)

    assert loop.run_until_complete(story()) == pytest.approx([61, 122])


def test_who_is_cancelled_as_the_turn_comes_gives_it_back(loop: LeapingLoop) -> None:
    budget = Budget(1, loop.time)

    async def story() -> float:
        leaving = asyncio.ensure_future(budget.take(Lane.ACT))
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        held = asyncio.ensure_future(budget.take(Lane.ACT))
        budget.hold(5)
        await asyncio.sleep(5)
        held.cancel()
        await asyncio.gather(held, return_exceptions=True)
        return await took(budget, Lane.ACT)

    assert loop.run_until_complete(story()) <= 66


@given(
    limit=st.integers(1, 40),
    arrivals=st.lists(st.tuples(st.floats(0, 200), st.sampled_from(Lane)), min_size=1, max_size=120),
    hold=st.none() | st.tuples(st.floats(0, 200), st.floats(1, 90)),
)
def test_no_minute_holds_more_than_was_agreed(
    limit: int, arrivals: list[tuple[float, Lane]], hold: tuple[float, float] | None
) -> None:
    """Whoever asks when: the limit holds in every window, nobody starves, acts pass what is below them."""
    with contextlib.closing(LeapingLoop()) as loop:
        budget = Budget(limit, loop.time)

        async def one(at: float, lane: Lane) -> tuple[float, float, Lane]:
            await asyncio.sleep(at)
            asked = loop.time()
            return asked, await took(budget, lane), lane

        async def all_of_them() -> list[tuple[float, float, Lane]]:
            if hold:
                loop.call_later(hold[0], budget.hold, hold[1])
            return await asyncio.gather(*(one(at, lane) for at, lane in arrivals))

        went = loop.run_until_complete(all_of_them())

    times = sorted(at for _, at, _ in went)
    assert all(later - earlier > WINDOW_S for earlier, later in zip(times, times[limit:], strict=False))
    if hold:
        assert not any(hold[0] + 1e-5 < at < hold[0] + hold[1] - 1e-5 for at in times)
    acts = [(asked, at) for asked, at, lane in went if lane is Lane.ACT]
    backfills = [at for _, at, lane in went if lane is Lane.BACKFILL]
    assert not any(asked + 1e-5 < backfill < at - 1e-5 for asked, at in acts for backfill in backfills)


def test_a_single_lane_keeps_its_order(loop: LeapingLoop) -> None:
    budget = Budget(3, loop.time)
    times = loop.run_until_complete(calls(budget, *[Lane.ACT] * 12))
    assert times == sorted(times)
