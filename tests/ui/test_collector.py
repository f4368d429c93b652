"""No thread but the window's frees what the window is made of."""

from __future__ import annotations

import threading
import weakref

from ui.collector import Collector


class Knot:
    """Garbage that only the collector can find."""

    def __init__(self) -> None:
        self.itself = self


def test_a_worker_thread_never_collects(qapp):
    collector = Collector()
    knot = weakref.ref(Knot())

    worker = threading.Thread(target=lambda: [Knot() for _ in range(50_000)])
    worker.start()
    worker.join()

    assert knot() is not None
    collector.look()
    assert knot() is None
    collector.close()
