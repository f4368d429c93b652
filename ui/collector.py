"""Collects Python's cyclic garbage on the UI thread alone: a widget freed by a worker crashes the program."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 1_000
# Python's own limits of its three generations, looked at once a second instead of at each allocation.
YOUNG, MIDDLE, OLD = 700, 10, 10


class Collector(QObject):
    """While it lives no other thread collects; `close` gives that back."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_collecting = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect as much as is due."""
        young, middle, old = gc.get_count()
        if old > OLD:
            gc.collect(2)
        elif middle > MIDDLE:
            gc.collect(1)
        elif young > YOUNG:
            gc.collect(0)

    def close(self) -> None:
        self._timer.stop()
        if self._was_collecting:
            gc.enable()
