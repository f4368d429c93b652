"""Blocking work in two lanes, so that a click never stands behind a slow server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

NETWORK_THREADS = 3
# A hand-over and an answer each for the slow ones among the channels.
CHANNEL_THREADS = 6


class Workers:
    """`network`: a few threads for calls that wait on the 311 server. `channel`: the same for the channels of
    hand-overs, so that a dead relay holds up no report. `store`: one thread, every write in order."""

    def __init__(self) -> None:
        self._network = ThreadPoolExecutor(NETWORK_THREADS, thread_name_prefix="network")
        self._channel = ThreadPoolExecutor(CHANNEL_THREADS, thread_name_prefix="channel")
        self._store = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._held: asyncio.Event | None = None
        self._waiting = 0

    async def network(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.wrap_future(self._network.submit(work, *args, **kwargs))

    async def channel(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.wrap_future(self._channel.submit(work, *args, **kwargs))

    async def store(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        if self._held is not None:
            self._waiting += 1
            try:
                await self._held.wait()
            finally:
                self._waiting -= 1
        return await asyncio.wrap_future(self.store_future(work, *args, **kwargs))

    def store_future(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """For callers without a running loop (start, command line)."""
        return self._store.submit(work, *args, **kwargs)

    @property
    def is_held(self) -> bool:
        return self._held is not None and not self._held.is_set()

    @property
    def is_waited_for(self) -> bool:
        """Whether somebody has not yet been able to give the store lane what they have for it."""
        return self._waiting > 0

    def hold_store(self) -> None:
        """Let coroutines wait with what they have for the store lane, in their order, until `let_store`."""
        self._held = asyncio.Event()

    def let_store(self) -> None:
        if self._held is not None:
            self._held.set()

    def close(self) -> None:
        """Leave the network calls to their time-outs; finish what the store lane was given."""
        self._network.shutdown(wait=False, cancel_futures=True)
        self._channel.shutdown(wait=False, cancel_futures=True)
        self._store.shutdown(wait=True)
