"""Evacuation, surge and flood zones as outlines. None are bundled: "not loaded" until a city has some."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_layer_if_there
from ui.map.layers.layer import Layer, Scene


class Zones(Layer):
    """Areas of one file, each with the name of its zone."""

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)
        layer = read_layer_if_there(self.file(folder))
        self._zones = [
            (part, str(properties.get("zone", "")))
            for shape, properties in zip(layer.shapes, layer.properties, strict=True)
            for part in shapely.get_parts(shape)
        ]
        self._tree = shapely.STRtree([part for part, _ in self._zones])
        self.is_loaded = bool(self._zones)

    def file(self, folder: GeoFolder) -> Path:
        raise NotImplementedError

    def one(self) -> str:
        """What one of them is called."""
        raise NotImplementedError

    def paint(self, painter: QPainter, scene: Scene) -> None:
        frame = scene.frame
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(scene.theme.color("city_line"), 1.4, Qt.PenStyle.DashLine))
        for index in self._tree.query(shapely.box(*frame.bounds)).tolist():
            coarse = shapely.simplify(self._zones[index][0], frame.metres_per_px / 2)
            for ring in shapely.get_rings(coarse):
                x, y = shapely.get_coordinates(ring).T
                points = np.column_stack(frame.point(x, y)).tolist()
                painter.drawPolyline(QPolygonF([QPointF(px, py) for px, py in points]))

    def says(self, px: float, py: float, scene: Scene) -> str:
        x, y = scene.frame.place(px, py)
        inside = self._tree.query(shapely.Point(x, y), predicate="within")
        if not inside.size:
            return ""
        return f"{self.one()} {self._zones[int(inside[0])][1]}".rstrip()


class EvacuationZones(Zones):
    name = "evacuation_zones"

    def label(self) -> str:
        return _tr("Evacuation zones")

    def one(self) -> str:
        return _tr("Evacuation zone")

    def file(self, folder: GeoFolder) -> Path:
        return folder.evacuation_zones


class SurgeZones(Zones):
    name = "surge_zones"

    def label(self) -> str:
        return _tr("Storm surge")

    def one(self) -> str:
        return _tr("Storm surge zone")

    def file(self, folder: GeoFolder) -> Path:
        return folder.surge_zones


class FloodZones(Zones):
    name = "flood_zones"
    is_missed = False

    def label(self) -> str:
        return _tr("Flood zones")

    def one(self) -> str:
        return _tr("Flood zone")

    def file(self, folder: GeoFolder) -> Path:
        return folder.flood_zones


def _tr(text: str) -> str:
    return QCoreApplication.translate("map", text)
