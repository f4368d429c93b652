"""Waiting for an event, or until a time is up."""

from __future__ import annotations

import asyncio
from contextlib import suppress


async def is_set_within(event: asyncio.Event, seconds: float) -> bool:
    """A cancelling always comes through: on Python 3.11 `wait_for` swallows it where the wait ends at the
    same moment, and what waits for the end of it waits for ever."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
