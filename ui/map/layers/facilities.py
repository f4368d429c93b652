"""Hospitals and emergency shelters: grey squares with a letter, named when pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QPainter

from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_layer_if_there
from ui.map.layers.layer import Layer, Scene
from ui.map.sprites import SYMBOL_PX

SHOWN_FROM_LEVEL = 19


def _tr(text: str) -> str:
    return QCoreApplication.translate("map", text)


class Facilities(Layer):
    """Points of one or more files, each with what it says of itself."""

    letter = ""

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)
        self._words: list[str] = []
        places: list[Any] = []
        for path in self.files(folder):
            layer = read_layer_if_there(path)
            places += layer.shapes
            self._words += [self.describe(properties, layer.note) for properties in layer.properties]
        self._x, self._y = shapely.get_coordinates(places).reshape(-1, 2).T.astype(np.float64)
        self.is_loaded = bool(places)

    def files(self, folder: GeoFolder) -> Sequence[Path]:
        raise NotImplementedError

    def describe(self, properties: dict[str, Any], note: str) -> str:
        raise NotImplementedError

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if scene.frame.apparent_level < SHOWN_FROM_LEVEL:
            return
        picture = scene.sprites.symbol(self.letter)
        half = picture.deviceIndependentSize().width() / 2
        wide, high = scene.frame.width / scene.frame.ratio, scene.frame.height / scene.frame.ratio
        at_x, at_y = scene.frame.point(self._x, self._y)
        for x, y in zip(at_x.tolist(), at_y.tolist(), strict=True):
            if -half < x < wide + half and -half < y < high + half:
                painter.drawPixmap(QPointF(round(x - half), round(y - half)), picture)

    def says(self, px: float, py: float, scene: Scene) -> str:
        if scene.frame.apparent_level < SHOWN_FROM_LEVEL or not self.is_loaded:
            return ""
        at_x, at_y = scene.frame.point(self._x, self._y)
        away = np.maximum(np.abs(at_x - px), np.abs(at_y - py))
        nearest = int(away.argmin())
        return self._words[nearest] if away[nearest] <= SYMBOL_PX / 2 else ""


class Hospitals(Facilities):
    name = "hospitals"
    letter = "H"

    def label(self) -> str:
        return _tr("Hospitals")

    def files(self, folder: GeoFolder) -> Sequence[Path]:
        return (folder.hospitals,)

    def describe(self, properties: dict[str, Any], note: str) -> str:
        kind = f"{_tr('Hospital')} · {properties.get('type', '')}".rstrip(" ·")
        where = f"{properties.get('address', '')}, {properties.get('city', '')}".strip(", ")
        beds = properties.get("beds")
        beds_text = f" · {_tr('{} beds').format(beds)}" if beds else ""
        return f"{properties['name']}\n{kind}{beds_text}\n{where}\n{note}"


class Shelters(Facilities):
    """The county's list, and the state's records beside it, marked as not verified."""

    name = "shelters"
    letter = "S"
    starts_on = False

    def label(self) -> str:
        return _tr("Shelters")

    def files(self, folder: GeoFolder) -> Sequence[Path]:
        return (folder.state_shelters, folder.shelters)

    def describe(self, properties: dict[str, Any], note: str) -> str:
        kind = f"{_tr('Shelter')} · {properties.get('kind', '')}".rstrip(" ·")
        levels = str(properties.get("opens_for_levels", "")).replace("|", ", ")
        opens = "\n" + _tr("Opens for evacuation levels {}").format(levels) if levels else ""
        return f"{properties['name']}\n{kind}\n{properties.get('address', '')}{opens}\n{note}"
