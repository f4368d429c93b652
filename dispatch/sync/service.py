"""The work that never ends: asking, sending, handing over, watching the timers; and saying how it stands."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from dispatch.em_desk import EmDesk
from dispatch.errors import (
    LandfallError,
    RateLimited,
    ServerFailed,
    ServerForbids,
    ServerNonsense,
    ServerRefused,
    StoreUnusable,
)
from dispatch.escalation.channels import ANSWER_ROADS, CHANNELS, AnswerRoad
from dispatch.profile_desk import ProfileDesk
from dispatch.records import Changes, Millis, SyncStatus
from dispatch.store import mirror, outbox
from dispatch.sync.announce import Announce
from dispatch.sync.asking import Asking
from dispatch.sync.budget import Lane
from dispatch.sync.categories import Categories
from dispatch.sync.deliver import Deliver
from dispatch.sync.hear import Hear
from dispatch.sync.line import Line
from dispatch.sync.pull import ROUND_S
from dispatch.sync.push import CONCERNS_ALL, Push, save_account, wall_now
from dispatch.sync.rescore import Rescore
from dispatch.sync.rules import Rules
from dispatch.sync.suggest import Suggest
from dispatch.waiting import is_set_within

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 60.0
WATCH_S = 1.0
# Between two steps of what goes on in the background: pages and acts come first, and each step is something
# for every screen to take in.
BREATH_S = 0.25
# Another seat's act comes through the store, without a nudge.
LOOK_S = 2.0
SAY_S = 0.25
ASK_AGAIN_S = 0.2
LEARN_S = 300.0
# How often the channels are asked whether anybody answered.
HEAR_S = 5.0
# After so long without an answer everything open is looked through once, whatever the usual interval.
GAP_S = 600.0
MOST_WANTED = 20
CATCHING_UP = "Fetching what the 311 server holds"
PAUSED = "Fetching older reports is paused"
NO_ACCOUNT = "The 311 server does not know us, so nothing can be sent: enter a valid token in the settings."
UNEXPECTED = "Something went wrong that should not; the log says what. It is tried again"
# Whose trouble is said when several have one.
WORKS = (
    "pull",
    "push",
    *(f"hand-over by {name}" for name in CHANNELS),
    *(f"answers by {road.name}" for road in ANSWER_ROADS),
    "timers",
    "scoring",
    "duplicates",
    "rules",
    "notices",
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why one of the works stands still; times are wall time in seconds."""

    state: str
    sentence: str
    since_s: float
    next_try_at: float


class Sync:
    """One server's coming and going. `tell` hears each new status, `nudge_readers` that the feed moved."""

    def __init__(
        self,
        *,
        line: Line,
        pull: Asking,
        push: Push,
        deliver: Deliver,
        hear: Hear,
        em_desk: EmDesk,
        profile_desk: ProfileDesk,
        rescore: Rescore,
        suggest: Suggest,
        rules: Rules,
        announce: Announce,
        poll_s: float,
        tell: Callable[[SyncStatus], None],
        nudge_readers: Callable[[], None],
    ) -> None:
        self._line = line
        self._pull = pull
        self._push = push
        self._deliver = deliver
        self._hear = hear
        self._em_desk = em_desk
        self._profile_desk = profile_desk
        self._rescore = rescore
        self._suggest = suggest
        self._rules = rules
        self._announce = announce
        self._categories = Categories(line)
        self._poll_s = max(poll_s, line.budget.least_poll_s)
        self._is_paused = False
        self._live_at = 0.0
        self._learn_at = self._said_at = 0.0
        self._tell = tell
        self._nudge_readers = nudge_readers
        self._wanted: dict[str, None] = {}
        self._pull_nudge, self._push_nudge = asyncio.Event(), asyncio.Event()
        self._hand_over_nudges = {name: asyncio.Event() for name in CHANNELS}
        self._troubles: dict[str, Trouble] = {}
        self._saying = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []
        # How it stands with asking while nothing is in the way.
        self._asking = ("starting", "Asking the 311 server for the first time")
        self._in_step_at: float | None = None
        self._due_at: Millis | None = None
        self._expected: int | None = None
        self.status = SyncStatus(*self._asking, None, None, 0, 0, 0, 0)

    def start(self) -> None:
        works = (
            self._pulling(),
            self._pushing(),
            *(self._handing_over(name) for name in CHANNELS),
            *(self._hearing(road) for road in ANSWER_ROADS),
            self._watching(),
            self._rescoring(),
            self._suggesting(),
            self._ruling(),
            self._announcing(),
            self._minding_categories(),
        )
        self._tasks = [asyncio.ensure_future(work) for work in works]

    async def stop(self) -> None:
        """End the works. Asked again until all have heard it: a wait that ends in the very moment it
        is cancelled loses the cancelling (Python 3.11)."""
        going = set(self._tasks)
        while going:
            for task in going:
                task.cancel()
            _, going = await asyncio.wait(going, timeout=ASK_AGAIN_S)

    async def once(self) -> None:
        """One round of everything, for a run that ends: in step, sent what is due, handed over."""
        await self._pull.until_in_step(took=self._took)
        while self._line.taker.written_to:
            await self._fetch_thread(next(iter(self._line.taker.written_to)), Lane.BACKFILL)
        while await self._rules_once() < WATCH_S:
            pass
        try:
            while await self._push_once() == 0.0:
                pass
        except ServerRefused as error:
            # Asking goes on without a token; what waits to be sent waits.
            await self._trouble("push", error, LONGEST_PAUSE_S)
        self._took(await self._deliver.once())
        for road in ANSWER_ROADS:
            await self._guarded(f"answers by {road.name}", partial(self._hear_by, road))
        await self._watch_once()
        await self._guarded("notices", self._announce_once)
        try:
            self._took(await self._categories.step(is_looking=False))
        except ServerRefused as error:
            await self._trouble("categories", error, LONGEST_PAUSE_S)
        for work in (self._rescore_once, self._suggest_once):
            while await work() < WATCH_S:
                pass

    def hold(self, seconds: float) -> None:
        """The server asked for a pause."""
        self._line.budget.hold(seconds)

    def nudge(self) -> None:
        """An act may have left something to send or to hand over."""
        self._push_nudge.set()
        for nudge in self._hand_over_nudges.values():
            nudge.set()

    def want_thread(self, request_ids: list[str]) -> None:
        """Somebody looks at these requests: fetch their threads next."""
        self._wanted = dict.fromkeys([*request_ids, *self._wanted][:MOST_WANTED])
        self._pull_nudge.set()

    def pause_backlog(self, is_paused: bool) -> None:
        """Let what is older wait, or go on with it where it was; what is new comes in either way."""
        self._is_paused = is_paused
        self._line.taker.arrivals.begin_anew()
        self._pull_nudge.set()

    # -- the works -------------------------------------------------------------------------------

    async def _pulling(self) -> None:
        while True:
            pause_s = await self._guarded("pull", self._pull_once)
            await _wait(self._pull_nudge, pause_s)

    async def _pull_once(self) -> float:
        """What changed at each poll; between two polls what somebody reads, then what was said to P1 and P2,
        the backlog, the other threads. Those last three go when their lane lets them at once: what
        is nearer to the operator must not stand behind a call that waits for its turn."""
        taker = self._line.taker
        if time.monotonic() >= self._live_at:
            step = await self._pull.live(for_s=ROUND_S, took=self._took)
            if step.is_in_step:
                self._live_at, self._in_step_at = time.monotonic() + self._poll_s, time.time()
        elif self._wanted:
            await self._fetch_thread(next(iter(self._wanted)), Lane.LIVE)
        elif self._rest_s() > 0:
            pass
        elif taker.urgent:
            await self._fetch_thread(next(iter(taker.urgent)), Lane.BACKFILL)
        elif self._has_backlog:
            until_live_s = self._live_at - time.monotonic()
            await self._pull.backlog(for_s=min(ROUND_S, until_live_s), took=self._took)
        elif taker.written_to:
            await self._fetch_thread(next(iter(taker.written_to)), Lane.BACKFILL)
        elif self._pull.is_sweep_due:
            self._took(await self._pull.sweep())
        until_live_s = max(0.0, self._live_at - time.monotonic())
        await self._say_asking(is_in_step=self._pull.is_backlog_done and until_live_s > 0)
        if self._wanted:
            return 0.0
        has_more = self._has_backlog or taker.written_to or self._pull.is_sweep_due
        return min(until_live_s, self._rest_s()) if has_more else until_live_s

    @property
    def _has_backlog(self) -> bool:
        return not (self._pull.is_backlog_done or self._is_paused)

    def _rest_s(self) -> float:
        """Until the backlog may ask."""
        return self._line.budget.explain().in_s[Lane.BACKFILL]

    async def _say_asking(self, *, is_in_step: bool) -> None:
        before = self._asking
        self._asking = (
            ("in_step", "") if is_in_step else ("behind", PAUSED if self._is_paused else CATCHING_UP)
        )
        # Page after page comes in by the tenth of a second: nobody reads as fast.
        if is_in_step or self._asking != before or time.monotonic() >= self._said_at + SAY_S:
            self._said_at = time.monotonic()
            await self._say(except_for="pull")

    async def _fetch_thread(self, request_id: str, lane: Lane) -> None:
        taker = self._line.taker
        lists = (self._wanted, taker.urgent, taker.written_to)
        try:
            messages = await self._line.ask(lane, self._line.server.messages, request_id)
        except ServerRefused as error:
            if error.status in CONCERNS_ALL:
                raise
            log.info("the server keeps the thread of request %s to itself", request_id)
            _drop(request_id, lists)
            return
        except (ServerFailed, ServerNonsense):
            # It may be this one thread that the server stumbles over: all else comes first now.
            taker.urgent.pop(request_id, None)
            _put_last(request_id, lists)
            raise
        self._took(await self._line.workers.store(self._line.taker.thread, request_id, messages))
        _drop(request_id, lists)

    async def _pushing(self) -> None:
        while True:
            pause_s = await self._guarded("push", self._push_once)
            await _wait(self._push_nudge, pause_s)

    async def _push_once(self) -> float:
        due_at = await self._line.workers.store(self._next_due_at)
        if due_at is None:
            return LOOK_S
        if due_at > wall_now():
            return min(LOOK_S, (due_at - wall_now()) / 1000)
        if not self._push.account_id:
            account = await self._line.ask(Lane.ACT, self._line.server.account)
            if not account.account_id:
                raise ServerRefused(NO_ACCOUNT, status=401)
            self._push.account_id = account.account_id
            await self._line.workers.store(
                save_account, self._line.store, self._line.taker, account.account_id
            )
        self._took(await self._push.once())
        self._pull_nudge.set()
        await self._say(except_for="push")
        return 0.0

    async def _handing_over(self, channel: str) -> None:
        """Each channel by itself: a slow one holds up no other."""
        nudge = self._hand_over_nudges[channel]
        while True:
            nudge.clear()
            pause_s = await self._guarded(f"hand-over by {channel}", partial(self._hand_over_once, channel))
            await _wait(nudge, pause_s)

    async def _hand_over_once(self, channel: str) -> float:
        self._took(await self._deliver.by(channel))
        return WATCH_S

    async def _hearing(self, road: AnswerRoad) -> None:
        while True:
            await asyncio.sleep(await self._guarded(f"answers by {road.name}", partial(self._hear_by, road)))

    async def _hear_by(self, road: AnswerRoad) -> float:
        self._took(await self._hear.by(road))
        return HEAR_S

    async def _watching(self) -> None:
        while True:
            await asyncio.sleep(await self._guarded("timers", self._watch_once))

    async def _watch_once(self) -> float:
        self._took(await self._line.workers.store(self._em_desk.expire_overdue))
        self._took(await self._line.workers.store(self._profile_desk.keep_times))
        if time.monotonic() >= self._learn_at:
            self._learn_at = time.monotonic() + LEARN_S
            self._took(await self._line.workers.store(self._line.taker.learn_default_pins))
        return WATCH_S

    async def _rescoring(self) -> None:
        while True:
            await asyncio.sleep(await self._guarded("scoring", self._rescore_once))

    async def _rescore_once(self) -> float:
        """What is stored is scored anew when the profile or a list has changed; pages come in beside it."""
        changes, has_more = await self._line.workers.store(self._rescore.step)
        self._took(changes)
        return BREATH_S if has_more else WATCH_S

    async def _suggesting(self) -> None:
        while True:
            await asyncio.sleep(await self._guarded("duplicates", self._suggest_once))

    async def _suggest_once(self) -> float:
        """What new reports may repeat: after they are on the board, never before; while older ones are still
        being fetched a step now and then, so that it takes no time from them."""
        changes, has_more = await self._line.workers.store(self._suggest.step)
        self._took(changes)
        return BREATH_S if has_more and not self._has_backlog else WATCH_S

    async def _ruling(self) -> None:
        while True:
            await asyncio.sleep(await self._guarded("rules", self._rules_once))

    async def _rules_once(self) -> float:
        """What the rules say to residents, a little at a time: after all that came in was taken in."""
        changes, has_more = await self._line.workers.store(self._rules.step)
        self._took(changes)
        return BREATH_S if has_more else WATCH_S

    async def _announcing(self) -> None:
        while True:
            await asyncio.sleep(await self._guarded("notices", self._announce_once))

    async def _announce_once(self) -> float:
        """Notices to the server and off it; another seat's publishing comes through the store."""
        self._took(await self._announce.once())
        return LOOK_S

    async def _minding_categories(self) -> None:
        while True:
            await asyncio.sleep(await self._guarded("categories", self._mind_categories_once))

    async def _mind_categories_once(self) -> float:
        """What the public can report under: not before the reports themselves are in step."""
        if self._in_step_at is not None:
            self._took(await self._categories.step())
        return LOOK_S

    # -- when it does not work --------------------------------------------------------------------------

    async def _guarded(self, name: str, work: Callable[[], Awaitable[float]]) -> float:
        """Do it; a failure is told once with its sentence, and the recovery with how long it took."""
        try:
            pause_s = await work()
        except RateLimited as error:
            self._line.budget.hold(error.retry_after_s)
            return await self._trouble(name, error, error.retry_after_s)
        except ServerForbids as error:
            self._line.budget.hold(error.hold_s)
            return await self._trouble(name, error, error.hold_s)
        except LandfallError as error:
            pause_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(8, self._failures(name)))
            return await self._trouble(name, error, pause_s * random.uniform(0.8, 1.2))
        except Exception:
            # An edge of the program: whatever went wrong in one round must not end the syncing.
            log.exception("a round of %s failed", name)
            return await self._trouble(name, LandfallError(UNEXPECTED), LONGEST_PAUSE_S)
        if trouble := self._troubles.pop(name, None):
            log.info("%s works again after %.0f s", name, time.time() - trouble.since_s)
            await self._say()
            if name == "pull":
                if time.time() - trouble.since_s > GAP_S:
                    self._pull.hurry_sweep()
                self.nudge()  # the server is back: what waits to be sent need not wait longer
        return pause_s

    def _failures(self, name: str) -> int:
        trouble = self._troubles.get(name)
        if trouble is None:
            return 0
        return int(max(0.0, time.time() - trouble.since_s) / FIRST_PAUSE_S).bit_length()

    async def _trouble(self, name: str, error: LandfallError, pause_s: float) -> float:
        now_s = time.time()
        before = self._troubles.get(name)
        if before is None:
            log.info("%s: %s", name, error)
        state = "refused" if isinstance(error, StoreUnusable | ServerRefused) else "waiting"
        since_s = before.since_s if before else now_s
        self._troubles[name] = Trouble(state, str(error), since_s, now_s + pause_s)
        await self._say()
        return pause_s

    # -- saying how it stands ---------------------------------------------------------------------------

    async def _say(self, *, except_for: str = "") -> None:
        """Tell how it stands when that has changed; `except_for` is a work that has just done well."""
        async with self._saying:  # one after the other: an older count must not be told after a newer one
            await self._say_next(except_for)

    async def _say_next(self, except_for: str) -> None:
        counts = self.status.to_send, self.status.held_back, self.status.quarantined, self.status.requests
        due_at = self._due_at
        with suppress(StoreUnusable):  # the store's own trouble is among those that are told
            counts, due_at = await self._line.workers.store(self._counts)
        self._due_at = due_at
        (state, sentence), next_try_at = self._asking, None
        troubles = [self._troubles[name] for name in WORKS if name in self._troubles and name != except_for]
        if troubles:
            state, sentence, next_try_at = troubles[0].state, troubles[0].sentence, troubles[0].next_try_at
        status = SyncStatus(state, sentence, self._in_step_at, next_try_at, *counts)
        status = replace(status, **self._calendar(), **self._progress(counts[-1], is_going=not troubles))
        if status != self.status:
            self.status = status
            self._tell(status)

    def _calendar(self) -> dict[str, Any]:
        """What comes next, and when."""
        budget, now = self._line.budget, time.time()
        outlook = budget.explain()
        asking, sending = (self._troubles.get(name) for name in ("pull", "push"))
        look_at = send_at = None
        if self._live_at:
            look_at = max(now + self._live_at - time.monotonic(), asking.next_try_at if asking else 0)
        if self._due_at is not None:
            may_at = now + outlook.in_s[Lane.ACT]
            send_at = max(self._due_at / 1000, may_at, sending.next_try_at if sending else 0)
        return {
            "next_look_at": look_at,
            "next_send_at": send_at,
            "held_until": now + outlook.held_s if outlook.held_s else None,
            "to_read": len({*self._wanted, *self._line.taker.written_to}),
            "calls_per_minute": budget.calls_per_minute,
        }

    def _progress(self, requests: int, *, is_going: bool) -> dict[str, Any]:
        """How far the backlog has come; nothing once it is there, and no promise while it stands still."""
        if self._pull.is_backlog_done:
            return {}
        arrivals = self._line.taker.arrivals
        if arrivals.left is not None:
            # Pages overlap by a row or two: what is left is never more than a little too low.
            self._expected = max(self._expected or 0, requests + arrivals.left)
        if self._is_paused:
            return {"expected": self._expected, "is_paused": True}
        page_every_s = self._line.budget.page_every_s(self._poll_s)
        rate, left_s = arrivals.rows_per_minute(page_every_s), arrivals.seconds_left(page_every_s)
        return {
            "expected": self._expected,
            "rows_per_minute": round(rate) if rate is not None and is_going else None,
            "done_at": time.time() + left_s if left_s is not None and is_going else None,
            "page_every_s": page_every_s,
        }

    def _took(self, changes: Changes) -> None:
        if changes:
            self._nudge_readers()

    def _counts(self) -> tuple[tuple[int, int, int, int], Millis | None]:
        """(to send, held back, quarantined, requests), and when the first of them is due"""
        with self._line.store.reading() as connection:
            requests, quarantined = mirror.counts(connection)
            counts = *outbox.counts(connection), quarantined, requests
            return counts, outbox.next_due_at(connection)

    def _next_due_at(self) -> Millis | None:
        with self._line.store.reading() as connection:
            return outbox.next_due_at(connection)


def _drop(request_id: str, lists: Iterable[dict[str, None]]) -> None:
    for each in lists:
        each.pop(request_id, None)


def _put_last(request_id: str, lists: Iterable[dict[str, None]]) -> None:
    for each in lists:
        if request_id in each:
            each[request_id] = each.pop(request_id)


async def _wait(nudge: asyncio.Event, seconds: float) -> None:
    """So long, or until nudged."""
    if seconds <= 0:
        await asyncio.sleep(0)
        return
    await is_set_within(nudge, seconds)
    nudge.clear()
