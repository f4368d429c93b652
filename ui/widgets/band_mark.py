"""A band's shape, painted: P1 diamond, P2 triangle, P3 circle, P4 hollow circle, INFO square."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from dispatch.records import Band
from ui.theme import Theme

_HALF_SQRT3 = math.sqrt(3) / 2


def paint_mark(painter: QPainter, band: int, center: QPointF, size: float, theme: Theme) -> None:
    """Paint the mark of a band around `center`; `size` is the height of the P1 diamond in pixels.

    Each shape has a thin edge in the ground's color, so that it stands out on a map or a bar as well.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("mark_edge"), max(1.0, size / 12)))
    painter.setBrush(theme.band_color(band))
    x, y, half = center.x(), center.y(), size / 2
    if band == Band.P1:
        painter.drawPolygon(
            QPolygonF(
                [QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half), QPointF(x - half, y)]
            )
        )
    elif band == Band.P2:
        side = size * 0.46
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(x, y - side),
                    QPointF(x + side, y + side * _HALF_SQRT3),
                    QPointF(x - side, y + side * _HALF_SQRT3),
                ]
            )
        )
    elif band == Band.P3:
        painter.drawEllipse(center, size * 0.36, size * 0.36)
    elif band == Band.P4:
        painter.setPen(QPen(theme.band_color(band), max(1.5, size / 9)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(center, size * 0.29, size * 0.29)
    else:
        side = size * 0.26
        painter.drawRect(QRectF(x - side, y - side, 2 * side, 2 * side))
    painter.restore()


class BandMark(QWidget):
    """The mark alone, as a widget for headings and legends."""

    def __init__(self, band: int, *, theme: Theme, size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._band = band
        self._size = size
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.show_band(band)

    def show_band(self, band: int) -> None:
        self._band = band
        self.setAccessibleName(Band(band).name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size + 4, self._size + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_mark(painter, self._band, QRectF(self.rect()).center(), self._size, self._theme)
