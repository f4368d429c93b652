"""The volume strip: reports by time stacked by band; a brush that narrows everything to a time; zoom."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from dispatch.records import Band, Millis
from ui.queue.hours import HOUR_MS, HourCounter, Hours
from ui.queue.selection import Selection
from ui.queue.strip_picture import LEFT, RIGHT, StripPicture
from ui.queue.strip_zoom import MOST_HOURS, Zoom, ZoomBar, steps_of
from ui.theme import Theme
from ui.widgets import counts, times
from ui.widgets.guard import guarded

_REST_MS = 500
_NOTCH = 120  # what the wheel says for one click
_ZOOMS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
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
        self._wheel = 0
        self.zoom = Zoom.HOURS
        self._compares: bool | None = None  # as the operator wants it; before that by the zoom
        self.bar = ZoomBar(theme=theme, parent=self)
        self.bar.chosen.connect(lambda zoom: self.zoom_to(Zoom(zoom)))
        self.bar.compared.connect(self.compare)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(112)
        self.setAccessibleName(self.tr("Reports per hour"))
        selection.narrowed.connect(self._tell)
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
        end_at = start_at + hours.step_ms
        span = f"{times.clock(start_at, now, self._zone)}–{times.local(end_at, self._zone):%H:%M}"
        parts = [f"{Band(b + 1).name} {int(n)}" for b, n in enumerate(by_band) if n]
        said = counts.reports(int(by_band.sum()))
        if self.is_compared:
            by_now = self.tr("a day before by this time {}") if end_at > now else self.tr("a day before {}")
            parts.append(by_now.format(int(hours.before[index])))
        return " · ".join([span, said, *parts])

    # -- zooming ------------------------------------------------------------------------------------

    @property
    def is_compared(self) -> bool:
        """With the day before: by itself where a day or less is shown."""
        return self.zoom >= Zoom.DAY if self._compares is None else self._compares

    @property
    def step_ms(self) -> int:
        """How much time a bar stands for."""
        return self._hours().step_ms

    def zoom_to(self, zoom: Zoom) -> None:
        """Another span of time; the brush stays where it is."""
        self.zoom = zoom
        self._hover = None
        self._tell()

    def zoom_by(self, steps: int) -> None:
        self.zoom_to(Zoom(min(max(self.zoom + steps, Zoom.STORM), Zoom.SIX)))

    def compare(self, on: bool | None = None) -> None:
        """Show the day before, or not; without a word the other of both."""
        self._compares = not self.is_compared if on is None else on
        self._tell()

    # -- brushing -----------------------------------------------------------------------------------

    def brushed(self) -> tuple[int, int] | None:
        """First and last brushed hour of those shown; None without a brush."""
        f, hours = self._selection.filters, self._hours()
        if f.since is None and f.until is None:
            return None
        first = 0 if f.since is None else (f.since - hours.start_at) // hours.step_ms
        last = len(hours.counts) - 1
        if f.until is not None:
            last = min(last, (f.until - 1 - hours.start_at) // hours.step_ms)
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
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

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
        """Left and right move the brush, with Shift its start; + and - zoom; Delete or Esc takes
        the brush away."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self._step(step, start_only=bool(event.modifiers() & _SHIFT))
        elif event.key() in _ZOOMS:
            self.zoom_by(_ZOOMS[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Escape):
            self.clear()
        else:
            super().keyPressEvent(event)

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / _NOTCH)
        self._wheel -= steps * _NOTCH
        if steps:
            self.zoom_by(steps)
        event.accept()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, f = self._theme, self._selection.filters
        painter.fillRect(self.rect(), theme.color("panel"))
        picture = StripPicture(
            hours=self._hours(),
            theme=theme,
            width=self.width(),
            height=self.height(),
            brushed=self.brushed(),
            is_compared=self.is_compared,
            local=lambda at: times.local(at, self._zone),
        )
        self._paint_title(painter)
        picture.paint_brush(painter, f.since, f.until)
        picture.paint_bars(painter)
        picture.paint_day_before(painter)
        picture.paint_axis(painter)
        if self._hover is not None:
            index = min(self._hover, len(picture.hours.counts) - 1)
            picture.paint_card(painter, index, self.hour_words(index))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    # -- painting -----------------------------------------------------------------------------------

    def _paint_title(self, painter: QPainter) -> None:
        """What a bar stands for, how to choose, and the summary; the chips stand before that."""
        theme = self._theme
        painter.setFont(theme.font("body"))
        metrics = QFontMetrics(theme.font("body"))
        title = self._title()
        painter.setPen(theme.color("text"))
        painter.drawText(LEFT, 24, title)
        painter.setPen(theme.color("text_dim"))
        summary = self.summary()
        if self.hasFocus():
            hint = self.tr(" · arrows move the brush, Shift its start, + − zoom, Esc clears")
        else:
            hint = self.tr(" · drag to choose a time, or B")
        after = LEFT + metrics.horizontalAdvance(title)
        summary_x = self.width() - RIGHT - metrics.horizontalAdvance(summary)
        if after + metrics.horizontalAdvance(hint) + 16 < self.bar.x():
            painter.drawText(after, 24, hint)
        if self.bar.x() + self.bar.width() + 12 < summary_x:
            painter.drawText(summary_x, 24, summary)

    def _title(self) -> str:
        step_ms = self._hours().step_ms
        if step_ms < HOUR_MS:
            return self.tr("Reports per quarter hour")
        if step_ms == HOUR_MS:
            return self.tr("Reports per hour")
        return self.tr("Reports per {} hours").format(step_ms // HOUR_MS)

    # -- inside -------------------------------------------------------------------------------------

    def _hours(self) -> Hours:
        room = self.width() - LEFT - RIGHT
        back = self._counter.hours_back(MOST_HOURS) if self.zoom is Zoom.STORM else 0
        return self._counter.read(*steps_of(self.zoom, room, back))

    def _hour_width(self, hours: Hours) -> float:
        return (self.width() - LEFT - RIGHT) / len(hours.counts)

    def _hour_at(self, x: float) -> int:
        hours = self._hours()
        return min(max(int((x - LEFT) / self._hour_width(hours)), 0), len(hours.counts) - 1)

    def _step(self, by: int, *, start_only: bool) -> None:
        last_hour = len(self._hours().counts) - 1
        brushed = self.brushed()
        if brushed is None or brushed[1] < 0 or brushed[0] > last_hour:
            self.brush_hours(last_hour, last_hour)
            return
        first, last = brushed
        if start_only:
            self.brush_hours(min(max(first + by, 0), last), last)
        elif first + by >= 0 and last + by <= last_hour:
            self.brush_hours(first + by, last + by)

    def _tell(self, *_: object) -> None:
        fits, _step = steps_of(Zoom.HOURS, self.width() - LEFT - RIGHT, 0)
        self.bar.show_state(self.zoom, fits, self.is_compared)
        summary = self.summary()
        self._place_bar(summary)
        self.setAccessibleDescription(summary)
        self.update()

    def _place_bar(self, summary: str) -> None:
        """Before the summary; after the title where there is no room for all. Not while painting: what moves
        then has the strip painted twice."""
        metrics = QFontMetrics(self._theme.font("body"))
        before = self.width() - RIGHT - metrics.horizontalAdvance(summary) - 20
        after = LEFT + metrics.horizontalAdvance(self._title()) + 12
        self.bar.move(max(before - self.bar.width(), after), 8)
