"""Shelve an alarm: reason and end, for all seats. It stays counted on the line, and comes back by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication

from dispatch.alarms import OF_NO_SITE, Call, Kind, longest_ms
from dispatch.records import Band, ShelfReason
from ui.sound import Alarm
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import LineField, PickField
from ui.widgets.sheet import Sheet

SPANS_MIN = (2, 5, 15, 30, 60)
SPANS_OF_NO_SITE_MIN = (15, 60, 4 * 60, 12 * 60)


class ShelveSheet(Sheet):
    """Opened from the list of alarms; done or left, the list (`back` makes it) stands there again."""

    NAME = "shelve"

    def __init__(
        self, *, bridge: Any, theme: Theme, call: Call, alarm: Alarm, back: Callable[[], Sheet]
    ) -> None:
        super().__init__(theme=theme, subject=f"{call[0].value} {call[1]}")
        self.bridge = bridge
        self._call, self._back = call, back
        kind, site_id = call
        band, named = alarm.band(call), kind_words(kind)[:1].upper() + kind_words(kind)[1:]
        self.say_title(self.tr("Shelve an alarm"))
        row = bridge.board.row(site_id) if site_id else -1
        if row >= 0 and band is not None:
            self.say_subject(band, f"{named} · {bridge.board.what[row]}", bridge.board.where[row])
        else:
            self.say_subject(int(Band.INFO), named, "")
        self.say_effect(
            self.tr(
                "No sound at any seat until its end; it stays counted on the line, then comes back by itself."
            )
        )
        reasons = [(reason, reason_words(reason)) for reason in ShelfReason]
        self._reason = self.add("reason", PickField(self.tr("Why"), reasons, theme=theme, columns=2))
        self._note = self.add("note", LineField(self.tr("Who is on it, ticket, words"), theme=theme))
        most = longest_ms(kind, band) // times.MINUTE_MS
        spans = [
            (minutes, times.age(minutes * times.MINUTE_MS))
            for minutes in (SPANS_OF_NO_SITE_MIN if kind in OF_NO_SITE else SPANS_MIN)
            if minutes <= most
        ]
        self._span = self.add("span", PickField(self.tr("Comes back in"), spans, theme=theme, columns=3))
        self._span.fill(spans[0][0])
        self.say_act(self.tr("Shelve"))

    def problem(self) -> tuple[str, str] | None:
        if self._reason.value() is None:
            return "reason", self.tr("Choose why it is shelved.")
        if self._reason.value() is ShelfReason.OTHER and not self._note.value():
            return "note", self.tr("Write the reason.")
        return None

    def act(self) -> asyncio.Task[Any]:
        desk, (kind, site_id) = self.bridge.parts.alarm_desk, self._call
        reason, minutes = self._reason.value(), self._span.value()
        return self.bridge.act(desk.shelve, kind, site_id, reason, minutes, self._note.value())

    def done_words(self) -> tuple[str, bool]:
        words = self.tr("Shelved for {}.").format(times.age(self._span.value() * times.MINUTE_MS))
        return words, False

    def follows(self) -> Sheet:
        return self._back()

    def goes_back(self) -> Sheet:
        return self._back()


def kind_words(kind: Kind) -> str:
    return {
        Kind.UNSEEN_P1: _tr("P1 nobody acted on"),
        Kind.REFUSED: _tr("hand-over returned"),
        Kind.EXPIRED: _tr("nobody accepted in time"),
        Kind.OVERDUE: _tr("hand-over past its time"),
        Kind.SYNC_LOST: _tr("sync lost"),
        Kind.MISMATCH: _tr("311 data unreadable"),
    }[kind]


def reason_words(reason: ShelfReason) -> str:
    return {
        ShelfReason.IN_HAND: _tr("Somebody is on it"),
        ShelfReason.KNOWN_FAULT: _tr("Known fault"),
        ShelfReason.FALSE: _tr("Wrong alarm"),
        ShelfReason.OTHER: _tr("Other, in words"),
    }[reason]


def _tr(text: str) -> str:
    return QCoreApplication.translate("alarms", text)
