"""A large number with what it counts and one line under it; it opens its rows."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.words import hint

_PAD = 4
HEIGHT = 74


class BigNumber(QAbstractButton):
    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.value, self.label, self.line, self.tone = "–", "", "", "text"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def say(self, value: str, label: str, line: str, *, tone: str = "text") -> None:
        """`tone` is the palette field of the number."""
        if (value, label, line, tone) == (self.value, self.label, self.line, self.tone):
            return
        self.value, self.label, self.line, self.tone = value, label, line, tone
        self.setAccessibleName(f"{value} {label}, {line}")
        self.setToolTip(hint(line))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, HEIGHT)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        rect = self.rect()
        if self.underMouse():
            painter.fillRect(rect, theme.color("hover"))
        room = rect.width() - 2 * _PAD
        rows = (
            ("big", self.tone, self.value, 0, 36),
            ("medium", "text_soft", self.label, 36, 18),
            ("small", "text_dim", self.line, 54, 18),
        )
        for role, tone, text, top, height in rows:
            font = theme.font(role)
            painter.setFont(font)
            painter.setPen(theme.color(tone))
            shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(_PAD, top, room + 1, height), Qt.AlignmentFlag.AlignVCenter, shown)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
