"""Type in what residents can be told: a shelter's state, a closure, a number. What stood before is kept."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from dispatch.records import CityFactDraft, CityFacts, FactKind, ShelterState
from ui.sheets.sweep_words import read_day
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import ChoiceField, LineField, PickField, pack
from ui.widgets.sheet import Sheet

_SHOWN = {
    FactKind.SHELTER: ("shelter", "state", "room"),
    FactKind.CLOSURE: ("name", "value", "until"),
    FactKind.NUMBER: ("whose", "value"),
}
ANOTHER = ""


class FactSheet(Sheet):
    NAME = "city_fact"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=440)
        self.bridge = bridge
        self.comes_back = False  # to the list it was asked for from
        tr = self.tr
        self.say_title(tr("What residents can be told"))
        kinds = (
            (FactKind.SHELTER, tr("Shelter")),
            (FactKind.CLOSURE, tr("Road or bridge closed")),
            (FactKind.NUMBER, tr("Number to give")),
        )
        states = (
            (ShelterState.OPEN, tr("Open")),
            (ShelterState.FULL, tr("Full")),
            (ShelterState.CLOSED, tr("Closed")),
        )
        self._kind = self.add("kind", PickField(tr("What it is"), kinds, theme=theme, columns=3))
        self._shelter = self.keep("shelter", ChoiceField(tr("Shelter"), theme=theme))
        self._whose = self.keep("whose", ChoiceField(tr("Whose number"), theme=theme))
        self._name = self.keep("name", LineField(tr("Name"), theme=theme))
        self._state = self.keep("state", PickField(tr("It is"), states, theme=theme, columns=3))
        self._room = self.keep("room", LineField(tr("Room left, people"), theme=theme))
        self._value = self.keep("value", LineField(tr("What is closed"), theme=theme))
        self._until = self.keep("until", LineField(tr("Until"), theme=theme, placeholder="Tue 17:00"))
        self._source = self.keep("source", LineField(tr("Who says so"), theme=theme))
        self._note = self.keep("note", LineField(tr("To add"), theme=theme))
        self._rows: list[tuple[QWidget, tuple[str, ...]]] = []
        for name in ("shelter", "whose", "name", "state", "room", "value", "until"):
            self._row(name)
        self._row("source", "note")
        for field in (self._kind, self._shelter, self._whose):
            field.edited.connect(self._show_fields)
        self.say_act(tr("Keep it"))
        self.say_effect(tr("Every seat sees it at once, with its age. Nobody outside is told by this."))
        self._kind.show_value(FactKind.SHELTER)

    def begin(self, *, kind: FactKind | None = None, **given: Any) -> None:
        if kind is not None:
            self._kind.show_value(kind)
        self._show_fields()
        self.read_for(self._read())

    def problem(self) -> tuple[str, str] | None:
        kind = self._kind.value()
        if not self._named():
            return self._name_field(), self.tr("Say what it is.")
        if kind is FactKind.SHELTER and self._state.value() is None:
            return "state", self.tr("Choose open, full or closed.")
        if self._room.value() and not self._room.value().isdecimal():
            return "room", self.tr("Type a number of people, or nothing where nobody has said.")
        if kind is not FactKind.SHELTER and not self._value.value():
            return "value", self.tr("Type it in.")
        if kind is FactKind.CLOSURE and not self._source.value():
            return "source", self.tr("Say who closed it.")
        if kind is FactKind.CLOSURE and self._until.value() and self._until_at() is None:
            return "until", self.tr("Type a time like Tue 17:00 or +2 h, or nothing.")
        return None

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(self.bridge.parts.city_fact_desk.keep, self.draft_of())

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Kept for all seats: {}.").format(self._named()), True

    def follows(self) -> Sheet | None:
        return self._list() if self.comes_back else None

    def goes_back(self) -> Sheet | None:
        return self.follows()

    def draft_of(self) -> CityFactDraft:
        kind = self._kind.value()
        is_shelter = kind is FactKind.SHELTER
        room = self._room.value() if is_shelter and self._state.value() is ShelterState.OPEN else ""
        return CityFactDraft(
            kind=kind,
            name=self._named(),
            value=self._state.value().value if is_shelter else self._value.value(),
            room=int(room) if room else None,
            note=self._note.value(),
            source=self._source.value(),
            until_at=(self._until_at() or 0) if kind is FactKind.CLOSURE else 0,
        )

    # -- inside ---------------------------------------------------------------------------------------

    async def _read(self) -> None:
        facts: CityFacts = await self.bridge.read(self.bridge.parts.city_fact_desk.facts)
        if not isValid(self):
            return
        # Nothing is chosen until a person does: the first of a list is no statement about it.
        first, another = (None, self.tr("Choose…")), (ANOTHER, self.tr("Another one"))
        self._shelter.offer([first, *((each.name, each.name) for each in facts.shelters), another])
        self._whose.offer([first, *((each.name, each.name) for each in facts.numbers), another])
        self._show_fields()

    def _list(self) -> Sheet:
        from ui.residents.facts_sheet import FactsSheet

        return FactsSheet(bridge=self.bridge, theme=self.theme)

    def _row(self, *names: str) -> None:
        row = pack(self.fields, *names)
        self._rows.append((row, names))
        self.body.addWidget(row)

    def _name_field(self) -> str:
        kind = self._kind.value()
        chooser = {FactKind.SHELTER: "shelter", FactKind.NUMBER: "whose"}.get(kind, "name")
        is_another = chooser != "name" and self.fields[chooser].value() == ANOTHER
        return "name" if is_another else chooser

    def _named(self) -> str:
        return str(self.fields[self._name_field()].value() or "")

    def _until_at(self) -> int | None:
        now = self.bridge.clock.now()
        return read_day(self._until.value(), now, self.bridge.zone) if self._until.value() else None

    def _show_fields(self) -> None:
        """Only what the kind needs."""
        kind = self._kind.value()
        shown = {*_SHOWN[kind], "kind", "source", "note", self._name_field()}
        for row, names in self._rows:
            row.setVisible(not shown.isdisjoint(names))
        is_number = kind is FactKind.NUMBER
        self._value.say_label(self.tr("Number") if is_number else self.tr("What is closed"))
        self._name.say_label(self.tr("Road or bridge") if kind is FactKind.CLOSURE else self.tr("Name"))
        at = self._until_at()
        self._until.say_aside(times.ahead(at, self.bridge.clock.now()) if at else "")
        self.grew.emit()
