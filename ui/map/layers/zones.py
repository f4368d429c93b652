"""Evacuation, surge and flood zones as outlines. None are bundled: "not loaded" until a city has some."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from dispatch.geo import geometry as shapely
from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_layer_if_there
from ui.map.layers.layer import Layer, Scene


class Zones(Layer):
    """Areas of one file, each with the name of its zone."""

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)
        self._file = self.file(folder)
        self.is_loaded = self._file.exists()

    @cached_property
    def _zones(self) -> tuple[list[tuple[shapely.Geometry, str]], shapely.STRtree]:
        """Each part with the name of its zone, and the tree they are found by."""
        layer = read_layer_if_there(self._file)
        zones = [
            (part, str(properties.get("zone", "")))
            for shape, properties in zip(layer.shapes, layer.properties, strict=True)
            for part in shapely.get_parts(shape)
        ]
        return zones, shapely.STRtree([part for part, _ in zones])

    def get_ready(self) -> None:
        _ = self._zones

    def file(self, folder: GeoFolder) -> Path:
        raise NotImplementedError

    def one(self) -> str:
        """What one of them is called."""
        raise NotImplementedError

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if not self.is_loaded:
            return
        frame, (zones, tree) = scene.frame, self._zones
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(scene.theme.color("city_line"), 1.4, Qt.PenStyle.DashLine))
        for index in tree.query(shapely.box(*frame.bounds)).tolist():
            coarse = shapely.simplify(zones[index][0], frame.metres_per_px / 2)
            for ring in shapely.get_rings(coarse):
                x, y = shapely.get_coordinates(ring).T
                points = np.column_stack(frame.point(x, y)).tolist()
                painter.drawPolyline(QPolygonF([QPointF(px, py) for px, py in points]))

    def says(self, px: float, py: float, scene: Scene) -> str:
        if not self.is_loaded:
            return ""
        x, y = scene.frame.place(px, py)
        zones, tree = self._zones
        inside = tree.query(shapely.Point(x, y), predicate="within")
        if not inside.size:
            return ""
        return f"{self.one()} {zones[int(inside[0])][1]}".rstrip()


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
