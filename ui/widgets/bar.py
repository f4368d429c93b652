"""A bar over every screen: a ground of its own, and a line under it."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.words import grounds


class Bar(QWidget):
    """Hidden until it has something to say."""

    def __init__(self, *, theme: Theme, ground: str, line: str) -> None:
        """`ground` and `line` are names of the palette."""
        super().__init__()
        self._theme = theme
        self._ground, self._line = ground, line
        self.hide()
        theme.changed.connect(self._take_theme)

    def stand_on(self, ground: str, line: str) -> None:
        self._ground, self._line = ground, line
        self.update()

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        # Not before: at the start of the program nothing is spent on what nobody sees.
        self.setStyleSheet(grounds(self._theme.palette))
        super().showEvent(event)

    def _take_theme(self) -> None:
        if self.isVisible():
            self.setStyleSheet(grounds(self._theme.palette))
            self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color(self._ground))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color(self._line))
