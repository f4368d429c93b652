"""Close a site with a reason that can be counted; a P1 with its outcome and who confirmed it (S6, S13)."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch.records import Band, CloseReason, Flag, SiteView
from ui.sheets.public_words import doubt_about
from ui.sheets.site_sheet import SiteSheet
from ui.sheets.words import close_words, reports_words
from ui.theme import Theme
from ui.widgets.fields import LineField, PickField, TextField

_BY_HAND = tuple(reason for reason in CloseReason if reason != CloseReason.SERVER)
_NEEDS_SAFE = (CloseReason.FIXED_CONFIRMED, CloseReason.FIXED_UNCONFIRMED, CloseReason.AREA_SWEEP)
_NEEDS_NOTE = (CloseReason.PASSED_TO_OWNER, CloseReason.NOT_OURS, CloseReason.CANNOT_ACT)


class CloseSheet(SiteSheet):
    NAME = "close"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.say_title(self.tr("Close"))
        reasons = [(reason, close_words(reason)) for reason in _BY_HAND]
        self._reason = self.add("reason", PickField(self.tr("Reason"), reasons, theme=theme, columns=2))
        self._note = self.add("note", TextField(self.tr("Outcome (internal)"), theme=theme))
        self._by = self.add(
            "by",
            LineField(self.tr("Confirmed by"), theme=theme, placeholder=self.tr("Name, position or crew")),
        )
        self._message = self.add(
            "message", TextField(self.tr("Message to the residents: PUBLIC, may stay empty"), theme=theme)
        )
        self._reason.edited.connect(self._say)
        self._message.edited.connect(self._say)
        self.say_act(self.tr("Close the site"))

    def show_site(self, view: SiteView) -> None:
        for reason in _NEEDS_SAFE:
            self._reason.allow(reason, self.tr("The wire has not been made safe.") if _is_live(view) else "")
        self._message.setVisible(view.can_message)
        self._say()

    def problem(self) -> tuple[str, str] | None:
        reason, note = self._reason.value(), self._note.value()
        if reason is None:
            return "reason", self.tr("Choose why it is closed.")
        if self.view and _is_live(self.view) and reason in _NEEDS_SAFE:
            return "reason", self.tr("A wire that nobody made safe is not fixed: record “made safe” first.")
        if reason in _NEEDS_NOTE and not note:
            return "note", self._asked_note(reason)
        if self.view and self.view.row.band == Band.P1:
            if not note:
                return "note", self.tr("A P1 closes with its outcome.")
            if not self._by.value():
                return "by", self.tr("A P1 closes with who confirmed it.")
        if reason == CloseReason.FIXED_CONFIRMED and not self._by.value():
            return "by", self.tr("Say who confirmed it, or choose “Fixed, not confirmed”.")
        return None

    def doubt(self) -> str:
        return doubt_about(self._message.value())

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Closed."), True

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(
            self.bridge.desk.close,
            self.site_id,
            self._reason.value(),
            note=self._note.value(),
            confirmed_by=self._by.value(),
            message=self._message.value(),
        )

    def _asked_note(self, reason: CloseReason) -> str:
        if reason == CloseReason.CANNOT_ACT:
            return self.tr("Say why nobody can act.")
        return self.tr("Name the owner and their ticket: this must never read as fixed.")

    def _say(self) -> None:
        if self.view is None:
            return
        reports = reports_words(len(self.view.requests))
        if self._message.value():
            say = self.tr("Closes {reports} here and on the city's site, with this public message.")
        else:
            say = self.tr("Closes {reports} here. What the city's site shows stays as it is.")
        say = say.format(reports=reports)
        if _is_live(self.view):
            say = self.tr("TREAT AS LIVE: not made safe, so it cannot be closed as fixed or by a sweep.")
        self.say_effect(say, "alarm" if _is_live(self.view) else "text_soft")
        if reason := self._reason.value():
            self.say_act(self.tr("Close: {reason}").format(reason=close_words(reason)))


def _is_live(view: SiteView) -> bool:
    return bool(view.row.flags & Flag.WIRE) and not view.row.flags & Flag.MADE_SAFE
