"""Times: what residents are told now of each category and why, how many of the ranges told have held, and
whose range has moved so far that they are told the new one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from dispatch.board import exactly
from dispatch.errors import LandfallError
from dispatch.expected_desk import Times
from dispatch.rights import MASKED_FOR
from ui.residents import times_rows
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.count_table import CountTable
from ui.widgets.key_button import KeyButton
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words, grounds

_NONE, _CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TimesPage(QWidget):
    """`opened` has the filter of the sites behind a row."""

    opened = Signal(object)

    def __init__(self, *, bridge: Any, theme: Theme, sheets: Sheets) -> None:
        super().__init__()
        self._bridge = bridge
        self._theme = theme
        self.times: Times | None = None
        self._counting: asyncio.Task[None] | None = None
        self._is_again = False
        self._going: set[asyncio.Future[Any]] = set()
        self._build()
        self._take_theme()
        theme.changed.connect(self._take_theme)

    # -- counting -------------------------------------------------------------------------------------

    def look(self) -> None:
        """Everything anew, beside the thread that draws; one count at a time."""
        if self._bridge.parts.actor.role in MASKED_FOR:
            self._counted.say(self.tr("Your role does not see what these times are counted from."))
            return
        if self._counting is not None and not self._counting.done():
            self._is_again = True
            return
        self._counting = asyncio.ensure_future(self._count())

    async def _count(self) -> None:
        desk, network = self._bridge.parts.expected_desk, self._bridge.parts.workers.network
        try:
            found = await network(desk.times)
        except LandfallError as error:
            self._bridge.said.emit(str(error), True)
        else:
            if not isValid(self):
                return  # the window was closed meanwhile
            self._take(found)
        if self._is_again:
            self._is_again = False
            self._counting = None
            self.look()

    def _take(self, found: Times) -> None:
        self.times = found
        zone = self._bridge.zone
        self.tables["categories"].show_rows(times_rows.category_rows(found, self._open))
        self.tables["weeks"].show_rows(times_rows.week_rows(found, zone))
        self.tables["due"].show_rows(times_rows.due_rows(found.due))
        going = any(not each.no for each in found.due)
        self._send.setVisible(going)
        self._send.setText(times_rows.due_words(found.due))
        at = times.clock(found.counted_at, self._bridge.clock.now(), zone)
        self._counted.say(self.tr("counted {}, anew each hour").format(at))
        self._say_row()

    # -- acting ---------------------------------------------------------------------------------------

    def _open(self, category: str, label: str) -> None:
        async def show() -> None:
            try:
                ids = await self._bridge.read(self._bridge.parts.expected_desk.open_sites, category)
            except LandfallError as error:
                self._bridge.said.emit(str(error), True)
                return
            if isValid(self) and ids:
                self.opened.emit(exactly(ids, self.tr("Open: {}").format(label)))

        self._go_on(asyncio.ensure_future(show()))

    def correct(self) -> None:
        """Tell those in the list, as it stands there, the new time."""
        keys = [each.told.request_key for each in self.times.due if not each.no] if self.times else []
        if keys:
            self._go_on(self._bridge.act(self._bridge.parts.expected_desk.correct, keys))

    def _go_on(self, task: asyncio.Future[Any]) -> None:
        self._going.add(task)
        task.add_done_callback(self._going.discard)

    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        # Only from the list of those who would hear it: nobody sends what they have not before them.
        if held == _CTRL and event.key() in _ENTER and self.tables["due"].hasFocus():
            return self.correct
        if held == _NONE and event.key() == Qt.Key.Key_R:
            return self.look
        return None

    # -- showing --------------------------------------------------------------------------------------

    def _say_row(self) -> None:
        table = self.focusWidget()
        row = table.row() if isinstance(table, CountTable) else None
        enter = self.tr(" Enter shows its open sites.") if row is not None and row.opens else ""
        self._about.say(f"{row.counts}{enter}" if row else "")
        if isinstance(table, CountTable) and table is self.tables["categories"]:
            spot = table.spot()
            self._area.ensureVisible(0, spot.top(), 0, 40)
            self._area.ensureVisible(0, spot.bottom(), 0, 20)

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.tables["categories"].setFocus()

    # -- building -------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Times"))
        theme, tr = self._theme, self.tr
        self.tables = {
            "categories": CountTable(
                tr("Told now, by category"), times_rows.category_columns(), theme=theme, empty=tr("counting…")
            ),
            "due": CountTable(
                tr("Times that have moved"),
                times_rows.due_columns(),
                theme=theme,
                empty=tr("Nobody has to be told of a new time."),
            ),
            "weeks": CountTable(tr("Ranges that held"), times_rows.week_columns(), theme=theme),
        }
        for table in self.tables.values():
            table.moved.connect(self._say_row)
        self._counted = Words(theme=theme, role="small", tone="text_dim", wrap=False)
        self._about = Words(theme=theme, role="small", tone="text_soft")
        self._about.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._about.setMinimumHeight(50)
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._send = KeyButton("", "Ctrl ⏎", theme=theme)
        self._send.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._send.clicked.connect(self.correct)
        self._send.setVisible(False)
        body = ScrollBody()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 4, 0)
        inside.addWidget(self.tables["categories"])
        inside.addStretch(1)
        self._area = scroller(body)
        grid = QGridLayout(self)
        grid.setContentsMargins(22, 6, 18, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.addWidget(self._card("categories", self._area, self._counted), 0, 0, 2, 1)
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(self._card("due", self.tables["due"], self._send), 0, 1, top)
        grid.addWidget(self._card("weeks", self.tables["weeks"], None), 1, 1, top)
        grid.addWidget(self._about, 2, 0, 1, 2)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(0, 67)
        grid.setColumnStretch(1, 33)

    def _card(self, name: str, inside: QWidget, beside: QWidget | None) -> QFrame:
        card = QFrame()
        card.setProperty("part", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(10, 9, 10, 9)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setContentsMargins(6, 0, 6, 0)
        head.addWidget(Words(self.tables[name].name, theme=self._theme, role="strong", wrap=False))
        head.addStretch()
        if beside is not None:
            head.addWidget(beside)
        column.addLayout(head)
        column.addWidget(inside, 1)
        return card

    def _take_theme(self) -> None:
        self.setStyleSheet(grounds(self._theme.palette))
