"""A text to residents of its own for some categories or bands, in one language."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch.records import Intent
from ui.residents.words import intent_words, language_words
from ui.theme import Theme
from ui.widgets.fields import LineField, TextField
from ui.widgets.sheet import Sheet

_BANDS = {"p1": 1, "p2": 2, "p3": 3, "p4": 4, "info": 5}


class TextVariantSheet(Sheet):
    NAME = "text_variant"
    KEEPS_WORDS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self._intent, self._language = Intent.GOT_IT, "en"
        self._keys = {each.key: each.key for each in bridge.parts.judge.rules.table}
        self._keys |= {each.label.lower(): each.key for each in bridge.parts.judge.rules.table}
        tr = self.tr
        self._name = self.add("name", LineField(tr("Short name"), theme=theme, placeholder=tr("potholes")))
        self._categories = self.add(
            "categories",
            LineField(
                tr("Categories, by name"), theme=theme, placeholder=tr("Pothole or uneven road; Graffiti")
            ),
        )
        self._bands = self.add("bands", LineField(tr("Bands"), theme=theme, placeholder=tr("P1, P2")))
        self._text = self.add("text", TextField(tr("Text, with its slots"), theme=theme, least=5, most=12))
        self.say_title(tr("A text of its own"))
        self.say_act(tr("Keep"))

    def begin(self, *, intent: Intent = Intent.GOT_IT, language: str = "en", **_given: Any) -> None:
        self._intent, self._language = intent, language
        self.say_effect(
            self.tr(
                "{intent}, in {language}. It goes before the general text; approved by nobody yet."
            ).format(intent=intent_words(intent), language=language_words(language))
        )

    def problem(self) -> tuple[str, str] | None:
        if not self._name.value():
            return "name", self.tr("Give it a short name.")
        if unknown := self._unknown():
            return "categories", self.tr("There is no category “{}”.").format(unknown)
        if not self._chosen() and not self._bands.value():
            return "categories", self.tr("Say for which categories or bands this text is.")
        if any(each not in _BANDS for each in self._band_words()):
            return "bands", self.tr("Bands are P1 to P4 and INFO.")
        if not self._text.value():
            return "text", self.tr("Write the text first.")
        return None

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(
            self.bridge.parts.template_desk.add_variant,
            self._intent,
            self._language,
            self._name.value(),
            self._text.value(),
            categories=self._chosen(),
            bands=[_BANDS[each] for each in self._band_words()],
        )

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Kept. Rules send it once it is approved."), False

    def _parts(self) -> list[str]:
        return [each.strip().lower() for each in self._categories.value().split(";") if each.strip()]

    def _chosen(self) -> list[str]:
        return [self._keys[each] for each in self._parts() if each in self._keys]

    def _unknown(self) -> str:
        return next((each for each in self._parts() if each not in self._keys), "")

    def _band_words(self) -> list[str]:
        return self._bands.value().lower().replace(",", " ").split()
