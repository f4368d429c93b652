"""The card under the pointer: a few lines of plain text that never leave the map."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.map.panels import ROUND_PX
from ui.theme import Theme
from ui.widgets.guard import guarded


class HoverCard(QWidget):
    """A few lines of plain text beside the pointer; the mouse passes through it."""

    LINES = 6
    WIDTH_PX = 280

    def __init__(self, *, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: list[str] = []
        self._band = 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def text(self) -> str:
        return "\n".join(self._lines) if not self.isHidden() else ""

    def say(self, text: str, at: QPoint, *, band: int = 0) -> None:
        """Show the lines near a point, inside the map; empty text hides the card."""
        lines = [line for line in text.splitlines() if line.strip()][: self.LINES]
        if not lines:
            self.hide()
            return
        self._lines, self._band = lines, band
        self.setAccessibleName(", ".join(lines))
        size = self._size()
        room = self.parentWidget().rect().adjusted(4, 4, -4, -4)
        box = QRect(at + QPoint(16, 16), size)
        if box.right() > room.right():
            box.moveRight(at.x() - 12)
        if box.bottom() > room.bottom():
            box.moveBottom(at.y() - 12)
        box.moveTo(max(box.x(), room.x()), max(box.y(), room.y()))
        self.setGeometry(box)
        self.show()
        self.raise_()
        self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("line_strong"), 1.0))
        painter.setBrush(theme.color("card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), ROUND_PX, ROUND_PX)
        y = 8
        for number, line in enumerate(self._lines):
            painter.setFont(theme.font(self._role(number)))
            name = "text" if number == 0 else "text_dim"
            color = theme.band_color(self._band) if self._band and number == 0 else theme.color(name)
            painter.setPen(color)
            metrics = painter.fontMetrics()
            said = metrics.elidedText(line, Qt.TextElideMode.ElideRight, self.width() - 22)
            painter.drawText(11, y + metrics.ascent(), said)
            y += metrics.height() + 2

    def _role(self, number: int) -> str:
        return "strong" if number == 0 else "small"

    def _size(self) -> QSize:
        metrics = [QFontMetrics(self._theme.font(self._role(n))) for n in range(len(self._lines))]
        wide = max(m.horizontalAdvance(line) for m, line in zip(metrics, self._lines, strict=True))
        return QSize(min(wide + 24, self.WIDTH_PX), sum(m.height() + 2 for m in metrics) + 15)
