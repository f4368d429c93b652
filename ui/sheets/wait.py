"""Set a site aside for a while: waiting on somebody, or snoozed until a time."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch.records import Band, Flag, SiteView, WaitReason
from ui.sheets.site_sheet import SiteSheet
from ui.sheets.words import wait_words
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import PickField, TextField

P1_MOST_MIN = 5


class WaitSheet(SiteSheet):
    NAME = "wait"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.say_title(self.tr("Waiting on"))
        self.say_effect(self.tr("Stays in the queue, marked as waiting, and keeps its band."))
        reasons = [(reason, wait_words(reason)) for reason in WaitReason]
        self._reason = self.add("reason", PickField(self.tr("What it waits for"), reasons, theme=theme))
        self._note = self.add(
            "note", TextField(self.tr("Note (internal): who, ticket, until when"), theme=theme)
        )
        self.say_act(self.tr("Mark as waiting"))

    def show_site(self, view: SiteView) -> None:
        is_live = view.row.flags & Flag.WIRE and not view.row.flags & Flag.MADE_SAFE
        self._reason.fill(WaitReason.UTILITY_FIRST if is_live else None)

    def problem(self) -> tuple[str, str] | None:
        return None if self._reason.value() else ("reason", self.tr("Choose what it waits for."))

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Marked as waiting."), True

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(self.bridge.desk.wait, self.site_id, self._reason.value(), self._note.value())


class SnoozeSheet(SiteSheet):
    NAME = "snooze"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.say_title(self.tr("Snooze"))
        spans = [
            (1, "1 min"),
            (2, "2 min"),
            (5, "5 min"),
            (15, "15 min"),
            (30, "30 min"),
            (60, "1 h"),
            (240, "4 h"),
        ]
        self._span = self.add("span", PickField(self.tr("Comes back in"), spans, theme=theme))
        self._span.edited.connect(self._say)
        self.say_act(self.tr("Snooze"))

    def show_site(self, view: SiteView) -> None:
        is_p1 = view.row.band == Band.P1
        for minutes in self._span.buttons:
            too_long = is_p1 and minutes > P1_MOST_MIN
            self._span.allow(minutes, self.tr("A P1 sleeps 5 minutes at most.") if too_long else "")
        self._span.fill(P1_MOST_MIN if is_p1 else 30)
        self._say()
        self._span.setFocus()

    def problem(self) -> tuple[str, str] | None:
        return None if self._span.value() else ("span", self.tr("Choose for how long."))

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Snoozed."), True

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(self.bridge.desk.snooze, self.site_id, self._until())

    def _until(self) -> int:
        return self.now + self._span.value() * times.MINUTE_MS

    def _say(self) -> None:
        if not self._span.value():
            return
        back = times.clock(self._until(), self.now, self.bridge.zone)
        is_p1 = self.view is not None and self.view.row.band == Band.P1
        say = self.tr("Leaves the list until {clock}. A new fact brings it back at once.").format(clock=back)
        if is_p1:
            say += " " + self.tr("P1: 5 minutes at most, and the line above the list goes on counting it.")
        self.say_effect(say)
        self.say_act(self.tr("Snooze until {clock}").format(clock=back))
