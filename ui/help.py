"""All keys on one sheet, read from the commands."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.commands import Command, Commands
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.key_cap import KeyCap
from ui.widgets.words import Words

# A group may make its column so many lines longer than the longest group is; its title takes two of them.
OVER, TITLE = 4, 2


def stacked(lines: Mapping[str, int]) -> list[list[str]]:
    """Groups in columns, in their order: a short one stands under the one before, or else where there is most
    room, so that all fit a small screen side by side."""
    columns: list[list[str]] = []
    most = max(lines.values(), default=0) + OVER

    def high(column: list[str]) -> int:
        return sum(lines[each] + TITLE for each in column)

    for title, count in lines.items():
        beside = [columns[-1], min(columns, key=high)] if columns else []
        under = next((column for column in beside if high(column) + count <= most), None)
        if under is None:
            columns.append([title])
        else:
            under.append(title)
    return columns


class KeySheet(QFrame):
    """Any key or click closes it."""

    def __init__(self, *, commands: Commands, theme: Theme, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._theme = theme
        self._focus_before: QWidget | None = None
        self.setProperty("part", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Keys"))
        self._commands = commands
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 14)
        column.setSpacing(12)
        column.addWidget(Words(self.tr("Keys"), theme=theme, role="title"))
        self._column = column
        self._groups = QWidget()
        column.addWidget(self._groups)
        foot = self.tr(
            "Letters open a sheet; nothing happens until Enter. "
            "A word typed by mistake opens the command line."
        )
        column.addWidget(Words(foot, theme=theme, role="small", tone="text_dim"))
        self.hide()

    def open(self) -> None:
        self._focus_before = self.window().focusWidget()
        self._fill()
        self.adjustSize()
        self.move(
            max(0, (self._host.width() - self.width()) // 2),
            max(0, (self._host.height() - self.height()) // 2),
        )
        self.show()
        self.raise_()
        self.setFocus()

    def _fill(self) -> None:
        """Anew each time: a person's views come and go with their keys."""
        groups: dict[str, list[Command]] = {}
        for command in self._commands:
            if command.key:
                groups.setdefault(command.group, []).append(command)
        filled = QWidget()
        across = QHBoxLayout(filled)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(28)
        for titles in stacked({title: len(listed) for title, listed in groups.items()}):
            below = QVBoxLayout()
            below.setSpacing(12)
            for title in titles:
                below.addLayout(self._group(title, groups[title]))
            below.addStretch(1)
            across.addLayout(below)
        self._column.replaceWidget(self._groups, filled)
        self._groups.deleteLater()
        self._groups = filled

    def _group(self, title: str, commands: list[Command]) -> QVBoxLayout:
        part = QVBoxLayout()
        part.setSpacing(6)
        part.addWidget(Words(title, theme=self._theme, role="small_strong", tone="text_dim"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        # The room that a wider group below makes goes to the words, not to the keys.
        grid.setColumnStretch(1, 1)
        for line, command in enumerate(commands):
            key = command.key.replace("+", " ").replace("Return", "Enter")
            grid.addWidget(KeyCap(key, theme=self._theme), line, 0, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(Words(command.title, theme=self._theme, wrap=False), line, 1)
        part.addLayout(grid)
        return part

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._leave()
        event.accept()

    @guarded
    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self._leave()

    def _leave(self) -> None:
        self.hide()
        if self._focus_before is not None:
            self._focus_before.setFocus()
