"""How often this seat was called, beside the budget: whether the alarms still help."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import QLocale

from dispatch.alarms import BUDGET, FLOOD_OVER, Kind, Tally
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words


class AlarmsSheet(Sheet):
    NAME = "alarms"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self.say_title(self.tr("Alarms at this seat"))
        self._rate, self._flood, self._kinds, self._acted = (Words(theme=theme) for _ in range(4))
        for words in (self._rate, self._flood, self._kinds, self._acted):
            self.body.addWidget(words)
        self.say_act(self.tr("Close"))

    def begin(self, *, tally: Tally | None = None, **given: Any) -> None:
        if tally is not None:
            self._say(tally)

    def act(self) -> asyncio.Task[Any]:
        return asyncio.ensure_future(asyncio.sleep(0))

    def done_words(self) -> tuple[str, bool]:
        return "", False

    def said(self) -> str:
        return "\n".join(words.said() for words in (self._rate, self._flood, self._kinds, self._acted))

    # -- inside -------------------------------------------------------------------------------------

    def _say(self, tally: Tally) -> None:
        locale = QLocale()
        opened = self.tr("Since this console was opened, {age} ago.")
        self.say_effect(opened.format(age=times.age(tally.for_ms)))
        self._rate.say(
            self.tr("{count} alarms, {rate} in ten minutes at the mean; the budget is {budget}.").format(
                count=locale.toString(tally.count),
                rate=locale.toString(tally.per_window, "f", 1),
                budget=BUDGET,
            ),
            "warn" if tally.is_over_budget else "text",
        )
        flood = self.tr("In the last ten minutes {count}.").format(count=tally.last_window)
        if tally.is_flood:
            flood += " " + self.tr("This is a flood: more than {most} in ten minutes.").format(
                most=FLOOD_OVER
            )
        flood += " " + self.tr("Time in floods: {age}.").format(age=times.age(tally.flood_ms))
        self._flood.say(flood, "alarm" if tally.is_flood else "text")
        kinds = [
            f"{kind_words(kind, self)} {locale.toString(count)}" for kind, count in tally.by_kind.items()
        ]
        self._kinds.say(self.tr("By what: {}.").format(", ".join(kinds)) if kinds else "")
        self._acted.say(self._acted_words(tally))
        self.grew.emit()

    def _acted_words(self, tally: Tally) -> str:
        if tally.median_ms is None:
            return self.tr("No alarm was answered yet.")
        said = self.tr("Until somebody acted: {median} at the median of {n}").format(
            median=times.stopwatch(tally.median_ms), n=tally.answered
        )
        if tally.slowest_tenth_ms is None:
            return f"{said}."
        slow = times.stopwatch(tally.slowest_tenth_ms)
        return self.tr("{said}, the slowest tenth over {slow}.").format(said=said, slow=slow)


def kind_words(kind: Kind, tr: Sheet) -> str:
    return {
        Kind.UNSEEN_P1: tr.tr("P1 nobody acted on"),
        Kind.REFUSED: tr.tr("hand-over returned"),
        Kind.EXPIRED: tr.tr("nobody accepted in time"),
        Kind.OVERDUE: tr.tr("hand-over past its time"),
    }[kind]
