"""Other cities and places around ours, by name. Their borders are part of the base map."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from dispatch.geo import geometry as shapely
from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_layer_if_there
from dispatch.jurisdiction import load_jurisdiction
from ui.map.layers.layer import Layer, Scene
from ui.map.layers.names import Names, names_of

ROOM_PX = 8


class OtherAgencies(Layer):
    name = "other_agencies"
    starts_on = False

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)
        self._folder = folder
        self.is_loaded = folder.municipalities.exists()

    @cached_property
    def _others(self) -> tuple[Names, shapely.STRtree, str]:
        """Their names, their areas, and the credit of the file."""
        layer = read_layer_if_there(self._folder.municipalities)
        own = _own_name(self._folder.city)
        pairs = zip(layer.shapes, layer.properties, strict=True)
        others = [(shape, str(said.get("name", ""))) for shape, said in pairs if said.get("name") != own]
        shapes = [shape for shape, _ in others]
        return names_of(shapes, [name for _, name in others]), shapely.STRtree(shapes), layer.credit

    def get_ready(self) -> None:
        _ = self._others

    def label(self) -> str:
        return _tr("Other agencies' areas")

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Each name where its area has room for it: on a wide view they would lie over each other."""
        frame, font = scene.frame, scene.theme.font("small")
        metrics = QFontMetrics(font)
        painter.setFont(font)
        window = QRectF(0, 0, frame.width / frame.ratio, frame.height / frame.ratio)
        names = self._others[0]
        at_x, at_y = frame.point(names.x, names.y)
        rooms = (names.width_m / frame.metres_per_px / frame.ratio).tolist()
        for name, x, y, room in zip(names.said, at_x.tolist(), at_y.tolist(), rooms, strict=True):
            wide = metrics.horizontalAdvance(name) + ROOM_PX
            box = QRectF(x - wide / 2, y - metrics.height() / 2, wide, metrics.height())
            if wide <= room and window.intersects(box):
                painter.setPen(scene.theme.color("text_dim"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name)

    def says(self, px: float, py: float, scene: Scene) -> str:
        x, y = scene.frame.place(px, py)
        names, tree, credit = self._others
        inside = tree.query(shapely.Point(x, y), predicate="within")
        if not inside.size:
            return ""
        theirs, borders = _tr("Not in our city"), _tr("Borders of 2010, {}").format(credit)
        return f"{names.said[int(inside[0])]}\n{theirs}\n{borders}"


def _own_name(city: str) -> str:
    """How our own city is called among them; empty where it is not known."""
    try:
        return load_jurisdiction(city).municipality
    except OSError:
        return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("map", text)
