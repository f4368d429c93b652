"""Tells when everything that a person looks at first has been painted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

# A window that nobody can see (minimized, the screen locked) is never painted: its work begins anyway.
PATIENCE_S = 1.0


class FirstPaint(QObject):
    def __init__(self, parts: Iterable[QWidget]) -> None:
        super().__init__()
        self._waited_for = set(parts)
        self._done = asyncio.Event()
        for part in self._waited_for:
            part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._waited_for.discard(watched)
            watched.removeEventFilter(self)
            if not self._waited_for:
                self._done.set()
        return False

    async def done(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._done.wait(), PATIENCE_S)
        # Whoever waited for the same paint comes first, and what the paint left to be done.
        await asyncio.sleep(0)
