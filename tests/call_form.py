"""Times the form for calls: a real window over a real seat and the exercise's server, five ordinary calls.

`python -m tests.call_form` types as a person does, five keys a second (60 words a minute, a practiced
typist), and prints for each call the seconds from O to the call on the board, the keys, and what of it was
not typing: the program's own time. `--keys-per-second 0` types as fast as the program takes it. Ends with one
line of JSON; exit 1 where a call took longer than 20 seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.city import City
from tests.conftest import StillClock
from tests.qt_loop import TestLoop
from tests.rooms import Room
from tests.ui.real import RealConsole

LIMIT_S = 20.0
PATIENCE_S = 30.0
TAB, DOWN, ENTER = Qt.Key.Key_Tab, Qt.Key.Key_Down, Qt.Key.Key_Return
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
# What is typed in each: words; a key; a key with what is held. Tab after the words takes the category they
# suggest; the fourth asks which 22nd, the fifth is about the first one's tree.
CALLS: dict[str, list[Any]] = {
    "tree, house number": ["oak across the road", TAB, TAB, "2214 22nd ave s"],
    "wire, crossing, call-back": [
        *("wire down", TAB, TAB, "central ave & 16th st n", *[TAB] * 7),
        *("ana", TAB, "7275550142"),
    ],
    "signal, block": ["traffic light out", TAB, TAB, "3400 block 5th ave n"],
    "flooded street, which 22nd": ["flooded street", TAB, TAB, "3000 22nd", DOWN, DOWN],
    "the same tree again": ["big oak on the road", TAB, TAB, "2214 22nd ave s", (Qt.Key.Key_1, ALT)],
}


class Typist:
    """Presses a key each so many seconds while the program goes on; never before the one before is done."""

    def __init__(self, wait: Callable[..., None], keys_per_second: float) -> None:
        self._wait = wait
        self._pause_s = 1 / keys_per_second if keys_per_second else 0.0
        self.keys = 0
        self.waited_s = 0.0

    def type(self, what: Any) -> None:
        if isinstance(what, str):
            for letter in what:
                self._press(lambda letter=letter: QTest.keyClicks(QApplication.focusWidget(), letter))
            return
        key, held = what if isinstance(what, tuple) else (what, NONE)
        self._press(lambda: QTest.keyClick(QApplication.focusWidget(), key, held))

    def _press(self, press: Callable[[], None]) -> None:
        due_at = time.perf_counter() + self._pause_s
        self._wait(lambda: time.perf_counter() >= due_at)
        self.waited_s += self._pause_s
        self.keys += 1
        press()


def take(one: RealConsole, typist: Typist, steps: list[Any]) -> tuple[int, float]:
    """From O, or from the form that stands there already, to the call on the board."""
    began, before = time.perf_counter(), typist.waited_s
    if one.sheets.current is None:
        typist.type(Qt.Key.Key_O)
        one.wait(lambda: one.sheets.current is not None)
    sheet = one.sheets.current
    for step in steps:
        if step == TAB and sheet.category.line.hasFocus():
            # A person looks at what is offered before taking it.
            one.wait(lambda: sheet._look is not None and not sheet._typing.isActive())
        elif step == DOWN and sheet.where.chosen() is None:
            one.wait(lambda: sheet.where.question)
        elif isinstance(step, tuple):
            one.wait(lambda: sheet.near.lines())
        typist.type(step)
    one.wait(lambda: sheet.where.place() is not None)
    typist.type((ENTER, CTRL))
    one.wait(lambda: one.sheets.current is not sheet)
    taken = one.sheets.current._last
    one.wait(lambda: one.bridge.board.row(taken.site_id) >= 0)
    return taken.number, time.perf_counter() - began - (typist.waited_s - before)


async def leave(tasks: set[asyncio.Task[Any]]) -> None:
    """What still reads for the window that is gone."""
    left = [task for task in tasks if task is not asyncio.current_task()]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.call_form")
    parser.add_argument("--keys-per-second", type=float, default=5.0)
    rate = parser.parse_args(arguments).keys_per_second
    app = QApplication.instance() or QApplication([])
    loop = TestLoop(app)
    asyncio.set_event_loop(loop)

    def wait(condition: Callable[[], object], timeout_s: float = PATIENCE_S) -> None:
        async def look() -> None:
            while not condition():
                await asyncio.sleep(0.002)

        loop.run_until_complete(asyncio.wait_for(look(), timeout_s))

    with tempfile.TemporaryDirectory() as made, City(Path(made) / "city") as city:
        city.add_report("Limb on the sidewalk", address="3000 22nd St S", lat=27.742, lng=-82.663)
        city.add_report("Water on the street", address="100 22nd Ave N", lat=27.7915, lng=-82.6344)
        room = Room(Path(made) / "seat", city, StillClock(), loop.run_until_complete)
        room.sync()
        one = RealConsole(room, wait)
        rows = []
        try:
            for name, steps in CALLS.items():
                typist = Typist(wait, rate)
                began = time.perf_counter()
                number, own_s = take(one, typist, steps)
                seconds = time.perf_counter() - began
                rows.append(
                    {
                        "call": name,
                        "number": number,
                        "keys": typist.keys,
                        "seconds": round(seconds, 2),
                        "own_seconds": round(own_s, 3),
                    }
                )
                said = f"{name:30} {typist.keys:3} keys {seconds:6.2f} s, not typing {own_s:.3f} s"
                sys.stderr.write(f"{said}\n")
        finally:
            one.close()
            loop.run_until_complete(leave(asyncio.all_tasks(loop)))
            room.close()
    is_quick = all(row["seconds"] < LIMIT_S for row in rows)
    found = {"keys_per_second": rate, "calls": rows, "limit_s": LIMIT_S, "within": is_quick}
    sys.stdout.write(f"{json.dumps(found)}\n")
    return 0 if is_quick else 1


if __name__ == "__main__":
    sys.exit(main())
