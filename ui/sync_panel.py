"""What the syncing does and what comes next, opened from the status line; the backlog is paused here."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dispatch.records import SyncStatus
from ui import sync_words as words
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.key_button import KeyButton
from ui.widgets.words import Words

WIDTH = 440
TICK_MS = 1000
MOST_LINES = 7
_EDGE, _UNDER = 10, 4


class SyncPanel(QFrame):
    """Stands under the line it explains until Esc, a second click there, or work elsewhere."""

    pause_wanted = Signal(bool)

    def __init__(
        self, *, theme: Theme, host: QWidget, anchor: QWidget, wall_now_s: Callable[[], float] = time.time
    ) -> None:
        super().__init__(host)
        self._host = host
        self._anchor = anchor
        self._wall_now_s = wall_now_s
        self._status: SyncStatus | None = None
        self._focus_before: QWidget | None = None
        self.setProperty("part", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("The 311 server"))
        self.setFixedWidth(WIDTH)
        self.state = Words(theme=theme, role="medium")
        self.progress = Words(theme=theme)
        self.bar = ProgressBar(theme=theme)
        self.pause = KeyButton(self.tr("Pause"), theme=theme)
        self.pause.clicked.connect(self._toggle)
        self.paused = Words(theme=theme, role="small", tone="text_dim")
        self.limit = Words(theme=theme, role="small", tone="text_dim")
        self._lines = [
            (Words(theme=theme, tone="text_dim", wrap=False), Words(theme=theme)) for _ in range(MOST_LINES)
        ]
        self._lay_out(theme)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._say)
        host.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._focus_moved)
        self.hide()

    def _lay_out(self, theme: Theme) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(Words(self.tr("The 311 server"), theme=theme, role="title"))
        column.addWidget(self.state)
        self.backlog = QWidget()
        part = QVBoxLayout(self.backlog)
        part.setContentsMargins(0, 6, 0, 10)
        part.setSpacing(8)
        part.addWidget(Words(self.tr("Older reports"), theme=theme, role="small_strong", tone="text_dim"))
        part.addWidget(self.bar)
        part.addWidget(self.progress)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.pause)
        row.addWidget(self.paused, 1, Qt.AlignmentFlag.AlignVCenter)
        part.addLayout(row)
        column.addWidget(self.backlog)
        self.next = Words(self.tr("What comes next"), theme=theme, role="small_strong", tone="text_dim")
        column.addWidget(self.next)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for line, (subject, time_words) in enumerate(self._lines):
            grid.addWidget(subject, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(time_words, line, 1)
        column.addLayout(grid)
        column.addWidget(self.limit)

    def show_status(self, status: SyncStatus) -> None:
        self._status = status
        if self.isVisible():
            self._say()

    def toggle(self) -> None:
        self.close_up() if self.isVisible() else self.open()

    def open(self) -> None:
        self._focus_before = self.window().focusWidget()
        self._timer.start()
        self.show()
        self._say()
        self.raise_()
        (self.pause if self.pause.isVisible() else self).setFocus()

    def close_up(self) -> None:
        self._timer.stop()
        has_focus = self.isAncestorOf(self.focusWidget() or self._host) or self.hasFocus()
        self.hide()
        if has_focus and self._focus_before is not None:
            self._focus_before.setFocus()

    def _say(self) -> None:
        status, now_s = self._status, self._wall_now_s()
        is_fetching = status is not None and words.is_fetching(status)
        self.state.say(*(words.live_words if is_fetching else words.sync_words)(status, now_s))
        has_backlog = status is not None and words.has_backlog(status)
        if self.pause.hasFocus() and not has_backlog:
            self.setFocus()
        self.backlog.setVisible(has_backlog)
        listed: list[tuple[str, str]] = []
        if status is not None:
            if has_backlog:
                self._say_backlog(status, now_s)
            listed = words.calendar(status, now_s)
        self.next.say(self.tr("What comes next") if listed else "")
        for (subject, when), said in zip(
            self._lines, [*listed, *[("", "")] * (MOST_LINES - len(listed))], strict=True
        ):
            subject.say(said[0])
            when.say(said[1])
        is_ours = status is not None and status.state not in ("elsewhere", "stopped", "starting")
        self.limit.say(words.limit_words(status) if status is not None and is_ours else "")
        self._place()

    def _say_backlog(self, status: SyncStatus, now_s: float) -> None:
        self.progress.say(words.progress_words(status, now_s))
        self.bar.show_share(words.share(status))
        self.pause.say(self.tr("Go on") if status.is_paused else self.tr("Pause"))
        self.paused.say(
            self.tr("New reports and changes come in all the same.")
            if status.is_paused
            else self.tr("A pause keeps its place, also over a restart.")
        )

    def _toggle(self) -> None:
        if self._status is not None:
            self.pause_wanted.emit(not self._status.is_paused)

    def _place(self) -> None:
        self.layout().activate()
        self.resize(WIDTH, self.layout().totalHeightForWidth(WIDTH))
        line = self._anchor.parentWidget()
        right = self._anchor.mapTo(self._host, QPoint(self._anchor.width(), 0)).x()
        x = min(right, self._host.width() - _EDGE) - WIDTH
        self.move(max(_EDGE, x), line.mapTo(self._host, QPoint(0, line.height())).y() + _UNDER)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Work goes on elsewhere in this window: out of the way."""
        is_elsewhere = new is not None and new is not self and not self.isAncestorOf(new)
        if self.isVisible() and is_elsewhere and new.window() is self.window() and new is not self._anchor:
            self._timer.stop()
            self.hide()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_up()
            event.accept()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)


class ProgressBar(QWidget):
    """A share of a whole; an empty track where the whole is not known."""

    HEIGHT = 8

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._share: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(120, self.HEIGHT)

    def show_share(self, share: float | None) -> None:
        self._share = share
        self.setVisible(share is not None)
        self.setAccessibleName(
            "" if share is None else self.tr("{} percent have come").format(int(share * 100))
        )
        self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(self.rect())
        painter.setBrush(self._theme.color("chip_on"))
        painter.drawRoundedRect(track, 4, 4)
        if self._share:
            painter.setBrush(self._theme.color("p3"))
            painter.drawRoundedRect(QRectF(0, 0, max(8.0, track.width() * self._share), track.height()), 4, 4)
