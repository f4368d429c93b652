"""A console and its wall on a machine with two screens, in a process of its own: says where both stand.

Run with QT_QPA_PLATFORM=offscreen:configfile=…; the argument is the seat's folder.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from dispatch import assembly
from dispatch.clock import WallClock
from dispatch.settings import load
from ui.bridge import Bridge
from ui.compose import Console
from ui.theme import Theme

PATIENCE_S = 20.0


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.01)


def where(console: Console) -> list[object]:
    wall = console.wall.window
    return [wall.screen().name(), wall.isFullScreen(), console.window.windowHandle().screen().name()]


async def live(application: QApplication, folder: Path) -> dict[str, object]:
    parts = assembly.build(
        folder=folder,
        settings=load(folder),
        clock=WallClock(),
        storm=assembly.Storm("Hurricane Test", is_exercise=True),
    )
    console = Console(parts=parts, bridge=Bridge(parts), theme=Theme("dim"), want_thread=lambda _ids: None)
    desk, tv = QApplication.screens()
    window, wall = console.window, console.wall
    window.show()
    window.move(desk.geometry().topLeft())
    said: dict[str, object] = {}
    wall.begin()
    said["remembered"] = wall.is_open and where(console)
    said["blank"] = wall.is_open and wall.window.is_blank
    wall.open()
    await until(lambda: load(folder).wall_screen)
    said["opened"] = where(console)
    said["letters"] = wall.window.letters.px
    # What Qt tells when a cable is pulled; the platform without screens cannot pull one.
    application.screenRemoved.emit(tv)
    said["unplugged"] = [*where(console), window.toast.isVisible()]
    application.screenAdded.emit(tv)
    await until(wall.window.isFullScreen)
    said["plugged in again"] = where(console)
    window.windowHandle().setScreen(tv)
    window.move(tv.geometry().topLeft())
    await until(lambda: not wall.window.isFullScreen())
    said["console moved there"] = where(console)
    window.windowHandle().setScreen(desk)
    window.move(desk.geometry().topLeft())
    await until(wall.window.isFullScreen)
    said["console moved back"] = where(console)
    wall.blank()
    await until(lambda: load(folder).wall_blanked_at)
    console.close()
    window.close()
    parts.close()
    return said


def main() -> None:
    application = QApplication(sys.argv[:1])
    with QEventLoop(application) as loop:
        asyncio.set_event_loop(loop)
        said = loop.run_until_complete(live(application, Path(sys.argv[1])))
    print(json.dumps(said), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
