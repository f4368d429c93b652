"""When the weather services are asked: on a timer, later while they fail; and telling what changed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from dispatch.errors import LandfallError, RateLimited
from dispatch.feeds.desk import Feeds
from dispatch.feeds.sniff import NHC, NWS
from dispatch.feeds.weather import Weather
from dispatch.waiting import is_set_within
from dispatch.workers import Workers

log = logging.getLogger(__name__)

# What runs out by the clock goes from the screen within this time.
LOOK_S = 5.0
LONGEST_WAIT_S = 900.0
# The window comes first: reading an advisory starts processes.
FIRST_S = 3.0


class FeedTimer:
    """One call at a time, on the network lane, for as long as the program runs."""

    def __init__(self, *, feeds: Feeds, workers: Workers, wait_s: float, first_s: float = FIRST_S) -> None:
        self.feeds = feeds
        self.weather = feeds.weather()
        self.on_change: Callable[[Weather], None] = lambda _weather: None
        self._workers = workers
        self._wait_s = wait_s
        first_at = time.monotonic() + first_s
        self._due_at = {name: first_at for name in (NWS, NHC) if feeds.urls[name]}
        self._failures: dict[str, int] = {}
        self._nudged = asyncio.Event()

    def look(self) -> None:
        """A file was taken: tell of it now."""
        self._nudged.set()

    async def go_on(self) -> None:
        await self._workers.network(self.feeds.load)
        while True:
            await self._tell()
            for feed in [each for each, at in self._due_at.items() if at <= time.monotonic()]:
                await self._ask(feed)
                await self._tell()
            await is_set_within(self._nudged, LOOK_S)
            self._nudged.clear()

    def wait_after(self, failures: int, asked_to_wait_s: float = 0.0) -> float:
        """Seconds until the next call after so many failures in a row."""
        doubled = self._wait_s * 2.0 ** min(failures, 10)
        return max(min(doubled, max(LONGEST_WAIT_S, self._wait_s)), asked_to_wait_s)

    async def _ask(self, feed: str) -> None:
        failures, asked_to_wait_s = self._failures.get(feed, 0), 0.0
        try:
            await self._workers.network(self.feeds.ask, feed)
            if failures:
                log.info("The weather feed %s answers again", feed)
            failures = 0
        except LandfallError as error:
            if not failures:
                log.info("The weather feed %s: %s", feed, error)
            failures += 1
            asked_to_wait_s = error.retry_after_s if isinstance(error, RateLimited) else 0.0
        except Exception:
            # An edge: a fault in reading leaves the map what it has, and is tried again.
            log.exception("The weather feed %s could not be read", feed)
            failures += 1
        self._failures[feed] = failures
        self._due_at[feed] = time.monotonic() + self.wait_after(failures, asked_to_wait_s)

    async def _tell(self) -> None:
        weather = await self._workers.network(self.feeds.weather)
        if weather != self.weather:
            self.weather = weather
            self.on_change(weather)
