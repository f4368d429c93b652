"""The scale in miles or feet over kilometres or metres, and north beside it: painted when it changes."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap, QPolygonF

from dispatch.geo.projection import ground_scale
from ui.map.frame import Frame
from ui.theme import Theme

LONGEST_BAR_PX = 100
MILE_M, FOOT_M, KILOMETRE_M = 1609.344, 0.3048, 1000.0
NORTH_PX, TICK_PX, TEXT_PX = 22, 5, 14
WIDTH_PX, HEIGHT_PX = NORTH_PX + LONGEST_BAR_PX + 6, 2 * TEXT_PX + 8


class ScaleBar:
    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._kept: tuple[tuple[object, ...], QPixmap] | None = None

    def lengths(self, frame: Frame) -> tuple[tuple[str, float], tuple[str, float]]:
        """A round length in miles or feet, one in kilometres or metres, each with its pixels."""
        _, y = frame.center
        px_m = frame.ratio * frame.metres_per_px * ground_scale(y)
        longest_m = LONGEST_BAR_PX * px_m
        ours = (MILE_M, _tr("{} mi")) if longest_m >= MILE_M / 2 else (FOOT_M, _tr("{} ft"))
        metric = (KILOMETRE_M, _tr("{} km")) if longest_m >= KILOMETRE_M else (1.0, _tr("{} m"))
        return _round(longest_m, px_m, *ours), _round(longest_m, px_m, *metric)

    def picture(self, frame: Frame) -> QPixmap:
        ours, metric = self.lengths(frame)
        key = (ours[0], metric[0], round(ours[1]), round(metric[1]), self._theme.palette.name, frame.ratio)
        if self._kept is None or self._kept[0] != key:
            self._kept = key, self._painted(ours, metric, frame.ratio)
        return self._kept[1]

    def _painted(self, ours: tuple[str, float], metric: tuple[str, float], ratio: float) -> QPixmap:
        picture = QPixmap(math.ceil(WIDTH_PX * ratio), math.ceil(HEIGHT_PX * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(self._theme.font("tiny"))
            left, line = WIDTH_PX - 1.0 - max(ours[1], metric[1]), HEIGHT_PX / 2 + 0.5
            self._paint_side(painter, left, line, ours, up=True)
            self._paint_side(painter, left, line, metric, up=False)
            self._paint_north(painter, left - NORTH_PX)
        return picture

    def _paint_side(
        self, painter: QPainter, left: float, line: float, of: tuple[str, float], *, up: bool
    ) -> None:
        """Half of the bar: its length, a tick at both ends, its words."""
        words, length = of
        tick = line - TICK_PX if up else line + TICK_PX
        right = left + round(length)
        corners = [(left, tick), (left, line), (right, line), (right, tick)]
        # Both sides begin at one zero, and so do their words: either may be the longer.
        room = QRect(round(left) + 3, 0 if up else HEIGHT_PX - TEXT_PX, WIDTH_PX, TEXT_PX)
        painter.setPen(self._theme.color("text_soft"))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        painter.setPen(QPen(self._theme.color("text_soft"), 1.2))
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in corners]))

    def _paint_north(self, painter: QPainter, left: float) -> None:
        """The map is never turned: north is always up."""
        middle, top = left + NORTH_PX / 2 - 2, 3.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("text_soft"))
        arrow = [(middle, top), (middle + 5, top + 13), (middle, top + 10), (middle - 5, top + 13)]
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in arrow]))
        painter.setPen(self._theme.color("text_soft"))
        room = QRect(round(middle) - 10, HEIGHT_PX - TEXT_PX - 2, 20, TEXT_PX)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, _tr("N"))


def _round(longest_m: float, px_m: float, unit_m: float, words: str) -> tuple[str, float]:
    """1, 2 or 5 times a power of ten, not longer than the bar may be."""
    longest = longest_m / unit_m
    power = 10.0 ** math.floor(math.log10(longest))
    length = max(step * power for step in (1, 2, 5) if step * power <= longest * (1 + 1e-9))
    return words.format(f"{length:g}"), length * unit_m / px_m


def _tr(text: str) -> str:
    return QCoreApplication.translate("map", text)
