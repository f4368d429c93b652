"""One 311 server and all that talking with it needs; shared by pull, push and the service around them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

from dispatch.records import Page
from dispatch.servers import Newest, Server
from dispatch.store.store import Store
from dispatch.sync.budget import Budget, Lane
from dispatch.sync.take import Taker
from dispatch.workers import Workers

P = ParamSpec("P")
T = TypeVar("T")

# What a thread of the network lane asks in: whether its first call is still to come, and how a further one
# gets its turn.
_turn = threading.local()
# Longer than any wait for a turn; a loop that has ended meanwhile gives none.
LONGEST_S = 600.0


class OlderPages(Protocol):
    """Where a backlog's pages come from instead of the server itself."""

    def page(self, asked: Newest, number: int) -> Page:
        """As `Server.page`."""
        ...

    def close(self) -> None:
        """Nothing older is left to ask for."""
        ...


@dataclass(frozen=True, slots=True)
class Line:
    server: Server
    store: Store
    taker: Taker
    workers: Workers
    budget: Budget
    older: OlderPages | None = None

    def older_page(self, asked: Newest, number: int) -> Page:
        """On the network lane."""
        return (self.older or self.server).page(asked, number)

    async def ask(self, lane: Lane, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """One question to the server: when the budget lets it go, on the network lane."""
        await self.budget.take(lane)
        return await self.go(lane, call, *args, **kwargs)

    async def go(self, lane: Lane, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The same for whom the budget has let go already."""
        loop = asyncio.get_running_loop()
        return await self.workers.network(self._ask_in_turn, loop, lane, partial(call, *args, **kwargs))

    def _ask_in_turn(self, loop: asyncio.AbstractEventLoop, lane: Lane, question: Callable[[], T]) -> T:
        def take() -> None:
            asyncio.run_coroutine_threadsafe(self.budget.take(lane), loop).result(LONGEST_S)

        _turn.is_first, _turn.take = True, take
        try:
            return question()
        finally:
            _turn.take = None


def take_turn() -> None:
    """Before each call over HTTP: a question may take several (an action's address stands in the request
    itself), and each of them counts at the server. The first has had its turn, a further one waits for it."""
    take = getattr(_turn, "take", None)
    if take is None:
        return
    if _turn.is_first:
        _turn.is_first = False
    else:
        take()
