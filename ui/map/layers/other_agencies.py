"""Other cities and places around ours, by name. Their borders are part of the base map."""

from __future__ import annotations

import numpy as np
import shapely
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_layer_if_there
from dispatch.jurisdiction import load_jurisdiction
from ui.map.layers.layer import Layer, Scene

ROOM_PX = 8


class OtherAgencies(Layer):
    name = "other_agencies"
    starts_on = False

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)
        layer = read_layer_if_there(folder.municipalities)
        own = _own_name(folder.city) if layer.shapes else ""
        pairs = zip(layer.shapes, layer.properties, strict=True)
        others = [(shape, str(said.get("name", ""))) for shape, said in pairs if said.get("name") != own]
        self._names = [name for _, name in others]
        shapes = np.array([shape for shape, _ in others], object)
        self._tree = shapely.STRtree(shapes)
        self._at = shapely.get_coordinates(shapely.point_on_surface(shapes)).reshape(-1, 2)
        box = shapely.bounds(shapes).reshape(-1, 4)
        self._width_m = box[:, 2] - box[:, 0]
        self._credit = layer.credit
        self.is_loaded = bool(others)

    def label(self) -> str:
        return _tr("Other agencies' areas")

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Each name where its area has room for it: on a wide view they would lie over each other."""
        frame, font = scene.frame, scene.theme.font("small")
        metrics = QFontMetrics(font)
        painter.setFont(font)
        window = QRectF(0, 0, frame.width / frame.ratio, frame.height / frame.ratio)
        at_x, at_y = frame.point(self._at[:, 0], self._at[:, 1])
        rooms = (self._width_m / frame.metres_per_px / frame.ratio).tolist()
        for name, x, y, room in zip(self._names, at_x.tolist(), at_y.tolist(), rooms, strict=True):
            wide = metrics.horizontalAdvance(name) + ROOM_PX
            box = QRectF(x - wide / 2, y - metrics.height() / 2, wide, metrics.height())
            if wide <= room and window.intersects(box):
                painter.setPen(scene.theme.color("text_dim"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)

    def says(self, px: float, py: float, scene: Scene) -> str:
        x, y = scene.frame.place(px, py)
        inside = self._tree.query(shapely.Point(x, y), predicate="within")
        if not inside.size:
            return ""
        theirs, borders = _tr("Not in our city"), _tr("Borders of 2010, {}").format(self._credit)
        return f"{self._names[int(inside[0])]}\n{theirs}\n{borders}"


def _own_name(city: str) -> str:
    """How our own city is called among them; empty where it is not known."""
    try:
        return load_jurisdiction(city).municipality
    except OSError:
        return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("map", text)
