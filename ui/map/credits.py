"""The line at the map's foot that is always there: whose data it is, how good it is, and the scale."""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPixmap

from dispatch.geo.areas import Bounds
from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import credit_of
from ui.map.frame import Frame
from ui.map.scale_bar import ScaleBar
from ui.theme import Theme

PAD_PX = 6
LINE_PX = 18


def _tr(text: str) -> str:
    return QCoreApplication.translate("map", text)


class Credits:
    """`area` is where a real base map is bundled; outside it the line says "outlines only"."""

    def __init__(self, folder: GeoFolder, *, area: Bounds, theme: Theme) -> None:
        self._area = area
        self._theme = theme
        self._here = _credits(folder.states, folder.land, folder.coarse_land, folder.neighborhoods)
        self._elsewhere = _credits(folder.states, *folder.neighborhoods_elsewhere)
        self._complaint = self._over = self._dated = ""
        self._legend = QRect()
        self._line: tuple[tuple[object, ...], QPixmap] | None = None
        self._bar = ScaleBar(theme)

    def complain(self, sentence: str) -> None:
        """Say in the line what is wrong with the base map."""
        self._complaint = sentence

    def lie_over(self, whose: str) -> None:
        """Name the pictures that lie over the bundled map; empty for none."""
        self._over, self._dated = whose, ""

    def date(self, words: str) -> None:
        """Say how old the pictures are."""
        self._dated = words

    def leave_room(self, legend: QRect) -> None:
        """The scale stands beside the legend, or above it where there is no room."""
        self._legend = legend

    def text(self, frame: Frame) -> str:
        if self._over:
            over = f"{self._over} · {self._dated}" if self._dated else self._over
            if self._complaint:
                return _tr("Base map: {} · {}").format(over, self._complaint)
            return _tr("Base map: {} · over {}").format(over, self._here)
        if self._complaint:
            return self._complaint
        x, y = frame.center
        west, south, east, north = self._area
        if west <= x <= east and south <= y <= north:
            return _tr("Base map: {} · streets approximate").format(self._here)
        return _tr("Base map: outlines only · {}").format(self._elsewhere)

    def height(self, width: int, frame: Frame) -> int:
        """In pixels: whose pictures lie over the map is never cut short, and may need more lines."""
        if not self._over:
            return LINE_PX
        room = QRect(0, 0, width - 2 * PAD_PX, 10_000)
        metrics = QFontMetrics(self._theme.font("tiny"))
        wrapped = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self.text(frame))
        return wrapped.height() + LINE_PX - metrics.height()

    def scale(self, frame: Frame) -> tuple[tuple[str, float], tuple[str, float]]:
        """A round length in miles or feet, one in kilometres or metres, and how many pixels each takes."""
        return self._bar.lengths(frame)

    def paint(self, painter: QPainter, window: QRect, frame: Frame) -> None:
        line = self._line_picture(window.width(), frame)
        wide = line.deviceIndependentSize()
        foot = QPointF(window.width() - wide.width(), window.height() - wide.height())
        painter.drawPixmap(foot, line)
        bar = self._bar.picture(frame)
        size = bar.deviceIndependentSize()
        right = window.width() - size.width() - 8
        above = self._legend.top() - 8 if right < self._legend.right() + 16 else foot.y()
        painter.drawPixmap(QPointF(round(right), round(above - size.height())), bar)

    def _line_picture(self, width: int, frame: Frame) -> QPixmap:
        """Painted when its words change, copied in every frame."""
        key = (self.text(frame), width, self._theme.palette.name, frame.ratio)
        if self._line is None or self._line[0] != key:
            self._line = key, self._painted(key[0], width, frame)
        return self._line[1]

    def _painted(self, said: str, width: int, frame: Frame) -> QPixmap:
        font, room, tall = self._theme.font("tiny"), width - 2 * PAD_PX, self.height(width, frame)
        metrics = QFontMetrics(font)
        if tall == LINE_PX:
            said = metrics.elidedText(said, Qt.TextElideMode.ElideRight, room)
        wide = min(metrics.horizontalAdvance(said), room)
        picture = _clear(wide + 2 * PAD_PX, tall, frame.ratio)
        painter = QPainter(picture)
        ground = QColor(self._theme.color("card"))
        ground.setAlphaF(0.78)
        painter.fillRect(picture.rect(), ground)
        painter.setFont(font)
        painter.setPen(self._theme.color("alarm" if self._complaint else "text_dim"))
        if tall == LINE_PX:
            painter.drawText(PAD_PX, (tall + metrics.ascent() - metrics.descent()) // 2, said)
        else:
            box = QRect(PAD_PX, (LINE_PX - metrics.height()) // 2, room, tall)
            painter.drawText(box, Qt.TextFlag.TextWordWrap, said)
        painter.end()
        return picture


def _credits(*paths: Path) -> str:
    """Each credit once, in the order of the files."""
    said = [credit for path in paths for credit in credit_of(path).split(", ") if credit]
    return ", ".join(dict.fromkeys(said))


def _clear(width: float, height: float, ratio: float) -> QPixmap:
    picture = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    return picture
