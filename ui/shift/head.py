"""Above the lists of a pack: what it is, the weather, the numbers of then and now."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from dispatch.forms import shift as forms
from dispatch.records import PackState, Section, ShiftPack
from ui.theme import Theme
from ui.widgets.words import Words, rule

COLUMNS = 9


class PackHead(QWidget):
    def __init__(self, *, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self._title = Words(self.tr("Shift hand-over"), theme=theme, role="title", wrap=False)
        self.state = Words(theme=theme, role="small_strong", tone="text_dim", wrap=False)
        self.edition = Words(theme=theme, tone="text_dim", wrap=False)
        self.weather = Words(theme=theme, role="small", tone="text")
        self.moves = Words(theme=theme, role="small", tone="text_dim")
        self.cells: list[list[Words]] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        first = QHBoxLayout()
        first.setSpacing(14)
        for words in (self._title, self.state):
            first.addWidget(words, 0, Qt.AlignmentFlag.AlignBaseline)
        first.addStretch()
        column.addLayout(first)
        column.addWidget(self.edition)
        column.addWidget(self.weather)
        column.addWidget(self._table(theme))
        column.addWidget(self.moves)
        column.addWidget(rule())

    def show_pack(self, pack: ShiftPack | None) -> None:
        if pack is None:
            nothing = self.tr("No shift has been handed over here yet. A supervisor makes the first pack.")
            for words in (self.state, self.weather, self.moves):
                words.say("")
            self.edition.say(nothing)
            self._numbers.hide()
            return
        is_open = pack.state == PackState.HANDED_OVER
        self.state.say(forms.STATES[pack.state], "warn" if is_open else "text_dim")
        self.edition.say(forms.edition_words(pack, self._zone))
        self.weather.say("  ·  ".join(line.what for line in pack.lines(Section.WEATHER)))
        self.moves.say(" ".join(forms.moves(pack, self._zone)))
        for cells, (label, numbers) in zip(self.cells[1:], forms.totals_rows(pack, self._zone), strict=True):
            for cell, words in zip(cells, (label, *numbers), strict=True):
                cell.say(words)
        self._numbers.show()

    def _table(self, theme: Theme) -> QWidget:
        self._numbers = QWidget()
        grid = QGridLayout(self._numbers)
        grid.setContentsMargins(0, 2, 0, 2)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        heads = (self.tr("Reports"), self.tr("Sites"), self.tr("Open"), "P1", "P2", "P3", "P4", "INFO")
        for row in range(4):
            cells = []
            for at in range(COLUMNS + 1):
                role = "small" if row == 0 else "number" if row == 2 and at else "body"
                tone = "text_dim" if row == 0 or not at else "text"
                cell = Words(theme=theme, role=role, tone=tone, wrap=False)
                side = Qt.AlignmentFlag.AlignRight if at else Qt.AlignmentFlag.AlignLeft
                cell.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(cell, row, at)
                cells.append(cell)
            self.cells.append(cells)
        for cell, words in zip(self.cells[0][1:], (*heads, self.tr("Closed")), strict=True):
            cell.say(words)
        grid.setColumnStretch(0, 3)
        for at in range(1, COLUMNS + 1):
            grid.setColumnStretch(at, 1)
        return self._numbers
