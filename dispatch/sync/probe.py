"""Finds out, in a few calls, what a server does: by the effect of each question, never by its status."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from dispatch.errors import (
    RateLimited,
    ServerChallenges,
    ServerFailed,
    ServerForbids,
    ServerNonsense,
    ServerRefused,
)
from dispatch.records import Message, Millis, Page, ServiceRequest
from dispatch.servers import Asked, ById, Newest, Updated, Window
from dispatch.servers.capabilities import Capabilities, Order, Zone, found
from dispatch.servers.georeport_rows import NO_CHANGE_TIME, NO_ENTRY_TIME
from dispatch.servers.shapes import ZONE_ASSUMED
from dispatch.sync.budget import Lane
from dispatch.sync.line import Line
from dispatch.sync.reader import ids_of, length
from dispatch.sync.slices import DAY_MS, LEAST_CAP, MINUTE_MS, SECOND_MS

log = logging.getLogger(__name__)

# Of fewer rows little can be told: no more than how to ask for times, and that again when there are more.
ENOUGH_ROWS = 12
# What a page is asked to hold: fewer calls; a larger one would hold the interpreter for too long.
PAGE_SIZES = (1000, 50)
SMALL_PAGE = 5
FAR_MS = 3_650 * DAY_MS
LONG_AGO = 978_307_200_000  # 2001: no server shows so old a request unasked
NEAR_MS = MINUTE_MS  # so little that no cap hides the row in it
SEVERAL = 3


class Probe:
    """`await Probe(line).run()`; the server is given back as it was."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.calls = 0

    async def run(self) -> Capabilities | None:
        """What the server can do; without `probed_at` when it holds so little that only its bounds could be
        tried, None when not even those.

        Raises what keeps it from answering at all. A question it fails over twice is answered with no.
        """
        before = self._line.server.capabilities
        base = replace(before, probed_at=self._line.store.clock.now())
        try:
            can = await (self._of_sorting(base) if base.has_sorting else self._of_unknown(base))
        finally:
            self._line.server.capabilities = before
        if can is None:
            log.info("the server holds too little to tell what it can do")
            return None
        return found(before, can)

    # -- a server that says it sorts ----------------------------------------------------------------------

    async def _of_sorting(self, base: Capabilities) -> Capabilities | None:
        """Its documentation is taken at its word, but for what all asking hangs on: is what changed given in
        the order of change, in pages as long as asked?"""
        page = await self._page(base, Updated(LONG_AGO))
        if page is None or len(page.requests) < ENOUGH_ROWS:
            return None
        changed = [item.updated_at for item in page.requests]
        size = length(page) if page.next_page is not None else base.page_size
        can = replace(base, has_sorting=changed == sorted(changed), page_size=size)
        return replace(can, can_switch_categories=await self._switches_categories())

    # -- a server of which nothing is known -----------------------------------------------------------------

    async def _of_unknown(self, base: Capabilities) -> Capabilities | None:
        # What a person has set is taken for granted, also while the rest is asked.
        kept = {name: getattr(base, name) for name in base.corrected}
        careful = replace(Capabilities(probed_at=base.probed_at, corrected=base.corrected), **kept)
        lists = replace(careful, has_lists=True)
        plain = await self._page(lists, Newest())
        can = lists
        if plain is None or plain.received < ENOUGH_ROWS:
            can = replace(careful, has_lists=False)
            plain = await self._page(can, Newest())
        if plain is None or not plain.requests:
            return None
        if len(plain.requests) < ENOUGH_ROWS:
            # Windows asked for in a way that it refuses would never bring the others.
            return replace(careful, **await self._bounds(careful, plain), probed_at=None)
        can = replace(can, order=_order(plain))
        if "has_pages" not in can.corrected or can.has_pages:
            can = replace(can, **await self._paging(can, plain))
        can = replace(can, **await self._bounds(can, plain))
        can = replace(can, has_updated_after=await self._filters_by_change(can, plain))
        if can.has_lists and "has_lists" not in can.corrected:
            can = replace(can, has_lists=await self._takes_lists(can, plain))
        if not can.has_pages:
            can = replace(can, row_cap=await self._cap(can, plain))
        updates: dict[str, Any] = await self._updates(can, plain)
        return replace(can, **updates)

    async def _paging(self, can: Capabilities, plain: Page) -> dict[str, Any]:
        """Two pages with the same rows are one page; page 0 that equals page 1 is page 1."""
        some = replace(can, has_pages=True, page_size=SMALL_PAGE, first_page=1)
        one = await self._page(some, Newest())
        two = await self._page(some, Newest(), 2)
        if one is None or two is None or not ids_of(two) - ids_of(one):
            return {"has_pages": False, "page_size": 0}
        zero = await self._page(replace(some, first_page=0), Newest())
        is_zero_first = zero is not None and bool(ids_of(zero)) and not ids_of(zero) & ids_of(one)
        some = replace(some, first_page=0 if is_zero_first else 1)
        size = length(one)
        for wanted in PAGE_SIZES:
            # Some answer a size they do not like with a web page: then a smaller one.
            if (page := await self._page(replace(some, page_size=wanted), Newest())) is not None:
                size = length(page)
                break
        return {"has_pages": True, "first_page": some.first_page, "page_size": max(size, SMALL_PAGE)}

    async def _bounds(self, can: Capabilities, plain: Page) -> dict[str, Any]:
        """A window around a row we know must show it; one way of asking after the other, until it does."""
        # Times without a zone are taken for the city's: if the row is found by them, they were.
        row = _middle(_well_dated(plain)) or _middle(_dated(plain))
        if row is None:
            return {}
        near = Window(row.created_at - NEAR_MS, row.created_at + NEAR_MS)
        for ways in _ways():
            page = await self._page(replace(can, **ways), near)
            if page is None or row.request_id not in ids_of(page):
                continue
            return {**ways, **await self._how_exact(replace(can, **ways), row, page)}
        days = Window(row.created_at - 2 * DAY_MS, row.created_at + 2 * DAY_MS)
        for ways in _ways():
            page = await self._page(replace(can, **ways), days)
            if page is not None and page.requests:
                return {**ways, "has_whole_days": True}
        return {"has_bounds": False}

    async def _how_exact(self, can: Capabilities, row: ServiceRequest, page: Page) -> dict[str, bool]:
        """Rows beside the window, also beside a window of one second: the time of day is dropped, or bounds
        mean nothing at all. (One beside a window is often just the row on its edge.)"""
        if not _outside(page):
            return {}
        second = await self._page(can, Window(row.created_at, row.created_at + SECOND_MS))
        if second is not None and row.request_id in ids_of(second) and not _outside(second):
            return {}
        old = await self._page(can, Window(LONG_AGO, LONG_AGO + DAY_MS))
        return {"has_bounds": False} if old is not None and old.received else {"has_whole_days": True}

    async def _filters_by_change(self, can: Capabilities, plain: Page) -> bool:
        """Nothing has changed after a day years ahead, and something after a day we know of."""
        can = replace(can, has_updated_after=True)
        changed = sorted(item.updated_at for item in plain.requests if NO_CHANGE_TIME not in item.doubts)
        if not changed:
            return False
        ahead = await self._page(can, Updated(changed[-1] + FAR_MS))
        if ahead is None or ahead.received:
            return False
        since = await self._page(can, Updated(changed[len(changed) // 2] // SECOND_MS * SECOND_MS))
        return since is not None and bool(since.requests) and not _outside(since)

    async def _takes_lists(self, can: Capabilities, plain: Page) -> bool:
        wanted = tuple(item.request_id for item in plain.requests[:SEVERAL])
        page = await self._page(can, ById(wanted))
        return page is not None and len(ids_of(page) & set(wanted)) > 1

    async def _cap(self, can: Capabilities, plain: Page) -> int:
        """Left away the newest, a list that was cut off shows others in their place."""
        rows = _well_dated(plain)
        if length(plain) < LEAST_CAP or not rows:
            return 0
        newest = max(item.created_at for item in rows)
        # The last second asked for may be given, too.
        page = await self._page(can, Newest(before_at=newest // SECOND_MS * SECOND_MS - SECOND_MS))
        is_cut = page is not None and length(page) == length(plain) and bool(ids_of(page) - ids_of(plain))
        return length(plain) if is_cut else 0

    async def _updates(self, can: Capabilities, plain: Page) -> dict[str, bool]:
        newest = max(plain.requests, key=lambda item: item.created_at)
        self._line.server.capabilities = replace(can, has_updates=True)
        thread: list[Message] | None = await self._answer(self._line.server.messages, newest.request_id)
        if thread is None:
            return {"has_updates": False, "can_post_updates": False}
        # Whether an update is taken shows only when one is sent; without a key it is not.
        account = await self._answer(self._line.server.account)
        return {"has_updates": True, "can_post_updates": bool(account and account.account_id)}

    async def _switches_categories(self) -> bool:
        """By what the server says of its own list: nothing is switched to find it out."""
        found = await self._answer(self._line.server.categories)
        return any(each.can_switch for each in found or ())

    # -- asking -------------------------------------------------------------------------------------------

    async def _page(self, can: Capabilities, asked: Asked, number: int = 1) -> Page | None:
        kept = {name: getattr(can, name) for name in can.corrected}
        self._line.server.capabilities = replace(can, **kept)
        page: Page | None = await self._answer(self._line.server.page, asked, number)
        return page

    async def _answer(self, call: Callable[..., Any], *args: object) -> Any:
        """None for no; a stumble is forgiven once."""
        for _ in range(2):
            self.calls += 1
            try:
                return await self._line.ask(Lane.BACKFILL, call, *args)
            except ServerForbids:
                raise
            except ServerRefused:
                return None
            except RateLimited as error:
                # Asked too fast, or for too much at once: the next call waits, whatever it asks.
                self._line.budget.hold(error.retry_after_s)
                if isinstance(error, ServerChallenges):
                    return None
            except (ServerFailed, ServerNonsense) as error:
                log.info("asked what it can do, the server stumbles: %s", error)
        return None


def _ways() -> Iterator[dict[str, Any]]:
    for zone in Zone:
        for is_swapped in (False, True):
            yield {"zone": zone, "has_swapped_bounds": is_swapped}


def _well_dated(page: Page) -> list[ServiceRequest]:
    return [item for item in _dated(page) if ZONE_ASSUMED not in item.doubts]


def _dated(page: Page) -> list[ServiceRequest]:
    return [item for item in page.requests if NO_ENTRY_TIME not in item.doubts]


def _middle(rows: list[ServiceRequest]) -> ServiceRequest | None:
    return sorted(rows, key=lambda item: item.created_at)[len(rows) // 2] if rows else None


def _outside(page: Page) -> int:
    """Rows that were not asked for; the adapter has put them aside."""
    return page.received - len(page.requests) - len(page.bad) - page.pending


def _order(page: Page) -> Order:
    """Of the rows as they came; where more than one order fits, none is believed."""
    if length(page) != page.received:
        return Order.NONE  # two lists, one behind the other
    entered = [item.created_at for item in _well_dated(page)]
    changed = [item.updated_at for item in page.requests if NO_CHANGE_TIME not in item.doubts]
    fitting = [
        order
        for order, times, is_down in (
            (Order.ENTERED_DOWN, entered, True),
            (Order.ENTERED_UP, entered, False),
            (Order.UPDATED_DOWN, changed, True),
            (Order.UPDATED_UP, changed, False),
        )
        if _stands(times, is_down=is_down)
    ]
    return fitting[0] if len(fitting) == 1 else Order.NONE


def _stands(times: list[Millis], *, is_down: bool) -> bool:
    return len(set(times)) >= ENOUGH_ROWS // 2 and times == sorted(times, reverse=is_down)
