"""`python -m tests.flow.first_look DIR`: the console as main.py opens it; an act at its first paint, an end.

Prints one line of JSON: the modules that were there at the first paint, whether the store was open by then,
how often the whole window had been painted, how many rows the list had, what was said to a sheet that was
asked for at that moment, whether it opened then and later, and who holds the first site after the act that
was asked for then, too.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

PATIENCE_S = 60.0


def main() -> int:
    import main as program
    from ui import app

    app._until_closed = look_and_act
    return program.main(["--data", sys.argv[1], "--size", "1366x768"])


class Paints(QObject):
    """How often the whole of a widget was painted."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__()
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent) and isinstance(watched, QWidget):
            self.count += event.rect() == watched.rect()
        return False


async def look_and_act(console: Any) -> None:
    """Stands where the program waits for its window to be closed."""
    from ui.first_paint import FirstPaint

    bridge, paints = console.bridge, Paints(console.window.stage)
    await FirstPaint(console.first_seen()).done()
    painted = paints.count
    modules, is_open = sorted(sys.modules), not bridge.parts.workers.is_held
    site_id = int(bridge.board.site_id[0])
    shown = len(console.queue.model.order)
    said: list[str] = []
    console.sheets.did.connect(lambda sentence, _can_undo: said.append(sentence))
    early = console.sheets.open("escalate", site_id) if not is_open else None
    await asyncio.wait_for(bridge.act(bridge.desk.claim, site_id), PATIENCE_S)
    late = console.sheets.open("escalate", site_id)
    held = bridge.board.claims.get(site_id)
    print(  # noqa: T201
        json.dumps(
            {
                "modules": modules,
                "is_open": is_open,
                "paints": painted,
                "rows": shown,
                "said": said,
                "sheets": [early is not None, late is not None],
                "claimed_by": held.person if held else "",
                "title": console.window.windowTitle(),
            }
        ),
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
