"""The facts beside whatever sheet is open: Alt+F shows them, Enter copies into the reply at the cursor."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from ui.residents.facts_panel import WIDTH, FactsPanel
from ui.sheets.registry import MARGIN, Sheets
from ui.theme import Theme
from ui.widgets.sheet import SHADOW, Sheet

NAME = "city_facts"
LEAST_HEIGHT = 420


class FactsBeside(QObject):
    def __init__(self, *, host: QWidget, bridge: Any, theme: Theme, sheets: Sheets) -> None:
        super().__init__(host)
        self._host, self._sheets = host, sheets
        self._sheet: Sheet | None = None
        self._box: QWidget | None = None  # where a line goes
        self.panel = FactsPanel(bridge=bridge, theme=theme)
        self.panel.setParent(host)
        self.panel.hide()
        self.panel.copied.connect(self._copy)
        self.panel.left.connect(self._back)
        self.panel.typing_wanted.connect(lambda: sheets.open("city_fact"))
        sheets.opened.connect(lambda _name: self._follow())
        sheets.closed.connect(lambda _is_done: self.hide())

    def toggle(self) -> None:
        """Beside the open sheet; as a sheet of its own where none is open."""
        sheet = self._sheets.current
        if sheet is None:
            self._sheets.open(NAME)
        elif sheet.NAME == NAME:
            self._sheets.close()
        elif not self.panel.isVisible():
            self._show(sheet)
        elif self.panel.isAncestorOf(QApplication.focusWidget() or self._host):
            self._back()
            self.hide()
        else:
            self._remember(sheet)
            self.panel.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def hide(self) -> None:
        self.panel.hide()
        self._watch(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._sheet and event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self._place()
        return False

    def _show(self, sheet: Sheet) -> None:
        self._remember(sheet)
        self._watch(sheet)
        self.panel.look()
        self._place()
        self.panel.show()
        self.panel.raise_()
        self.panel.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _remember(self, sheet: Sheet) -> None:
        """Where somebody writes, else the first text of the sheet."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QPlainTextEdit | QLineEdit) and sheet.isAncestorOf(focus):
            self._box = focus
            return
        boxes = (
            box for box in sheet.findChildren(QPlainTextEdit) if box.isVisible() and not box.isReadOnly()
        )
        self._box = next(boxes, None)

    def _copy(self, text: str) -> None:
        box = self._box
        if box is None or not isValid(box) or not box.isEnabled():
            QApplication.clipboard().setText(text)
            return
        if isinstance(box, QPlainTextEdit) and not box.isReadOnly():
            cursor = box.textCursor()
            before = box.toPlainText()[: cursor.selectionStart()]
            cursor.insertText(f" {text}" if before and not before[-1].isspace() else text)
        elif isinstance(box, QLineEdit) and not box.isReadOnly():
            box.insert(text)
            box.textEdited.emit(box.text())
        box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _back(self) -> None:
        box = self._box if self._box is not None and isValid(self._box) else None
        target = box or (self._sheet.first_focus() if self._sheet is not None else self._host)
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow(self) -> None:
        """Another sheet stands there now: beside one with a text it stays, else it goes."""
        sheet = self._sheets.current
        if not self.panel.isVisible() or sheet is None:
            return
        if sheet.NAME == NAME or not sheet.findChildren(QPlainTextEdit):
            self.hide()
            return
        self._remember(sheet)
        self._watch(sheet)
        self._place()

    def _watch(self, sheet: Sheet | None) -> None:
        if self._sheet is not None and isValid(self._sheet):
            self._sheet.removeEventFilter(self)
        self._sheet = sheet
        if sheet is not None:
            sheet.installEventFilter(self)

    def _place(self) -> None:
        sheet = self._sheet
        if sheet is None or not isValid(sheet):
            return
        at, room = sheet.geometry(), self._host.rect()
        width = min(WIDTH, room.width() // 2)
        height = min(max(at.height() - 2 * SHADOW, LEAST_HEIGHT), room.height() - 2 * MARGIN)
        left = at.left() + SHADOW - MARGIN - width
        if left < MARGIN:
            left = min(at.right() - SHADOW + MARGIN, room.width() - width - MARGIN)
        top = min(at.top() + SHADOW, room.height() - height - MARGIN)
        self.panel.setGeometry(left, max(MARGIN, top), width, height)
