"""The map of the Neighborhoods screen: each area in the shade of its rate, quiet ones hatched.

Drawn into pictures when size, colors or numbers change; a frame is a copy of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QToolTip, QWidget

from dispatch.geo.areas import OUTSIDE, Areas
from dispatch.insight.by_area import CLASSES
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.words import hint

Ring = np.ndarray
MARGIN_PX, HATCH_PX = 18, 7
SETTLE_MS = 120
LEGEND_PAD, SWATCH_WIDTH, SWATCH_HEIGHT, LINE_PX = 12, 44, 12, 20


@dataclass(frozen=True)
class Ground:
    """What is drawn, in Mercator metres: `rings` of each area, those of the land around, and the number of
    the place that each area stands in."""

    areas: Areas
    rings: tuple[tuple[Ring, ...], ...]
    land: tuple[Ring, ...]
    place_of: tuple[int, ...]
    credit: str = ""


@dataclass(frozen=True)
class Shown:
    """Of each place: its class (0: no rate), whether it is hatched, and the bounds of the classes."""

    shades: Sequence[int]
    is_quiet: Sequence[bool]
    bounds: tuple[float, ...]


class AreaMap(QWidget):
    """`chosen` is the number of the place that was clicked; `opened` the same, for its rows."""

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, *, theme: Theme, says: Callable[[int], str]) -> None:
        """`says` gives the words about a place for the pointer that rests on it."""
        super().__init__()
        self._theme, self._says = theme, says
        self._ground: Ground | None = None
        self._shown: Shown | None = None
        self._place = -1
        self._picture: QPixmap | None = None
        self._outline: QPixmap | None = None
        self._paths: list[QPainterPath] = []
        self._under: QPixmap | None = None
        # While somebody pulls at the window's edge, the last picture is stretched.
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._paint_anew)
        self.setAccessibleName(self.tr("Map of reports per 1,000 residents"))
        self.setMinimumSize(320, 320)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._paint_anew)

    def show_ground(self, ground: Ground) -> None:
        self._ground = ground
        self._paint_anew()

    def show_found(self, shown: Shown) -> None:
        if shown != self._shown:
            self._shown = shown
            self._picture = self._outline = None
            self.update()

    def show_place(self, place: int) -> None:
        if place != self._place:
            self._place = place
            self._outline = None
            self.update()

    def place_under(self, at: QPointF) -> int:
        """-1 where there is none."""
        if self._ground is None:
            return -1
        scale, left, top = self._fit()
        found = int(self._ground.areas.locate(left + at.x() / scale, top - at.y() / scale)[0])
        return self._ground.place_of[found] if found != OUTSIDE else -1

    def spot_of(self, place: int) -> QPointF:
        """Somewhere inside the first area of a place."""
        assert self._ground is not None
        area = self._ground.place_of.index(place)
        point = self._ground.areas.shapes[area].representative_point()
        scale, left, top = self._fit()
        return QPointF((point.x - left) * scale, (top - point.y) * scale)

    # -- Qt -----------------------------------------------------------------------------------------

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._ground is None or self._shown is None:
            painter.fillRect(self.rect(), self._theme.color("water"))
            return
        if self._picture is None:
            self._picture = self._draw_all()
        if self._outline is None:
            self._outline = self._draw_outline()
        painter.drawPixmap(self.rect(), self._picture)
        painter.drawPixmap(self.rect(), self._outline)

    @guarded
    def resizeEvent(self, _event: QEvent) -> None:
        if self._picture is None:
            self._paint_anew()
        else:
            self._settle.start()

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (place := self.place_under(event.position())) >= 0:
            self.chosen.emit(place)

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if (place := self.place_under(event.position())) >= 0:
            self.opened.emit(place)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = self.place_under(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), hint(self._says(place)) if place >= 0 else "", self)
            return True
        return super().event(event)

    # -- drawing ------------------------------------------------------------------------------------

    def _paint_anew(self) -> None:
        self._picture = self._outline = self._under = None
        self._paths = []
        self.update()

    def _fit(self) -> tuple[float, float, float]:
        """Pixels to the metre, and the west and north edge of the widget."""
        assert self._ground is not None
        points = np.concatenate([ring for rings in self._ground.rings for ring in rings])
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        wide, high = self.width() - 2 * MARGIN_PX, self.height() - 2 * MARGIN_PX
        scale = max(1e-9, min(wide / (east - west), high / (north - south)))
        left = (west + east) / 2 - self.width() / 2 / scale
        return scale, float(left), float((south + north) / 2 + self.height() / 2 / scale)

    def _canvas(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        made = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        return made

    def _draw_all(self) -> QPixmap:
        assert self._ground is not None and self._shown is not None
        theme, shown = self._theme, self._shown
        if self._under is None:
            self._under = self._draw_land()
        picture = QPixmap(self._under)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        quiet = []
        for path, place in zip(self._area_paths(), self._ground.place_of, strict=True):
            shade = shown.shades[place]
            painter.setPen(QPen(theme.color("card"), 1))
            painter.setBrush(theme.color(f"shade_{shade}") if shade else Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
            if shown.is_quiet[place]:
                quiet.append(path)
        for path in quiet:
            painter.save()
            painter.setClipPath(path)
            painter.fillPath(path, theme.color("card"))
            _hatch(painter, path.boundingRect(), theme.color("text"))
            painter.restore()
            painter.strokePath(path, QPen(theme.color("text"), 1.6))
        painter.end()
        return picture

    def _draw_land(self) -> QPixmap:
        assert self._ground is not None
        picture = self._canvas()
        picture.fill(self._theme.color("water"))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("shore"), 0.8))
        painter.setBrush(self._theme.color("land"))
        painter.drawPath(_path(self._ground.land, self._fit()))
        painter.end()
        return picture

    def _draw_outline(self) -> QPixmap:
        assert self._ground is not None
        picture = self._canvas()
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for path, place in zip(self._area_paths(), self._ground.place_of, strict=True):
            if place == self._place:
                painter.strokePath(path, QPen(self._theme.color("card"), 4))
                painter.strokePath(path, QPen(self._theme.color("focus"), 2))
        self._draw_legend(painter)
        self._draw_credit(painter)
        painter.end()
        return picture

    def _area_paths(self) -> list[QPainterPath]:
        assert self._ground is not None
        if not self._paths:
            fit = self._fit()
            self._paths = [_path(rings, fit) for rings in self._ground.rings]
        return self._paths

    def _draw_legend(self, painter: QPainter) -> None:
        assert self._shown is not None
        theme, has_quiet = self._theme, any(self._shown.is_quiet)
        count = min(CLASSES, len(self._shown.bounds) + 1)
        title = self.tr("Reports per 1,000 residents")
        quiet = self.tr("fewer than expected, and we are fairly sure")
        painter.setFont(theme.font("small"))
        metrics = painter.fontMetrics()
        inner = max(metrics.horizontalAdvance(title), count * SWATCH_WIDTH)
        if has_quiet:
            inner = max(inner, metrics.horizontalAdvance(quiet) + SWATCH_HEIGHT + 8)
        ends = LINE_PX if count > 1 else 0
        height = 2 * LEGEND_PAD + LINE_PX + SWATCH_HEIGHT + ends + (LINE_PX + 4 if has_quiet else 0)
        box = QRectF(12.5, 12.5, inner + 2 * LEGEND_PAD, height)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(theme.color("panel"))
        painter.drawRoundedRect(box, 4, 4)
        left, y = box.left() + LEGEND_PAD, box.top() + LEGEND_PAD
        painter.setPen(theme.color("text"))
        painter.drawText(QRectF(left, y, inner, LINE_PX), Qt.AlignmentFlag.AlignVCenter, title)
        y += LINE_PX + 2
        for shade in range(1, count + 1):
            at = left + (shade - 1) * SWATCH_WIDTH
            painter.fillRect(QRectF(at, y, SWATCH_WIDTH, SWATCH_HEIGHT), theme.color(f"shade_{shade}"))
            if shade < count:
                end = QRectF(at + SWATCH_WIDTH / 2, y + SWATCH_HEIGHT, SWATCH_WIDTH, LINE_PX)
                bound = self._shown.bounds[shade - 1]
                painter.setPen(theme.color("text_dim"))
                painter.drawText(end, Qt.AlignmentFlag.AlignCenter, f"{bound:g}")
        if has_quiet:
            y += SWATCH_HEIGHT + ends + 4
            paint_hatch(painter, QRectF(left + 0.5, y + 4.5, SWATCH_HEIGHT - 1, SWATCH_HEIGHT - 1), theme)
            painter.setPen(theme.color("text_soft"))
            row = QRectF(left + SWATCH_HEIGHT + 8, y, inner, LINE_PX)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, quiet)

    def _draw_credit(self, painter: QPainter) -> None:
        assert self._ground is not None
        painter.setFont(self._theme.font("tiny"))
        painter.setPen(self._theme.color("text_faint"))
        room = QRectF(8, self.height() - 22, self.width() - 16, 18)
        words = painter.fontMetrics().elidedText(
            self._ground.credit, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


def paint_hatch(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """The small square that stands for a quiet area."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(box, theme.color("card"))
    painter.setClipRect(box)
    _hatch(painter, box, theme.color("text"), 4)
    painter.setClipping(False)
    painter.setPen(QPen(theme.color("text"), 1))
    painter.setBrush(QBrush(Qt.BrushStyle.NoBrush))
    painter.drawRect(box)
    painter.restore()


def _hatch(painter: QPainter, box: QRectF, ink: QColor, step: int = HATCH_PX) -> None:
    painter.setPen(QPen(ink, 1))
    first, last = int(box.left() + box.top()), int(box.right() + box.bottom())
    for at in range(first - first % step, last + step, step):
        painter.drawLine(QPointF(at - box.bottom(), box.bottom()), QPointF(at - box.top(), box.top()))


def _path(rings: Sequence[Ring], fit: tuple[float, float, float]) -> QPainterPath:
    scale, left, top = fit
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in rings:
        points = np.column_stack(((ring[:, 0] - left) * scale, (top - ring[:, 1]) * scale))
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))
        path.closeSubpath()
    return path
