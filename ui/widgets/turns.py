"""Parts of the screen that look at every site take turns, so that a key is heard between two of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer

# Long enough for what the one before has changed to be painted.
BETWEEN_MS = 10


@dataclass(eq=False, slots=True)
class _Part:
    work: Callable[[], object]
    rest_s: float
    rested_at: float = 0.0
    is_wanted: bool = False


class Turns(QObject):
    """A part that is wanted works in one of the next turns of the event loop; wanted again and again, as in
    a flood of reports, no more often than it was told to rest. Who was added first goes first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts: list[_Part] = []
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._next)

    def part(self, work: Callable[[], object], *, of: QObject, rest_ms: int) -> Callable[..., None]:
        """Gives the function that wants this work of an object done, while the object lives; what it is
        called with is of no account."""
        part = _Part(work, rest_ms / 1000)
        self._parts.append(part)
        of.destroyed.connect(lambda: self._parts.remove(part))

        def want(*_: object) -> None:
            part.is_wanted = True
            if not self._timer.isActive():
                self._timer.start(0)

        return want

    def _next(self) -> None:
        now = time.monotonic()
        ready = next((part for part in self._parts if part.is_wanted and part.rested_at <= now), None)
        if ready is not None:
            ready.is_wanted = False
            ready.rested_at = now + ready.rest_s
            ready.work()
        waiting = [part.rested_at - now for part in self._parts if part.is_wanted]
        if waiting:
            self._timer.start(max(BETWEEN_MS, round(1000 * min(waiting))))
