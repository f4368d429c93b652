"""A small table to type into: a row of boxes for each line of an order, and always an empty one below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from ui.theme import Theme
from ui.widgets.fields import Field
from ui.widgets.words import Words

Rows = tuple[tuple[str, ...], ...]


class RowsField(Field):
    """`shares` are the columns' widths against each other."""

    def __init__(self, label: str, columns: Sequence[str], *, theme: Theme, shares: Sequence[int]) -> None:
        box = QWidget()
        super().__init__(label, box, theme=theme)
        self._columns = tuple(columns)
        self._grid = QGridLayout(box)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(4)
        self.lines: list[list[QLineEdit]] = []
        for at, (name, share) in enumerate(zip(columns, shares, strict=True)):
            head = Words(name, theme=theme, role="small", tone="text_dim", wrap=False)
            head.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._grid.addWidget(head, 0, at)
            self._grid.setColumnStretch(at, share)
        self._add()
        self.setFocusProxy(self.lines[0][0])

    def value(self) -> Rows:
        rows = (tuple(line.text().strip() for line in lines) for lines in self.lines)
        return tuple(row for row in rows if any(row))

    def show_value(self, value: Iterable[Sequence[str]]) -> None:
        rows = [tuple(row) for row in value]
        while len(self.lines) <= len(rows):
            self._add()
        for at, lines in enumerate(self.lines):
            for column, line in enumerate(lines):
                line.setText(" ".join(rows[at][column].split()) if at < len(rows) else "")
                line.setCursorPosition(0)

    def _add(self) -> None:
        number = len(self.lines) + 1
        lines = []
        for at, name in enumerate(self._columns):
            line = QLineEdit()
            line.setMinimumWidth(36)
            line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            line.setAccessibleName(f"{self.label}, {number}: {name}")
            line.textEdited.connect(self._take_edit)
            self._grid.addWidget(line, number, at)
            lines.append(line)
        self.lines.append(lines)

    def _take_edit(self) -> None:
        if any(line.text() for line in self.lines[-1]):
            self._add()
        self._edit()
