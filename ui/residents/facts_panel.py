"""The facts to tell residents, in a list by section; Enter gives the current line away as plain text."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.records import CityFacts, Notice
from ui.residents.facts_words import FactLine, lines_of
from ui.residents.notice_facts import notice_lines
from ui.theme import Theme
from ui.widgets.count_table import ROW, Cell, Column, CountTable, Row
from ui.widgets.guard import guarded
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words, grounds

WIDTH = 500
_ALT = Qt.KeyboardModifier.AltModifier


class FactsPanel(QFrame):
    """Reads its facts when it is shown, and when any seat has said something new."""

    copied = Signal(str)
    left = Signal()
    typing_wanted = Signal()

    def __init__(self, *, bridge: Any, theme: Theme) -> None:
        super().__init__()
        self._bridge, self._theme = bridge, theme
        self._facts = CityFacts()
        self.lines: tuple[FactLine, ...] = ()
        self._notices: tuple[Notice, ...] = ()
        self._reading: asyncio.Task[None] | None = None
        self._build()
        self._paint_in_theme()
        theme.changed.connect(self._paint_in_theme)
        bridge.room_changed.connect(self._look_if_seen)
        bridge.ticked.connect(lambda _now: self._age())

    def look(self) -> None:
        self._reading = asyncio.ensure_future(self._read())

    def take(self, facts: CityFacts, notices: tuple[Notice, ...]) -> None:
        self._facts, self._notices = facts, notices
        self._show()

    def current(self) -> FactLine | None:
        """The line that is chosen; a section's heading is none."""
        at = self.table.current
        return self._rows[at] if at < len(self._rows) else None

    def copy(self) -> None:
        line = self.current()
        if line is None:
            return
        if line.copy:
            self.copied.emit(line.copy)
        else:
            self._below.say(line.why_not, "warn")

    def said(self) -> str:
        return "\n".join(filter(None, (self.table.said(), self._below.said(), self._source.said())))

    def be_inside(self) -> None:
        """In a sheet of its own, which has a title, a frame and a foot already."""
        self._title.say("")
        self._hints.say(self.tr("Enter copies the line · Alt T types one in"))
        self.setProperty("part", "")
        self.layout().setContentsMargins(0, 0, 0, 0)

    # -- keys -----------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # Its keys are its own, also before the window's.
        if event.type() == QEvent.Type.ShortcutOverride and self._is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def _is_ours(self, event: QKeyEvent) -> bool:
        is_plain = not event.modifiers() & (_ALT | Qt.KeyboardModifier.ControlModifier)
        return is_plain or (event.modifiers() == _ALT and event.key() == Qt.Key.Key_T)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.modifiers() == _ALT and event.key() == Qt.Key.Key_T:
            self.typing_wanted.emit()
        elif event.modifiers() & (_ALT | Qt.KeyboardModifier.ControlModifier):
            event.ignore()

    # -- inside ---------------------------------------------------------------------------------------

    def _look_if_seen(self) -> None:
        if self.isVisible():
            self.look()

    async def _read(self) -> None:
        bridge = self._bridge
        try:
            facts = await bridge.read(bridge.parts.city_fact_desk.facts)
            notices = await bridge.read(bridge.parts.notice_desk.live)
        except LandfallError as error:
            if isValid(self):
                self._below.say(str(error), "alarm")
            return
        if isValid(self):
            self.take(facts, notices)

    def _age(self) -> None:
        if self.isVisible() and (self._facts.said or self._notices):
            self._show()

    def _show(self) -> None:
        now, zone = self._bridge.clock.now(), self._bridge.zone
        lines = lines_of(self._facts, now, zone, notice_lines(self._notices, now, zone))
        if lines == self.lines and self.table.rows:
            return
        self.lines = lines
        shown: list[Row] = []
        self._rows: list[FactLine | None] = []
        section = ""
        for line in lines:
            if line.section != section:
                section = line.section
                shown.append(Row((Cell(section, tone="text_dim"), Cell(), Cell())))
                self._rows.append(None)
            tone = "text_faint" if line.is_old else "text"
            cells = Cell(line.name, tone=tone), Cell(line.said, tone=tone), Cell(line.age, tone="text_dim")
            shown.append(Row(cells, counts=line.source, opens=self.copy))
            self._rows.append(line)
        is_first = not self.table.rows
        self.table.show_rows(shown)
        if is_first and shown:
            self.table.go(1)
        self._say()

    def _say(self) -> None:
        line = self.current()
        if line is not None:
            self._below.say(line.copy or line.why_not, "text" if line.copy else "text_dim")
            self._source.say(line.source)
        else:
            self._below.say("")
            self._source.say("")
        self._scroll.ensureVisible(0, self.table.spot().center().y(), 0, 2 * ROW)

    def _build(self) -> None:
        theme, tr = self._theme, self.tr
        self._rows = []
        self.setProperty("part", "facts")
        self._title = Words(tr("Facts to tell residents"), theme=theme, role="strong", wrap=False)
        columns = (Column("", 6, is_number=False), Column("", 7, is_number=False), Column("", 1.6))
        self.table = CountTable(
            tr("Facts to tell residents"), columns, theme=theme, empty=tr("Nothing is entered yet: Alt T.")
        )
        self.table.moved.connect(self._say)
        self.setFocusProxy(self.table)
        self._below = Words(theme=theme)
        self._source = Words(theme=theme, role="small", tone="text_dim")
        hints = tr("Enter copies the line into the reply · Alt T types one in · Alt F hides")
        self._hints = Words(hints, theme=theme, role="small", tone="text_dim")
        inside = ScrollBody()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 6, 0)
        rows.addWidget(self.table)
        rows.addStretch()
        self._scroll = scroller(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 10, 12)
        column.setSpacing(6)
        column.addWidget(self._title)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._below)
        column.addWidget(self._source)
        column.addWidget(self._hints)

    def _paint_in_theme(self) -> None:
        palette = self._theme.palette
        self.setStyleSheet(
            f'{grounds(palette)} QFrame[part="facts"] {{ background: {palette.panel};'
            f" border: 1px solid {palette.line_strong}; border-radius: 6px; }}"
        )
