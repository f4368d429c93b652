"""A chip: a short word on a soft ground to press, with a cross where it can be taken away."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.theme import Theme
from ui.widgets.guard import guarded

HEIGHT = 24
_PAD = 8
_CROSS = 14


class Chip(QAbstractButton):
    """Pressing a removable chip takes it away: the whole chip is the target."""

    def __init__(
        self,
        text: str,
        *,
        theme: Theme,
        is_removable: bool = False,
        is_strong: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_removable = is_removable
        self._is_strong = is_strong
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.say(text, is_strong=is_strong)
        theme.changed.connect(self.update)

    def say(self, text: str, *, is_strong: bool = False) -> None:
        self._is_strong = is_strong
        self.setText(text)
        self.setAccessibleName(self.tr("Remove filter {}").format(text) if self._is_removable else text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.font("small"))
        cross = _CROSS if self._is_removable else 0
        return QSize(metrics.horizontalAdvance(self.text()) + 2 * _PAD + cross, HEIGHT)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        raised = self._is_strong or self.isChecked() or (self.underMouse() and self.isEnabled())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("chip_on" if raised else "chip"))
        painter.drawRoundedRect(rect, 3, 3)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text_soft" if self.isEnabled() else "text_dim"))
        room = rect.adjusted(_PAD, 0, -_PAD - (_CROSS if self._is_removable else 0), 0)
        shown = QFontMetrics(painter.font()).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(room.width()) + 1
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
        if self._is_removable:
            self._paint_cross(painter, rect)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 3, 3)

    def _paint_cross(self, painter: QPainter, rect: QRectF) -> None:
        painter.setPen(QPen(self._theme.color("text_dim"), 1.1))
        x, y, half = rect.right() - _PAD - 4, rect.center().y() + 0.5, 2.5
        painter.drawLine(QPointF(x - half, y - half), QPointF(x + half, y + half))
        painter.drawLine(QPointF(x - half, y + half), QPointF(x + half, y - half))
