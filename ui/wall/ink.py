"""What everything on the wall is written with: one font in sizes that follow from the distance."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from ui.theme import FAMILY, Theme

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | _MIDDLE
RIGHT = Qt.AlignmentFlag.AlignRight | _MIDDLE
CENTER = Qt.AlignmentFlag.AlignCenter


class Ink:
    """`px` is the smallest size there is; sizes are given as multiples of it, never below 1."""

    def __init__(self, theme: Theme, px: int) -> None:
        self.theme = theme
        self.px = px
        self._fonts: dict[tuple[float, bool], QFont] = {}

    def font(self, times: float = 1.0, *, strong: bool = False) -> QFont:
        found = self._fonts.get((times, strong))
        if found is None:
            found = self._fonts[times, strong] = QFont(FAMILY)
            found.setPixelSize(round(self.px * max(times, 1.0)))
            found.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Medium)
            if strong:
                # Figures of one width, which what stands in columns needs; elsewhere hyphens would be wide.
                found.setFeature(QFont.Tag("tnum"), 1)
        return found

    def width(self, words: str, times: float = 1.0, *, strong: bool = False) -> float:
        return QFontMetricsF(self.font(times, strong=strong)).horizontalAdvance(words)

    def write(
        self,
        painter: QPainter,
        box: QRectF,
        words: str,
        *,
        tone: str = "text",
        times: float = 1.0,
        strong: bool = False,
        align: Qt.AlignmentFlag = LEFT,
    ) -> None:
        """In one line, cut at the end where it has no room."""
        painter.setFont(self.font(times, strong=strong))
        painter.setPen(self.theme.color(tone))
        shown = self.cut(words, box.width(), times, strong=strong)
        painter.drawText(box, align | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip, shown)

    def cut(self, words: str, room: float, times: float = 1.0, *, strong: bool = False) -> str:
        metrics = QFontMetricsF(self.font(times, strong=strong))
        # A hair more than there is: what has room to the pixel is not cut.
        return metrics.elidedText(words, Qt.TextElideMode.ElideRight, room + 1)

    def longest(self, ways: tuple[str, ...], room: float, times: float = 1.0) -> str:
        """The first of these that has room; else the last."""
        return next((words for words in ways if self.width(words, times) <= room), ways[-1])
