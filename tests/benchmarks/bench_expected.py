"""Expected times of 100 thousand sites of eight weeks, by 45 categories: everything that is counted anew each
hour, beside the thread that draws. The floor is one sort of the times of closing, which nothing can do
without.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dispatch.insight.expected import DAY_MS, NEVER, Known, Work, expected
from tests.benchmarks.floor import alternate, result

MANY, CATEGORIES, SAMPLES = 100_000, 45, 30
NOW = 100 * DAY_MS


def run() -> dict[str, dict[str, Any]]:
    work = storm()
    names = tuple(map(str, range(CATEGORIES)))
    days = (3,) * CATEGORIES
    known = Known(
        families=[f"family {at % 8}" for at in range(CATEGORIES)], normal_days=days, storm_days=days
    )
    values, floors = alternate(
        lambda: expected(work, names, known, NOW, in_storm=True),
        lambda: np.sort(work.ended_at, kind="stable"),
        samples=SAMPLES,
    )
    return {"expected_100k": result(values, floors)}


def storm() -> Work:
    chance = np.random.default_rng(9)
    opened = NOW - (chance.beta(1, 3, MANY) * 56 * DAY_MS).astype(np.int64)
    ended = opened + (chance.exponential(5, MANY) * DAY_MS).astype(np.int64)
    return Work(
        opened_at=opened,
        ended_at=np.where(ended < NOW, ended, NEVER),
        category=chance.integers(0, CATEGORIES, MANY),
        teaches=np.ones(MANY, bool),
    )
