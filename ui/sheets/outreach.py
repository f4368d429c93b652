"""An outreach note: how a neighborhood was gone to, with whom, how many were reached, what comes next."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from PySide6.QtCore import Qt

from dispatch.errors import ActRefused
from dispatch.outreach_desk import materials_of
from dispatch.records import Millis, Outreach, OutreachDraft, OutreachKind
from ui.neighborhoods import words
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import ChoiceField, LineField, PickField, TextField, pack
from ui.widgets.sheet import Sheet

_CLOCK = re.compile(r"^(\d{1,2})[:.](\d{2})$")


class OutreachSheet(Sheet):
    """With an entry it is a correction: a further entry that stands in its place."""

    NAME = "outreach"
    IS_LEFT = True  # beside what it is about

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=440)
        self.bridge = bridge
        self._entry: Outreach | None = None
        self.say_title(self.tr("Outreach note"))
        kinds = [(each, words.kind(each)) for each in OutreachKind]
        tr = self.tr
        self._kind = self.add("kind", PickField(tr("How"), kinds, theme=theme, columns=3))
        self._area = self.keep("area", ChoiceField(tr("Area"), theme=theme))
        self._at = self.keep("at", LineField(tr("When"), theme=theme, placeholder=tr("13:40; empty: now")))
        self._place = self.keep("place", LineField(tr("Where"), theme=theme))
        self._partner = self.keep("partner", LineField(tr("With whom"), theme=theme))
        self._reached = self.keep("reached", LineField(tr("People reached"), theme=theme))
        self._materials = self.keep(
            "materials",
            LineField(tr("Materials by language"), theme=theme, placeholder=tr("English 200, Spanish 120")),
        )
        self._step = self.keep("next_step", LineField(tr("Next step"), theme=theme))
        self._due = self.keep("due", LineField(tr("Due"), theme=theme, placeholder=tr("15:00, +2 h")))
        self._owner = self.keep("owner", LineField(tr("Whose"), theme=theme))
        for row, shares in (
            (("area", "at"), (3, 2)),
            (("place",), (1,)),
            (("partner", "reached"), (3, 2)),
            (("materials",), (1,)),
            (("next_step",), (1,)),
            (("due", "owner"), (2, 3)),
        ):
            self.body.addWidget(pack(self.fields, *row, shares=shares))
        self._note = self.add("note", TextField(tr("What was said"), theme=theme, least=2, most=6))
        self._area.edited.connect(self._say)
        self._due.edited.connect(self._say)
        self._back = self.add_side_button(tr("Take it back"), "Alt T", self.take_back)
        self._back.hide()
        self.shortcuts[(Qt.KeyboardModifier.AltModifier, Qt.Key.Key_T)] = self.take_back
        self._is_taking_back = False

    def begin(
        self,
        *,
        areas: Sequence[str] = ("",),
        choices: Sequence[str] = (),
        entry: Outreach | None = None,
        **given: Any,
    ) -> None:
        """`areas` are those of the chosen place, `choices` all there are; `entry` is to be corrected."""
        begun = self._area.value() if self._area.touched else None
        rest = [area for area in choices if area not in areas]
        outside = [] if "" in areas else [""]
        self._area.offer(
            [(area, area or self.tr("Outside every area")) for area in (*areas, *rest, *outside)]
        )
        self._area.show_value(areas[0] if begun is None else begun)
        if entry is not None:
            self._show_entry(entry)
        self._say()
        self.grew.emit()

    def problem(self) -> tuple[str, str] | None:
        if self._kind.value() is None:
            return "kind", self.tr("Choose how they were gone to.")
        if self._when() is None:
            return "at", self.tr("Type a time like 13:40, or 2 h for two hours ago.")
        if self._reached.value() and not self._reached.value().isdecimal():
            return "reached", self.tr("Type a number, or nothing where nobody counted.")
        try:
            materials_of(self._materials.value())
        except ActRefused as error:
            return "materials", str(error)
        if self._due.touched and self._due.value() and self._due_at() is None:
            return "due", self.tr("Type a time like 15:00 or +2 h.")
        if self._due_at() and not self._step.value():
            return "next_step", self.tr("Say what the next step is.")
        return None

    def act(self) -> asyncio.Task[Any]:
        desk = self.bridge.parts.outreach_desk
        if self._is_taking_back and self._entry is not None:
            return self.bridge.act(desk.take_back, self._entry.outreach_id)
        if self._entry is not None:
            return self.bridge.act(desk.correct, self._entry.outreach_id, self._draft())
        return self.bridge.act(desk.record, self._draft())

    def take_back(self) -> None:
        """Asked once more before it is done."""
        if self._entry is None:
            return
        self._is_taking_back = True
        self.say_act(self.tr("Yes: take it back"))
        self.say_effect(self.tr("It leaves the list, as if it had not been. The log keeps both."), "warn")
        self.button.setFocus()
        self.grew.emit()

    def done_words(self) -> tuple[str, bool]:
        if self._is_taking_back:
            return self.tr("Outreach note taken back."), False
        return self.tr("Outreach noted: {}.").format(self._named()), True

    # -- inside -------------------------------------------------------------------------------------

    def _show_entry(self, entry: Outreach) -> None:
        """As it stands: what was begun of another note does not mix with it."""
        now, zone, said = self.bridge.clock.now(), self.bridge.zone, entry.said
        self._entry = entry
        self.say_title(self.tr("Correct an outreach note"))
        self._back.show()
        self._kind.show_value(said.kind)
        self._area.show_value(said.area)
        shown = {
            self._at: times.clock(said.at, now, zone),
            self._place: said.place,
            self._partner: said.partner,
            self._reached: "" if said.reached is None else str(said.reached),
            self._materials: ", ".join(f"{each.language} {each.count}" for each in said.materials),
            self._step: said.next_step,
            self._due: times.clock(said.due_at, now, zone) if said.due_at else "",
            self._owner: said.owner,
            self._note: said.note,
        }
        for field, value in shown.items():
            field.show_value(value)
        for field in self.fields.values():
            field.touched = False

    def _draft(self) -> OutreachDraft:
        at = self._when()
        assert at is not None
        return OutreachDraft(
            kind=self._kind.value(),
            area=self._area.value() or "",
            at=at,
            place=self._place.value(),
            partner=self._partner.value(),
            reached=int(self._reached.value()) if self._reached.value() else None,
            materials=materials_of(self._materials.value()),
            owner=self._owner.value(),
            next_step=self._step.value(),
            due_at=self._due_at() or 0,
            note=self._note.value(),
        )

    def _when(self) -> Millis | None:
        """The last such time that has gone by; None for what is no time."""
        now, typed = self.bridge.clock.now(), self._at.value()
        if self._entry is not None and not self._at.touched:
            return self._entry.said.at
        if not typed:
            return now
        if match := _CLOCK.match(typed):
            hour, minute = int(match[1]), int(match[2])
            if hour > 23 or minute > 59:
                return None
            today = times.local(now, self.bridge.zone)
            then = today.replace(hour=hour, minute=minute, second=0, microsecond=0)
            if then > today:
                then = (then - timedelta(days=1)).replace(hour=hour, minute=minute)
            return int(then.timestamp() * 1000)
        ahead = times.read_time(typed, now, self.bridge.zone)
        return None if ahead is None else now - (ahead - now)

    def _due_at(self) -> Millis | None:
        if self._entry is not None and not self._due.touched:
            return self._entry.said.due_at or None
        typed = self._due.value()
        return times.read_time(typed, self.bridge.clock.now(), self.bridge.zone) if typed else None

    def _named(self) -> str:
        kind = self._kind.value()
        area = self._area.value() or self.tr("Outside every area")
        return f"{words.kind(kind)}, {area}" if kind else area

    def _say(self) -> None:
        due, now = self._due_at(), self.bridge.clock.now()
        self._due.say_aside(times.ahead(due, now) if due else "")
        self._is_taking_back = False
        if self._entry is not None:
            self.say_act(self.tr("Correct it"))
            self.say_effect(self.tr("The first entry stays in the log; the list shows this one."))
        else:
            self.say_act(self.tr("Note it"))
            area = self._area.value() or self.tr("land outside every area")
            self.say_effect(self.tr("Kept for {}, for the city alone.").format(area))
