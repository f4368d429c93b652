"""Reads a plan of windows, a call at a time: pages inside one, or splits it; closes in on what fails."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace

from dispatch.errors import ServerFailed, ServerNonsense
from dispatch.records import Changes, Millis, Page, ServiceRequest
from dispatch.servers import Asked, Newest, Window
from dispatch.servers.capabilities import Capabilities, Order
from dispatch.servers.georeport_rows import NO_CHANGE_TIME, NO_ENTRY_TIME
from dispatch.sync import record
from dispatch.sync.budget import Lane
from dispatch.sync.line import Line
from dispatch.sync.progress import Progress
from dispatch.sync.slices import AIM, DAY_MS, SECOND_MS, Answer, Lengths, Slice, Slices, Sorted

log = logging.getLogger(__name__)

# One row stamped with the year 2099 must not move any mark.
AHEAD_MS = DAY_MS
# So many pages a window has at best: longer ones move while we page, shorter ones end half empty too often.
PAGES = 20
# How often a window is paged again because rows moved in it meanwhile.
AGAIN = 2
# The server as a whole is down when so many windows in a row fail.
IN_A_ROW = 4

Columns = Callable[[Slices], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Read:
    """What one call brought. `covered` is a stretch that is now known whole, with the ids listed in it."""

    changes: Changes
    covered: Slice | None = None
    ids: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Paging:
    """One window, page by page."""

    asked: Slice
    number: int = 1
    rows: int = 0
    # When each row met so far had last changed.
    met: dict[str, Millis] = field(default_factory=dict)
    pages: list[frozenset[str]] = field(default_factory=list)
    entered: list[Millis] = field(default_factory=list)
    has_moved: bool = False
    again: int = 0


@dataclass(slots=True)
class _Trial:
    """Was an answer of this length cut off? Its parts will tell."""

    asked: Slice
    rows: int
    ids: set[str]


class Reader:
    """`name` is that of its plan in the progress."""

    def __init__(self, line: Line, progress: Progress, name: str) -> None:
        self._line = line
        self._progress = progress
        self._name = name
        self.calls = 0
        self._paging: _Paging | None = None
        self._trial: _Trial | None = None
        # The window that failed last time, and how many have failed in a row since.
        self._stumbled: Slice | None = None
        self._failures = 0
        self._is_closing_in = False

    async def step(
        self,
        lane: Lane,
        *,
        was_there_before_us: bool = False,
        columns: Columns = lambda _plan: {},
    ) -> Read:
        """Ask what the plan says is next; the plan moves in the same transaction as the rows are saved.

        Raises what the server raises, once for each trouble: asked again it closes in on a stretch that the
        server fails over until that is a minute, notes it, and goes on with the rest.
        """
        can = self._line.server.capabilities
        plan = deepcopy(self._progress.plans[self._name])
        plan.aim, plan.least_ms = self._aim(can), DAY_MS if can.has_whole_days else SECOND_MS
        asked = plan.next()
        if asked is None:
            return Read(Changes())
        paging = self._paging if self._paging and self._paging.asked == asked else _Paging(asked)
        try:
            page = await self._ask(asked_of(asked, can), paging.number, lane)
        except (ServerFailed, ServerNonsense) as error:
            return await self._failed(plan, asked, error, columns)
        self._failures = 0
        self._is_closing_in = self._is_closing_in and bool(plan.parts)
        answer = self._met(paging, page, can)
        covered = plan.took(asked, answer) if answer is not None else None
        self._note(plan, asked, page, answer)
        changes = await self._save(page, plan, was_there_before_us, columns)
        self._paging = paging if answer is None else None
        await self._learn(plan)
        return Read(changes, covered, frozenset(paging.met) if covered else frozenset())

    async def _ask(self, asked: Asked, number: int, lane: Lane) -> Page:
        self.calls += 1
        return await self._line.ask(lane, self._line.server.page, asked, number)

    def _met(self, paging: _Paging, page: Page, can: Capabilities) -> Answer | None:
        """What the window brought as a whole; None when there is more to page."""
        ids = ids_of(page)
        rows = length(page)
        is_same_again = bool(ids) and ids in paging.pages
        moved = [r for r in page.requests if paging.met.get(r.request_id, r.updated_at) != r.updated_at]
        paging.has_moved |= bool(moved)
        paging.pages.append(ids)
        paging.rows += rows
        paging.met |= {r.request_id: r.updated_at for r in page.requests} | dict.fromkeys(
            ids - {r.request_id for r in page.requests}, 0
        )
        entered = known_entries(page.requests)
        paging.entered += entered
        is_sorted = _sorted(entered, page, can) if paging.number == 1 else Sorted.NOT
        is_full = may_go_on(rows, can, self._progress.lengths)
        self._progress.lengths.met(rows)
        if can.has_pages and is_full and not is_same_again and not _goes_on_by_bound(entered, is_sorted):
            paging.number += 1
            return None
        if paging.has_moved and paging.again < AGAIN and paging.number > 1:
            # What moved from a page behind us to one before us pulled others over the border, unread.
            paging.again, paging.number, paging.has_moved = paging.again + 1, 1, False
            paging.pages.clear()
            return None
        return Answer(
            paging.rows,
            min(paging.entered, default=None),
            max(paging.entered, default=None),
            is_full and (is_same_again or not can.has_pages or is_sorted is not Sorted.NOT),
            is_sorted,
        )

    def _note(self, plan: Slices, asked: Slice, page: Page, answer: Answer | None) -> None:
        """What the answer tells of the server beside its rows."""
        note(self._progress, page, self._line.store.clock.now())
        self._progress.overfull += [each for each in plan.overfull if each not in self._progress.overfull]
        if plan.overfull:
            log.info("the server gives no more than %d rows of one second", length(page))
            plan.overfull.clear()
        if self._trial:
            self._trial.ids |= ids_of(page)
        elif answer is not None and answer.is_full and asked.from_at is not None:
            self._trial = _Trial(asked, answer.rows, set(ids_of(page)))

    async def _save(self, page: Page, plan: Slices, was_there_before_us: bool, columns: Columns) -> Changes:
        before = self._progress.plans[self._name]
        self._progress.plans[self._name] = plan
        try:
            return await self._line.workers.store(
                self._line.taker.page,
                page,
                was_there_before_us=was_there_before_us,
                progress=self._progress.dump(),
                **columns(plan),
            )
        except BaseException:
            # Not saved: the same is asked again.
            self._progress.plans[self._name], self._paging = before, None
            raise

    async def _learn(self, plan: Slices) -> None:
        """Once a window that might have been cut off is read in all its parts, its length is judged."""
        trial = self._trial
        if trial is None or any(_overlaps(part, trial.asked) for part in plan.parts):
            return
        self._trial = None
        lengths, server = self._progress.lengths, self._line.server
        if len(trial.ids) <= trial.rows:
            lengths.whole = max(lengths.whole, trial.rows)
            return
        lengths.caps.add(trial.rows)
        can = server.capabilities
        if not can.has_pages and not can.row_cap and "row_cap" not in can.corrected:
            server.capabilities = replace(can, row_cap=trial.rows)
            if can.probed_at is not None:
                taker = self._line.taker
                await self._line.workers.store(
                    record.keep, self._line.store, taker.actor, taker.server_id, server.capabilities
                )

    async def _failed(
        self, plan: Slices, asked: Slice, error: ServerFailed | ServerNonsense, columns: Columns
    ) -> Read:
        """The first time it is the server's trouble, and told; over the same window again it is the window's:
        its halves are tried, for as long as other windows do well."""
        self._paging = None
        if not self._is_closing_in and asked != self._stumbled:
            self._stumbled = asked
            raise error
        self._failures += 1
        if self._failures >= IN_A_ROW or asked.from_at is None:
            self._failures, self._is_closing_in, self._stumbled = 0, False, asked
            raise error
        self._is_closing_in = True
        if plan.failed(asked):
            self._progress.broken += [each for each in plan.broken if each not in self._progress.broken]
            log.info("the server fails over what was entered from %s to %s", asked.from_at, asked.to_at)
            plan.broken.clear()
        return Read(await self._save(Page((), (), None, None), plan, True, columns))

    def _aim(self, can: Capabilities) -> int:
        if can.has_pages:
            return PAGES * (can.page_size or 50)
        return int(AIM * (can.row_cap or self._progress.lengths.longest))


def asked_of(asked: Slice, can: Capabilities) -> Asked:
    """The window as it is asked for; from a server that drops the time of day a day more on both sides."""
    wider = DAY_MS if can.has_whole_days else 0
    from_at = asked.from_at if asked.from_at is None else asked.from_at - wider
    to_at = asked.to_at if asked.to_at is None else asked.to_at + wider
    if from_at is None or to_at is None:
        return Newest(to_at, from_at)
    return Window(from_at, to_at)


def ids_of(page: Page) -> frozenset[str]:
    bad = (item.request_id for item in page.bad if item.request_id)
    return frozenset((*(item.request_id for item in page.requests), *bad))


def length(page: Page) -> int:
    """Of the longest answer in it: that is what a cap cuts off."""
    return page.fullest or page.received


def may_go_on(rows: int, can: Capabilities, lengths: Lengths) -> bool:
    """Is there more behind an answer of so many rows? A page is seldom filled up again after some were left
    out of it, so that only a much shorter one is surely the last."""
    if can.has_pages:
        return rows > 0 and 2 * rows >= can.page_size
    return lengths.is_full(rows, can.row_cap)


def known_entries(requests: Iterable[ServiceRequest]) -> list[Millis]:
    """Times of entry that were not assumed, in the order of the rows."""
    return [item.created_at for item in requests if NO_ENTRY_TIME not in item.doubts]


def note(progress: Progress, page: Page, now: Millis) -> None:
    """The newest entry, and whether rows come without a time of change."""
    entered = [at for at in known_entries(page.requests) if at <= now + AHEAD_MS]
    if entered:
        # Some hours ahead is a clock that goes wrong, as long as other rows stand behind us.
        newest = now if min(entered) <= now < max(entered) else max(entered)
        progress.head_at = max(progress.head_at or 0, newest)
    progress.has_blank_changes |= any(NO_CHANGE_TIME in item.doubts for item in page.requests)


def latest_change(page: Page, now: Millis, default: Millis) -> Millis:
    """Of times the server gave; what was assumed or lies ahead of all clocks moves no mark."""
    return max(
        (
            item.updated_at
            for item in page.requests
            if NO_CHANGE_TIME not in item.doubts and item.updated_at <= now + AHEAD_MS
        ),
        default=default,
    )


def _sorted(entered: list[Millis], page: Page, can: Capabilities) -> Sorted:
    """The order the record promises, where this answer keeps it: the protocol promises none."""
    if can.has_whole_days or not can.has_bounds or len(entered) < 2 or length(page) != page.received:
        return Sorted.NOT
    if can.order is Order.ENTERED_DOWN and entered == sorted(entered, reverse=True):
        return Sorted.NEWEST_FIRST
    if can.order is Order.ENTERED_UP and entered == sorted(entered):
        return Sorted.OLDEST_FIRST
    return Sorted.NOT


def _goes_on_by_bound(entered: list[Millis], is_sorted: Sorted) -> bool:
    if is_sorted is Sorted.NOT:
        return False
    return entered[0] // SECOND_MS != entered[-1] // SECOND_MS


def _overlaps(one: Slice, other: Slice) -> bool:
    begins = max(one.from_at or 0, other.from_at or 0)
    return (one.to_at is None or begins < one.to_at) and (other.to_at is None or begins < other.to_at)
