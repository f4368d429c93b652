"""The Residents screen's frame: one page at a time, each in a file of its own, chosen by its digit."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.residents.pages import PAGES
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets.chip import Chip
from ui.widgets.keyed_screen import KeyedScreen
from ui.widgets.words import Words, grounds

_NONE = Qt.KeyboardModifier.NoModifier
_DIGITS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)


class ResidentsScreen(KeyedScreen):
    """A page is a widget made when it is first shown. It has `look()`, called when it comes into sight and
    when anything of the room has changed, and may have `work_of(event)` for keys of its own. `opened` has the
    filter of the sites behind what a page shows."""

    opened = Signal(object)

    def __init__(self, *, bridge: Any, theme: Theme, sheets: Sheets) -> None:
        super().__init__()
        self._bridge = bridge
        self._theme = theme
        self._sheets = sheets
        self._made: dict[str, Any] = {}
        self._names = list(PAGES)
        self.page = next(iter(PAGES), "")
        self._build()
        self._paint_in_theme()
        theme.changed.connect(self._paint_in_theme)
        bridge.room_changed.connect(self._look)

    def show_page(self, name: str) -> Any:
        """Bring a page into sight; the page itself."""
        self.page = name
        for each, chip in self._chips.items():
            chip.setChecked(each == name)
        widget = self._page(name)
        self._stack.setCurrentWidget(widget)
        widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look()
        return widget

    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if held == _NONE and key in _DIGITS[: len(self._names)]:
            name = self._names[_DIGITS.index(key)]
            return lambda: self.show_page(name)
        of_page = getattr(self._made.get(self.page), "work_of", None)
        return of_page(event) if of_page else None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.page:
            self.show_page(self.page)

    def _page(self, name: str) -> Any:
        if name not in self._made:
            module, kind, _title = PAGES[name]
            page = getattr(import_module(module), kind)(
                bridge=self._bridge, theme=self._theme, sheets=self._sheets
            )
            if hasattr(page, "opened"):
                page.opened.connect(self.opened)
            self._made[name] = page
            self._stack.addWidget(page)
        return self._made[name]

    def _look(self) -> None:
        if self.isVisible() and self.page:
            self._page(self.page).look()

    def _build(self) -> None:
        self._title = Words(self.tr("Residents"), theme=self._theme, role="title", wrap=False)
        self._chips: dict[str, Chip] = {}
        across = QHBoxLayout()
        across.setContentsMargins(22, 12, 18, 4)
        across.setSpacing(8)
        across.addWidget(self._title)
        across.addSpacing(8)
        for digit, name in enumerate(self._names, 1):
            chip = Chip(
                f"{digit} {QCoreApplication.translate('residents', PAGES[name][2])}", theme=self._theme
            )
            chip.setCheckable(True)
            chip.clicked.connect(lambda _checked=False, name=name: self.show_page(name))
            self._chips[name] = chip
            across.addWidget(chip)
        across.addStretch(1)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._head = QWidget()
        self._head.setLayout(across)
        column.addWidget(self._head)
        column.addWidget(self._stack, 1)

    def _paint_in_theme(self) -> None:
        self.setStyleSheet(grounds(self._theme.palette))
