"""The sheets of the storm plan: done, skipped, owner and hour of an item, and hour 0."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch.positions import positions_of
from dispatch.records import Band, PlanLine, StormPlan
from ui.storm_plan import words
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import LineField, PickField, TextField
from ui.widgets.sheet import Sheet


class ItemSheet(Sheet):
    """Of one item of the plan; it is given when the sheet opens."""

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self.line: PlanLine | None = None

    def begin(self, **given: Any) -> None:
        self.line = given.get("line")
        if self.line is None:
            self.say_effect(self.tr("Choose an item of the storm plan first (G T)."), "alarm")
            self.button.setEnabled(False)
            return
        self.subject = self.line.item.key
        clock, ahead = words.due(self.line, self.bridge.clock.now(), self.bridge.zone)
        when = " · ".join(filter(None, (self.line.item.owner, clock, ahead)))
        self.say_subject(int(Band.INFO), self.line.item.title, when)
        self.take_line(self.line)
        self.grew.emit()

    def take_line(self, line: PlanLine) -> None:
        """What this sheet says of the item."""

    @property
    def desk(self) -> Any:
        return self.bridge.parts.plan_desk

    @property
    def key(self) -> str:
        return self.line.item.key if self.line else ""


class DoneSheet(ItemSheet):
    NAME = "plan_done"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.say_title(self.tr("Done?"))
        self.say_effect(self.tr("Marked as done by you, now, for every seat. Hour 0 moves it no more."))
        self._note = self.add("note", TextField(self.tr("What was found, if anything"), theme=theme))
        self.say_act(self.tr("It is done"))

    def take_line(self, line: PlanLine) -> None:
        if line.is_settled:
            self.say_title(self.tr("Open it again?"))
            self.say_effect(self.tr("It is due again by hour 0, for every seat."))
            self._note.hide()
            self.say_act(self.tr("Open it again"))

    def act(self) -> asyncio.Task[Any]:
        if self.line is not None and self.line.is_settled:
            return self.bridge.act(self.desk.reopen, self.key)
        return self.bridge.act(self.desk.done, self.key, self._note.value())

    def done_words(self) -> tuple[str, bool]:
        return self.tr("In the plan."), True


class SkipSheet(ItemSheet):
    NAME = "plan_skip"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.say_title(self.tr("Skip this item"))
        self.say_effect(self.tr("It is not done and no longer asked for. The reason stands in the plan."))
        self._why = self.add("why", TextField(self.tr("Why"), theme=theme))
        self.say_act(self.tr("Skip it"))

    def problem(self) -> tuple[str, str] | None:
        return None if self._why.value() else ("why", self.tr("Say why it is skipped."))

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(self.desk.skip, self.key, self._why.value())

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Skipped."), True


class OwnerSheet(ItemSheet):
    NAME = "plan_owner"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.say_title(self.tr("Owner and hour"))
        self.say_effect(self.tr("For this activation. The city's own plan stays as it is."))
        names = positions_of(bridge.jurisdiction, bridge.position)
        choices = [(name, name) for name in names]
        self._hours = self.add("hours", LineField(self.tr("Hours from hour 0"), theme=theme))
        self._owner = self.add("owner", PickField(self.tr("Owner"), choices, theme=theme))
        self.say_act(self.tr("Change it"))

    def take_line(self, line: PlanLine) -> None:
        self._hours.fill(f"{line.item.hours:+d}")
        self._owner.fill(line.item.owner)

    def problem(self) -> tuple[str, str] | None:
        if self._read_hours() is None:
            return "hours", self.tr("Type whole hours, before hour 0 with a minus: -36 or 20.")
        return None

    def act(self) -> asyncio.Task[Any]:
        owner = self._owner.value() or (self.line.item.owner if self.line else "")
        return self.bridge.act(self.desk.edit, self.key, hours=self._read_hours(), owner=owner)

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Changed for this activation."), True

    def _read_hours(self) -> int | None:
        said = str(self._hours.value()).replace("−", "-").removesuffix("h").strip()
        digits = said.lstrip("+-")
        return int(said) if digits.isascii() and digits.isdigit() and len(said) - len(digits) <= 1 else None


class TakeZeroSheet(Sheet):
    """Hour 0 as an advisory proposes it: Enter takes it, nothing moves before."""

    NAME = "plan_take"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self._plan: StormPlan | None = None
        self.say_title(self.tr("Hour 0 from the advisory"))
        self.say_act(self.tr("Take it"))

    def begin(self, **given: Any) -> None:
        self._plan = given.get("plan")
        if self._plan is None or self._plan.proposal is None:
            self.say_effect(self.tr("No advisory proposes another hour 0."), "alarm")
            self.button.setEnabled(False)
            return
        self.say_effect(words.proposal(self._plan, self.bridge.clock.now(), self.bridge.zone))
        self.grew.emit()

    def act(self) -> asyncio.Task[Any]:
        assert self._plan is not None
        assert self._plan.proposal is not None
        found = self._plan.proposal
        return self.bridge.act(self.bridge.parts.plan_desk.set_zero, found.at, found.advisory)

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Hour 0 is set; what is done stays as it was."), True


class ZeroSheet(Sheet):
    NAME = "plan_zero"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self.say_title(self.tr("Set hour 0"))
        self.say_effect(
            self.tr(
                "When sustained winds of 39 mph are expected at the city, as the weather service told you."
                " Every item that is not done moves with it."
            )
        )
        self._at = self.add(
            "at", LineField(self.tr("Day and hour"), theme=theme, placeholder=self.tr("Sun 14:00"))
        )
        self._at.edited.connect(self._say_read)
        self.say_act(self.tr("Set hour 0"))

    def problem(self) -> tuple[str, str] | None:
        if self._read() is None:
            return "at", self.tr("Type Sun 14:00, 2017-09-10 14:00 or +36 h.")
        return None

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(self.bridge.parts.plan_desk.set_zero, self._read())

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Hour 0 is set; what is done stays as it was."), True

    def _read(self) -> int | None:
        return words.read_day_time(self._at.value(), self.bridge.clock.now(), self.bridge.zone)

    def _say_read(self) -> None:
        now, at = self.bridge.clock.now(), self._read()
        self._at.say_aside(times.ahead(at, now) if at is not None else "")
