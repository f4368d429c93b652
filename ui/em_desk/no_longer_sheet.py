"""Held for weather and no longer needed (S7): closed with who said so, by a person, never by itself."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch.masking import cover_card
from dispatch.records import Escalation
from ui.em_desk.answer_sheet import place_of
from ui.theme import Theme
from ui.widgets.fields import LineField
from ui.widgets.sheet import Sheet


class NoLongerNeededSheet(Sheet):
    """Opened from the list of what is held; done or left, the list (`back`) stands there again."""

    KEEPS_WORDS = True
    NAME = "no_longer_needed"

    def __init__(self, *, bridge: Any, theme: Theme, card: Escalation, back: type[Sheet]) -> None:
        super().__init__(theme=theme, subject=card.escalation_id)
        self.bridge = bridge
        self._card, self._back = card, back
        self.say_title(self.tr("No longer needed"), card.number)
        shown = cover_card(card)
        self.say_subject(int(card.band), shown.summary or shown.subject, place_of(shown))
        self.say_effect(
            self.tr(
                "Ends the hand-over with this outcome. The site itself stays open for the operator, who "
                "closes it."
            )
        )
        self._said_by = self.add(
            "said_by",
            LineField(self.tr("Who said so"), theme=theme, placeholder=self.tr("The caller, a crew, a name")),
        )
        self._text = self.add("text", LineField(self.tr("What came of it, may stay empty"), theme=theme))
        self.say_act(self.tr("No longer needed"))

    def problem(self) -> tuple[str, str] | None:
        if not self._said_by.value().strip():
            return "said_by", self.tr("Say who said so: nothing closes on silence.")
        return None

    def act(self) -> asyncio.Task[Any]:
        desk, key = self.bridge.em_desk, self._card.escalation_id
        return self.bridge.act(desk.no_longer_needed, key, self._said_by.value(), self._text.value())

    def done_words(self) -> tuple[str, bool]:
        return self.tr("{} is closed: no longer needed.").format(self._card.number), False

    def follows(self) -> Sheet:
        return self._list()

    def goes_back(self) -> Sheet:
        return self._list()

    def _list(self) -> Sheet:
        return self._back(bridge=self.bridge, theme=self.theme)
