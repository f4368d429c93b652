"""The hand-off sheet: words for one place and language to copy, a tick with who and when, the link."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout

from dispatch.notices.public_words import PLACES
from dispatch.records import Notice
from ui.notices import words
from ui.theme import Theme
from ui.widgets.fields import LineField, PickField
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

_ALT = Qt.KeyboardModifier.AltModifier


class NoticePutSheet(Sheet):
    NAME = "notice_put"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=460)
        self.bridge = bridge
        self._item: Notice | None = None
        tr = self.tr
        places = [(each, words.place(each)) for each in PLACES]
        languages = list(words.LANGUAGES.items())
        self._place = self.add("place", PickField(tr("Where"), places, theme=theme, columns=4))
        self._language = self.add("language", PickField(tr("Language"), languages, theme=theme, columns=4))
        card = QFrame()
        card.setProperty("part", "public")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(14, 10, 14, 12)
        self._shown = Words(theme=theme, copyable=True)
        inside.addWidget(self._shown)
        self.body.addWidget(card)
        self._link = self.add(
            "link",
            LineField(
                tr("Where it can be seen"), theme=theme, placeholder=tr("paste the link; may stay empty")
            ),
        )
        self.add_side_button(tr("Copy the words"), "Alt C", self.copy)
        self.shortcuts[(_ALT, Qt.Key.Key_C)] = self.copy
        self._place.edited.connect(self._show)
        self._language.edited.connect(self._show)
        self.say_act(tr("It is there"))

    def begin(self, *, item: Notice | None = None, **given: Any) -> None:
        self._item = item
        if item is None:
            return
        self.say_title(self.tr("Hand-off"), item.number)
        self.say_effect(self.tr("Copy the words, put them there by hand, tick it and paste the link back."))
        self._place.fill(PLACES[0])
        self._language.fill("en")
        self._show()

    def problem(self) -> tuple[str, str] | None:
        if self._place.value() is None:
            return "place", self.tr("Choose where it was put.")
        return None

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(
            self.bridge.parts.notice_desk.put,
            self._item,
            self._place.value(),
            self._language.value(),
            self._link.value(),
        )

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self._shown.said())
        self.say_effect(self.tr("Copied. Put it there, then tick it here."))

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Ticked: {}.").format(words.place(self._place.value())), False

    def _show(self) -> None:
        if self._item is not None:
            self.read_for(self._read())

    async def _read(self) -> None:
        place, language = self._place.value(), self._language.value()
        self._shown.say(
            await self.bridge.read(self.bridge.parts.notice_desk.words_for, self._item, place, language)
        )
        self.grew.emit()
