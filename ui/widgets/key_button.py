"""A button that says what it does on the left and its key in a cap on the right."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.key_cap import cap_width, paint_cap

PAD = 12
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
            width += cap_width(self.key, self._theme) + 10
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
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.key:
            self._paint_cap(painter, room)

    def _paint_cap(self, painter: QPainter, room: QRectF) -> None:
        width = cap_width(self.key, self._theme)
        cap = QRectF(room.right() - width, room.center().y() - CAP_HEIGHT / 2, width, CAP_HEIGHT)
        tone = "accent_text" if self._is_accent and self.isEnabled() else "text_dim"
        painter.setBrush(Qt.BrushStyle.NoBrush)
        paint_cap(painter, cap, self.key, tone=tone, theme=self._theme)

    def _ink(self) -> QColor:
        if not self.isEnabled():
            return self._theme.color("text_dim" if self._is_accent else "text_faint")
        if self._is_accent:
            return self._theme.color("accent_text")
        return self._theme.color("alarm" if self.property("look") == "danger" else "text")
