"""A cost that a person typed beside FEMA's indicator of the declaration's date: it says what follows and
keeps nothing. Eligibility is FEMA's decision."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from dispatch.dollars import cents_of, dollars
from dispatch.snapshot.thresholds import Entered, Indicator, Level, load_thresholds
from ui.report import period
from ui.theme import Theme
from ui.widgets.fields import LineField, PickField, pack
from ui.widgets.sheet import Sheet
from ui.widgets.times import local
from ui.widgets.words import Words


class IndicatorSheet(Sheet):
    NAME = "report_indicator"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=470)
        self.bridge = bridge
        tr = self.tr
        self.say_title(tr("FEMA's indicator"))
        self.declared = self.add(
            "declared", LineField(tr("Day of the declaration"), theme=theme, placeholder=tr("10 Sep 2017"))
        )
        levels = [(Level.COUNTY, tr("County")), (Level.STATE, tr("State"))]
        self.level = self.add("level", PickField(tr("Whose"), levels, theme=theme, columns=2))
        self.level.show_value(Level.COUNTY)
        for name, what, where in (
            ("people", tr("Population"), tr("Read where")),
            ("cost", tr("Cost of public work, in dollars"), tr("Read where")),
        ):
            self.keep(name, LineField(what, theme=theme))
            self.keep(f"{name}_source", LineField(where, theme=theme))
            self.body.addWidget(pack(self.fields, name, f"{name}_source"))
        self._says = Words(theme=theme, role="strong")
        self._warns = Words(theme=theme, tone="warn")
        self.body.addWidget(self._says)
        self.body.addWidget(self._warns)
        self.say_effect(
            tr("For governor and FEMA, no entitlement. Public work alone: what homes lost is never added.")
        )
        self.say_act(tr("Compare"))

    def begin(self, cents: int = 0, **given: Any) -> None:
        """`cents` is what the costs by line add up to; nothing is filled in where there are none."""
        if cents:
            self.fields["cost"].fill(dollars(cents).removeprefix("$"))
            self.fields["cost_source"].fill(self.tr("Costs by line, crews' results"))

    def problem(self) -> tuple[str, str] | None:
        if self._day() is None:
            return "declared", self.tr("Type the day, like 10 Sep 2017.")
        if not self.fields["people"].value().replace(",", "").isdigit():
            return "people", self.tr("Type how many people live there.")
        try:
            cents_of(self.fields["cost"].value() or "x")
        except ValueError:
            return "cost", self.tr("Type a sum of dollars, like 125,000.")
        for name in ("people_source", "cost_source"):
            if not self.fields[name].value():
                return name, self.tr("Say where it was read.")
        return None

    def act(self) -> asyncio.Task[Any] | None:
        return None

    def _do(self) -> None:
        """What follows is shown here: the sheet stays."""
        self.read_for(self._compare())

    def said(self) -> str:
        return "\n".join(filter(None, (self._says.said(), self._warns.said())))

    async def _compare(self) -> None:
        found = await self.bridge.parts.workers.network(self._found)
        self._says.say(found.says)
        self._warns.say(" ".join(found.warnings))
        self.grew.emit()

    def _found(self) -> Indicator:
        who, day = self.bridge.person, self._day()
        assert day is not None
        value = {name: field.value() for name, field in self.fields.items()}
        return load_thresholds(self.bridge.data_dir).indicator(
            population=Entered(int(value["people"].replace(",", "")), who, value["people_source"]),
            cost=Entered(cents_of(value["cost"]), who, value["cost_source"]),
            declared=day,
            level=value["level"],
            today=local(self.bridge.clock.now(), self.bridge.zone).date(),
        )

    def _day(self) -> date | None:
        zone = self.bridge.zone
        at = period.read(self.declared.value(), self.bridge.clock.now(), zone)
        return None if at is None else local(at, zone).date()
