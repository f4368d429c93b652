"""Where the city goes by area: sweeps that are planned or running, and live notices; outlines with a name.

What is drawn is projected once, when it changes (`take`), and painted as paths that only move and scale with
the frame: no corner is looked at twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from dispatch.geo import geometry as shapely
from dispatch.geo.folder import GeoFolder
from ui.map.layers.layer import Layer, Scene

FILL_ALPHA = 0.10
NAME_ROOM_PX = 16


@dataclass(frozen=True, slots=True)
class AreaShown:
    """An area to draw, in Mercator metres. `style` is how its edge is broken; `words` what the card says."""

    shape: shapely.Geometry
    name: str
    words: str
    color: str  # the palette's name
    style: Qt.PenStyle = Qt.PenStyle.SolidLine


@dataclass(frozen=True, slots=True)
class _Drawn:
    area: AreaShown
    path: QPainterPath  # metres from `origin`, north up
    origin: tuple[float, float]
    bounds: tuple[float, float, float, float]
    middle: tuple[float, float]


class CityAreas(Layer):
    """Areas of one kind that people of the city have set; empty until somebody has."""

    is_missed = False
    is_everywhere = True
    name_line = 1  # lines below the middle, where the neighborhood's own name stands

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)
        self.is_loaded = False
        self._drawn: tuple[_Drawn, ...] = ()

    def take(self, areas: Sequence[AreaShown]) -> None:
        self._drawn = tuple(_drawn(each) for each in areas if not each.shape.is_empty)
        self.is_loaded = bool(self._drawn)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        for each in self._drawn:
            if _meets(each.bounds, scene.frame.bounds):
                _paint(painter, scene, each, self.name_line)

    def says(self, px: float, py: float, scene: Scene) -> str:
        spot = shapely.Point(*scene.frame.place(px, py))
        found = (each.area.words for each in self._drawn if each.area.shape.intersects(spot))
        return "\n".join(found)


class SweepAreas(CityAreas):
    name = "sweeps"
    color = "layer_teal"

    def label(self) -> str:
        return QCoreApplication.translate("map", "Sweeps")


class NoticeAreas(CityAreas):
    name = "notices"
    color = "layer_plum"
    name_line = -1

    def label(self) -> str:
        return QCoreApplication.translate("map", "Live notices")


def _drawn(area: AreaShown) -> _Drawn:
    west, south, east, north = area.shape.bounds
    origin = ((west + east) / 2, (south + north) / 2)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for part in shapely.get_parts(area.shape):
        for ring in shapely.get_rings(part):
            x, y = shapely.get_coordinates(ring).T
            points = np.column_stack((x - origin[0], y - origin[1])).tolist()
            path.addPolygon(QPolygonF([QPointF(px, py) for px, py in points]))
            path.closeSubpath()
    spot = shapely.get_coordinates(shapely.point_on_surface(area.shape))[0]
    return _Drawn(area, path, origin, (west, south, east, north), (float(spot[0]), float(spot[1])))


def _meets(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] <= other[2] and one[2] >= other[0] and one[1] <= other[3] and one[3] >= other[1]


def _paint(painter: QPainter, scene: Scene, drawn: _Drawn, name_line: int) -> None:
    frame, area = scene.frame, drawn.area
    x, y = (float(each) for each in frame.point(*drawn.origin))
    px_per_m = 1.0 / (frame.metres_per_px * frame.ratio)
    color = scene.theme.color(area.color)
    fill = QColor(color)
    fill.setAlphaF(FILL_ALPHA)
    pen = QPen(color, 1.8, area.style)
    pen.setCosmetic(True)
    painter.save()
    painter.setTransform(QTransform(px_per_m, 0, 0, -px_per_m, x, y), True)
    painter.setBrush(fill)
    painter.setPen(pen)
    painter.drawPath(drawn.path)
    painter.restore()
    _paint_name(painter, scene, drawn, color, px_per_m, name_line)


def _paint_name(
    painter: QPainter, scene: Scene, drawn: _Drawn, color: QColor, px_per_m: float, line: int
) -> None:
    """Where the area has room for it."""
    painter.setFont(scene.theme.font("small"))
    metrics = painter.fontMetrics()
    wide = metrics.horizontalAdvance(drawn.area.name)
    if wide + NAME_ROOM_PX > (drawn.bounds[2] - drawn.bounds[0]) * px_per_m:
        return
    at_x, at_y = (float(each) for each in scene.frame.point(*drawn.middle))
    painter.setPen(color)
    at_y += metrics.ascent() / 2 + line * metrics.lineSpacing()
    painter.drawText(QPointF(at_x - wide / 2, at_y), drawn.area.name)
