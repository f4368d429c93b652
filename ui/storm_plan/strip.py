"""The line of time: hour 0, the wind as far as an advisory tells it, now, and a mark for each item."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from dispatch.records import Millis, PlanLine, PlanState, StormPlan
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.guard import guarded

HEIGHT = 148
EDGE = 14
FIRST_H, FAR_H, LAST_H = -96, 96, 336
NEAR_SHARE = 0.74  # of the width: the days in which hours count
_TOP, _BASE = 26, 84


class PlanStrip(QWidget):
    """From -96 h to +14 days; from +96 h on a day is narrower. Painted when something has changed, not by
    itself."""

    def __init__(self, *, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._theme, self._zone = theme, zone
        self._plan: StormPlan | None = None
        self._now: Millis = 0
        self._chosen = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Line of time around the storm"))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(600, HEIGHT)

    def show_plan(self, plan: StormPlan, now: Millis, chosen: str) -> None:
        self._plan, self._now, self._chosen = plan, now, chosen
        self.update()

    def x_of(self, hours: float) -> float:
        """Where an hour lies; what is beyond an end lies on it."""
        room = self.width() - 2 * EDGE
        hours = min(max(hours, FIRST_H), LAST_H)
        if hours <= FAR_H:
            return EDGE + room * NEAR_SHARE * (hours - FIRST_H) / (FAR_H - FIRST_H)
        return EDGE + room * (NEAR_SHARE + (1 - NEAR_SHARE) * (hours - FAR_H) / (LAST_H - FAR_H))

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("card"))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        if self._plan is None:
            return
        self._paint_wind(painter, self._plan)
        self._paint_days(painter, self._plan)
        self._paint_line(painter, self._plan)
        lines = sorted(self._plan.lines, key=lambda line: line.item.key == self._chosen)
        for line in lines:
            self._paint_item(painter, line)
        self._paint_now(painter, self._plan)

    def _hours(self, at: Millis) -> float:
        assert self._plan is not None
        return (at - self._plan.zero_at) / times.HOUR_MS

    def _paint_wind(self, painter: QPainter, plan: StormPlan) -> None:
        """A band and no curve: nobody tells how strong the wind is here hour by hour."""
        theme, found = self._theme, plan.forecast
        if found is None:
            return
        left = self.x_of(self._hours(found.at))
        right = self.x_of(self._hours(found.until_at)) if found.until_at else self.x_of(FAR_H)
        band = QRectF(left, _TOP, max(right - left, 2), _BASE - _TOP)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("warn_bg"))
        painter.drawRect(band)
        painter.setPen(QPen(theme.color("warn"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(left, _TOP), QPointF(left, _BASE))
        painter.drawLine(QPointF(right, _TOP), QPointF(right, _BASE))
        foot = _BASE + 42
        painter.setPen(QPen(theme.color("warn"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("warn_bg"))
        painter.drawRect(QRectF(EDGE, foot + 2, 18, 11))
        painter.setPen(theme.color("warn"))
        painter.setFont(theme.font("small"))
        told = self.tr("as it tells") if found.is_told else self.tr("reckoned here")
        said = self.tr("39 mph or more at the city · advisory {}, {} · {}").format(
            found.advisory, times.ago(found.issued_at, self._now, self._zone), told
        )
        painter.drawText(QRectF(EDGE + 26, foot, 700, 16), Qt.AlignmentFlag.AlignLeft, said)

    def _paint_days(self, painter: QPainter, plan: StormPlan) -> None:
        theme, names = self._theme, QLocale()
        painter.setFont(theme.font("tiny"))
        if not plan.zero_at:
            for hours in (*range(FIRST_H, FAR_H + 1, 24), 168, 240, 336):
                self._paint_tick(painter, hours, f"{hours:+d} h".replace("-", "−") if hours else "0")
            return
        start = times.local(plan.zero_at + FIRST_H * times.HOUR_MS, self._zone)
        day = start.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        before = -100.0
        while (hours := self._hours(int(day.timestamp() * 1000))) < LAST_H:
            name = names.dayName(day.isoweekday(), QLocale.FormatType.ShortFormat)
            x = self.x_of(hours)
            has_room = x - before >= 40
            self._paint_tick(painter, hours, f"{name} {day.day}" if has_room else "")
            before = x if has_room else before
            day = (day + timedelta(days=1)).replace(hour=0)
        painter.setPen(theme.color("text_dim"))

    def _paint_tick(self, painter: QPainter, hours: float, said: str) -> None:
        theme, x = self._theme, self.x_of(hours)
        painter.setPen(QPen(theme.color("row_line"), 1))
        painter.drawLine(QPointF(x, _TOP), QPointF(x, _BASE))
        if said:
            painter.setPen(theme.color("text_dim"))
            room = QRectF(min(x + 3, self.width() - 44), _BASE + 20, 60, 16)
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft, said)

    def _paint_line(self, painter: QPainter, plan: StormPlan) -> None:
        theme = self._theme
        painter.setPen(QPen(theme.color("line_strong"), 1))
        painter.drawLine(QPointF(EDGE, _BASE), QPointF(self.width() - EDGE, _BASE))
        x = self.x_of(0)
        style = Qt.PenStyle.SolidLine if plan.zero else Qt.PenStyle.DotLine
        painter.setPen(QPen(theme.color("text_soft"), 2, style))
        painter.drawLine(QPointF(x, _TOP - 4), QPointF(x, _BASE + 6))
        painter.setFont(theme.font("small_strong"))
        said = self.tr("hour 0") if plan.zero else self.tr("hour 0, proposed")
        if plan.zero_at:
            said += f" · {times.clock(plan.zero_at, self._now, self._zone)}"
        painter.drawText(QRectF(x - 150, 4, 300, 16), Qt.AlignmentFlag.AlignCenter, said)

    def _paint_now(self, painter: QPainter, plan: StormPlan) -> None:
        theme = self._theme
        if not plan.zero_at:
            return
        hours = self._hours(self._now)
        if not FIRST_H <= hours <= LAST_H:
            return
        x = self.x_of(hours)
        painter.setPen(QPen(theme.color("focus"), 2))
        painter.drawLine(QPointF(x, _TOP), QPointF(x, _BASE + 20))
        painter.setFont(theme.font("small_strong"))
        said = self.tr("now {}").format(f"{times.local(self._now, self._zone):%H:%M}")
        # Beside the line on which hour 0 does not stand.
        is_left = 0 <= self.x_of(0) - x < 90
        side = Qt.AlignmentFlag.AlignRight if is_left else Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(x - 95 if is_left else x + 5, _TOP + 6, 90, 16), side, said)

    def _paint_item(self, painter: QPainter, line: PlanLine) -> None:
        """Shape and tone: hollow is open, filled done, a dash skipped, filled in alarm late."""
        theme = self._theme
        at = QPointF(self.x_of(line.item.hours), _BASE + 8)
        if line.due_at and self._plan is not None and self._plan.zero_at:
            at.setX(self.x_of(self._hours(line.due_at)))
        paint_mark(painter, at, line.state, theme)
        if line.item.key == self._chosen:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, 7.5, 7.5)


def paint_mark(painter: QPainter, at: QPointF, state: PlanState, theme: Theme) -> None:
    tone = {PlanState.OVERDUE: "alarm", PlanState.DUE: "warn"}.get(state, "text_dim")
    painter.setPen(QPen(theme.color(tone), 1.6))
    painter.setBrush(theme.color("card"))
    if state is PlanState.SKIPPED or state is PlanState.EARLIER:
        painter.drawLine(QPointF(at.x() - 4, at.y()), QPointF(at.x() + 4, at.y()))
        return
    if state in (PlanState.DONE, PlanState.OVERDUE):
        painter.setBrush(theme.color(tone))
    painter.drawEllipse(at, 4.5, 4.5)
