"""A section of the detail: a heading and rows, rebuilt only when what it shows has changed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.widgets.words import Words, rule


class Section(QWidget):
    """Hidden while it has nothing to show; a hair line sets it off from the section above."""

    def __init__(self, heading: str, *, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._heading = Words(heading, theme=theme, role="strong", tone="text_dim")
        self._rows = QWidget()
        self.rows = QVBoxLayout(self._rows)
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(rule())
        column.addWidget(self._heading)
        column.addWidget(self._rows)

    def say_heading(self, heading: str) -> None:
        self._heading.say(heading)

    def clear(self) -> None:
        _empty(self.rows)

    def add_pair(self, left: str, right: str, *, tone: str = "text", role: str = "body") -> None:
        """Words on the left, a number or time set flush right."""
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Words(left, theme=self.theme, role=role, tone=tone), 1)
        last = Words(right, theme=self.theme, role=role, tone=tone, wrap=False)
        row.addWidget(last, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self.rows.addLayout(row)

    def add_line(self, text: str, *, tone: str = "text", role: str = "body", copyable: bool = False) -> Words:
        line = Words(text, theme=self.theme, role=role, tone=tone, copyable=copyable)
        self.rows.addWidget(line)
        return line

    def said(self) -> str:
        return "\n".join(w.said() for w in self.findChildren(Words) if not w.isHidden())


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if widget := item.widget():
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner := item.layout():
            _empty(inner)
            inner.deleteLater()
