"""Small pictures painted once for each theme and screen: marks, bubbles with their number, symbols."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from dispatch.records import Band
from ui.theme import Theme
from ui.widgets.band_mark import paint_mark

# P1 is told by its size too: to who sees no red it is the duller one of the two on a dim map.
MARK_PX = {Band.P1: 19.0, Band.P2: 16.0, Band.P3: 15.0, Band.P4: 16.0, Band.INFO: 14.0}
CURRENT_MARK_PX = 24.0
CURRENT_RING_PX = 17.0
BADGE_PX = {Band.P1: 16.0, Band.P2: 13.0}
SHOULDER = 0.72  # where at a bubble's upper right its mark stands, of the radius
SMALLEST_BUBBLE_PX, LARGEST_BUBBLE_PX = 15.0, 22.0
SYMBOL_PX = 14.0


def bubble_radius(count: int) -> float:
    """Grows with the logarithm: 5 is small, 2,000 and more are as large as bubbles get."""
    share = math.log(max(count, 1) / 4) / math.log(500)
    wanted = SMALLEST_BUBBLE_PX + share * (LARGEST_BUBBLE_PX - SMALLEST_BUBBLE_PX)
    return min(max(wanted, SMALLEST_BUBBLE_PX), LARGEST_BUBBLE_PX)


def short_count(count: int) -> str:
    """At most four signs, so that it fits the bubble: 999, 1.2k, 12k."""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 9950 else f"{round(count / 1000)}k"


class Sprites:
    """Each is square, centered, and kept until theme or screen change."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._kept: dict[tuple[object, ...], QPixmap] = {}
        self._bubbles: dict[tuple[int, int], tuple[QPixmap, float]] = {}
        self._ratio = 1.0

    def use(self, ratio: float) -> None:
        if ratio != self._ratio:
            self._ratio = ratio
            self.forget()

    def forget(self) -> None:
        self._kept.clear()
        self._bubbles.clear()

    def mark(self, band: int) -> QPixmap:
        size = MARK_PX[Band(band)]
        return self._sprite(("mark", band), size + 4, lambda p: self._mark(p, band, size))

    def current(self, band: int) -> QPixmap:
        """The ring around the site everybody looks at, and its mark a size larger."""
        return self._sprite(("current", band), 2 * CURRENT_RING_PX + 6, lambda p: self._current(p, band))

    def bubble_of(self, count: int, band: int = 0) -> tuple[QPixmap, float]:
        """The bubble of a count, at its shoulder the mark of an open P1 or P2 inside, and half its width; a
        frame of a storm asks for hundreds."""
        found = self._bubbles.get((count, band))
        if found is None:
            picture = self._bubble(short_count(count), round(bubble_radius(count) * 2) / 2, band)
            half = picture.deviceIndependentSize().width() / 2
            found = self._bubbles[count, band] = (picture, half)
        return found

    def _bubble(self, text: str, radius: float, band: int) -> QPixmap:
        """In a flood nearly every bubble has a number it never had: only that is painted, over a disc that
        is there."""
        found = self._kept.get(("bubble", text, radius, band))
        if found is None:
            shoulder = round(radius * SHOULDER)
            half = max(radius, shoulder + BADGE_PX[Band(band)] / 2 if band else 0.0) + 2
            disc = self._sprite(("disc", radius, half), 2 * half, lambda p: self._disc(p, radius))
            found = self._kept["bubble", text, radius, band] = QPixmap(disc)
            with QPainter(found) as painter:
                middle = disc.deviceIndependentSize().width() / 2
                painter.translate(middle, middle)
                self._number(painter, text, radius)
                if band:
                    painter.translate(shoulder, -shoulder)
                    self._mark(painter, band, BADGE_PX[Band(band)])
        return found

    def symbol(self, letter: str) -> QPixmap:
        """A facility: a small square with a letter, grey, since it is no report."""
        return self._sprite(("symbol", letter), SYMBOL_PX + 4, lambda p: self._symbol(p, letter))

    def _sprite(self, key: tuple[object, ...], size: float, paint: Callable[[QPainter], None]) -> QPixmap:
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._painted(math.ceil(size), paint)
        return found

    def _painted(self, size: int, paint: Callable[[QPainter], None]) -> QPixmap:
        side = math.ceil(size * self._ratio)
        picture = QPixmap(side, side)
        picture.setDevicePixelRatio(self._ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(side / self._ratio / 2, side / self._ratio / 2)
        paint(painter)
        painter.end()
        return picture

    def _mark(self, painter: QPainter, band: int, size: float) -> None:
        if band == Band.P4:
            # The hollow one gets what the others have as an edge, so that it is seen on any shade.
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("mark_edge"))
            painter.drawEllipse(QPointF(0, 0), size * 0.40, size * 0.40)
        paint_mark(painter, band, QPointF(0, 0), size, self._theme)

    def _current(self, painter: QPainter, band: int) -> None:
        theme = self._theme
        painter.setBrush(theme.color("land"))
        painter.setPen(QPen(theme.color("land"), 5.0))
        painter.drawEllipse(QPointF(0, 0), CURRENT_RING_PX, CURRENT_RING_PX)
        painter.setPen(QPen(theme.color("focus"), 2.0))
        painter.drawEllipse(QPointF(0, 0), CURRENT_RING_PX, CURRENT_RING_PX)
        self._mark(painter, band, CURRENT_MARK_PX)

    def _disc(self, painter: QPainter, radius: float) -> None:
        painter.setBrush(self._theme.color("bubble"))
        painter.setPen(QPen(self._theme.color("bubble_line"), 1.4))
        painter.drawEllipse(QPointF(0, 0), radius, radius)

    def _number(self, painter: QPainter, text: str, radius: float) -> None:
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(theme.color("bubble_text"))
        painter.setFont(theme.font("number" if radius >= 17 and len(text) < 4 else "strong"))
        painter.drawText(QRectF(-radius, -radius, 2 * radius, 2 * radius), Qt.AlignmentFlag.AlignCenter, text)

    def _symbol(self, painter: QPainter, letter: str) -> None:
        theme, side = self._theme, SYMBOL_PX / 2
        box = QRectF(-side, -side, SYMBOL_PX, SYMBOL_PX)
        painter.setBrush(theme.color("card"))
        painter.setPen(QPen(theme.color("line_strong"), 1.0))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(theme.color("text_dim"))
        painter.setFont(theme.font("tiny"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)
