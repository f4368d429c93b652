"""Heat: where sites in view lie close together, one color on a log scale that fades to clear."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from dispatch.geo.folder import GeoFolder
from ui.map.layers.layer import Layer, Scene

CELL_PX = 8.0
# How far a site warms its surroundings, in cells.
REACH = 5
# A lone site stays clear enough for what is under it; a hundred on one spot are as warm as it gets.
STRONGEST, FULL = 0.62, 100.0


class Heat(Layer):
    """Painted with the picture that a pan copies: a blur over some 30,000 cells, however many the sites."""

    name = "heat"
    starts_on = False

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)

    def label(self) -> str:
        return QCoreApplication.translate("map", "Heat")

    def paint(self, painter: QPainter, scene: Scene) -> None:
        frame, board, rows = scene.frame, scene.board, scene.markers.rows
        wide, tall = frame.width / frame.ratio, frame.height / frame.ratio
        # A rim of cells beyond the edge, so that what lies just outside warms what is inside.
        columns, lines = int(wide // CELL_PX) + 1 + 2 * REACH, int(tall // CELL_PX) + 1 + 2 * REACH
        px, py = frame.point(board.x[rows], board.y[rows])
        column = np.floor(px / CELL_PX).astype(np.intp) + REACH
        line = np.floor(py / CELL_PX).astype(np.intp) + REACH
        inside = (column >= 0) & (column < columns) & (line >= 0) & (line < lines)
        cells = np.bincount(line[inside] * columns + column[inside], minlength=columns * lines)
        if not inside.any():
            return
        picture = _colored(warmth(cells.reshape(lines, columns)), scene.theme.color("heat"))
        box = QRectF(-REACH * CELL_PX, -REACH * CELL_PX, columns * CELL_PX, lines * CELL_PX)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(box, picture, QRectF(picture.rect()))


def warmth(cells: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """From counts to 0 (clear) to 1, spread over `REACH` cells; the same count is as warm in every view."""
    kernel = np.exp(-0.5 * (np.arange(-REACH, REACH + 1) / (REACH / 2.2)) ** 2)
    spread = cells.astype(np.float64)
    for axis in (0, 1):
        spread = np.apply_along_axis(np.convolve, axis, spread, kernel, mode="same")
    # Bent a little, so that a city evenly strewn with sites is pale and its crowds stand out.
    return np.minimum(np.log1p(spread) / np.log1p(FULL), 1.0) ** 1.5


def _colored(warm: npt.NDArray[np.float64], color: QColor) -> QImage:
    lines, columns = warm.shape
    pixels = np.zeros((lines, columns), np.uint32)
    alpha = (warm * STRONGEST * 255).astype(np.uint32)
    pixels |= alpha << 24
    for shift, part in ((16, color.red()), (8, color.green()), (0, color.blue())):
        pixels |= (alpha * part // 255) << shift
    image = QImage(pixels.data, columns, lines, columns * 4, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()
