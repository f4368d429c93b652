"""Measuring on the map: points joined by lines, their length, and the area they enclose."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from dispatch.geo.coordinates import Position
from dispatch.geo.measure import area_m2, crosses_itself, length_m, say_area, say_length
from dispatch.geo.projection import to_mercator
from ui.map.frame import Frame
from ui.theme import Theme

POINT_PX, CROSS_PX = 3.5, 9


class Ruler:
    """Its points are painted with the map's picture; only the line to the pointer follows by itself."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.is_on = False
        self.points: list[Position] = []

    def begin(self) -> None:
        self.is_on, self.points = True, []

    def end(self) -> bool:
        """False when nothing was measured."""
        was_on, self.is_on, self.points = self.is_on, False, []
        return was_on

    def add(self, at: Position) -> None:
        # The second click of two on one spot is no line.
        if not self.points or self.points[-1] != at:
            self.points.append(at)

    def take_back(self) -> None:
        """The last point goes."""
        del self.points[-1:]

    def words(self, live: Position | None) -> str:
        """Length, last line and area up to where the pointer is, then the keys: a line each."""
        path = [*self.points, live] if live is not None else self.points
        keys = _tr("Click or Ctrl+M sets a point\nBackspace takes it back, Esc ends")
        if not self.points:
            return "\n".join([_tr("Measure: set the first point"), keys])
        said = [say_length(length_m(path))]
        if len(path) > 2:
            said.append(_tr("Last line {}").format(say_length(length_m(path[-2:]))))
            is_crossed = crosses_itself(path)
            area = _tr("Area: none, the line crosses itself")
            said.append(area if is_crossed else _tr("Area {}").format(say_area(area_m2(path))))
        return "\n".join([*said, keys])

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """The points that are set, and the lines between them."""
        if not self.points:
            return
        spots = _on(frame, self.points)
        if len(spots) > 2:
            shade = QColor(self._theme.color("focus"))
            shade.setAlphaF(0.10)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(shade)
            painter.drawPolygon(QPolygonF(spots))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((self._theme.color("card"), 4.5), (self._theme.color("text"), 1.8)):
            painter.setPen(QPen(color, width))
            painter.drawPolyline(QPolygonF(spots))
        painter.setPen(QPen(self._theme.color("text"), 1.8))
        painter.setBrush(self._theme.color("card"))
        for spot in spots:
            painter.drawEllipse(spot, POINT_PX, POINT_PX)

    def paint_live(self, painter: QPainter, frame: Frame, at: QPointF) -> None:
        """One line from the last point to the pointer, and a cross where the next would stand."""
        painter.setPen(QPen(self._theme.color("text"), 1.4, Qt.PenStyle.DashLine))
        if self.points:
            painter.drawLine(_on(frame, self.points[-1:])[0], at)
        painter.setPen(QPen(self._theme.color("text"), 1.4))
        painter.drawLine(at - QPointF(CROSS_PX, 0), at + QPointF(CROSS_PX, 0))
        painter.drawLine(at - QPointF(0, CROSS_PX), at + QPointF(0, CROSS_PX))


def _on(frame: Frame, points: Sequence[Position]) -> list[QPointF]:
    x, y = to_mercator([at.lng for at in points], [at.lat for at in points])
    across, down = frame.point(x, y)
    return [QPointF(px, py) for px, py in zip(across.tolist(), down.tolist(), strict=True)]


def _tr(text: str) -> str:
    return QCoreApplication.translate("map", text)
