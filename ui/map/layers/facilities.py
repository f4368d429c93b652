"""Hospitals, shelters, schools, stations: grey squares with a letter, named when pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QPainter

from dispatch.geo.folder import GeoFolder
from dispatch.geo.imports.kinds import LayerKind
from dispatch.geo.layers import read_places
from ui.map.frame import Column
from ui.map.layers.layer import Layer, Scene
from ui.map.sprites import SYMBOL_PX

SHOWN_FROM_LEVEL = 19
# Also those of imported layers: a place of one kind looks alike, wherever it came from.
LETTERS = {
    LayerKind.HOSPITAL: "H",
    LayerKind.SHELTER: "S",
    LayerKind.SCHOOL: "E",
    LayerKind.FIRE_STATION: "F",
    LayerKind.CARE_HOME: "C",
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("map", text)


class Facilities(Layer):
    """Points of one or more files, each with what it says of itself."""

    letter = ""

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)
        self._files = self.files(folder)
        self.is_loaded = any(path.exists() for path in self._files)

    @cached_property
    def _places(self) -> tuple[Column, Column, list[str]]:
        """East, north, and what is said of each."""
        files = [read_places(path) for path in self._files]
        words = [self.describe(properties, file.note) for file in files for properties in file.properties]
        return np.concatenate([each.x for each in files]), np.concatenate([each.y for each in files]), words

    def get_ready(self) -> None:
        _ = self._places

    def files(self, folder: GeoFolder) -> Sequence[Path]:
        raise NotImplementedError

    def describe(self, properties: dict[str, Any], note: str) -> str:
        raise NotImplementedError

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if scene.frame.apparent_level >= SHOWN_FROM_LEVEL:
            paint_symbols(painter, scene, self.letter, *self._places[:2])

    def says(self, px: float, py: float, scene: Scene) -> str:
        if scene.frame.apparent_level < SHOWN_FROM_LEVEL or not self.is_loaded:
            return ""
        x, y, words = self._places
        if not words:
            return ""
        at_x, at_y = scene.frame.point(x, y)
        away = np.maximum(np.abs(at_x - px), np.abs(at_y - py))
        nearest = int(away.argmin())
        return words[nearest] if away[nearest] <= SYMBOL_PX / 2 else ""


def paint_symbols(painter: QPainter, scene: Scene, letter: str, x: Column, y: Column) -> None:
    """A square with a letter at each of these places (Mercator metres) that lies in the scene's frame."""
    if scene.frame.apparent_level < SHOWN_FROM_LEVEL:
        return
    picture = scene.sprites.symbol(letter)
    half = picture.deviceIndependentSize().width() / 2
    wide, high = scene.frame.width / scene.frame.ratio, scene.frame.height / scene.frame.ratio
    at_x, at_y = scene.frame.point(x, y)
    for px, py in zip(at_x.tolist(), at_y.tolist(), strict=True):
        if -half < px < wide + half and -half < py < high + half:
            painter.drawPixmap(QPointF(round(px - half), round(py - half)), picture)


class Hospitals(Facilities):
    name = "hospitals"
    letter = LETTERS[LayerKind.HOSPITAL]

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
    letter = LETTERS[LayerKind.SHELTER]
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


class Schools(Facilities):
    name = "schools"
    letter = LETTERS[LayerKind.SCHOOL]
    starts_on = False

    def label(self) -> str:
        return _tr("Schools")

    def files(self, folder: GeoFolder) -> Sequence[Path]:
        return (folder.schools,)

    def describe(self, properties: dict[str, Any], note: str) -> str:
        return _plain_words(properties, _tr("School"), note)


class FireStations(Facilities):
    """Fire stations, and police stations where a city has them in one file."""

    name = "stations"
    letter = LETTERS[LayerKind.FIRE_STATION]
    starts_on = False

    def label(self) -> str:
        return _tr("Fire stations")

    def files(self, folder: GeoFolder) -> Sequence[Path]:
        return (folder.stations,)

    def describe(self, properties: dict[str, Any], note: str) -> str:
        return _plain_words(properties, _tr("Fire or police station"), note)


class CareHomes(Facilities):
    name = "care_homes"
    letter = LETTERS[LayerKind.CARE_HOME]
    starts_on = False
    is_missed = False

    def label(self) -> str:
        return _tr("Care homes")

    def files(self, folder: GeoFolder) -> Sequence[Path]:
        return (folder.care_homes,)

    def describe(self, properties: dict[str, Any], note: str) -> str:
        return _plain_words(properties, _tr("Care home"), note)


def _plain_words(properties: dict[str, Any], kind: str, note: str) -> str:
    where = f"{properties.get('address', '')}, {properties.get('city', '')}".strip(", ")
    return f"{properties.get('name', '')}\n{kind}\n{where}\n{note}"
