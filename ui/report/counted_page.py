"""What was counted: the pages as they will print beside every number, its definition and its rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.report.behind import Behind
from ui.report.looking import Look
from ui.report.numbers import NumbersTable, rows_of
from ui.report.page_view import PageView
from ui.theme import Theme

PAPER_SHARE, NUMBERS_SHARE = 52, 48
_NONE = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier


class CountedPage(QWidget):
    def __init__(self, *, bridge: Any, theme: Theme) -> None:
        super().__init__()
        self.look: Look | None = None
        self.pages = PageView(bridge=bridge, theme=theme)
        self.numbers = NumbersTable(theme=theme)
        self.behind = Behind(bridge=bridge, theme=theme)
        self.numbers.chosen.connect(lambda number, of: self.behind.show_number(self.look, number, of))
        self.numbers.opened.connect(self.behind.table.setFocus)
        self.setFocusProxy(self.numbers)
        card = QFrame()
        card.setProperty("part", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(8, 6, 4, 8)
        inside.addWidget(self.numbers)
        side = QWidget()
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(12)
        right.addWidget(card, 58)
        right.addWidget(self.behind, 42)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(14)
        across.addWidget(self.pages, PAPER_SHARE)
        across.addWidget(side, NUMBERS_SHARE)

    @property
    def is_at_rest(self) -> bool:
        return self.pages.is_at_rest and self.behind.is_at_rest

    def take(self, look: Look) -> None:
        self.look = look
        self.pages.show_look(look)
        self.numbers.show_rows(rows_of(look.snapshot, self.tr("Now"), self.tr("In the period")))

    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if held == _CTRL and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return lambda: self.numbers.step_section(1 if key == Qt.Key.Key_Down else -1)
        if held != _NONE:
            return None
        if key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            return lambda: self.pages.turn(1 if key == Qt.Key.Key_PageDown else -1)
        if self.behind.table.hasFocus():
            return self.numbers.setFocus if key == Qt.Key.Key_Escape else None
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1}
        if key in steps:
            return lambda: self._walk(lambda: self.numbers.step(steps[key]))
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            return lambda: self._walk(lambda: self.numbers.across(1 if key == Qt.Key.Key_Right else -1))
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.numbers.hasFocus():
            return self.behind.table.setFocus
        return None

    def _walk(self, step: Callable[[], None]) -> None:
        self.numbers.setFocus()
        step()
