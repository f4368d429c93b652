"""How the backlog comes in: how many are left, how fast it goes, when it is done, as far as one can know."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

from dispatch.records import Page

# What the rate is taken over: long enough for some pages of a slow server, short enough to be of now.
RECENT_S = 180.0
# Of less than this nobody can say how fast it goes.
LEAST_S = 1.0


class Arrivals:
    """Notes each answer of the backlog when it is saved (on the store lane); read from any thread."""

    def __init__(self, wall: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._saved: deque[tuple[float, int]] = deque()
        # Rows that one call brings: of a save the fewest, as several pages may be saved together.
        self._page = math.inf
        # Rows the server still has for us; None where it does not say how many there are.
        self.left: int | None = None

    def note(self, page: Page) -> None:
        now = self._wall()
        rows = page.received or len(page.requests) + len(page.bad)
        self.left = None if page.entries is None else max(0, page.entries - rows)
        self._saved.append((now, rows))
        if rows:
            self._page = min(self._page, rows)
        while self._saved[0][0] < now - RECENT_S:
            self._saved.popleft()

    def begin_anew(self) -> None:
        """After a pause: the time that stood still says nothing of how fast it goes."""
        self._saved.clear()

    def rows_per_minute(self, page_every_s: float) -> float | None:
        """As it will go on; None when there is too little to say it by."""
        rate = self._rows_per_minute()
        if rate is None or not page_every_s or self._page == math.inf:
            return rate
        return min(rate, 60 * self._page / page_every_s)

    def _rows_per_minute(self) -> float | None:
        """As it was in the last minutes."""
        saved = list(self._saved)
        if len(saved) < 2:
            return None
        # The first one only marks where the time begins: what it brought had come before that.
        over_s = self._wall() - saved[0][0]
        return 60 * sum(rows for _, rows in saved[1:]) / over_s if over_s >= LEAST_S else None

    def seconds_left(self, page_every_s: float) -> float | None:
        """By what was measured, and never less than the agreed calls allow: a backlog begins with a burst."""
        if self.left is None:
            return None
        by_calls_s = math.ceil(self.left / self._page) * page_every_s
        if (rate := self._rows_per_minute()) is None:
            return by_calls_s or (None if self.left else 0.0)
        return max(by_calls_s, 60 * self.left / rate) if rate else None
