"""The one line at the top: activation and period, storm mode, sync health, clock, who sits here."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from dispatch.records import Activation, Millis, Suspension
from ui.sync_words import short_sync_words, sync_words
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.bar import Bar
from ui.widgets.elided import ElidedLine
from ui.widgets.guard import guarded
from ui.widgets.words import Words, hint

if TYPE_CHECKING:
    from dispatch.records import SyncStatus

HEIGHT = 46
_SPACING, _TIGHT, _MARGIN = 22, 12, 18
_PERSON_MOST = 240
_SYNC_NEEDS = 290  # "In step with the 311 server, 59 s ago"; less when all else is as short as it gets


class StatusLine(QWidget):
    storm_mode_wanted = Signal()
    mute_wanted = Signal()
    sync_wanted = Signal()
    seat_wanted = Signal()

    def __init__(
        self,
        *,
        zone: ZoneInfo,
        theme: Theme,
        wall_now_s: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self._zone = zone
        self._theme = theme
        self._wall_now_s = wall_now_s
        self._status: SyncStatus | None = None
        self._ways: tuple[tuple[str, str], ...] = (("", ""),)
        self.setFixedHeight(HEIGHT)
        self.exercise = QLabel(self.tr("EXERCISE"))
        self.exercise.setFont(theme.font("small_strong"))
        self.exercise.setProperty("look", "exercise")
        self.activation = Words(theme=theme, role="number", wrap=False)
        self.period = Words(theme=theme, tone="text_dim", wrap=False)
        self.storm_mode = QPushButton()
        self.storm_mode.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.storm_mode.clicked.connect(self.storm_mode_wanted)
        self._alarm_words = ""
        self.alarm = QPushButton()
        self.alarm.setProperty("look", "alarm")
        self.alarm.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.alarm.clicked.connect(self.mute_wanted)
        self.alarm.hide()
        self.sync = SyncLine(theme=theme, tone="text_dim", is_right=True)
        self.sync.clicked.connect(self.sync_wanted)
        self.clock = Words(theme=theme, wrap=False)
        self.person = QPushButton()
        self.person.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.person.clicked.connect(self.seat_wanted)
        self._lay_out()
        theme.changed.connect(self.update)
        self.tick(None)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 1)
        row.setSpacing(_SPACING)
        for part in (self.exercise, self.activation, self.period, self.storm_mode, self.alarm):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.sync, 1)
        row.addWidget(self.clock)
        row.addWidget(self.person, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_activation(self, activation: Activation, now: Millis, categories: tuple[int, int]) -> None:
        self.exercise.setVisible(activation.is_exercise)
        self.activation.say(activation.name)
        span = "–".join(
            times.clock(at, now, self._zone) for at in (activation.period_from_at, activation.period_to_at)
        )
        number, shown, known = activation.period_number, *categories
        whole, short = self.tr("Operational period {} · {}"), self.tr("Period {} · {}")
        if activation.storm_mode:
            mode = self.tr("Storm mode on · {shown} of {known} categories")
            short_mode = self.tr("Storm mode on · {shown} of {known}")
        else:
            mode, short_mode = self.tr("Storm mode off · all {known} categories"), self.tr("Storm mode off")
        mode, short_mode = (words.format(shown=shown, known=known) for words in (mode, short_mode))
        period, short_period = (words.format(number, span) for words in (whole, short))
        self._ways = (
            (period, mode),
            (period, short_mode),
            (short_period, short_mode),
            (self.tr("Period {}").format(number), short_mode),
            (self.tr("Period {}").format(number), short_mode.split(" · ")[0]),
        )
        self._fit()
        self.storm_mode.setProperty("look", "warn" if activation.storm_mode else "")
        self.storm_mode.style().unpolish(self.storm_mode)
        self.storm_mode.style().polish(self.storm_mode)

    def show_person(self, person: str, position: str) -> None:
        """Who sits here; a long name is cut, and whole in the hover text."""
        whole = " · ".join(part for part in (position, person) if part)
        shown = self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, _PERSON_MOST)
        self.person.setText(shown.replace("&", "&&"))
        self.person.setToolTip(hint(whole))
        self.person.setAccessibleName(self.tr("Who sits here: {}").format(whole))
        self._fit()

    def show_sync(self, status: SyncStatus) -> None:
        self._status = status
        self._say_sync()

    def show_alarm(self, words: str) -> None:
        """The visual twin of the sound (S14); empty when there is nothing to answer."""
        self._alarm_words = words
        self.alarm.setText(words)
        self.alarm.setVisible(bool(words))
        self._fit()

    def tick(self, now: Millis | None) -> None:
        self._say_sync()
        if now is not None:
            local = times.local(now, self._zone)
            day = QLocale().dayName(local.isoweekday(), QLocale.FormatType.ShortFormat)
            month = QLocale().monthName(local.month, QLocale.FormatType.ShortFormat)
            self.clock.say(f"{day} {local.day} {month} {local:%H:%M}")

    def _fit(self) -> None:
        """On a narrow screen period, mode and alarm speak shorter, so that nothing on the line is cut."""
        rest = (self.exercise, self.activation, self.alarm, self.clock, self.person)
        room = self.width() - _SYNC_NEEDS - 2 * _MARGIN - _SPACING * (len(rest) + 2)
        spacing = _SPACING
        said = self._alarm_words
        parts = said.split(" · ")
        ways = [(said, *way) for way in self._ways]
        ways += [(" · ".join(parts[:n]), *self._ways[-1]) for n in range(len(parts) - 1, 0, -1)]
        for alarm, period, mode in ways:
            self.alarm.setText(alarm)
            self.period.say(period)
            self.storm_mode.setText(mode)
            shown = [part for part in (*rest, self.period, self.storm_mode) if not part.isHidden()]
            if sum(part.sizeHint().width() for part in shown) <= room:
                break
        else:
            spacing = _TIGHT
        self.alarm.setToolTip(hint(said))
        self.layout().setSpacing(spacing)
        self.period.setToolTip(hint(self._ways[0][0]))
        self.storm_mode.setToolTip(hint(self._ways[0][1]))

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _say_sync(self) -> None:
        now_s = self._wall_now_s()
        self.sync.say(*sync_words(self._status, now_s), shorter=short_sync_words(self._status, now_s))

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("line"))


class SyncLine(ElidedLine):
    """The sync words; a click, Space or Enter explains them."""

    clicked = Signal()

    def __init__(self, *, theme: Theme, tone: str, is_right: bool) -> None:
        super().__init__(theme=theme, tone=tone, is_right=is_right)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleDescription(self.tr("Opens what the syncing does next"))

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())


class SuspensionBar(Bar):
    """On every screen while field response is suspended (S7)."""

    def __init__(self, *, zone: ZoneInfo, theme: Theme) -> None:
        super().__init__(theme=theme, ground="alarm_bg", line="alarm")
        self._zone = zone
        self.words = Words(theme=theme, role="medium", tone="alarm")
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 7, 18, 8)
        column.addWidget(self.words)

    def show_suspensions(self, suspensions: Sequence[Suspension], now: Millis) -> None:
        self.setVisible(bool(suspensions))
        if not suspensions:
            return
        parts = [self._one(suspension, now) for suspension in suspensions]
        self.words.say(self.tr("Field response suspended: {}").format("; ".join(parts)))

    def _one(self, suspension: Suspension, now: Millis) -> str:
        review = times.clock(suspension.review_at, now, self._zone)
        said = self.tr("{service} since {since}, {why}").format(
            service=suspension.service,
            since=times.clock(suspension.since_at, now, self._zone),
            why=suspension.why,
        )
        if suspension.review_at <= now:
            return said + self.tr(" (review was due {})").format(review)
        return said + self.tr(" (next review {})").format(review)
