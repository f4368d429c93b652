"""What every way of asking a server can do, whichever its capabilities allow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from dispatch.records import Changes
from dispatch.sync.pull import Step

# Hears of each save as soon as it is done.
Took = Callable[[Changes], object]


def nobody(_: Changes) -> None:
    """Who does not want to hear of each save."""


class Walk(Protocol):
    @property
    def calls(self) -> int: ...

    @property
    def is_backlog_done(self) -> bool: ...

    async def live(self, *, for_s: float = 0.0, took: Took = nobody) -> Step:
        """What is new since the last time: one call, or as many as there is to ask in about that time."""
        ...

    async def backlog(self, *, for_s: float = 0.0, took: Took = nobody) -> Step:
        """More of what was there before we came."""
        ...

    async def until_in_step(self, took: Took = nobody) -> Changes:
        """Everything, once."""
        ...
