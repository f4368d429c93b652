"""The process that draws the tiles of imported layers, clear where they have nothing; the window copies them.

It runs as `main.py --helper layer-tiles` and speaks as the base map's helper does. The variant of a tile
names what is on it, from below: `3fa2b1c0.teal.zone+77e0d1aa.plum.plain`.
"""

from __future__ import annotations

import argparse
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from dispatch.geo.imports.checked import CHECKED
from dispatch.geo.imports.folder import REMOVED
from dispatch.geo.layers import read_layer
from dispatch.geo.tiles import TILE_PX, Binned, Tile, resolution
from ui.map.tile_key import TileKey
from ui.map.tile_process import draw_what_is_asked
from ui.theme import PALETTES, Palette

MARGIN_PX = 8.0
POINT_PX = 4.5
FILL_ALPHA, ZONE_ALPHA, POINT_ALPHA = 0.10, 0.16, 0.6
LINE_PX, ZONE_LINE_PX = 1.4, 2.0


class LayerAtlas:
    """The imported layers of a folder, ready to be asked for by tile; each is read when first wanted."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.binned = lru_cache(maxsize=16)(self._binned)

    def _binned(self, layer_id: str) -> Binned:
        if not layer_id.isalnum():
            raise ValueError(f"{layer_id} names no layer")
        # One that was set aside a moment ago may still be asked for, and undo may bring it back.
        aside = self._root / REMOVED / layer_id / CHECKED
        layer = read_layer(aside if aside.exists() else self._root / layer_id / CHECKED)
        return Binned(shapely.get_parts(np.array(layer.shapes, object)).tolist())


def draw_tile(atlas: LayerAtlas, palette: Palette, key: TileKey) -> QImage:
    image = QImage(TILE_PX, TILE_PX, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for part in key.variant.split("+"):
        layer_id, style, look = part.split(".")
        shapes = atlas.binned(layer_id).within(key.tile, margin_px=MARGIN_PX)
        _draw(painter, shapes, key.tile, QColor(getattr(palette, f"layer_{style}")), is_zone=look == "zone")
    painter.end()
    return image


def _draw(
    painter: QPainter, shapes: list[shapely.Geometry], tile: Tile, color: QColor, *, is_zone: bool
) -> None:
    west, _, _, north = tile.bounds
    scale = 1 / resolution(tile.level)
    onto_tile = QTransform(scale, 0, 0, -scale, -west * scale, north * scale)
    fill = QColor(color)
    fill.setAlphaF(ZONE_ALPHA if is_zone else FILL_ALPHA)
    pen = QPen(color, ZONE_LINE_PX if is_zone else LINE_PX)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    # One path for all: drawn one by one, thousands of areas would take seconds, and overlaps grow dark.
    areas, lines, points = QPainterPath(), QPainterPath(), []
    areas.setFillRule(Qt.FillRule.WindingFill)
    parts = shapely.get_parts(shapely.orient_polygons(np.array(shapes, object)))
    for part, dimension in zip(parts, shapely.get_dimensions(parts).tolist(), strict=True):
        if dimension == 0:
            points.append(QPointF(*shapely.get_coordinates(part)[0].tolist()))
            continue
        path = areas if dimension == 2 else lines
        for ring in shapely.get_rings(part) if dimension == 2 else [part]:
            path.addPolygon(QPolygonF([QPointF(x, y) for x, y in shapely.get_coordinates(ring).tolist()]))
    areas, lines = onto_tile.map(areas), onto_tile.map(lines)
    painter.fillPath(areas, fill)
    painter.strokePath(areas, pen)
    painter.strokePath(lines, pen)
    fill.setAlphaF(POINT_ALPHA)
    painter.setPen(QPen(color, LINE_PX))
    painter.setBrush(fill)
    for point in points:
        painter.drawEllipse(onto_tile.map(point), POINT_PX, POINT_PX)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="layer-tiles", description="Draws tiles of imported layers.")
    parser.add_argument("--layers", type=Path, required=True, help="the folder with the imported layers")
    parser.add_argument("--geo", type=Path)
    parser.add_argument("--city")
    parser.add_argument("--out", type=Path, required=True, help="where the tiles go")
    options = parser.parse_args(argv)
    atlas = LayerAtlas(options.layers)
    draw_what_is_asked(options.out, lambda key: draw_tile(atlas, PALETTES[key.theme], key))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
