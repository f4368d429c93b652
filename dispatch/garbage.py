"""Python's collector: seldom in a process that takes pages in by the hundred, not at all for a moment."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# Objects more than before until the youngest are looked through: some pages of rows, not a tenth of one.
YOUNG = 20_000


def collect_seldom() -> None:
    """What is there now (rules, areas, streets) comes to stay and is looked through no more; the rest seldom.
    Rows are let go of without the collector: looking for cycles among them was a tenth of a first sync."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


@contextmanager
def without_collecting() -> Iterator[None]:
    """Whether it collected before is kept: where it must not, it does not begin to by this."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.enable()
