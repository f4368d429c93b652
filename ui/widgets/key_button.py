"""A button that says what it does on the left and its key in a cap on the right."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from ui.theme import Theme
from ui.widgets.guard import guarded

PAD = 12
CAP_PAD = 7
CAP_HEIGHT = 18


class KeyButton(QPushButton):
    """`look` is a look of the style sheet: accent, danger, quiet or none."""

    def __init__(
        self,
        text: str,
        key: str = "",
        *,
        theme: Theme,
        look: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.key = key
        self._theme = theme
        self._is_accent = look == "accent"
        self._shown_font = theme.font("strong" if self._is_accent else "medium")
        self._cap_font = theme.font("tiny")
        self.setFont(self._shown_font)
        self.setProperty("look", look)
        self.setMinimumHeight(36)
        self.setAccessibleName(text)
        if key:
            self.setAccessibleDescription(key)
        theme.changed.connect(self.update)

    def say(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(self._shown_font).horizontalAdvance(self.text()) + 2 * PAD
        if self.key:
            width += self._cap_width() + 10
        return QSize(round(width + 1), 36)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        ink = self._ink()
        room = QRectF(self.rect()).adjusted(PAD, 0, -PAD, 0)
        painter.setPen(ink)
        painter.setFont(self._shown_font)
        where = Qt.AlignmentFlag.AlignLeft if self.key else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(room, where | Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.key:
            self._paint_cap(painter, room, ink)

    def _paint_cap(self, painter: QPainter, room: QRectF, ink: QColor) -> None:
        width = self._cap_width()
        cap = QRectF(room.right() - width, room.center().y() - CAP_HEIGHT / 2, width, CAP_HEIGHT)
        edge = QColor(ink)
        edge.setAlphaF(0.6 if self._is_accent else 0.45)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(ink if self._is_accent else self._theme.color("text_dim"))
        painter.setFont(self._cap_font)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self.key)

    def _cap_width(self) -> float:
        return QFontMetricsF(self._cap_font).horizontalAdvance(self.key) + 2 * CAP_PAD

    def _ink(self) -> QColor:
        if not self.isEnabled():
            return self._theme.color("text_dim" if self._is_accent else "text_faint")
        if self._is_accent:
            return self._theme.color("accent_text")
        return self._theme.color("alarm" if self.property("look") == "danger" else "text")
