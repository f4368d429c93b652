"""The bar over everything while an earlier time is shown: which, what is not known of it, the way back."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dispatch.records import Millis
from ui.queue.play_back import NAMED, PlayBack
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.guard import guarded
from ui.widgets.words import Words


class PastBar(QWidget):
    """Empty until an earlier time is shown for the first time."""

    def __init__(self, *, play_back: PlayBack, zone: ZoneInfo, theme: Theme) -> None:
        super().__init__()
        self._play_back = play_back
        self._zone = zone
        self._theme = theme
        self._is_filled = False
        theme.changed.connect(self.update)
        self.hide()

    def _fill(self) -> None:
        from ui.widgets.key_button import KeyButton

        theme, play_back = self._theme, self._play_back
        self._is_filled = True
        self.title = Words(theme=theme, role="title", tone="badge_text", wrap=False)
        self.limits = Words(theme=theme, role="small", tone="badge_text")
        self.fresh = Words(theme=theme, role="strong", tone="badge_text")
        self.back = KeyButton(self.tr("Earlier"), "Alt ←", theme=theme)
        self.forward = KeyButton(self.tr("Later"), "Alt →", theme=theme)
        self.play = KeyButton(self.tr("Play"), "Alt P", theme=theme)
        self.now = KeyButton(self.tr("Back to now"), "Esc", theme=theme, look="accent")
        self.back.clicked.connect(lambda: play_back.step(-1))
        self.forward.clicked.connect(lambda: play_back.step(1))
        self.play.clicked.connect(play_back.play)
        self.now.clicked.connect(play_back.leave)
        said = QVBoxLayout()
        said.setSpacing(2)
        for words in (self.title, self.limits, self.fresh):
            said.addWidget(words)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 9, 18, 10)
        row.setSpacing(8)
        row.addLayout(said, 1)
        row.addSpacing(16)
        for button in (self.back, self.forward, self.play, self.now):
            row.addWidget(button)

    def hang_up(self, window: Any, *, sheets: Any) -> None:
        """Over every screen of a window; while it is shown nothing can be done, and no sheet opens. Another
        screen than the Queue is always that of now."""
        bridge, play_back = window.bridge, self._play_back
        window.add_bar(self)
        bridge.may_act, sheets.hold = play_back.allow, play_back.sentence

        def tell() -> None:
            if play_back.is_on:
                sheets.close()
            self.tell(bridge.clock.now())

        play_back.changed.connect(tell)
        play_back.came_to_now.connect(lambda: window.say(self.tr("This is now again.")))
        bridge.changed.connect(lambda _delta: self.tell(bridge.clock.now()))
        window.screen_changed.connect(lambda screen: screen == "queue" or play_back.leave())

    def tell(self, now: Millis) -> None:
        """`now` is the storm's own: how long ago that time is grows while one looks at it."""
        moment = self._play_back.moment
        if moment is not None and not self._is_filled:
            self._fill()
        self.setVisible(moment is not None)
        if moment is None:
            return
        at = times.clock(moment, now, self._zone)
        self.title.say(
            self.tr("AS IT STOOD AT {at}, {age} ago: nothing can be done here").format(
                at=at, age=times.age(now - moment)
            )
        )
        self.limits.say(self._limits())
        self.fresh.say(self._new_p1())
        self.play.say(self.tr("Stop") if self._play_back.is_playing else self.tr("Play"))
        self.setAccessibleName(" ".join((self.title.said(), self.fresh.said())).strip())

    def _limits(self) -> str:
        said = self.tr(
            "By when reports were entered and what the activity log says. Not kept, so shown as now: words, "
            "places, scores and the bands triage gave. Snoozes are left out."
        )
        if unknown := self._play_back.unknown_closings:
            left_out = self.tr("Left out: %n closed at a time nobody knows.", "", unknown)
            said = f"{said} {left_out}"
        return said

    def _new_p1(self) -> str:
        """P1 alarm here as anywhere, and are named (S5, S14)."""
        fresh = self._play_back.new_p1()
        if not fresh:
            return ""
        named = "; ".join(fresh[:NAMED]) + (self.tr("; and more") if len(fresh) > NAMED else "")
        return self.tr("%n new P1 meanwhile: ", "", len(fresh)) + self.tr("{}. Esc goes to now.").format(
            named
        )

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("warn"))
