"""A key as it stands on the keyboard: a small framed letter beside what it does."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Theme
from ui.widgets.guard import guarded


class KeyCap(QWidget):
    """`tone` and `ground` are palette fields; without a ground only the frame is drawn."""

    def __init__(
        self, key: str, *, theme: Theme, tone: str = "text_dim", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.key = key
        self._tone = tone
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(cap_width(self.key, self._theme), 18)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_cap(painter, QRectF(self.rect()), self.key, tone=self._tone, theme=self._theme)


def cap_width(key: str, theme: Theme) -> int:
    return max(20, QFontMetrics(theme.font("cap")).horizontalAdvance(key) + 13)


def paint_cap(painter: QPainter, rect: QRectF, key: str, *, tone: str, theme: Theme) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color(tone), 1))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setFont(theme.font("cap"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, key)
