"""One line that leads somewhere: cut where there is no room, whole in its hover text, reached by Tab."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.words import hint

HEIGHT = 24  # the least a pointer hits without looking (U3)


class LinkLine(QAbstractButton):
    def __init__(self, words: str, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self.setToolTip(hint(words))
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def said(self) -> str:
        return self._words

    def sizeHint(self) -> QSize:
        return QSize(80, HEIGHT)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = QFont(self._theme.font("body"))
        font.setUnderline(self.underMouse())
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        shown = QFontMetrics(font).elidedText(self._words, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
