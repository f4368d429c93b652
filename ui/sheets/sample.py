"""The texts of an answer to many, one at a time: in which language, for how many; the next one by a key."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from dispatch.bulk.order import SaidTo
from ui.sheets.intent_words import language_words
from ui.theme import Theme
from ui.widgets import counts
from ui.widgets.words import Words


class Sample(QFrame):
    grew = Signal()

    def __init__(self, heading: str, *, theme: Theme) -> None:
        super().__init__()
        self.setProperty("part", "public")
        self._heading = heading
        self._texts: tuple[SaidTo, ...] = ()
        self._at = 0
        self._which = Words(theme=theme, role="strong")
        self._text = Words(theme=theme)
        self._keys = Words(theme=theme, role="small", tone="text_dim")
        inside = QVBoxLayout(self)
        inside.setContentsMargins(10, 8, 10, 10)
        inside.setSpacing(6)
        for each in (self._which, self._text, self._keys):
            inside.addWidget(each)

    def show_texts(self, texts: Sequence[SaidTo]) -> None:
        """The one in sight stays where it is still among them."""
        before = self._texts[self._at].text if self._texts else ""
        self._texts = tuple(texts)
        self._at = next((i for i, each in enumerate(texts) if each.text == before), 0)
        self._say()

    def turn(self, by: int = 1) -> None:
        if self._texts:
            self._at = (self._at + by) % len(self._texts)
            self._say()

    def said(self) -> str:
        return self._text.said()

    def _say(self) -> None:
        if not self._texts:
            self._which.say(self._heading)
            self._text.say(self.tr("Nobody reads anything of it."))
            self._keys.say("")
            self.grew.emit()
            return
        text = self._texts[self._at]
        place = self.tr("{} of {}").format(self._at + 1, len(self._texts))
        of = f"{language_words(text.language)} · {counts.reports(text.messages)}"
        self._which.say(f"{self._heading} · {place} · {of}")
        self._text.say(text.text)
        more = len(self._texts) > 1
        self._keys.say(self.tr("Alt T shows the next text.") if more else "")
        self.grew.emit()
