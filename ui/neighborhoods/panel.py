"""The place that is chosen: what is missing in a sentence, what may be the cause, what was done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from ui.theme import Theme
from ui.widgets.key_button import KeyButton
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words


class PlacePanel(QFrame):
    note_wanted = Signal()
    correction_wanted = Signal()
    rows_wanted = Signal()
    sheet_wanted = Signal()

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self.setProperty("part", "card")
        self._title = Words(theme=theme, role="strong", wrap=False)
        self._people = Words(theme=theme, role="small", tone="text_dim")
        self._sentence, self._causes = Words(theme=theme), Words(theme=theme, tone="text_soft")
        self._outreach = Words(theme=theme, tone="text_soft")
        self._around = Words(theme=theme, tone="text_dim")
        self._rows = KeyButton(self.tr("Show in the Queue"), "Enter", theme=theme)
        self._correct = KeyButton(self.tr("Correct the last note"), "Alt O", theme=theme)
        self._add = KeyButton(self.tr("Add outreach note"), "Ctrl N", theme=theme)
        self._sheet = KeyButton(self.tr("Print sheet"), "Ctrl P", theme=theme)
        self._sheet.clicked.connect(self.sheet_wanted)
        self._rows.clicked.connect(self.rows_wanted)
        self._correct.clicked.connect(self.correction_wanted)
        self._add.clicked.connect(self.note_wanted)
        inside = ScrollBody()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(8)
        for each in (self._people, self._sentence, self._causes, self._outreach, self._around):
            column.addWidget(each)
        column.addStretch()
        frame = QVBoxLayout(self)
        frame.setContentsMargins(18, 14, 12, 14)
        frame.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._sheet)
        frame.addLayout(head)
        frame.addWidget(scroller(inside), 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self._rows, self._correct, self._add):
            foot.addWidget(button)
        foot.addStretch()
        frame.addLayout(foot)

    def show_place(self, title: str, people: str, sentence: str, causes: Sequence[str]) -> None:
        self._title.say(title)
        self._people.say(people)
        self._sentence.say(sentence)
        self._causes.say("\n".join(filter(None, causes)))
        for button in (self._rows, self._add, self._sheet):
            button.setEnabled(bool(title))

    def show_outreach(self, lines: Sequence[str], is_any: bool) -> None:
        self._outreach.say("\n".join(lines))
        self._correct.setVisible(is_any)

    def show_around(self, lines: Sequence[str]) -> None:
        self._around.say("\n".join(filter(None, lines)))

    def said(self) -> str:
        parts = (self._title, self._people, self._sentence, self._causes, self._outreach, self._around)
        return "\n".join(each.said() for each in parts)
