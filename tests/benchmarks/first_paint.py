"""`python -m tests.benchmarks.first_paint DIR`: the console as main.py opens it, until all of it is painted.

Prints one line of JSON: when that was (the machine's monotonic clock), what processor time it took, how many
rows stand in the list, and how many MB are resident once it has come to rest. `--floor` instead of DIR opens
an empty window, `--modules` the same with everything read that the console's start reads.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

REST_S = 1.5
TURN_S = 0.01


def main() -> int:
    if sys.argv[1] == "--floor":
        return floor()
    # As main.py does before it reads anything: here ui.app is read ahead of it, to be held open differently.
    gc.disable()
    if sys.argv[1] == "--modules":
        import ui.app
        import ui.compose  # noqa: F401

        return floor()
    import main as program
    from ui import app

    app._until_closed = until_painted
    return program.main(["--data", sys.argv[1], "--size", "1600x1000"])


def floor() -> int:
    """What no console with a window, columns and a database can do without."""
    import sqlite3  # noqa: F401

    import numpy  # noqa: F401
    from PySide6.QtWidgets import QApplication, QWidget

    class Empty(QWidget):
        is_painted = False

        def paintEvent(self, _event: Any) -> None:
            self.is_painted = True

    application = QApplication([])
    window = Empty()
    window.resize(1600, 1000)
    window.show()
    while not window.is_painted:
        application.processEvents()
    say(time.monotonic(), time.process_time(), rows=0)
    return 0


async def until_painted(console: Any) -> None:
    """Stands where the program waits for its window to be closed."""
    import asyncio

    from PySide6.QtCore import QEvent, QObject

    class Paints(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                waited_for.discard(watched)
            return False

    queue, paints = console.queue, Paints()
    parts = (queue.list.viewport(), queue.map, queue.strip, queue.header, console.window.status)
    waited_for = set(parts)
    for part in parts:
        part.installEventFilter(paints)
    while waited_for:
        await asyncio.sleep(0)
    painted = (time.monotonic(), time.process_time())
    await asyncio.sleep(REST_S)
    say(*painted, rows=len(queue.model.order))


def say(at: float, cpu: float, *, rows: int) -> None:
    print(json.dumps({"at": at, "cpu": cpu, "rows": rows, "mb": resident_mb()}))  # noqa: T201


def resident_mb() -> float:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    sys.exit(main())
