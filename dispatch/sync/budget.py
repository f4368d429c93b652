"""One rate limit for each server address, shared by three lanes: acts first, then live, then backfill.

The rule is a sliding window: never more than the agreed calls in any 60 s, whatever window the
server counts by. Lives on one event loop; waits are wall time, also in an exercise.

There is one for all: every call to a server is made by the one process that holds the sync lock of the
folder (SQLite) or of the database (all seats on PostgreSQL), and that process has one budget for it. What
a seat wants read or sent reaches it through the store or its own syncing process, never the server directly.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

WINDOW_S = 60.0
# The server counts when a call arrives, we when it leaves: a slow call and a quick one after it stand
# closer together there than here.
MARGIN_S = 1.0

ACTS_SHARE = 0.15
LIVE_SHARE = 0.10
LIVE_AT_LEAST_EVERY_S = 30.0
TICK_S = 1e-6


class Lane(IntEnum):
    """In the order of who goes first."""

    ACT = 0
    LIVE = 1
    BACKFILL = 2


@dataclass(frozen=True, slots=True)
class Outlook:
    """For the status line: in how many seconds each lane may go, who waits, how long a 429 still holds."""

    in_s: Mapping[Lane, float]
    waiting: Mapping[Lane, int]
    held_s: float


class Budget:
    """`await take(lane)` before each call; 0 calls a minute means no limit, but a 429 still holds."""

    def __init__(self, calls_per_minute: int, wall: Callable[[], float] = time.monotonic) -> None:
        self._limit = max(0, calls_per_minute)
        self._wall = wall
        self._span_s = WINDOW_S + MARGIN_S
        self._calls: deque[float] = deque()
        self._live_at = -math.inf
        self._backfill_at = -math.inf
        self._burst_at = -math.inf
        self._burst_left = 0
        self._held_until = -math.inf
        self._waiting: dict[Lane, deque[asyncio.Future[float]]] = {lane: deque() for lane in Lane}
        self._timer: asyncio.TimerHandle | None = None

        for_acts = math.ceil(self._limit * ACTS_SHARE)
        for_live = math.ceil(self._limit * LIVE_SHARE)
        # A lane may go while fewer calls than this stand in the window; the rest is kept for those above.
        self._ceiling = {
            Lane.ACT: self._limit,
            Lane.LIVE: max(1, self._limit - for_acts),
            Lane.BACKFILL: max(1, self._limit - for_acts - for_live),
        }
        # Backfill begins with a burst, so that the first screen fills at once, and goes evenly after it: a
        # window filled in one go empties in one go, and an act would wait the whole minute for that.
        self._burst = max(1, self._limit // 3)
        self._live_overdue_s = max(LIVE_AT_LEAST_EVERY_S, 2 * self._span_s / max(1, self._limit))

    async def take(self, lane: Lane) -> None:
        """Returns when the call may go. A caller that is cancelled meanwhile takes nothing."""
        turn: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[lane].append(turn)
        self._let_go()
        try:
            await turn
        except asyncio.CancelledError:
            if turn in self._waiting[lane]:
                self._waiting[lane].remove(turn)
            elif not turn.cancelled() and turn.result() in self._calls:
                self._calls.remove(turn.result())
            self._let_go()
            raise

    def inherit(self, ages_s: Iterable[float]) -> None:
        """Calls of whoever synced before us: the server counts them with ours."""
        now = self._wall()
        if self._limit:
            self._calls = deque(sorted(now - age for age in ages_s if age < self._span_s))

    def ages(self) -> list[float]:
        """How long ago each call of the last minute was, in seconds; from any thread."""
        now = self._wall()
        return [now - at for at in tuple(self._calls)]

    @property
    def calls_per_minute(self) -> int:
        """0 is no limit."""
        return self._limit

    @property
    def least_poll_s(self) -> float:
        """Looking more often than this would leave the backlog no calls at all: half of them are for it."""
        return 2 * self._span_s / self._limit if self._limit else 0.0

    def page_every_s(self, poll_s: float) -> float:
        """How often a long backlog may ask, beside a look each `poll_s`; the burst it begins with apart."""
        if not self._limit:
            return 0.0
        return self._span_s / max(1.0, self._ceiling[Lane.BACKFILL] - self._span_s / poll_s)

    def hold(self, seconds: float) -> None:
        """After a 429: nobody goes for so long."""
        self._held_until = max(self._held_until, self._wall() + seconds)
        self._let_go()

    def explain(self) -> Outlook:
        now = self._wall()
        self._forget(now)
        return Outlook(
            in_s={lane: max(0.0, self._may_go_at(lane) - now) for lane in Lane},
            waiting={lane: len(turns) for lane, turns in self._waiting.items()},
            held_s=max(0.0, self._held_until - now),
        )

    def _let_go(self) -> None:
        """Let everybody go whose time has come, and wake again when the next one's does."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        now = self._wall()
        self._forget(now)
        while (lane := self._next_lane(now)) is not None:
            turn = self._waiting[lane].popleft()
            if not turn.done():
                self._note(lane, now)
                turn.set_result(now)
        waiting = [lane for lane, turns in self._waiting.items() if turns]
        if waiting:
            next_at = min(self._may_go_at(lane) for lane in waiting)
            loop = self._waiting[waiting[0]][0].get_loop()
            self._timer = loop.call_later(max(next_at - now, TICK_S), self._let_go)

    def _next_lane(self, now: float) -> Lane | None:
        ready = [
            lane for lane, turns in self._waiting.items() if turns and self._may_go_at(lane) <= now + TICK_S
        ]
        # A flood of acts (five hundred acknowledgements) must not blind the console to new reports.
        if Lane.LIVE in ready and now >= self._live_at + self._live_overdue_s:
            return Lane.LIVE
        return min(ready, default=None)

    def _may_go_at(self, lane: Lane) -> float:
        """As the calls stand now; those waiting above may still push it back."""
        if not self._limit:
            return self._held_until
        at = max(self._held_until, self._room_at(self._ceiling[lane]))
        if lane is Lane.LIVE:
            overdue_at = max(self._held_until, self._live_at + self._live_overdue_s)
            return min(at, max(overdue_at, self._room_at(self._limit)))
        if lane is Lane.BACKFILL:
            return max(at, self._backfill_at)
        return at

    def _room_at(self, ceiling: int) -> float:
        """When fewer calls than `ceiling` stand in the window."""
        too_many = len(self._calls) - ceiling
        return self._calls[too_many] + self._span_s if too_many >= 0 else -math.inf

    def _note(self, lane: Lane, now: float) -> None:
        if not self._limit:
            return
        self._calls.append(now)
        if lane is Lane.LIVE:
            self._live_at = now
        elif lane is Lane.BACKFILL:
            self._backfill_at = now + self._pace_s(now)

    def _pace_s(self, now: float) -> float:
        """How long backfill rests after the call it makes now."""
        if now > self._backfill_at + self._span_s:  # it was idle
            self._burst_at, self._burst_left = now, self._burst
        if self._burst_left > 1:
            self._burst_left -= 1
            return 0.0
        ceiling = self._ceiling[Lane.BACKFILL]
        beside_the_burst = ceiling - self._burst if now < self._burst_at + self._span_s else ceiling
        return self._span_s / max(1, beside_the_burst)

    def _forget(self, now: float) -> None:
        while self._calls and self._calls[0] + self._span_s <= now + TICK_S:
            self._calls.popleft()
