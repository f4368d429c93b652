"""Tiles of areas with their shades laid on: read from disk, colored by a table, kept ready to copy."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QImage, QPixmap

from dispatch.geo.folder import GeoFolder
from dispatch.geo.tiles import TILE_PX
from dispatch.insight.by_area import CLASSES, Shade
from ui.map.tile_key import TileKey
from ui.map.tile_store import TileStore
from ui.theme import Theme

Inks = npt.NDArray[np.uint32]
Shades = npt.NDArray[np.uint8]

FILL_ALPHA = 0.8
# Every so many pixels a line or a dot; tiles join without a seam because their side is a multiple of it.
HATCH_PX, DOT_PX = 8, 8
PLAIN, HATCHED, DOTTED = 0, 1, 2


@cache
def patterns() -> npt.NDArray[np.uint32]:
    """For each pixel of any tile, which patterns have ink there."""
    y, x = np.indices((TILE_PX, TILE_PX))
    hatch = (x + y) % HATCH_PX < 2
    dots = (x % DOT_PX < 2) & (y % DOT_PX < 2)
    return (hatch * HATCHED + dots * DOTTED).astype(np.uint32)


def inks(theme: Theme) -> Inks:
    """The color of each shade (rows) on each combination of patterns (columns), as Qt keeps it."""
    table = np.zeros((Shade.NO_DATA + 1, 4), np.uint32)
    for shade in range(1, CLASSES + 1):
        table[shade] = _premultiplied(theme.color(f"shade_{shade}"), FILL_ALPHA)
    ink = _premultiplied(theme.color("shade_ink"), 1.0)
    table[Shade.NONE_REPORTED, [HATCHED, HATCHED | DOTTED]] = ink
    table[Shade.NO_DATA, [DOTTED, HATCHED | DOTTED]] = ink
    return table


def shaded(tile: QImage, shades: Shades, table: Inks) -> QImage:
    """`shades` holds that of each area in the order of their file."""
    pixels = np.frombuffer(tile.constBits(), np.uint32).reshape(TILE_PX, TILE_PX)
    # What lies in no area has number 0 and no shade; a file with fewer areas than the tile has none either.
    of_area = np.zeros((65536, 4), np.uint32)
    of_area[1 : len(shades) + 1] = table[shades]
    color = of_area.reshape(-1)[_numbers(pixels) * 4 + patterns()]
    # Two channels at a time, out of 256 parts.
    cover = pixels & 0xFF
    cover += cover >> 7
    low = ((color & 0x00FF00FF) * cover >> 8) & 0x00FF00FF
    high = ((color >> 8) & 0x00FF00FF) * cover & 0xFF00FF00
    mixed = low | high
    return QImage(mixed.data, TILE_PX, TILE_PX, QImage.Format.Format_ARGB32_Premultiplied).copy()


def areas_on(tile: QImage) -> frozenset[int]:
    """Which areas a tile shows any of, by their place in the file."""
    pixels = np.frombuffer(tile.constBits(), np.uint32)
    return frozenset((np.flatnonzero(np.bincount(_numbers(pixels))) - 1).tolist()) - {-1}


def _numbers(pixels: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    return ((pixels >> 16) & 0xFF) | (pixels & 0xFF00)


class ShadeTiles(TileStore):
    """As the base map's store: `shade` colors what is in memory anew, one tile between two events, and says
    `arrived` once at the end, so that the window is painted once for all of them."""

    def __init__(self, root: Path, *, folder: GeoFolder, command: Sequence[str], parent: QObject) -> None:
        super().__init__(root, folder=folder, command=command, parent=parent)
        self._shades: Shades = np.zeros(0, np.uint8)
        self._table: Inks = np.zeros((Shade.NO_DATA + 1, 4), np.uint32)
        self._old: set[TileKey] = set()
        self._areas: dict[TileKey, frozenset[int]] = {}

    def shade(self, shades: Shades, table: Inks) -> None:
        if not np.array_equal(table, self._table) or len(shades) != len(self._shades):
            self._old = set(self._memory)
        else:
            others = frozenset(np.flatnonzero(shades != self._shades).tolist())
            self._old |= {key for key in self._memory if not others.isdisjoint(self._areas[key])}
        self._shades, self._table = shades, table
        if self._old:
            self._step.start()

    @property
    def is_old(self) -> bool:
        """Whether a tile in memory still shows shades of before."""
        return bool(self._old)

    def shaded_for(self, key: TileKey, table: Inks) -> QPixmap | None:
        """A tile in the colors of another theme, for paper; reads it from disk at once."""
        tile = _tile(self._out / key.path)
        return QPixmap.fromImage(shaded(tile, self._shades, table)) if tile is not None else None

    def _work(self) -> None:
        if not self._old:
            super()._work()
            return
        # What is on the screen first: the newest in memory.
        key = next(key for key in reversed(self._memory) if key in self._old)
        self._old.discard(key)
        if not self._take(key):
            del self._memory[key]
        self._old &= self._memory.keys()
        if not self._old:
            self.arrived.emit(key)

    def _read(self, key: TileKey, path: Path) -> QPixmap | None:
        tile = _tile(path)
        if tile is None:
            return None
        self._areas = {known: areas for known, areas in self._areas.items() if known in self._memory}
        self._areas[key] = areas_on(tile)
        return QPixmap.fromImage(shaded(tile, self._shades, self._table))


def _tile(path: Path) -> QImage | None:
    tile = QImage()
    if not tile.load(str(path), "PNG") or (tile.width(), tile.height()) != (TILE_PX, TILE_PX):
        return None
    return tile.convertToFormat(QImage.Format.Format_RGB32)


def _premultiplied(color: QColor, alpha: float) -> int:
    parts = [round(each * alpha * 255) for each in (1.0, color.redF(), color.greenF(), color.blueF())]
    return parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3]
