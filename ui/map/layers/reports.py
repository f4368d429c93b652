"""The sites of the queue: marks by band, neutral bubbles with a count and a mark for open P1 or P2 inside."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QPainter, QPixmap

from ui.map.layers.layer import Layer, Scene


class Reports(Layer):
    name = "reports"

    def label(self) -> str:
        return QCoreApplication.translate("map", "Reports")

    def paint(self, painter: QPainter, scene: Scene) -> None:
        """Bubbles first, then single sites, the most urgent last: nothing covers a P1."""
        self._bubbles(painter, scene)
        self._singles(painter, scene)

    def _bubbles(self, painter: QPainter, scene: Scene) -> None:
        markers, sprites = scene.markers, scene.sprites
        chosen = markers.bubbles
        at_x, at_y = scene.frame.point(markers.cells.x[chosen], markers.cells.y[chosen])
        counts, worst = markers.cells.count[chosen], markers.cells.worst[chosen]
        for x, y, count, band in zip(
            at_x.tolist(), at_y.tolist(), counts.tolist(), worst.tolist(), strict=True
        ):
            bubble, half = sprites.bubble_of(count, band)
            painter.drawPixmap(QPointF(round(x - half), round(y - half)), bubble)

    def _singles(self, painter: QPainter, scene: Scene) -> None:
        board, rows = scene.board, scene.markers.singles
        # A place may have been covered since they were counted, for who only looks on (S15).
        rows = rows[np.isfinite(board.x[rows])]
        at_x, at_y = scene.frame.point(board.x[rows], board.y[rows])
        for x, y, band in zip(at_x.tolist(), at_y.tolist(), board.band[rows].tolist(), strict=True):
            _centered(painter, x, y, scene.sprites.mark(band))


def _centered(painter: QPainter, x: float, y: float, picture: QPixmap) -> None:
    half = picture.deviceIndependentSize().width() / 2
    painter.drawPixmap(QPointF(round(x - half), round(y - half)), picture)
