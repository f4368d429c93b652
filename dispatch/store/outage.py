"""Whether the database is away: known after the first failure, so that nobody else waits for it in vain."""

from __future__ import annotations

import threading
import time

from dispatch.clock import Clock
from dispatch.errors import StoreUnreachable
from dispatch.records import Millis

# One question in so long finds out whether it is back.
RETRY_S = 1.0


class Outage:
    """Safe from any thread. `since_at` is when it was noticed, None while the database answers."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tried_at = 0.0
        self._sentence = ""
        self.since_at: Millis | None = None

    def pass_or_raise(self) -> None:
        """Lets one try through each second; the others get StoreUnreachable at once."""
        if self.since_at is None:
            return
        with self._lock:
            if time.monotonic() < self._tried_at + RETRY_S:
                raise StoreUnreachable(self._sentence)
            self._tried_at = time.monotonic()

    def begin(self, sentence: str) -> None:
        with self._lock:
            self._tried_at, self._sentence = time.monotonic(), sentence
            if self.since_at is None:
                self.since_at = self._clock.now()

    def end(self) -> None:
        self.since_at = None
