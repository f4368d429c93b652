"""Note a figure from outside: customers without power, or the wind, with its time and source."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch.figure_desk import Figure
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import LineField, PickField
from ui.widgets.sheet import Sheet


class FigureSheet(Sheet):
    NAME = "figure"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self.say_title(self.tr("Note a figure"))
        self.say_effect(
            self.tr("On the charts with its source, and in the log. The same time noted again corrects it.")
        )
        kinds = [
            (Figure.POWER_OUT, self.tr("Customers without power")),
            (Figure.WIND, self.tr("Sustained wind, mph")),
        ]
        self._figure = self.add("figure", PickField(self.tr("What"), kinds, theme=theme))
        self._value = self.add("value", LineField(self.tr("Number"), theme=theme, placeholder="41 200"))
        self._at = self.add("at", LineField(self.tr("As of"), theme=theme, placeholder="14:00"))
        self._source = self.add(
            "source",
            LineField(self.tr("Source"), theme=theme, placeholder=self.tr("the utility's outage map")),
        )
        self._figure.fill(Figure.POWER_OUT)
        self._at.fill(f"{times.local(bridge.clock.now(), bridge.zone):%H:%M}")
        self.say_act(self.tr("Note"))

    def problem(self) -> tuple[str, str] | None:
        if self._figure.value() is None:
            return "figure", self.tr("Choose what the number is.")
        if self._number() is None:
            return "value", self.tr("Type a whole number.")
        if self._time() is None:
            return "at", self.tr("Type a clock time of the last 24 hours: 14:00.")
        if not self._source.value():
            return "source", self.tr("Say where it comes from.")
        return None

    def act(self) -> asyncio.Task[Any]:
        desk = self.bridge.parts.figure_desk
        return self.bridge.act(
            desk.note, self._figure.value(), self._number(), self._time(), self._source.value()
        )

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Noted."), False

    def _number(self) -> int | None:
        said = "".join(sign for sign in self._value.value() if sign not in " ,.\u00a0\u202f")
        return int(said) if said.isascii() and said.isdigit() else None

    def _time(self) -> int | None:
        """The last time that the clock showed this."""
        now = self.bridge.clock.now()
        at = times.read_time(self._at.value(), now, self.bridge.zone)
        if at is None:
            return None
        return at if at <= now + 5 * times.MINUTE_MS else at - times.DAY_MS
