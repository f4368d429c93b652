"""Steps that ask for a word: publishing names its effect, sending back and cancelling their reason."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch.notices import public_words
from dispatch.records import Notice, NoticeText
from ui.notices import words
from ui.theme import Theme
from ui.widgets.fields import LineField, TextField
from ui.widgets.sheet import Sheet


class NoticeStepSheet(Sheet):
    NAME = "notice_step"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=440)
        self.bridge = bridge
        self._item: Notice | None = None
        self._which = ""
        self._why = self.add("why", LineField(self.tr("Why"), theme=theme))
        self._texts = {
            code: self.add(
                f"text_{code}",
                TextField(self.tr("What the public is told, {}").format(name), theme=theme, least=2, most=5),
            )
            for code, name in words.LANGUAGES.items()
        }

    def begin(self, *, item: Notice | None = None, step: str = "", **given: Any) -> None:
        self._item, self._which = item, step
        if item is None:
            return
        named = f"{item.number} · {words.title(item)}"
        self._why.setVisible(step != "publish")
        for field in self._texts.values():
            field.setVisible(step == "cancel")
        if step == "publish":
            self.say_title(self.tr("Publish"), item.number)
            self.say_act(self.tr("Publish it"))
            where = words.area(item)
            self.say_effect(
                self.tr(
                    "“{}” goes to the public: {}. Ten seconds later it leaves for the 311 server."
                ).format(words.title(item), where),
                "warn",
            )
        elif step == "send_back":
            self.say_title(self.tr("Send back"), item.number)
            self.say_act(self.tr("Send it back"))
            self.say_effect(self.tr("{}: a draft again; approvals are gone.").format(named))
        else:
            self.say_title(self.tr("Cancel"), item.number)
            self.say_act(self.tr("Cancel it"))
            self.say_effect(self.tr("{} ends at once, and the public is told so.").format(named), "warn")
            for text in public_words.cancellation(item):
                if text.language in self._texts:
                    self._texts[text.language].fill(text.text)
        self.grew.emit()

    def first_focus(self) -> Any:
        return self.button if self._which == "publish" else self._why

    def problem(self) -> tuple[str, str] | None:
        if self._which != "publish" and not self._why.value():
            return "why", self.tr("Say why.")
        return None

    def act(self) -> asyncio.Task[Any]:
        desk, item = self.bridge.parts.notice_desk, self._item
        if self._which == "publish":
            return self.bridge.act(desk.publish, item)
        if self._which == "send_back":
            return self.bridge.act(desk.send_back, item, self._why.value())
        assert item is not None
        said = {each.language: each.title for each in public_words.cancellation(item)}
        texts = [
            NoticeText(code, said.get(code, item.texts[0].title), field.value())
            for code, field in self._texts.items()
        ]
        return self.bridge.act(desk.cancel, item, self._why.value(), texts)

    def done_words(self) -> tuple[str, bool]:
        done = {
            "publish": self.tr("Published: it is live."),
            "send_back": self.tr("Sent back to its author."),
            "cancel": self.tr("Cancelled. Take it down where people put it by hand."),
        }
        return done.get(self._which, ""), False
