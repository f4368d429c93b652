"""Who sits here and in which position, for log lines and forms from now on."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch.seat_desk import SeatDesk, why_not
from ui.theme import Theme
from ui.widgets.fields import ChoiceField, LineField
from ui.widgets.sheet import Sheet


class SeatSheet(Sheet):
    NAME = "seat"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self._desk: SeatDesk = bridge.parts.seat_desk
        self.say_title(self.tr("Who sits here"), self._desk.actor().seat)
        self.say_effect(
            self.tr(
                "From now on the activity log and every form carry this name and position. What was done"
                " before keeps the name it was done under, and so do claims."
            )
        )
        self._person = self.add("person", LineField(self.tr("Name"), theme=theme))
        positions = [(each, each) for each in self._desk.positions()]
        self._position = self.add("position", ChoiceField(self.tr("Position"), positions, theme=theme))
        self._person.fill(bridge.person)
        self._position.fill(bridge.position)
        self._person.line.selectAll()
        self.say_act(self.tr("Sit here"))

    def problem(self) -> tuple[str, str] | None:
        if no := why_not(self._person.value()):
            return "person", no
        return None

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(self._desk.sit, self._person.value(), self._position.value())

    def done_words(self) -> tuple[str, bool]:
        actor = self._desk.actor()
        return self.tr("{person} sits here now, as {position}.").format(
            person=actor.person, position=actor.position
        ), False
