"""A console as the program puts it up, over a seat with a store and a city: for stories that need both."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest

from tests.rooms import Room
from ui.bridge import Bridge
from ui.compose import Console
from ui.theme import Theme


class RealConsole:
    def __init__(self, room: Room, wait_until: Callable[..., None]) -> None:
        self.room, self._wait_until = room, wait_until
        self.bridge = Bridge(room.parts)
        self.console = Console(
            parts=room.parts, bridge=self.bridge, theme=Theme("light"), want_thread=lambda _ids: None
        )
        self.window, self.selection = self.console.window, self.console.selection
        self.queue, self.sheets = self.console.queue, self.console.sheets
        self.window.resize(1366, 768)
        self.window.show()
        wait_until(self.window.windowHandle().isExposed)
        self.window.activateWindow()
        self.queue.list.setFocus()

    def key(self, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
        modifiers = Qt.KeyboardModifier.NoModifier
        for each in held:
            modifiers |= each
        QTest.keyClick(self.window.focusWidget() or self.window, key, modifiers)

    def wait(self, condition: Callable[[], object]) -> None:
        self._wait_until(condition)

    def close(self) -> None:
        self.window.close()
        self.console.close()
        # A window that lives on is styled anew with every one that comes after it.
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete)
