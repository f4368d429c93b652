"""The legend of the shading: each class with its ends, and what stands beside the classes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dispatch.insight.by_area import ByArea, Shade
from ui.map.panels import Panel
from ui.map.shade_tiles import DOT_PX, FILL_ALPHA, HATCH_PX
from ui.map.shade_words import class_words, outside_words, rest_words, text, title
from ui.theme import Theme
from ui.widgets.guard import guarded

PAD_PX, LINE_PX, SWATCH_PX, GAP_PX = 6, 18, 12, 10
LEAST_CLASS_PX = 40


class ShadeLegend(Panel):
    """Shown while neighborhoods are shaded. `paint` also draws it on paper, in the paper's own theme."""

    def __init__(self, *, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme=theme, parent=parent)
        self._found: ByArea | None = None
        self._is_narrowed = False
        self.hide()

    def show_found(self, found: ByArea | None, *, is_narrowed: bool) -> None:
        self._found, self._is_narrowed = found, is_narrowed
        self.setVisible(found is not None)
        self.setAccessibleName(self.text())
        self.update()

    def text(self) -> str:
        return text(self._found, is_narrowed=self._is_narrowed) if self._found is not None else ""

    def fit(self, width: int) -> None:
        size = self.size_in(self._theme)
        self.resize(min(round(size.width()), width), round(size.height()))

    def size_in(self, theme: Theme) -> QSizeF:
        if self._found is None:
            return QSizeF(0, 0)
        metrics = QFontMetrics(theme.font("small"))
        head = metrics.horizontalAdvance(title(self._found, is_narrowed=self._is_narrowed))
        classes = sum(self._class_widths(theme))
        rest = [SWATCH_PX + 6 + metrics.horizontalAdvance(words) for _, words in self._rest()]
        # Those beside the classes stand one under the other: side by side they would be wider than the map.
        height = (1 + 1 + len(rest)) * LINE_PX + SWATCH_PX + 2
        return QSizeF(max(head, classes, *rest, 0) + 2 * PAD_PX, height + PAD_PX)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """From the corner the painter stands at."""
        found = self._found
        if found is None:
            return
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text"))
        left, wide = float(PAD_PX), self.size_in(theme).width()
        head = QRectF(left, 2, wide, LINE_PX)
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, title(found, is_narrowed=self._is_narrowed))
        y = LINE_PX + 4.0
        for at, (words, room) in enumerate(
            zip(class_words(found), self._class_widths(theme), strict=True), 1
        ):
            painter.fillRect(QRectF(left, y, room, SWATCH_PX), theme.color("land"))
            painter.fillRect(QRectF(left, y, room, SWATCH_PX), _filled(theme, at))
            painter.setPen(theme.color("text_dim"))
            box = QRectF(left, y + SWATCH_PX, room, LINE_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
            left += room
        y += SWATCH_PX + LINE_PX
        for shade, words in self._rest():
            if shade is not None:
                _paint_swatch(painter, QRectF(PAD_PX, y + 3, SWATCH_PX, SWATCH_PX), shade, theme)
            painter.setPen(theme.color("text_soft"))
            row = QRectF(PAD_PX + SWATCH_PX + 6, y, wide, LINE_PX)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, words)
            y += LINE_PX

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._theme.color("card"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter, self._theme)

    def _rest(self) -> list[tuple[Shade | None, str]]:
        """Each line under the classes; without a swatch what no shade shows."""
        assert self._found is not None
        outside = outside_words(self._found)
        return [*rest_words(self._found), *([(None, outside)] if outside else [])]

    def _class_widths(self, theme: Theme) -> list[int]:
        assert self._found is not None
        metrics = QFontMetrics(theme.font("small"))
        return [
            max(metrics.horizontalAdvance(words) + 8, LEAST_CLASS_PX) for words in class_words(self._found)
        ]


def _filled(theme: Theme, shade: int) -> QColor:
    color = QColor(theme.color(f"shade_{shade}"))
    color.setAlphaF(FILL_ALPHA)
    return color


def _paint_swatch(painter: QPainter, box: QRectF, shade: Shade, theme: Theme) -> None:
    """As on the map, a little closer: a swatch holds only two or three lines."""
    painter.save()
    painter.setClipRect(box)
    painter.fillRect(box, theme.color("land"))
    ink = theme.color("shade_ink")
    painter.setPen(QPen(ink, 1.6))
    if shade is Shade.NONE_REPORTED:
        for at in range(0, 3 * SWATCH_PX, HATCH_PX - 3):
            painter.drawLine(QPointF(box.left() + at, box.top()), QPointF(box.left(), box.top() + at))
    elif shade is Shade.NO_DATA:
        for number in range(9):
            spot = QPointF(box.left() + number % 3 * (DOT_PX / 2), box.top() + number // 3 * (DOT_PX / 2))
            painter.fillRect(QRectF(spot.x() + 1, spot.y() + 1, 1.6, 1.6), ink)
    painter.setPen(QPen(theme.color("line_strong"), 1.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.restore()
