"""Who is on which desk of emergency management: taken at a shift change, and open cards have the new name."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from dispatch.records import DUTY_OFFICER, OnDuty
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import ChoiceField, LineField, pack
from ui.widgets.sheet import Sheet


class RosterSheet(Sheet):
    NAME = "roster"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self._on: Mapping[str, OnDuty] = {}
        self.say_title(self.tr("Who is on the desk"))
        self._desk = self.keep("desk", ChoiceField(self.tr("Desk"), self._choices(), theme=theme))
        self._person = self.keep(
            "person", LineField(self.tr("Person"), theme=theme, placeholder=self.tr("Empty: nobody"))
        )
        self._contact = self.keep("contact", LineField(self.tr("Radio or phone"), theme=theme))
        self.body.addWidget(self._desk)
        self.body.addWidget(pack(self.fields, "person", "contact"))
        for field in (self._desk, self._person):
            field.edited.connect(self._say)
        self._say()
        self._reading = self.read_for(self._read())

    def begin(self, *, desk: str = "", **given: Any) -> None:
        """`desk` is the one of the card somebody looked at."""
        if desk:
            self._desk.show_value(desk)
            self._say()

    def first_focus(self) -> LineField:
        return self._person

    def problem(self) -> tuple[str, str] | None:
        if not self._person.value() and self._there() is None:
            return "person", self.tr("Type who is on this desk from now on.")
        return None

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(
            self.bridge.em_desk.take_desk,
            self._desk.value(),
            self._person.value(),
            self._contact.value(),
        )

    def done_words(self) -> tuple[str, bool]:
        person = self._person.value() or self.tr("nobody")
        return self.tr("{desk}: {person}.").format(desk=self._desk.value(), person=person), False

    # -- inside -------------------------------------------------------------------------------------

    async def _read(self) -> None:
        self._on = await self.bridge.read(self.bridge.em_desk.roster)
        self._desk.offer(self._choices())
        self._say()

    def _choices(self) -> list[tuple[str, str]]:
        now, zone = self.bridge.clock.now(), self.bridge.zone
        names = [DUTY_OFFICER, *(desk.name for desk in self.bridge.jurisdiction.desks)]
        return [(name, on_words(name, self._on.get(name), now, zone)) for name in names]

    def _there(self) -> OnDuty | None:
        on = self._on.get(self._desk.value() or "")
        return on if on is not None and on.person else None

    def _say(self) -> None:
        desk, there = self._desk.value() or "", self._there()
        is_left = there is not None and not self._person.value()
        self.say_act(self.tr("Leave it vacant") if is_left else self.tr("Take the desk"))
        if is_left:
            officer = self._on.get(DUTY_OFFICER)
            to = officer.person if officer and officer.person and desk != DUTY_OFFICER else ""
            vacant = self.tr("The desk is vacant from now: its hand-overs go to {}.").format(to)
            nobody = self.tr("The desk is vacant from now, and no duty officer has its hand-overs.")
            self.say_effect(vacant if to else nobody, "text_soft" if to else "warn")
        else:
            self.say_effect(self.tr("Every open hand-over of this desk has that name from now on."))


def on_words(desk: str, on: OnDuty | None, now: int, zone: Any) -> str:
    """Public works · M. Diaz since 06:02"""
    if on is None or not on.person:
        return desk
    since = times.clock(on.since_at, now, zone)
    said = QCoreApplication.translate("RosterSheet", "{desk} · {person} since {since}")
    return said.format(desk=desk, person=on.person, since=since)
