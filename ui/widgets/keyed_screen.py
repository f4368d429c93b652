"""A screen with keys of its own: those it has work for are its, also before the window's shortcuts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.widgets.guard import guarded


class KeyedScreen(QWidget):
    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What this key does here; None leaves it to others."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self.work_of(event) is not None:
            event.accept()
            return True
        return super().event(event)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        work = self.work_of(event)
        if work is None:
            event.ignore()
            return
        event.accept()
        work()
