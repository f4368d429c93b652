"""The clock everything asks; an exercise replaces it by storm time. Network waits use wall time instead."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    def now(self) -> int:
        """Whole milliseconds since 1970, UTC."""
        ...


class WallClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What the exercise's clock said (`GET /clock`): storm time in ms, times real time, standing still."""

    now: int
    speed: float
    paused: bool


class StormClock:
    """Storm time: runs on from the last reading of the exercise server's clock at its speed."""

    def __init__(self, reading: Reading) -> None:
        self._lock = threading.Lock()
        self.set(reading)

    def set(self, reading: Reading) -> None:
        with self._lock:
            self._reading = reading
            self._read_at = time.monotonic()

    @property
    def reading(self) -> Reading:
        with self._lock:
            return self._reading

    def now(self) -> int:
        with self._lock:
            if self._reading.paused:
                return self._reading.now
            passed_ms = (time.monotonic() - self._read_at) * 1000 * self._reading.speed
            return self._reading.now + int(passed_ms)
