"""A line of words that gives way: said shorter, then cut, where there is no room; whole in its hover text."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.words import hint


class ElidedLine(QWidget):
    def __init__(
        self, *, theme: Theme, role: str = "body", tone: str = "text", is_right: bool = False
    ) -> None:
        super().__init__()
        self.text = ""
        self._shorter = ""
        self.tone = tone
        self._role = role
        self._theme = theme
        self._align = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def say(self, text: str, tone: str = "", *, shorter: str = "") -> None:
        if (text, tone or self.tone, shorter) == (self.text, self.tone, self._shorter):
            return
        self.text, self.tone, self._shorter = text, tone or self.tone, shorter
        self.setToolTip(hint(text))
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.font(self._role))
        return QSize(metrics.horizontalAdvance(self.text) + 2, metrics.height() + 4)

    def shown(self) -> str:
        """What there is room for."""
        metrics = QFontMetrics(self._theme.font(self._role))
        text = self.text
        if self._shorter and metrics.horizontalAdvance(text) > self.width():
            text = self._shorter
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width())

    def minimumSizeHint(self) -> QSize:
        return QSize(80 if self.text else 0, self.sizeHint().height())

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._theme.font(self._role))
        painter.setPen(self._theme.color(self.tone))
        painter.drawText(self.rect(), self._align | Qt.AlignmentFlag.AlignVCenter, self.shown())
