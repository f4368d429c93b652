"""The real console over a seat's folder, for benches that look at its window: opened, watched, closed."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop

from dispatch.assembly import Parts
from ui.app import let_the_window_go_first
from ui.bridge import Bridge
from ui.collector import Collector
from ui.compose import Console
from ui.theme import Theme

SIZE = (1600, 1000)
PATIENCE_S = 600.0


@dataclass(frozen=True, slots=True)
class Opened:
    parts: Parts
    bridge: Bridge
    console: Console

    @property
    def list(self) -> Any:
        return self.console.queue.list

    @property
    def shown(self) -> int:
        """Rows in the list."""
        return len(self.console.queue.model.order)


@contextmanager
def event_loop() -> Iterator[QEventLoop]:
    """One for the process: an application has one loop of Qt under it."""
    let_the_window_go_first()
    application = QApplication.instance() or QApplication([])
    application.setQuitOnLastWindowClosed(False)  # one console is closed before the next opens
    with QEventLoop(application) as loop:
        asyncio.set_event_loop(loop)
        yield loop


class opened:
    """`async with opened(parts) as seat`: the window is exposed, the board follows the store, and garbage is
    collected as the application does it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def __aenter__(self) -> Opened:
        self._collector = Collector()
        bridge = Bridge(self._parts)
        console = Console(
            parts=self._parts, bridge=bridge, theme=Theme("light"), want_thread=lambda _request_ids: None
        )
        console.window.resize(*SIZE)
        console.window.show()
        self._seat = Opened(self._parts, bridge, console)
        self._follow = asyncio.ensure_future(bridge.follow())
        await painted(self._seat.list.viewport())
        gc.freeze()
        return self._seat

    async def __aexit__(self, *_: object) -> None:
        self._follow.cancel()
        await asyncio.gather(self._follow, return_exceptions=True)
        self._seat.console.close()
        self._seat.console.window.hide()
        self._seat.console.window.deleteLater()
        self._collector.close()
        gc.unfreeze()


class _Paints(QObject):
    """Sees each paint of a widget; `done` is set when the one under way is over."""

    def __init__(self, widget: QWidget, is_meant: Callable[[], bool]) -> None:
        super().__init__(widget)
        self._is_meant = is_meant
        self.done = asyncio.get_running_loop().create_future()
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._is_meant():
            asyncio.get_running_loop().call_soon(self._finish)
        return False

    def _finish(self) -> None:
        if not self.done.done():
            self.done.set_result(time.perf_counter())


async def painted(widget: QWidget, is_meant: Callable[[], bool] = lambda: True) -> float:
    """Waits for a paint of the widget at which the condition holds; when that paint was over."""
    paints = _Paints(widget, is_meant)
    widget.update()
    try:
        return await asyncio.wait_for(paints.done, PATIENCE_S)
    finally:
        widget.removeEventFilter(paints)
        paints.deleteLater()


async def until(is_so: Callable[[], bool], every_s: float = 0.02) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > ends:
            raise RuntimeError("The console did not come so far; the figures would mean nothing.")
        await asyncio.sleep(every_s)


def run_in_loop(work: Callable[[], Awaitable[Any]]) -> Any:
    with event_loop() as loop:
        return loop.run_until_complete(work())
