"""How the volume strip is drawn: bars by band, brush, the day before as an outline, hours, card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from dispatch.records import Band, Millis
from ui.queue.hours import DAY_MS, HOUR_MS, Hours
from ui.theme import Theme
from ui.widgets import times

LEFT, RIGHT, TOP, BOTTOM = 16, 16, 36, 24
_LEAST_P1 = 2  # a single P1 among hundreds must still be seen
_PALE = 0.38
_LABEL_PX = 64
_STACK = (
    (Band.INFO, "chart_p4"),
    (Band.P4, "chart_p4"),
    (Band.P3, "chart_p3"),
    (Band.P2, "chart_p2"),
    (Band.P1, "chart_p1"),
)
# Where the axis may be marked, the finest first.
_MARKS_MS = (HOUR_MS, 2 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS, DAY_MS, 2 * DAY_MS)


@dataclass(frozen=True, slots=True)
class StripPicture:
    """One painting of one state; `local` turns a time into the city's. Lengths are in pixels."""

    hours: Hours
    theme: Theme
    width: int
    height: int
    brushed: tuple[int, int] | None
    is_compared: bool
    local: Callable[[Millis], times.datetime]

    @property
    def step_px(self) -> float:
        return (self.width - LEFT - RIGHT) / len(self.hours.counts)

    @property
    def floor(self) -> int:
        return self.height - BOTTOM

    def paint_brush(self, painter: QPainter, since: Millis | None, until: Millis | None) -> None:
        """By its times, not by whole steps: a brush made in another zoom keeps its edges."""
        hours = self.hours
        if since is None and until is None:
            return
        start = max(since if since is not None else hours.start_at, hours.start_at)
        end = min(until if until is not None else hours.end_at, hours.end_at)
        if start >= end:
            return
        left, right = self._x(start), self._x(end)
        rect = QRectF(round(left) - 0.5, TOP + 0.5, round(right - left), self.height - TOP - BOTTOM)
        painter.fillRect(rect, self.theme.mixed("chart_brush", "panel", 0.12))
        painter.setPen(QPen(self.theme.color("chart_brush"), 1))
        painter.drawRect(rect)

    def paint_bars(self, painter: QPainter) -> None:
        scale = self._scale()
        if not scale:
            return
        full = {name: self.theme.color(name) for _band, name in _STACK}
        pale = {name: self.theme.mixed(name, "panel", _PALE) for _band, name in _STACK}
        brushed, gap = self.brushed, 1 if self.step_px >= 4 else 0
        for index, by_band in enumerate(self.hours.counts.tolist()):
            is_in = brushed is None or brushed[0] <= index <= brushed[1]
            colors = full if is_in else pale
            left = round(LEFT + index * self.step_px)
            right = round(LEFT + (index + 1) * self.step_px)
            y = float(self.floor)
            for band, name in _STACK:
                if count := by_band[band - 1]:
                    height = max(count * scale, _LEAST_P1 if band == Band.P1 else 0.0)
                    y -= height
                    painter.fillRect(QRectF(left, y, right - left - gap, height), colors[name])

    def paint_day_before(self, painter: QPainter) -> None:
        """The tops of the bars of a day earlier, as one quiet line of steps."""
        scale = self._scale()
        if not self.is_compared or not scale:
            return
        line: list[QPointF] = []
        for index, count in enumerate(self.hours.before.tolist()):
            y = round(self.floor - count * scale) + 0.5
            line.append(QPointF(round(LEFT + index * self.step_px), y))
            line.append(QPointF(round(LEFT + (index + 1) * self.step_px), y))
        painter.setPen(QPen(self.theme.color("text_dim"), 1.2))
        painter.drawPolyline(line)

    def paint_axis(self, painter: QPainter) -> None:
        """Midnight by its day; the finest marks that leave room for their words."""
        theme, hours = self.theme, self.hours
        painter.fillRect(LEFT, self.floor, self.width - LEFT - RIGHT, 1, theme.color("line_strong"))
        painter.setFont(theme.font("tiny"))
        painter.setPen(theme.color("text_dim"))
        hour_px = self.step_px * HOUR_MS / hours.step_ms
        least = 6 if hours.step_ms == HOUR_MS and len(hours.counts) > 24 else 1
        every_h = next(
            (m // HOUR_MS for m in _MARKS_MS if m // HOUR_MS >= least and m / HOUR_MS * hour_px >= _LABEL_PX),
            _MARKS_MS[-1] // HOUR_MS,
        )
        last_x = -float(_LABEL_PX)
        for index in range(len(hours.counts)):
            local = self.local(hours.hour_at(index))
            # In steps of several hours the local midnight may lie inside one: its step carries the mark.
            into_day_h = local.hour % min(every_h, 24)
            is_mark = into_day_h < max(hours.step_ms // HOUR_MS, 1) and local.minute == 0
            x = LEFT + index * self.step_px
            if not is_mark or x - last_x < _LABEL_PX or x + _LABEL_PX >= self.width:
                continue
            last_x = x
            painter.drawText(QPointF(x, self.height - 8), self._mark(local, every_h))
            painter.fillRect(round(x), self.floor, 1, 4, theme.color("line_strong"))

    def paint_card(self, painter: QPainter, index: int, text: str) -> None:
        theme = self.theme
        width = QFontMetrics(theme.font("small")).horizontalAdvance(text) + 20
        middle = LEFT + (index + 0.5) * self.step_px
        x = min(max(8.0, middle - width / 2), self.width - width - 8.0)
        card = QRectF(round(x) + 0.5, TOP + 2.5, width, 26)
        painter.setPen(QPen(theme.color("line_strong"), 1))
        painter.setBrush(theme.color("card"))
        painter.drawRoundedRect(card, 4, 4)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text"))
        painter.drawText(card, Qt.AlignmentFlag.AlignCenter, text)

    def _mark(self, local: times.datetime, every_h: int) -> str:
        day = QLocale().dayName(local.isoweekday(), QLocale.FormatType.ShortFormat)
        if every_h >= 24:
            return f"{day} {local.day}"
        return f"{day} {local:%H:%M}" if local.hour == 0 else f"{local:%H:%M}"

    def _x(self, at: Millis) -> float:
        return LEFT + (at - self.hours.start_at) / self.hours.step_ms * self.step_px

    def _scale(self) -> float:
        """Pixels a report; 0 where there is none to be drawn."""
        most = int(self.hours.totals.max(initial=0))
        if self.is_compared:
            most = max(most, int(self.hours.before.max(initial=0)))
        return (self.floor - TOP - 12) / most if most else 0.0
