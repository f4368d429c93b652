"""The two charts of the volumes: reports per hour with what is expected, and sites open. They draw counts
that were made elsewhere, and say which hour the pointer is on."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPen
from PySide6.QtWidgets import QFrame

from dispatch.figure_desk import Figure
from dispatch.insight.volumes import HOUR_MS, Group, Volumes
from dispatch.records import Band
from ui.theme import Theme
from ui.volumes.time_axis import TimeAxis
from ui.widgets.guard import guarded

# What is expected needs room to the right of now.
AHEAD_HOURS = 13
_WIDTH = 0.84
MOST_EDGED = 100
# From the base of a bar to its top; normal is grey, and only bands have a color.
_BANDS = {
    Band.P4.name: "chart_p4",
    Band.INFO.name: "shade_2",
    Band.P3.name: "chart_p3",
    Band.P2.name: "chart_p2",
    Band.P1.name: "chart_p1",
}
# From the base up; what does not get one of its own is the rest.
_GREYS = ("text_dim", "shade_5", "shade_4", "shade_2")
BULK_TONE = "line_strong"
# Figures from outside: each on a scale of its own, up to its largest.
FIGURES = {
    Figure.POWER_OUT: ("layer_brown", Qt.PenStyle.DotLine),
    Figure.WIND: ("layer_teal", Qt.PenStyle.DashDotLine),
}
# Of the height of the chart.
FIGURE_HEIGHT = 0.9
REST = "rest"


@dataclass(frozen=True, slots=True)
class Stack:
    """One part of each bar, from the base up; `tone` is a field of the palette."""

    key: str
    counts: npt.NDArray[np.int64]
    tone: str


def stacks(shown: Volumes) -> list[Stack]:
    """The series as they are drawn: bands in their order, others by size, the small ones as one."""
    if shown.group is Group.BAND:
        return [Stack(key, shown.series[key], tone) for key, tone in _BANDS.items() if key in shown.series]
    keys = sorted(shown.series, key=lambda key: -int(shown.series[key].sum()))
    own = keys if len(keys) <= len(_GREYS) else keys[: len(_GREYS) - 1]
    found = [Stack(key, shown.series[key], tone) for key, tone in zip(own, _GREYS, strict=False)]
    if rest := keys[len(own) :]:
        found.append(Stack(REST, np.sum([shown.series[key] for key in rest], axis=0), _GREYS[-1]))
    return found


class Chart(pg.PlotWidget):
    """Hours from left to right; still under wheel and drag, so that nobody loses the picture by accident."""

    pointed = Signal(int)  # the hour under the pointer, -1 for none
    chosen = Signal(int, int)  # hours, while the button is down

    def __init__(self, *, zone: ZoneInfo, theme: Theme, name: str) -> None:
        self.axis = TimeAxis(zone)
        super().__init__(axisItems={"bottom": self.axis}, enableMenu=False)
        self._theme = theme
        self._zone = zone
        self._from: int | None = None
        self.hours = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.hideAxis("left")
        self.showAxis("right")
        self.getPlotItem().setContentsMargins(0, 4, 0, 0)
        self.showGrid(y=True, alpha=0.28)
        self.region = pg.LinearRegionItem(movable=False)
        self.region.setZValue(-10)
        self.region.hide()
        self.addItem(self.region)
        theme.changed.connect(self.take_theme)

    def sizeHint(self) -> QSize:
        return QSize(320, self.minimumHeight())

    def take_theme(self) -> None:
        theme = self._theme
        self.setBackground(theme.color("card"))
        for name in ("right", "bottom"):
            axis = self.getAxis(name)
            axis.setPen(QPen(theme.color("line_strong"), 0))
            axis.setTextPen(theme.color("text_dim"))
            axis.setStyle(tickFont=theme.font("tiny"), tickLength=0, tickTextOffset=5, maxTickLevel=0)
        color = theme.mixed("text", "window", 0.18)
        color.setAlpha(90)
        self.region.setBrush(color)
        for line in self.region.lines:
            line.setPen(QPen(theme.color("text_dim"), 0))

    def mark(self, first: int, last: int) -> None:
        """Show which hours are chosen; none with last before first."""
        if last < first:
            self.region.hide()
            return
        self.region.setRegion((first, last + 1))
        self.region.show()

    def hour_at(self, point: QPointF) -> int:
        """-1 where no hour is."""
        place = self.getPlotItem().vb.mapSceneToView(self.mapToScene(point.toPoint()))
        hour = int(np.floor(place.x()))
        return hour if 0 <= hour < self.hours else -1

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        hour = self.hour_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and hour >= 0:
            self._from = hour
            self.chosen.emit(hour, hour)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hour = self.hour_at(event.position())
        self.pointed.emit(hour)
        if self._from is not None and hour >= 0:
            self.chosen.emit(min(self._from, hour), max(self._from, hour))

    @guarded
    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._from = None

    def _take_hours(self, shown: Volumes, ahead: int, most: float) -> None:
        self.hours = shown.hours
        self.axis.start_at = shown.start_at
        self.setXRange(0, shown.hours + ahead, padding=0)
        self.setYRange(0, max(5.0, most * 1.08), padding=0)


class Arrivals(Chart):
    def __init__(self, *, zone: ZoneInfo, theme: Theme, name: str) -> None:
        super().__init__(zone=zone, theme=theme, name=name)
        self._shown: Volumes | None = None
        self._bars: dict[str, pg.BarGraphItem] = {}
        self._spans: list[pg.LinearRegionItem] = []
        empty: list[float] = []
        self._low, self._high = (pg.PlotCurveItem(empty, empty) for _ in range(2))
        self._band = pg.FillBetweenItem(self._low, self._high)
        self._expected = pg.PlotCurveItem(empty, empty)
        self._closed = pg.PlotCurveItem(empty, empty)
        self._figures = {figure: pg.PlotDataItem(empty, empty) for figure in FIGURES}
        self._now = pg.InfiniteLine(angle=90)
        for item in (self._band, self._expected, self._closed, self._now, *self._figures.values()):
            self.addItem(item)
        self.take_theme()

    def show_volumes(self, shown: Volumes) -> None:
        self._shown = shown
        most = float(max(shown.totals.max(initial=0), shown.closed.max(initial=0)))
        if shown.forecast is not None:
            most = max(most, float(shown.forecast.high.max()))
        self._take_hours(shown, AHEAD_HOURS, most)
        self._stack(shown)
        middle = np.arange(shown.hours) + 0.5
        self._closed.setData(middle, shown.closed.astype(np.float64))
        self._now.setValue((shown.at - shown.start_at) / HOUR_MS)
        self._show_forecast(shown)
        self._show_suspended(shown)
        self._show_figures(shown)

    def take_theme(self) -> None:
        super().take_theme()
        theme = self._theme
        self._now.setPen(QPen(theme.color("text"), 0))
        self._closed.setPen(pg.mkPen(theme.color("text"), width=2))
        self._expected.setPen(pg.mkPen(theme.color("text_dim"), width=2, style=Qt.PenStyle.DashLine))
        self._band.setBrush(theme.mixed("text_dim", "card", 0.22))
        self._band.setPen(QPen(Qt.PenStyle.NoPen))
        for figure, item in self._figures.items():
            tone, style = FIGURES[figure]
            item.setPen(pg.mkPen(theme.color(tone), width=2, style=style))
            item.setZValue(5)
            item.setSymbol("o")
            item.setSymbolSize(5)
            item.setSymbolBrush(theme.color(tone))
            item.setSymbolPen(pg.mkPen(None))
        if self._shown is not None:
            self._stack(self._shown)
            self._show_suspended(self._shown)

    def _stack(self, shown: Volumes) -> None:
        # Thin bars would be all edge.
        edge = pg.mkPen(self._theme.color("card") if shown.hours <= MOST_EDGED else None)
        wanted = [*stacks(shown), Stack("bulk", shown.bulk, BULK_TONE)]
        for key in self._bars.keys() - {each.key for each in wanted}:
            self.removeItem(self._bars.pop(key))
        base = np.zeros(shown.hours)
        middle = np.arange(shown.hours) + 0.5
        for each in wanted:
            bars = self._bars.get(each.key)
            if bars is None:
                bars = self._bars[each.key] = pg.BarGraphItem(x=middle, height=each.counts, width=_WIDTH)
                bars.setZValue(-1)
                self.addItem(bars)
            color = self._theme.color(each.tone)
            # What was entered in bulk is drawn as an outline: it is no surge of that hour.
            is_bulk = each.key == "bulk"
            bars.setOpts(
                x=middle,
                y0=base,
                height=each.counts.astype(np.float64),
                width=_WIDTH,
                brush=pg.mkBrush(None) if is_bulk else pg.mkBrush(color),
                pen=pg.mkPen(color) if is_bulk else edge,
            )
            base = base + each.counts

    def _show_forecast(self, shown: Volumes) -> None:
        found = shown.forecast
        if found is None:
            for curve in (self._low, self._high, self._expected):
                curve.setData([], [])
            return
        # It begins with the hour that runs now.
        at = shown.hours - 1 + np.arange(len(found.expected)) + 0.5
        self._low.setData(at, found.low)
        self._high.setData(at, found.high)
        self._expected.setData(at, found.expected)

    def _show_figures(self, shown: Volumes) -> None:
        top = self.getPlotItem().vb.viewRange()[1][1] * FIGURE_HEIGHT
        for figure, item in self._figures.items():
            points = shown.figures.get(figure.value, ())
            most = max((value for _, value, _ in points), default=0) or 1
            at = [(when - shown.start_at) / HOUR_MS for when, _, _ in points]
            item.setData(at, [value / most * top for _, value, _ in points])

    def _show_suspended(self, shown: Volumes) -> None:
        for span in self._spans:
            self.removeItem(span)
        self._spans = []
        color = self._theme.mixed("warn", "card", 0.5)
        color.setAlpha(60)
        for since, until, _service in shown.suspended:
            ends = ((since - shown.start_at) / HOUR_MS, ((until or shown.at) - shown.start_at) / HOUR_MS)
            span = pg.LinearRegionItem(ends, movable=False, brush=color, pen=pg.mkPen(None))
            span.setZValue(-5)
            self._spans.append(span)
            self.addItem(span)


class Backlog(Chart):
    def __init__(self, *, zone: ZoneInfo, theme: Theme, name: str) -> None:
        super().__init__(zone=zone, theme=theme, name=name)
        self._line = pg.PlotCurveItem([], [], fillLevel=0)
        self.addItem(self._line)
        self.take_theme()

    def show_volumes(self, shown: Volumes) -> None:
        self._take_hours(shown, 0, float(shown.backlog.max(initial=0)))
        ends = np.append(np.arange(shown.hours), (shown.at - shown.start_at) / HOUR_MS)
        self._line.setData(ends, np.append(shown.backlog[:1], shown.backlog).astype(np.float64))

    def take_theme(self) -> None:
        super().take_theme()
        self._line.setPen(pg.mkPen(self._theme.color("text"), width=2))
        self._line.setBrush(self._theme.mixed("text_dim", "card", 0.25))
