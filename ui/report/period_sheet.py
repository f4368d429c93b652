"""Which days, which area and which categories a report counts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from ui.report import period
from ui.report.period import Span
from ui.theme import Theme
from ui.widgets.fields import ChoiceField, LineField, PickField, pack
from ui.widgets.sheet import Sheet


class PeriodSheet(Sheet):
    NAME = "report_period"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=430)
        self.bridge = bridge
        self._screen: Any = None
        tr = self.tr
        self.say_title(tr("Period and filter"))
        kinds = [
            (Span.STORM, tr("The storm so far, from the day of its first report")),
            (Span.PERIOD, tr("This operational period: a situation report")),
            (Span.BEFORE, tr("The operational period before")),
            (Span.DAY, tr("The last 24 hours")),
            (Span.OWN, tr("From and to")),
        ]
        if bridge.activation.period_number <= 1:
            kinds = [each for each in kinds if each[0] is not Span.BEFORE]
        self.kind = self.add("kind", PickField(tr("Entered"), kinds, theme=theme))
        self.from_at = self.keep("from", LineField(tr("From"), theme=theme, placeholder="10 Sep 00:00"))
        self.to_at = self.keep("to", LineField(tr("Until before"), theme=theme, placeholder="14 Sep 00:00"))
        self.body.addWidget(pack(self.fields, "from", "to"))
        areas = sorted(name for name in bridge.board.hoods if name)
        self.area = self.add("area", ChoiceField(tr("Where"), theme=theme))
        self.area.offer([("", tr("The whole city")), *((name, name) for name in areas)])
        what = [(False, tr("Everything")), (True, tr("Only the storm's categories"))]
        self.what = self.add("what", PickField(tr("What"), what, theme=theme))
        self.kind.edited.connect(self._fill)
        for field in (self.from_at, self.to_at):
            field.edited.connect(lambda: self.kind.show_value(Span.OWN))
        self.say_effect(tr("Counted by the time of entry. What the filter leaves out is counted and listed."))
        self.say_act(tr("Count"))

    def begin(self, screen: Any = None, **given: Any) -> None:
        self._screen = screen
        wish = screen.wish
        self.kind.fill(wish.kind)
        self.area.fill(wish.area)
        self.what.fill(wish.only_storm)
        self._fill()

    def problem(self) -> tuple[str, str] | None:
        if self.kind.value() is not Span.OWN:
            return None
        for name, field in (("from", self.from_at), ("to", self.to_at)):
            if self._time(field) is None:
                return name, self.tr("Type a day and a time, like 10 Sep 00:00.")
        if (self._time(self.from_at) or 0) >= (self._time(self.to_at) or 0):
            return "to", self.tr("It would end before it begins.")
        return None

    def act(self) -> asyncio.Task[Any] | None:
        kind = self.kind.value()
        wish = replace(self._screen.wish, kind=kind, area=self.area.value(), only_storm=self.what.value())
        if kind is Span.OWN:
            from_at, to_at = self._time(self.from_at), self._time(self.to_at)
            assert from_at is not None and to_at is not None
            wish = replace(wish, from_at=from_at, to_at=to_at)
        self._screen.ask_for(wish)
        return None

    def _time(self, field: LineField) -> int | None:
        return period.read(field.value(), self.bridge.clock.now(), self.bridge.zone)

    def _fill(self) -> None:
        """The times of the chosen span, to be seen and to be changed."""
        kind, zone = self.kind.value(), self.bridge.zone
        if kind is Span.OWN and self._screen.wish.kind is not Span.OWN:
            return
        from_at, to_at = self._screen.span_of(replace(self._screen.wish, kind=kind))
        self.from_at.show_value(period.said(from_at, zone))
        self.to_at.show_value(period.said(to_at, zone))
