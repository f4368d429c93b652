"""When storm mode goes on and off: by hand at once, or by itself at a time."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dispatch.profile_desk import ProfileNow
from dispatch.records import Millis
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import LineField
from ui.widgets.key_button import KeyButton
from ui.widgets.ticks import Tick
from ui.widgets.words import Words


class ProfileTimes(QWidget):
    """An empty field means that a person does it."""

    def __init__(self, *, bridge: Any, theme: Theme, sheets: Sheets) -> None:
        super().__init__()
        self._bridge = bridge
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Words(self.tr("Storm mode"), theme=theme, role="small_strong", tone="text_dim"))
        self._state = Words(theme=theme)
        column.addWidget(self._state)
        self._from = LineField(self.tr("Goes on at"), theme=theme, placeholder=self.tr("07:00, +2 h"))
        self._until = LineField(self.tr("Goes off at"), theme=theme, placeholder=self.tr("19:00, +48 h"))
        row = QHBoxLayout()
        row.setSpacing(10)
        for field in (self._from, self._until):
            field.edited.connect(self._read)
            row.addWidget(field, 1)
        column.addLayout(row)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        self.set = KeyButton(self.tr("Set times"), theme=theme)
        self.set.clicked.connect(self._plan)
        self.switch = KeyButton(self.tr("Switch now…"), theme=theme)
        self.switch.clicked.connect(lambda: sheets.open("storm_mode", 0))
        for button in (self.set, self.switch):
            buttons.addWidget(button, 1)
        column.addLayout(buttons)
        self.for_public = Tick(self.tr("The public's list goes with these times"), theme=theme)
        self.for_public.clicked.connect(self._choose_public)
        column.addWidget(self.for_public)
        self.public = KeyButton(self.tr("What the public can report…"), theme=theme)
        self.public.clicked.connect(lambda: sheets.open("public_mode", 0))
        column.addWidget(self.public)

    def show_times(self, now: ProfileNow) -> None:
        on = self.tr("Storm mode is on: held categories are out of the queue.")
        off = self.tr("Storm mode is off: every category is in the queue.")
        self._state.say(on if now.storm_mode else off)
        self.for_public.setChecked(now.for_public)
        clock, zone = self._bridge.clock.now(), self._bridge.zone
        for field, at in ((self._from, now.from_at), (self._until, now.until_at)):
            field.fill(times.clock(at, clock, zone) if at else "")
            field.say_aside(times.ahead(at, clock) if at and not field.touched else field.aside())

    def _read(self) -> tuple[Millis | None, Millis | None] | None:
        """The two times as typed; None while one of them is no time."""
        now, zone = self._bridge.clock.now(), self._bridge.zone
        found: list[Millis | None] = []
        is_sound = True
        for field in (self._from, self._until):
            typed = field.value()
            at = times.read_time(typed, now, zone) if typed else None
            field.say_aside(times.ahead(at, now) if at else "")
            field.complain(self.tr("Type a time like 07:00 or +2 h.") if typed and at is None else "")
            is_sound = is_sound and (at is not None or not typed)
            found.append(at)
        return (found[0], found[1]) if is_sound else None

    def _choose_public(self, is_chosen: bool) -> None:
        self._bridge.act(self._bridge.parts.public_mode_desk.follow_times, is_chosen)

    def _plan(self) -> None:
        if (read := self._read()) is None:
            return
        for field in (self._from, self._until):
            field.touched = False
        self._bridge.act(self._bridge.parts.profile_desk.plan, *read)
