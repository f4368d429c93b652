"""So many calls in any sixty seconds of wall time, for everybody behind one address together."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

WINDOW_S = 60.0


class Limiter:
    def __init__(self, calls_a_minute: int, *, wall: Callable[[], float] = time.monotonic) -> None:
        self.most = calls_a_minute
        self._wall = wall
        self._calls: deque[float] = deque()

    def take(self) -> int | None:
        """None when the call may pass; else the whole seconds until one may. 0 calls a minute: no limit."""
        if not self.most:
            return None
        now = self._wall()
        while self._calls and self._calls[0] <= now - WINDOW_S:
            self._calls.popleft()
        if len(self._calls) < self.most:
            self._calls.append(now)
            return None
        return max(1, math.ceil(self._calls[0] + WINDOW_S - now))
