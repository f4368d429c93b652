"""A message to the residents of a site: public, true, ten seconds to take back (S8)."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtWidgets import QFrame, QVBoxLayout

from dispatch.records import SiteView
from ui.sheets.public_words import doubt_about
from ui.sheets.site_sheet import SiteSheet
from ui.sheets.words import followers_words, reporters_words
from ui.theme import Theme
from ui.widgets.fields import TextField
from ui.widgets.words import Words

MOST_SIGNS = 5000


class MessageSheet(SiteSheet):
    NAME = "message"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.say_title(self.tr("Message the residents"))
        self._text = self.keep("text", TextField("", theme=theme, least=4, most=12))
        self._text.box.setAccessibleName(self.tr("Public message"))
        self._text.box.setPlaceholderText(self.tr("What is known, what happens next, what keeps them safe"))
        self.body.addWidget(self._public_box())
        self._text.edited.connect(self._count)
        self.say_act(self.tr("Send"))

    def show_site(self, view: SiteView) -> None:
        followers = followers_words(view.followers)
        self._public.say(self.tr("PUBLIC on the city's site, {followers}").format(followers=followers))
        people = reporters_words(max(1, len(view.requests)))
        self.say_act(self.tr("Send to {people}").format(people=people))
        self._text.box.setReadOnly(not view.can_message)
        self.button.setEnabled(view.can_message)
        if not view.can_message:
            self.say_effect(
                view.cannot_message_why or self.tr("The city's site takes no message here."), "alarm"
            )

    def problem(self) -> tuple[str, str] | None:
        text = self._text.value()
        if not text:
            return "text", self.tr("Write something to send.")
        if len(text) > MOST_SIGNS:
            return "text", self.tr("The city's site takes {most} signs; this is {count}.").format(
                most=MOST_SIGNS, count=len(text)
            )
        return None

    def doubt(self) -> str:
        return doubt_about(self._text.value())

    def done_words(self) -> tuple[str, bool]:
        return self.tr("The message leaves in 10 s."), True

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(self.bridge.desk.message, self.site_id, self._text.value())

    def _count(self) -> None:
        left = MOST_SIGNS - len(self._text.value())
        self._left.say(self.tr("{} signs left").format(left) if left < 300 else "")

    def _public_box(self) -> QFrame:
        box = QFrame()
        box.setProperty("part", "public")
        self._public = Words(self.tr("PUBLIC on the city's site"), theme=self.theme, role="strong")
        self._left = Words(theme=self.theme, role="small", tone="text_dim")
        inside = QVBoxLayout(box)
        inside.setContentsMargins(10, 8, 10, 10)
        inside.setSpacing(6)
        inside.addWidget(self._public)
        inside.addWidget(self._text)
        inside.addWidget(self._left)
        for sentence in (
            self.tr(
                "Leaves after 10 s; U takes it back until then. Afterwards only a visible correction can."
            ),
            self.tr(
                "This is not 911: nobody reads replies as an emergency call. Say so where life is at risk."
            ),
        ):
            inside.addWidget(Words(sentence, theme=self.theme, role="small", tone="text_dim"))
        return box
