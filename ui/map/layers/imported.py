"""One imported layer: its name in the layer box and what it says when pointed at. Its tiles paint it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter

from dispatch.geo import geometry as shapely
from dispatch.geo.imports.kinds import LayerKind
from ui.map.layers.facilities import LETTERS, paint_symbols
from ui.map.layers.layer import Layer, Scene

if TYPE_CHECKING:
    from dispatch.geo.imports.records import ImportedLayer
    from dispatch.geo.layers import Layer as Features

NAME = "imported_"
HIT_PX = 6.0


class Imported(Layer):
    """Made off the window's thread: a large layer's index takes a moment. `features` None: not loaded."""

    def __init__(self, about: ImportedLayer, features: Features | None) -> None:
        self.about = about
        self.name = f"{NAME}{about.layer_id}"
        self.color = f"layer_{about.look.style}"
        self.is_loaded = features is not None
        self._said = features.properties if features else ()
        shapes = np.array(features.shapes if features else (), object)
        self._is_area = shapely.get_dimensions(shapes) == 2
        self._tree = shapely.STRtree(shapes)
        self._places = shapely.get_coordinates(shapely.centroid(shapes)).reshape(-1, 2).T.astype(np.float64)

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Areas, lines and dots are in the tiles; places of a known kind get its letter."""
        if letter := LETTERS.get(self.about.look.kind):
            paint_symbols(painter, scene, letter, *self._places)

    def label(self) -> str:
        return self.about.look.label

    def says(self, px: float, py: float, scene: Scene) -> str:
        """An area under the point, else what is nearest within a few pixels."""
        x, y = scene.frame.place(px, py)
        reach = HIT_PX * scene.frame.metres_per_px * scene.frame.ratio
        near = self._tree.query(shapely.Point(x, y), predicate="dwithin", distance=reach)
        within = set(self._tree.query(shapely.Point(x, y), predicate="intersects").tolist())
        for index in sorted(near.tolist()):
            if not self._is_area[index] or index in within:
                return self._words(self._said[index])
        return ""

    def _words(self, said: dict[str, object]) -> str:
        look = self.about.look
        zone, name = str(said.get(look.zone_field, "")), str(said.get(look.name_field, ""))
        kind = kind_words(look.kind)
        head = f"{kind} {zone}".strip() if self.about.is_zone else name or look.label
        second = [] if self.about.is_zone or look.kind is LayerKind.PLAIN else [kind]
        second += [name] if self.about.is_zone and name not in ("", zone) else []
        lines = [head, *second, look.label if look.label != head else ""]
        return "\n".join(line for line in lines if line)


def kind_words(kind: LayerKind) -> str:
    words = {
        LayerKind.PLAIN: QCoreApplication.translate("map", "Plain layer"),
        LayerKind.EVACUATION: QCoreApplication.translate("map", "Evacuation zone"),
        LayerKind.SURGE: QCoreApplication.translate("map", "Storm surge zone"),
        LayerKind.FLOOD: QCoreApplication.translate("map", "Flood zone"),
        LayerKind.FIRE_STATION: QCoreApplication.translate("map", "Fire station"),
        LayerKind.HOSPITAL: QCoreApplication.translate("map", "Hospital"),
        LayerKind.SHELTER: QCoreApplication.translate("map", "Shelter"),
        LayerKind.SCHOOL: QCoreApplication.translate("map", "School"),
        LayerKind.CARE_HOME: QCoreApplication.translate("map", "Care home"),
        LayerKind.OTHER_AGENCY: QCoreApplication.translate("map", "Other agency's area"),
    }
    return words[kind]
