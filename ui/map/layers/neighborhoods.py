"""Neighborhoods: lines are part of the base map's tiles, names are painted here where there is room."""

from __future__ import annotations

import numpy as np
import shapely
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from dispatch.geo.areas import Areas
from dispatch.geo.folder import GeoFolder
from ui.map.layers.layer import Layer, Scene

# From districts on: at the scale of the city names would compete with the reports.
NAMES_FROM_LEVEL = 25
ROOM_PX = 16
# A rim of the ground's color, by which a name is read on any shade.
AROUND = ((-1, -1), (1, -1), (-1, 1), (1, 1), (0, -1.4), (0, 1.4), (-1.4, 0), (1.4, 0))


class Neighborhoods(Layer):
    name = "neighborhoods"

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)
        areas = Areas.load(folder.neighborhoods)
        self._names = areas.names
        shapes = np.array(areas.shapes, object)
        self._at = shapely.get_coordinates(shapely.point_on_surface(shapes)).reshape(-1, 2)
        box = shapely.bounds(shapes).reshape(-1, 4)
        self._width_m = box[:, 2] - box[:, 0]
        self.is_loaded = bool(self._names)

    def label(self) -> str:
        return QCoreApplication.translate("map", "Neighborhoods")

    def paint(self, painter: QPainter, scene: Scene) -> None:
        frame, theme = scene.frame, scene.theme
        if frame.apparent_level < NAMES_FROM_LEVEL:
            return
        font = theme.font("tiny")
        metrics = QFontMetrics(font)
        painter.setFont(font)
        at_x, at_y = frame.point(self._at[:, 0], self._at[:, 1])
        room = self._width_m / frame.metres_per_px / frame.ratio - ROOM_PX
        for name, x, y, wide in zip(self._names, at_x.tolist(), at_y.tolist(), room.tolist(), strict=True):
            if metrics.horizontalAdvance(name) <= wide:
                box = QRectF(x - wide / 2, y - metrics.height() / 2, wide, metrics.height())
                if scene.is_shaded:
                    painter.setPen(theme.color("land"))
                    for dx, dy in AROUND:
                        painter.drawText(box.translated(dx, dy), Qt.AlignmentFlag.AlignCenter, name)
                painter.setPen(theme.color("text_dim" if scene.is_shaded else "text_faint"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
