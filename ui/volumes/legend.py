"""What the colors and lines of the chart of arrivals stand for, in one line."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dispatch.insight.volumes import Group, Volumes
from dispatch.records import Band
from ui.theme import Theme
from ui.volumes import words
from ui.volumes.charts import BULK_TONE, FIGURES, REST, stacks
from ui.widgets.band_mark import paint_mark
from ui.widgets.guard import guarded

_SWATCH, _GAP = 12, 14


def _tr(text: str) -> str:
    return QCoreApplication.translate("volumes", text)


class Legend(QWidget):
    """Entries are (kind, palette field, label); kinds: a swatch, a band's mark, a line, an outline."""

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._entries: tuple[tuple[str, str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_volumes(self, shown: Volumes) -> None:
        """Only what there is: of the series those that came, from the top of a bar down."""
        entries = []
        for each in reversed(stacks(shown)):
            if each.counts.any() or (shown.group is Group.BAND and each.key != Band.INFO.name):
                kind = each.key if shown.group is Group.BAND else "swatch"
                label = _tr("The rest") if each.key == REST else words.series(shown.group, each.key)
                entries.append((kind, each.tone, label))
        if shown.bulk.any():
            entries.append(("outline", BULK_TONE, _tr("entered in bulk")))
        entries.append(("line", "text", _tr("closed")))
        if shown.forecast is not None:
            entries.append(("swatch", "shade_2", _tr("expected, 80 %")))
        for figure, (tone, _style) in FIGURES.items():
            if points := shown.figures.get(figure.value):
                entries.append(("line", tone, words.figure_most(figure, max(each[1] for each in points))))
        if shown.suspended:
            entries.append(("swatch", "warn_bg", _tr("response suspended")))
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.font("small"))
        widths = [_SWATCH + 5 + metrics.horizontalAdvance(label) for _, _, label in self._entries]
        return QSize(sum(widths) + _GAP * max(len(widths) - 1, 0), 20)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("small"))
        metrics = painter.fontMetrics()
        left = max(0.0, self.width() - float(self.sizeHint().width()))
        for kind, tone, label in self._entries:
            self._paint_sign(painter, kind, tone, left)
            painter.setPen(theme.color("text_dim"))
            room = metrics.horizontalAdvance(label)
            spot = QRectF(left + _SWATCH + 5, 0, room + 2, self.height())
            painter.drawText(spot, Qt.AlignmentFlag.AlignVCenter, label)
            left += _SWATCH + 5 + room + _GAP

    def _paint_sign(self, painter: QPainter, kind: str, tone: str, left: float) -> None:
        middle = self.height() / 2
        color = self._theme.color(tone)
        spot = QRectF(left, middle - 5, _SWATCH - 1, 10)
        if kind in ("P1", "P2", "P3"):
            paint_mark(painter, Band[kind], spot.center(), 10, self._theme)
        elif kind == "line":
            painter.setPen(QPen(color, 2))
            painter.drawLine(spot.left(), middle, spot.right(), middle)
        elif kind == "outline":
            painter.setPen(QPen(color, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(spot.adjusted(0.5, 0.5, -0.5, -0.5))
        else:
            painter.fillRect(spot, color)
