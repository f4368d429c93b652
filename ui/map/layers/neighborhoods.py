"""Neighborhoods: lines are part of the base map's tiles, names are painted here where there is room."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from dispatch.geo.areas import Areas
from dispatch.geo.folder import GeoFolder
from ui.map.layers.layer import Layer, Scene
from ui.map.layers.names import Names, names_of

# From districts on: at the scale of the city names would compete with the reports.
NAMES_FROM_LEVEL = 25
ROOM_PX = 16
# A rim of the ground's color, by which a name is read on any shade.
AROUND = ((-1, -1), (1, -1), (-1, 1), (1, 1), (0, -1.4), (0, 1.4), (-1.4, 0), (1.4, 0))


class Neighborhoods(Layer):
    name = "neighborhoods"

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)
        self._file = folder.neighborhoods
        self.is_loaded = self._file.exists()

    @cached_property
    def _names(self) -> Names:
        areas = Areas.load(self._file)
        return names_of(areas.shapes, areas.names)

    def get_ready(self) -> None:
        _ = self._names

    def label(self) -> str:
        return QCoreApplication.translate("map", "Neighborhoods")

    def paint(self, painter: QPainter, scene: Scene) -> None:
        frame, theme = scene.frame, scene.theme
        if frame.apparent_level < NAMES_FROM_LEVEL:
            return
        font = theme.font("tiny")
        metrics = QFontMetrics(font)
        painter.setFont(font)
        names = self._names
        at_x, at_y = frame.point(names.x, names.y)
        room = names.width_m / frame.metres_per_px / frame.ratio - ROOM_PX
        for name, x, y, wide in zip(names.said, at_x.tolist(), at_y.tolist(), room.tolist(), strict=True):
            if metrics.horizontalAdvance(name) <= wide:
                box = QRectF(x - wide / 2, y - metrics.height() / 2, wide, metrics.height())
                if scene.is_shaded:
                    painter.setPen(theme.color("land"))
                    for dx, dy in AROUND:
                        painter.drawText(box.translated(dx, dy), Qt.AlignmentFlag.AlignCenter, name)
                painter.setPen(theme.color("text_dim" if scene.is_shaded else "text_faint"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)
