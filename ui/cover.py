"""Over the whole window: no words and no map, only how many wait in each band and what calls (S14), and the
form to come back by. What lies beneath stays as it was left."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QMargins, QObject, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dispatch.board import Board
from dispatch.records import Band
from ui.sign_in_form import SignInForm, lay_out_around
from ui.theme import Theme
from ui.widgets.band_mark import BandMark
from ui.widgets.guard import guarded
from ui.widgets.words import Words, grounds

MARK = 18


class Cover(QWidget):
    def __init__(self, *, host: QWidget, theme: Theme) -> None:
        super().__init__(host)
        self._host = host
        self._theme = theme
        self._beneath: list[QWidget] = []
        self.form = SignInForm(theme=theme)
        self.activation = Words(theme=theme, role="number", tone="text_dim")
        self.activation.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.alarm = Words(theme=theme, role="title", tone="alarm")
        self.alarm.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.counts = {band: Words(theme=theme, role="title", wrap=False) for band in Band}
        self._lay_out()
        self._paint_in_theme()
        theme.changed.connect(self._paint_in_theme)
        self.hide()
        host.installEventFilter(self)

    @property
    def is_up(self) -> bool:
        return not self.isHidden()

    def put_up(self) -> None:
        """At once; nothing beneath takes a key or a click meanwhile, and nothing there is changed."""
        if self.is_up:
            return
        self._beneath = [
            each
            for each in self._host.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if each is not self and each.isEnabled()
        ]
        self._fill()
        self.show()
        self.raise_()
        for each in self._beneath:
            each.setEnabled(False)
        self.form.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def take_down(self) -> None:
        self.form.forget()
        for each in self._beneath:
            each.setEnabled(True)
        self._beneath = []
        self.hide()

    def show_board(self, board: Board) -> None:
        open_ones = board.band[board.is_open()].astype(np.intp)
        found = np.bincount(open_ones, minlength=len(Band) + 1)
        for band, words in self.counts.items():
            words.say(str(int(found[band])))

    def show_alarm(self, words: str) -> None:
        self.alarm.say(words)

    def show_activation(self, activation: Any) -> None:
        mark = self.tr("EXERCISE") + " · " if activation.is_exercise else ""
        self.activation.say(mark + activation.name)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._fill()
        elif watched is self._host and event.type() == QEvent.Type.ChildAdded and self.is_up:
            # Whatever hangs itself up meanwhile waits beneath.
            self.raise_()
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        """Up to the frame that marks an exercise (S18)."""
        layout = self._host.layout()
        frame = layout.contentsMargins() if layout is not None else QMargins()
        self.setGeometry(self._host.rect().marginsRemoved(frame))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()  # none of them is for what lies beneath

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.color("window"))

    def _paint_in_theme(self) -> None:
        self.setStyleSheet(grounds(self._theme.palette))
        self.update()

    def _lay_out(self) -> None:
        bands = QHBoxLayout()
        bands.setSpacing(8)
        bands.addStretch()
        for band, words in self.counts.items():
            name = Words(band.name, theme=self._theme, role="small", tone="text_dim", wrap=False)
            for part in (BandMark(band, theme=self._theme, size=MARK), name, words):
                bands.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
            bands.addSpacing(20)
        bands.addStretch()
        lay_out_around(self, self.form, (self.activation, bands, self.alarm))
