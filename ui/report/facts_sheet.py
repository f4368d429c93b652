"""What heads a report and only people know: who to call, the disaster number, what was declared."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from dispatch.records import StormFacts
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import LineField
from ui.widgets.sheet import Sheet


class StormFactsSheet(Sheet):
    NAME = "report_facts"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=430)
        self.bridge = bridge
        self._screen: Any = None
        self._standing: StormFacts | None = None
        tr = self.tr
        self.say_title(tr("Head of the report"))
        for name, label, example in (
            ("contact", tr("Contact, day and night"), tr("EOC Planning, 727-555-0100")),
            ("activation_level", tr("Activation level"), "1"),
            ("local_emergency", tr("Local state of emergency"), tr("since 7 Sep 2017")),
            ("disaster_number", tr("FEMA disaster number"), "DR-4337"),
            ("declared_area", tr("Declared area"), tr("Pinellas County")),
            ("incident_period", tr("FEMA's incident period"), tr("4 Sep to 18 Oct 2017")),
        ):
            self.add(name, LineField(label, theme=theme, placeholder=example))
        self.say_effect(tr("Stands on every report from now on; what is left empty prints as not entered."))
        self.say_act(tr("Keep it"))
        self.button.setEnabled(False)
        self._reading = self.read_for(self._read())

    def begin(self, screen: Any = None, **given: Any) -> None:
        self._screen = screen

    def act(self) -> asyncio.Task[Any]:
        assert self._standing is not None
        said = replace(self._standing, **{name: field.value() for name, field in self.fields.items()})
        task = self.bridge.act(self.bridge.parts.snapshot_desk.say_facts, said)
        task.add_done_callback(self._count_again)
        return task

    def done_words(self) -> tuple[str, bool]:
        return self.tr("The head of the report is kept."), True

    async def _read(self) -> None:
        facts = await self.bridge.read(self.bridge.parts.snapshot_desk.facts)
        self._standing = facts
        for name, field in self.fields.items():
            field.fill(getattr(facts, name))
        if facts.said.person:
            now, zone = self.bridge.clock.now(), self.bridge.zone
            when = times.clock(facts.said.at or now, now, zone)
            self.say_effect(self.tr("Entered by {0}, {1}.").format(facts.said.person, when))
        self.button.setEnabled(True)

    def _count_again(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and task.exception() is None and self._screen is not None:
            self._screen.count()
