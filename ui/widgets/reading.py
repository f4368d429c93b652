"""Reads the store for a part of a screen, and gives it what was found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from dispatch.errors import LandfallError

T = TypeVar("T")


class Reading:
    """The newest read counts. What fails is said; what comes when the part has gone is nobody's."""

    def __init__(self, part: QWidget, bridge: Any) -> None:
        self._part, self._bridge = part, bridge
        self._task: asyncio.Task[None] | None = None

    @property
    def is_at_rest(self) -> bool:
        return self._task is None or self._task.done()

    def begin(self, read: Coroutine[Any, Any, T], take: Callable[[T], None]) -> None:
        self._task = asyncio.ensure_future(self._read(read, take))

    async def _read(self, read: Coroutine[Any, Any, T], take: Callable[[T], None]) -> None:
        mine = asyncio.current_task()
        try:
            found = await read
        except LandfallError as error:
            self._bridge.said.emit(str(error), True)
            return
        if isValid(self._part) and mine is self._task:
            take(found)
