"""The program's Qt loop, as tests need it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from qasync import QEventLoop


class TestLoop(QEventLoop):  # type: ignore[misc]
    """The running loop for all it calls, also where pytest-qt goes through Qt's events beside it: after each
    setup and while it waits. The program never leaves its loop, and what follows the store asks for it."""

    __test__ = False

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: Any, context: Any = None
    ) -> asyncio.Handle:
        handle: asyncio.Handle = super().call_later(delay, self._call, callback, *args, context=context)
        return handle

    def _call(self, callback: Callable[..., object], *args: Any) -> None:
        before = asyncio._get_running_loop()
        asyncio._set_running_loop(self)
        try:
            callback(*args)
        finally:
            asyncio._set_running_loop(before)
