"""The process that draws which neighborhood each pixel of a tile lies in; the window gives them their shades.

It runs as `main.py --helper area-tiles` and speaks as the base map's helper does. A tile holds no color: red
and green are the number of the area (0 for none), blue how much of the pixel is land of it and no border. So
it is drawn once, and another count, filter or theme only colors it anew.
"""

from __future__ import annotations

import argparse
import sys
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from dispatch.geo.folder import GeoFolder
from dispatch.geo.tiles import TILE_PX, Binned, Tile
from ui.map.tile_key import TileKey
from ui.map.tile_process import draw_what_is_asked
from ui.map.tiles import HOODS_FROM, MARGIN_PX, Atlas, Pens, path_on

# As wide as the line of the base map that is seen through it.
BORDER_PX = 1.6


class AreaAtlas(Atlas):
    """The base map's land, and the city's neighborhoods one by one, in the order of their file."""

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)
        self._hoods = folder.neighborhoods

    @cached_property
    def areas(self) -> list[Binned]:
        return [Binned([shape]) for shape in self._read(self._hoods)]


def draw_tile(atlas: AreaAtlas, key: TileKey) -> QImage:
    which, land = _which(atlas, key.tile), _land(atlas, key.tile)
    pixels = _pixels(which).copy()
    pixels[:, :, 0] = _pixels(land)[:, :, 3]
    return QImage(pixels.data, TILE_PX, TILE_PX, QImage.Format.Format_RGB32).copy()


def _which(atlas: AreaAtlas, tile: Tile) -> QImage:
    """The number of the area under each pixel, with hard edges: half of two numbers would be a third."""
    image = QImage(TILE_PX, TILE_PX, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    with QPainter(image) as painter:
        # Where two overlap the first in the file wins, as when a report's place is looked up.
        for at, area in reversed(list(enumerate(atlas.areas, 1))):
            if shapes := area.within(tile, margin_px=MARGIN_PX):
                painter.fillPath(path_on(shapes, tile), QColor(at & 255, at >> 8, 0))
    return image


def _land(atlas: AreaAtlas, tile: Tile) -> QImage:
    """Opaque on land, clear on the borders between areas; soft at both edges."""
    image = QImage(TILE_PX, TILE_PX, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with Pens(image) as pens:
        pens.fill(path_on(atlas.land.within(tile, margin_px=MARGIN_PX), tile), "black")
        if tile.level >= HOODS_FROM:
            pens.wipe(path_on(atlas.hoods.within(tile, margin_px=MARGIN_PX), tile), BORDER_PX)
    return image


def _pixels(image: QImage) -> npt.NDArray[np.uint8]:
    """Blue, green, red, alpha of each pixel, as they lie in the image's own memory: it must live as long."""
    return np.frombuffer(image.constBits(), np.uint8).reshape(TILE_PX, TILE_PX, 4)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="area-tiles", description="Draws which neighborhood lies where.")
    parser.add_argument("--geo", type=Path, required=True, help="the folder resources/geo")
    parser.add_argument("--city", required=True, help="the jurisdiction's folder in it")
    parser.add_argument("--out", type=Path, required=True, help="where the tiles go")
    options = parser.parse_args(argv)
    atlas = AreaAtlas(GeoFolder(options.geo, options.city))
    draw_what_is_asked(options.out, lambda key: draw_tile(atlas, key))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
