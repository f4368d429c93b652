"""Our own icons, drawn in one stroke color and shown in the theme's."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from dispatch.resources import resource

_INK = "currentColor"


def icon(name: str, *, color: QColor, size: int = 24, ratio: float = 1.0) -> QPixmap:
    """An icon of resources/icons in this color; `ratio` is the screen's pixels for each of ours."""
    drawing = resource("icons", f"{name}.svg").read_text("utf-8").replace(_INK, color.name())
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
