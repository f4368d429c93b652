"""A value beside its floor, both measured in turn in one run: only their ratio travels between machines."""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from dispatch.garbage import without_collecting

SAMPLES = 30
WARM = 3
UNITS = {"s": 1.0, "ms": 1e3, "µs": 1e6}

Timed = Callable[[], object]


def alternate(
    value: Timed,
    floor: Timed,
    *,
    samples: int = SAMPLES,
    warm: int = WARM,
    before: Timed = lambda: None,
) -> tuple[list[float], list[float]]:
    """Seconds of each, taken in turn, so that a busy moment of the machine hits both alike. `before` runs
    untimed ahead of every one of them."""
    values: list[float] = []
    floors: list[float] = []
    for number in range(-warm, samples):
        for timed, seconds in ((floor, floors), (value, values)):
            before()
            taken = stopwatch(timed)
            if number >= 0:
                seconds.append(taken)
    return values, floors


def stopwatch(timed: Timed) -> float:
    """Seconds of one run; the collector waits meanwhile, as it would fall on whoever is next."""
    gc.collect(0)
    with without_collecting():
        started = time.perf_counter()
        timed()
        return time.perf_counter() - started


def result(
    values: Sequence[float], floors: Sequence[float], *, unit: str = "ms", **more: float
) -> dict[str, Any]:
    """One entry of build/bench.json from seconds; the ratio is one of medians."""
    scale = UNITS[unit]
    value, floor = statistics.median(values), statistics.median(floors)
    return {
        "value": round(value * scale, 4),
        "unit": unit,
        "floor": round(floor * scale, 4),
        "ratio": round(value / floor, 3) if floor else None,
        "n": len(values),
        **{name: round(figure * scale, 4) for name, figure in more.items()},
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all values do not exceed: 0.99 of 600 frames is the 594th."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
