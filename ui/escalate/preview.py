"""The hand-over as the ICS 213 it will be: the blocks by number, as on paper."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from dispatch.forms.ics213 import Ics213, Line
from ui.theme import Theme
from ui.widgets.words import Words, rule

LABEL_WIDTH = 96


class FormPreview(QFrame):
    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.form: Ics213 | None = None
        self.setProperty("part", "card")
        self._page: QWidget | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)

    def show_form(self, form: Ics213) -> None:
        self.form = form
        if self._page is not None:
            self._page.hide()
            self._page.deleteLater()
        self._page = QWidget()
        self.layout().addWidget(self._page)
        rows = QVBoxLayout(self._page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(6)
        rows.addWidget(Words(form.title, theme=self._theme, role="strong"))
        for blocks in (
            ((self.tr("1. Incident name"), form.incident),),
            ((self.tr("2. To"), form.sent_to), (self.tr("3. From"), form.sent_from)),
            ((self.tr("4. Subject"), form.subject),),
            ((self.tr("5. Date"), form.date), (self.tr("6. Time"), form.time)),
        ):
            rows.addWidget(rule())
            rows.addLayout(self._blocks(*blocks))
        rows.addWidget(rule())
        rows.addWidget(self._label(self.tr("7. Message")))
        rows.addLayout(self._message(form.message))
        rows.addWidget(rule())
        rows.addLayout(self._blocks((self.tr("8. Approved by"), form.approved_by or "–")))
        reply = form.reply or self.tr("on the EM desk, on paper or by voice")
        rows.addWidget(rule())
        rows.addLayout(self._blocks((self.tr("9. Reply"), reply), (self.tr("Reply code"), form.answer_code)))

    def said(self) -> str:
        return "\n".join(words.said() for words in self.findChildren(Words) if not words.isHidden())

    def _label(self, text: str) -> Words:
        return Words(text, theme=self._theme, role="tiny", tone="text_dim", wrap=False)

    def _blocks(self, *blocks: tuple[str, str]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        for label, text in blocks:
            block = QVBoxLayout()
            block.setSpacing(0)
            block.addWidget(self._label(label))
            block.addWidget(Words(text or "–", theme=self._theme))
            row.addLayout(block, 1)
        return row

    def _message(self, lines: tuple[Line, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        for i, line in enumerate(lines):
            label = Words(line.label, theme=self._theme, role="small", tone="text_dim")
            label.setFixedWidth(LABEL_WIDTH)
            tone, role = ("alarm", "strong") if line.is_warning else ("text", "body")
            grid.addWidget(label, i, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(Words(line.text, theme=self._theme, role=role, tone=tone), i, 1)
        return grid
