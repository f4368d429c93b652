"""The volume strip: reports per hour stacked by band, with a brush that narrows everything to a time."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QLocale, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from dispatch.records import Band, Millis
from ui.queue.hours import HOUR_MS, HourCounter, Hours
from ui.queue.selection import Selection
from ui.theme import Theme
from ui.widgets import counts, times
from ui.widgets.guard import guarded

_LEFT, _RIGHT, _TOP, _BOTTOM = 16, 16, 36, 24
_BAR = 30  # the least width of an hour
_FEWEST, _MOST = 24, 72
_LEAST_P1 = 2  # a single P1 among hundreds must still be seen
_PALE = 0.38
_REST_MS = 500
_STACK = (
    (Band.INFO, "chart_p4"),
    (Band.P4, "chart_p4"),
    (Band.P3, "chart_p3"),
    (Band.P2, "chart_p2"),
    (Band.P1, "chart_p1"),
)
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class VolumeStrip(QWidget):
    def __init__(
        self, *, selection: Selection, zone: ZoneInfo, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._selection = selection
        self._zone = zone
        self._theme = theme
        self._counter = HourCounter(selection)
        self._drag_from: int | None = None
        self._hover: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(112)
        self.setAccessibleName(self.tr("Reports per hour"))
        selection.narrowed.connect(self.update)
        selection.took.connect(selection.turns.part(self._tell, of=self, rest_ms=_REST_MS))
        theme.changed.connect(self.update)
        self._tell()

    def sizeHint(self) -> QSize:
        return QSize(900, 178)

    def tick(self) -> None:
        """Once a minute is enough: the counter looks at the minute."""
        self._tell()

    def summary(self) -> str:
        """Where the peak was and how much came in the last hour."""
        hours = self._hours()
        totals = hours.totals
        if not totals.sum():
            return self.tr("no reports in these hours")
        peak = int(totals.argmax())
        at = times.clock(hours.hour_at(peak), self._selection.clock.now(), self._zone)
        return self.tr("peak {peak} at {at} · {last} in the last hour").format(
            peak=int(totals[peak]), at=at, last=hours.in_last_hour
        )

    def hour_words(self, index: int) -> str:
        """One hour in words, for the hover card."""
        hours, now = self._hours(), self._selection.clock.now()
        by_band = hours.counts[index]
        start_at = hours.hour_at(index)
        span = f"{times.clock(start_at, now, self._zone)}–{times.local(start_at + HOUR_MS, self._zone):%H:%M}"
        parts = [f"{Band(b + 1).name} {int(n)}" for b, n in enumerate(by_band) if n]
        said = counts.reports(int(by_band.sum()))
        return " · ".join([span, said, *parts])

    # -- brushing -----------------------------------------------------------------------------------

    def brushed(self) -> tuple[int, int] | None:
        """First and last brushed hour of those shown; None without a brush."""
        f, hours = self._selection.filters, self._hours()
        if f.since is None and f.until is None:
            return None
        first = 0 if f.since is None else (f.since - hours.start_at) // HOUR_MS
        last = len(hours.counts) - 1
        if f.until is not None:
            last = min(last, (f.until - 1 - hours.start_at) // HOUR_MS)
        return (max(0, first), last)

    def brush_hours(self, one: int, other: int) -> None:
        """Narrow to these hours, both included; the present hour means: follow now (S5)."""
        hours = self._hours()
        first, last = sorted((one, other))
        first, last = max(0, first), min(last, len(hours.counts) - 1)
        until: Millis | None = hours.hour_at(last + 1)
        self._selection.brush(hours.hour_at(first), until)

    def clear(self) -> None:
        self._selection.clear("time")

    # -- Qt -----------------------------------------------------------------------------------------

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag_from = self._hour_at(event.position().x())
            self.brush_hours(self._drag_from, self._drag_from)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hour = self._hour_at(event.position().x())
        if self._drag_from is not None:
            self.brush_hours(self._drag_from, hour)
        if hour != self._hover:
            self._hover = hour
            self.update()

    @guarded
    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._drag_from = None

    @guarded
    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._drag_from = None
        self.clear()

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover = None
        self.update()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the brush, with Shift its start; Delete or Esc takes it away."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self._step(step, start_only=bool(event.modifiers() & _SHIFT))
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Escape):
            self.clear()
        else:
            super().keyPressEvent(event)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        painter.fillRect(self.rect(), theme.color("panel"))
        hours, brushed = self._hours(), self.brushed()
        self._paint_title(painter)
        self._paint_brush(painter, hours, brushed)
        self._paint_bars(painter, hours, brushed)
        self._paint_axis(painter, hours)
        if self._hover is not None:
            self._paint_card(painter, hours)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    # -- painting -----------------------------------------------------------------------------------

    def _paint_title(self, painter: QPainter) -> None:
        theme = self._theme
        painter.setFont(theme.font("body"))
        metrics = QFontMetrics(theme.font("body"))
        title = self.tr("Reports per hour")
        painter.setPen(theme.color("text"))
        painter.drawText(_LEFT, 24, title)
        painter.setPen(theme.color("text_dim"))
        summary = self.summary()
        if self.hasFocus():
            hint = self.tr(" · arrows move the hours, Shift the start, Esc clears")
        else:
            hint = self.tr(" · drag to choose a time, or B")
        after = _LEFT + metrics.horizontalAdvance(title)
        summary_x = self.width() - _RIGHT - metrics.horizontalAdvance(summary)
        if after + metrics.horizontalAdvance(hint) + 24 < summary_x:
            painter.drawText(after, 24, hint)
        painter.drawText(summary_x, 24, summary)

    def _paint_brush(self, painter: QPainter, hours: Hours, brushed: tuple[int, int] | None) -> None:
        if brushed is None or brushed[1] < 0 or brushed[0] >= len(hours.counts):
            return
        theme, width = self._theme, self._hour_width(hours)
        left = _LEFT + brushed[0] * width
        right = _LEFT + (brushed[1] + 1) * width
        rect = QRectF(round(left) - 0.5, _TOP + 0.5, round(right - left), self.height() - _TOP - _BOTTOM)
        painter.fillRect(rect, theme.mixed("chart_brush", "panel", 0.12))
        painter.setPen(QPen(theme.color("chart_brush"), 1))
        painter.drawRect(rect)

    def _paint_bars(self, painter: QPainter, hours: Hours, brushed: tuple[int, int] | None) -> None:
        most = int(hours.totals.max(initial=0))
        if not most:
            return
        theme = self._theme
        full = {name: theme.color(name) for _band, name in _STACK}
        pale = {name: theme.mixed(name, "panel", _PALE) for _band, name in _STACK}
        floor, width = self.height() - _BOTTOM, self._hour_width(hours)
        scale = (floor - _TOP - 12) / most
        for index, by_band in enumerate(hours.counts.tolist()):
            is_in = brushed is None or brushed[0] <= index <= brushed[1]
            colors = full if is_in else pale
            left = round(_LEFT + index * width)
            right = round(_LEFT + (index + 1) * width)
            y = float(floor)
            for band, name in _STACK:
                count = by_band[band - 1]
                if count:
                    height = max(count * scale, _LEAST_P1 if band == Band.P1 else 0.0)
                    y -= height
                    painter.fillRect(QRectF(left, y, right - left - 1, height), colors[name])

    def _paint_axis(self, painter: QPainter, hours: Hours) -> None:
        theme, floor = self._theme, self.height() - _BOTTOM
        painter.fillRect(_LEFT, floor, self.width() - _LEFT - _RIGHT, 1, theme.color("line_strong"))
        painter.setFont(theme.font("tiny"))
        painter.setPen(theme.color("text_dim"))
        width = self._hour_width(hours)
        for index in range(len(hours.counts)):
            local = times.local(hours.hour_at(index), self._zone)
            if local.hour % 6:
                continue
            text = f"{local:%H:%M}"
            if local.hour == 0:
                day = QLocale().dayName(local.isoweekday(), QLocale.FormatType.ShortFormat)
                text = f"{day} {text}"
            x = _LEFT + index * width
            if x + 64 < self.width():
                painter.drawText(QPointF(x, self.height() - 8), text)
                painter.fillRect(round(x), floor, 1, 4, theme.color("line_strong"))

    def _paint_card(self, painter: QPainter, hours: Hours) -> None:
        theme = self._theme
        index = min(self._hover or 0, len(hours.counts) - 1)
        text = self.hour_words(index)
        metrics = QFontMetrics(theme.font("small"))
        width = metrics.horizontalAdvance(text) + 20
        middle = _LEFT + (index + 0.5) * self._hour_width(hours)
        x = min(max(8.0, middle - width / 2), self.width() - width - 8.0)
        card = QRectF(round(x) + 0.5, _TOP + 2.5, width, 26)
        painter.setPen(QPen(theme.color("line_strong"), 1))
        painter.setBrush(theme.color("card"))
        painter.drawRoundedRect(card, 4, 4)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text"))
        painter.drawText(card, Qt.AlignmentFlag.AlignCenter, text)

    # -- inside -------------------------------------------------------------------------------------

    def _hours(self) -> Hours:
        room = self.width() - _LEFT - _RIGHT
        return self._counter.read(min(max(room // _BAR, _FEWEST), _MOST))

    def _hour_width(self, hours: Hours) -> float:
        return (self.width() - _LEFT - _RIGHT) / len(hours.counts)

    def _hour_at(self, x: float) -> int:
        hours = self._hours()
        return min(max(int((x - _LEFT) / self._hour_width(hours)), 0), len(hours.counts) - 1)

    def _step(self, by: int, *, start_only: bool) -> None:
        last_hour = len(self._hours().counts) - 1
        first, last = self.brushed() or (last_hour, last_hour)
        if self.brushed() is None:
            self.brush_hours(first, last)
        elif start_only:
            self.brush_hours(min(max(first + by, 0), last), last)
        elif first + by >= 0 and last + by <= last_hour:
            self.brush_hours(first + by, last + by)

    def _tell(self, *_: object) -> None:
        self.setAccessibleDescription(self.summary())
        self.update()
