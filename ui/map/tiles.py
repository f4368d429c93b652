"""The process that draws base map tiles, once each, for both themes; the window only copies them.

It runs as `main.py --helper tiles`.
"""

from __future__ import annotations

import argparse
import math
import shutil
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from dispatch.errors import MapFileBroken
from dispatch.geo.areas import Bounds
from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_layer_if_there, shared_edges
from dispatch.geo.projection import HALF_WORLD_M, to_degrees, to_mercator
from dispatch.geo.raster import RasterFile, limit_memory, open_with_limits
from dispatch.geo.tiles import MAX_LEVEL, MIN_LEVEL, TILE_PX, Binned, Tile, resolution
from dispatch.tile_server.kept import KeptPictures
from ui.map.raster import draw_raster
from ui.map.tile_key import TileKey
from ui.map.tile_process import draw_what_is_asked
from ui.theme import PALETTES, Palette

MARGIN_PX = 8.0
DEGREE_M = HALF_WORLD_M / 180
GRATICULE_PX = 150
# Steps of the graticule in degrees, fine to coarse: round numbers of minutes and seconds.
GRATICULE = tuple(n / 3600 for n in (5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 18000))
LAND_LINES_FROM, CITY_LINES_FROM, HOODS_FROM = 16, 19, 20

_Mode = QPainter.CompositionMode


class Atlas:
    """The vectors of the base map, ready to be asked for by tile."""

    def __init__(self, folder: GeoFolder) -> None:
        self._folder = folder

    @cached_property
    def land(self) -> Binned:
        """State outlines, the coarse shoreline inside its own area, the fine one inside its own.

        Each coarser one reaches a little under the finer, so that no seam shows between them.
        """
        coarse = self._read(self._folder.coarse_land)
        states = self._read(self._folder.states)
        if coarse:
            hole = shapely.buffer(shapely.box(*self.coarse_area), -1500.0)
            states = [part for shape in states for part in shapely.get_parts(shapely.difference(shape, hole))]
        return Binned([*states, *coarse, *self._read(self._folder.land)])

    @cached_property
    def coarse_area(self) -> Bounds:
        """Where a real shoreline is bundled; beyond it there are outlines only."""
        coarse = self._read(self._folder.coarse_land)
        west, south, east, north = shapely.total_bounds(coarse) if coarse else (0.0, 0.0, 0.0, 0.0)
        return float(west), float(south), float(east), float(north)

    @cached_property
    def borders(self) -> Binned:
        states, counties = self._read(self._folder.states), self._read(self._folder.counties)
        return Binned([*shared_edges(states), *shared_edges(counties)])

    @cached_property
    def streets(self) -> Binned:
        return Binned(self._read(self._folder.streets))

    @cached_property
    def cities(self) -> Binned:
        return Binned([shapely.boundary(shape) for shape in self._read(self._folder.municipalities)])

    @cached_property
    def hoods(self) -> Binned:
        files = (self._folder.neighborhoods, *self._folder.neighborhoods_elsewhere)
        return Binned([shapely.boundary(shape) for path in files for shape in self._read(path)])

    def _read(self, path: Path) -> list[shapely.Geometry]:
        return list(read_layer_if_there(path).shapes)


def draw_tile(atlas: Atlas, palette: Palette, key: TileKey, raster: RasterFile | None = None) -> QImage:
    """Water, land over a shoreline, streets, then borders kept to the land. Where a file has pictures, these
    lie over all of it but the neighborhood lines."""
    image = _draw_vectors(atlas, palette, key)
    if raster is not None and draw_raster(image, raster, palette, key.tile):
        with Pens(image) as pens:
            _stroke_hoods(pens, atlas, palette, key)
    return image


def _draw_vectors(atlas: Atlas, palette: Palette, key: TileKey) -> QImage:
    tile = key.tile
    image = QImage(TILE_PX, TILE_PX, QImage.Format.Format_RGB32)
    image.fill(QColor(palette.water))
    land = path_on(atlas.land.within(tile, margin_px=MARGIN_PX), tile)
    with Pens(image) as pens:
        # The stroke lies under the fill: half of it remains, and edges where two pieces meet vanish.
        pens.stroke(land, palette.shore, 2.6 if tile.level >= 20 else 1.8)
        pens.fill(land, palette.land)
        pens.overlay(_land_lines(atlas, palette, key, land))
    return image


def _stroke_hoods(pens: Pens, atlas: Atlas, palette: Palette, key: TileKey) -> None:
    """On a light edge, so that they are seen on any picture."""
    if key.variant != "hoods" or key.tile.level < HOODS_FROM:
        return
    path = path_on(atlas.hoods.within(key.tile, margin_px=MARGIN_PX), key.tile)
    pens.stroke(path, palette.land, 2.6)
    pens.stroke(path, palette.hood_line, 1.4)


def _land_lines(atlas: Atlas, palette: Palette, key: TileKey, land: QPainterPath) -> QImage:
    """Lines drawn apart and cut to the land: a border that runs along a canal never doubles the shore."""
    tile = key.tile
    image = QImage(TILE_PX, TILE_PX, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with Pens(image) as pens:
        pens.stroke(_graticule(atlas, tile), palette.street, 1.0)
        for lines, first_level, last_level, color, width_px in (
            (atlas.borders, MIN_LEVEL, 22, palette.hood_line, 1.0),
            (atlas.streets, LAND_LINES_FROM, MAX_LEVEL, palette.street, _street_px(tile.level)),
            (atlas.cities, CITY_LINES_FROM, MAX_LEVEL, palette.city_line, 0.8),
            (atlas.hoods, HOODS_FROM, MAX_LEVEL if key.variant == "hoods" else 0, palette.hood_line, 1.4),
        ):
            if first_level <= tile.level <= last_level:
                pens.stroke(path_on(lines.within(tile, margin_px=MARGIN_PX), tile), color, width_px)
        pens.keep(_mask(land, wipe_edge=tile.level >= LAND_LINES_FROM))
    return image


def _mask(land: QPainterPath, *, wipe_edge: bool) -> QImage:
    """Opaque on land; where lines would run along the shore, not within two pixels of it either."""
    image = QImage(TILE_PX, TILE_PX, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with Pens(image) as pens:
        pens.fill(land, "black")
        if wipe_edge:
            pens.wipe(land, 4.0)
    return image


def _street_px(level: int) -> float:
    return min(1.0 + max(0, level - 22) * 0.18, 3.5)


def _graticule(atlas: Atlas, tile: Tile) -> QPainterPath:
    """Meridians and parallels where nothing finer than outlines is bundled: something to stand on."""
    path = QPainterPath()
    if tile.level < LAND_LINES_FROM or shapely.box(*atlas.coarse_area).contains(shapely.box(*tile.bounds)):
        return path
    west, south, east, north = tile.bounds
    metres = resolution(tile.level)
    step = next((s for s in GRATICULE if s * DEGREE_M >= GRATICULE_PX * metres), GRATICULE[-1])
    (west_lng, east_lng), (south_lat, north_lat) = to_degrees([west, east], [south, north])
    meridians, _ = to_mercator(_multiples(west_lng, east_lng, step), 0.0)
    _, parallels = to_mercator(0.0, _multiples(south_lat, north_lat, step))
    for at in (meridians - west) / metres:
        path.addPolygon(QPolygonF([QPointF(at, -1), QPointF(at, TILE_PX + 1)]))
    for at in (north - parallels) / metres:
        path.addPolygon(QPolygonF([QPointF(-1, at), QPointF(TILE_PX + 1, at)]))
    return path


def _multiples(low: float, high: float, step: float) -> npt.NDArray[np.float64]:
    return np.arange(math.floor(low / step), math.ceil(high / step) + 1) * step


def path_on(shapes: Sequence[shapely.Geometry], tile: Tile) -> QPainterPath:
    west, _, _, north = tile.bounds
    scale = 1 / resolution(tile.level)
    onto_tile = QTransform(scale, 0, 0, -scale, -west * scale, north * scale)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for part in shapely.get_parts(shapely.orient_polygons(np.array(shapes, object))):
        path.addPath(onto_tile.map(_part_path(part)))
    return path


def _part_path(part: shapely.Geometry) -> QPainterPath:
    path = QPainterPath()
    for line in shapely.get_rings(part) if part.geom_type == "Polygon" else [part]:
        points = QPolygonF([QPointF(x, y) for x, y in shapely.get_coordinates(line)])
        path.addPolygon(points)
    return path


class Pens:
    """A painter on one image, in the few ways a tile needs."""

    def __init__(self, image: QImage) -> None:
        self._painter = QPainter(image)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def __enter__(self) -> Pens:
        return self

    def __exit__(self, *_: object) -> None:
        self._painter.end()

    def stroke(self, path: QPainterPath, color: str, width_px: float) -> None:
        pen = QPen(QColor(color), width_px)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self._painter.strokePath(path, pen)

    def fill(self, path: QPainterPath, color: str) -> None:
        self._painter.fillPath(path, QColor(color))

    def overlay(self, image: QImage) -> None:
        self._painter.drawImage(0, 0, image)

    def wipe(self, path: QPainterPath, width_px: float) -> None:
        self._painter.setCompositionMode(_Mode.CompositionMode_DestinationOut)
        self.stroke(path, "black", width_px)

    def keep(self, mask: QImage) -> None:
        """What is drawn so far stays only where the mask is opaque."""
        self._painter.setCompositionMode(_Mode.CompositionMode_DestinationIn)
        self._painter.drawImage(0, 0, mask)


def _raster(options: argparse.Namespace) -> RasterFile | None:
    if options.kept:
        # What was drawn from the tiles of an earlier time is of no use: others have come, or have gone.
        shutil.rmtree(options.out, ignore_errors=True)
        limit_memory()
        return KeptPictures(options.kept, most_zoom=options.most_zoom)
    return open_with_limits(options.raster) if options.raster else None


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="tiles", description="Draws base map tiles named on standard input."
    )
    parser.add_argument("--geo", type=Path, required=True, help="the folder resources/geo")
    parser.add_argument("--city", required=True, help="the jurisdiction's folder in it")
    parser.add_argument("--out", type=Path, required=True, help="where the tiles go")
    parser.add_argument("--raster", type=Path, help="an MBTiles or PMTiles file with pictures to lay over it")
    parser.add_argument("--kept", type=Path, help="the kept tiles of a tile server, to lay over it")
    parser.add_argument("--most-zoom", type=int, default=0, help="the finest zoom that server has")
    options = parser.parse_args(argv)
    atlas = Atlas(GeoFolder(options.geo, options.city))
    try:
        raster = _raster(options)
    except MapFileBroken as error:
        sys.stderr.write(f"{error}\n")
        return 1
    draw_what_is_asked(options.out, lambda key: draw_tile(atlas, PALETTES[key.theme], key, raster))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
