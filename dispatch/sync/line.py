"""One 311 server and all that talking with it needs; shared by pull, push and the service around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from dispatch.servers import Server
from dispatch.store.store import Store
from dispatch.sync.budget import Budget, Lane
from dispatch.sync.take import Taker
from dispatch.workers import Workers

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    server: Server
    store: Store
    taker: Taker
    workers: Workers
    budget: Budget

    async def ask(self, lane: Lane, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """One call to the server: when the budget lets it go, on the network lane."""
        await self.budget.take(lane)
        return await self.workers.network(call, *args, **kwargs)
