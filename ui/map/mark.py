"""The mark at a position that somebody went to: stays where it is until it is taken away."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from dispatch.geo.coordinates import Position
from dispatch.geo.projection import to_mercator
from ui.map.frame import Frame
from ui.theme import Theme

ARM_PX, GAP_PX = 15.0, 5.0


class Mark:
    """Painted with the map's picture, so that a pan copies it like everything else."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.at: Position | None = None
        self.label = ""

    def put(self, at: Position, label: str) -> None:
        self.at, self.label = at, label

    def take_away(self) -> bool:
        """False when there was none."""
        was_there, self.at = self.at is not None, None
        return was_there

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """A cross with an open middle and the position as it was typed, in light and dark lines."""
        if self.at is None:
            return
        x, y = to_mercator(self.at.lng, self.at.lat)
        px, py = frame.point(float(x), float(y))
        for color, width in ((self._theme.color("card"), 5.0), (self._theme.color("text"), 2.0)):
            painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                inner = QPointF(px + dx * GAP_PX, py + dy * GAP_PX)
                painter.drawLine(inner, QPointF(px + dx * ARM_PX, py + dy * ARM_PX))
        self._paint_label(painter, QPointF(px + 8, py + 8))

    def _paint_label(self, painter: QPainter, at: QPointF) -> None:
        font = self._theme.font("small")
        metrics = QFontMetrics(font)
        box = QRectF(at.x(), at.y(), metrics.horizontalAdvance(self.label) + 10, metrics.height() + 4)
        ground = QColor(self._theme.color("card"))
        ground.setAlphaF(0.92)
        painter.setPen(QPen(self._theme.color("line_strong"), 1.0))
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 3, 3)
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.label)
