"""The 911 step (S3): a card to read out, then what came of the call. It never holds anything up."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout

from dispatch.records import SiteView, Told911
from ui.sheets.site_sheet import SiteSheet, place_line
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import LineField, PickField
from ui.widgets.words import Words


class Told911Sheet(SiteSheet):
    NAME = "told_911"
    NEEDS_WHOLE = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        city = bridge.jurisdiction
        self.say_title(self.tr("Tell 911"))
        self.say_effect(
            self.tr("Call {number} and read this out. Ten-digit line: {digits}").format(
                number=city.emergency_number, digits=city.emergency_ten_digit
            )
        )
        self.body.addWidget(self._make_card())
        outcomes = [(True, self.tr("911 told")), (False, self.tr("Not reached"))]
        self._told = self.add("told", PickField(self.tr("What came of it"), outcomes, theme=theme, columns=2))
        self._number = self.add("number", LineField(self.tr("911 incident number"), theme=theme))
        self._spoken_to = self.add("spoken_to", LineField(self.tr("Spoken to"), theme=theme))
        self._at = self.add("at", LineField(self.tr("Time of the call"), theme=theme))
        self._told.show_value(True)
        self._told.edited.connect(self._say)
        self._at.edited.connect(self._read_at)
        self._at.show_value(times.clock(self.now, self.now, bridge.zone))
        self._say()

    def first_focus(self) -> LineField:
        return self._number

    def show_site(self, view: SiteView) -> None:
        people, mobility, call_back = (view.fact(name) for name in ("people", "mobility", "call_back"))
        doubt = self.tr(" (PLACE NOT CONFIRMED)") if view.place_doubt else ""
        self._read_out(
            (self.tr("What"), view.title, "number"),
            (self.tr("Where"), place_line(view) + doubt, "number"),
            (self.tr("Careful"), view.place_doubt, "body"),
            (self.tr("People"), ", ".join(f.value for f in (people, mobility) if f), "body"),
            (self.tr("Call-back"), call_back.value if call_back else "", "body"),
            (self.tr("They say"), _first_words(view), "body"),
        )

    def problem(self) -> tuple[str, str] | None:
        if self._read_at() is None:
            return "at", self.tr("Type a time like 14:29.")
        if self._told.value() and not (self._number.value() or self._spoken_to.value()):
            return "number", self.tr("Type the incident number, or who took the call.")
        return None

    def done_words(self) -> tuple[str, bool]:
        return self.tr("The 911 step is recorded."), False

    def act(self) -> asyncio.Task[Any]:
        told = Told911(
            is_told=bool(self._told.value()),
            at=self._read_at() or self.now,
            spoken_to=self._spoken_to.value(),
            incident_number=self._number.value(),
        )
        return self.bridge.act(self.bridge.desk.tell_911, self.site_id, told)

    def _read_at(self) -> int | None:
        if not self._at.touched:
            return self.now
        at = times.read_time(self._at.value(), self.now, self.bridge.zone)
        # A call lies behind us: a clock time later than now was yesterday's.
        if at is not None and at > self.now + times.MINUTE_MS:
            at -= times.DAY_MS
        self._at.say_aside(times.ahead(at, self.now) if at is not None else "")
        return at

    def _say(self) -> None:
        is_told = bool(self._told.value())
        self._number.setVisible(is_told)
        self._told.complain(
            "" if is_told else self.tr("Stays red, comes back every two minutes, supervisor sees it.")
        )
        self.say_act(self.tr("Record: 911 told") if is_told else self.tr("Record: not reached"))

    def card_words(self) -> str:
        return "\n".join(words.said() for words in self._card.findChildren(Words))

    def _make_card(self) -> QFrame:
        self._card = QFrame()
        self._card.setProperty("part", "card")
        self._lines = QGridLayout(self._card)
        self._lines.setContentsMargins(12, 10, 12, 10)
        self._lines.setHorizontalSpacing(8)
        self._lines.setVerticalSpacing(6)
        self._lines.setColumnMinimumWidth(0, 60)
        self._lines.setColumnStretch(1, 1)
        return self._card

    def _read_out(self, *lines: tuple[str, str, str]) -> None:
        if self._lines.count():
            return
        for row, (label, text, role) in enumerate(line for line in lines if line[1]):
            left = Words(label, theme=self.theme, role="small", tone="text_dim", wrap=False)
            self._lines.addWidget(left, row, 0, Qt.AlignmentFlag.AlignTop)
            self._lines.addWidget(Words(text, theme=self.theme, role=role, copyable=True), row, 1)


def _first_words(view: SiteView) -> str:
    return next((request.text for request in view.requests if request.text), "")
