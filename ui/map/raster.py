"""Draws the pictures of a raster file into a tile of ours; in the process that draws tiles, nowhere else."""

from __future__ import annotations

import math
from collections.abc import Iterator

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter

from dispatch.geo.raster import RasterFile
from dispatch.geo.raster.about import MOST_COARSER, PICTURES
from dispatch.geo.tiles import TILE_PX, Tile
from dispatch.geo.web_tiles import zoom_for
from ui.theme import Palette

# A picture of a tile that is larger is no tile.
MOST_PX = 1024
MOST_MB = 32
# By night a picture must not light the room up.
DIMMED = 0.55


def draw_raster(image: QImage, raster: RasterFile, palette: Palette, tile: Tile) -> bool:
    """Over what is in the image already; False when the file has nothing there."""
    about = raster.about
    zoom = zoom_for(tile.level, about.most_zoom)
    if zoom < about.least_zoom:
        return False
    pictures = QImage(image.size(), QImage.Format.Format_ARGB32_Premultiplied)
    pictures.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pictures)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    has_any = False
    for column, row, box in _under(tile, zoom):
        found = _nearest(raster, zoom, column, row)
        if found is not None:
            picture, part = found
            painter.drawImage(box, picture, part)
            has_any = True
    if has_any and palette.name == "dim":
        _dim(painter, palette)
    painter.end()
    if has_any:
        painter = QPainter(image)
        painter.drawImage(0, 0, pictures)
        painter.end()
    return has_any


def _under(tile: Tile, zoom: int) -> Iterator[tuple[int, int, QRectF]]:
    """The file's tiles under one of ours, with their place in it; rows from the north."""
    # Ours to a side of the world, and theirs: both grids begin in the northwest corner.
    scale = math.exp2(zoom - tile.level / 2)
    side = TILE_PX / scale
    last = (1 << zoom) - 1
    left, top = tile.column * scale, tile.row * scale
    for row in range(math.floor(top + 1e-9), math.ceil(top + scale - 1e-9)):
        for column in range(math.floor(left + 1e-9), math.ceil(left + scale - 1e-9)):
            if 0 <= column <= last and 0 <= row <= last:
                yield column, row, QRectF((column - left) * side, (row - top) * side, side, side)


def _nearest(raster: RasterFile, zoom: int, column: int, row: int) -> tuple[QImage, QRectF] | None:
    """The tile, or the part of a coarser one that covers its place."""
    for coarser in range(min(MOST_COARSER, zoom - raster.about.least_zoom) + 1):
        found = raster.tile(zoom - coarser, column >> coarser, row >> coarser)
        picture = _picture(found) if found else None
        if picture is None:
            continue
        parts = 1 << coarser
        width, height = picture.width() / parts, picture.height() / parts
        return picture, QRectF((column % parts) * width, (row % parts) * height, width, height)
    return None


def _picture(data: bytes) -> QImage | None:
    """None for what is no picture of those a map file may hold, or a larger one than any tile."""
    kind = next((kind for mark, kind in PICTURES.items() if data.startswith(mark)), None)
    if kind is None:
        return None
    QImageReader.setAllocationLimit(MOST_MB)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    # Left to itself it would take an SVG, too, and fetch what that names from this computer.
    reader = QImageReader(buffer, QByteArray(kind.encode()))
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    if not size.isValid() or max(size.width(), size.height()) > MOST_PX:
        return None
    picture = reader.read()
    return None if picture.isNull() else picture


def _dim(painter: QPainter, palette: Palette) -> None:
    """Only where a picture lies: what is seen beneath has the colors of the night already."""
    shade = QColor(palette.window)
    shade.setAlphaF(DIMMED)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceAtop)
    painter.fillRect(painter.viewport(), shade)
