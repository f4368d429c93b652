"""The sweeps of the room: each with its state, area and time, what it covers and leaves to a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from dispatch.records import LeftOut, SweepLine
from dispatch.rights import why_not
from ui.sheets import sweep_words
from ui.sheets.registry import Sheets
from ui.sheets.sweep_act import CANCEL, CLOSE, DONE, RIGHTS, START, STATES, TELL
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.count_table import Cell, Column, CountTable, Row
from ui.widgets.flow import FlowLayout
from ui.widgets.key_button import KeyButton
from ui.widgets.reading import Reading
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words, hint

EMPTY_CARD = 110
NO_LIMIT = 16_777_215  # what Qt takes for none

_NONE, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
# What ends something needs Shift, as closing a site does.
_KEYS = {
    (_NONE, Qt.Key.Key_S): START,
    (_NONE, Qt.Key.Key_T): TELL,
    (_NONE, Qt.Key.Key_D): DONE,
    (_SHIFT, Qt.Key.Key_C): CLOSE,
    (_SHIFT, Qt.Key.Key_X): CANCEL,
}


class SweepsPage(QWidget):
    def __init__(self, *, bridge: Any, theme: Theme, sheets: Sheets) -> None:
        super().__init__()
        self._bridge, self._theme, self._sheets = bridge, theme, sheets
        self.lines: tuple[SweepLine, ...] = ()
        self._reading = Reading(self, bridge)
        self._build()
        self._say()

    # -- reading --------------------------------------------------------------------------------------

    def look(self) -> None:
        """What the store has now."""
        self._reading.begin(self._bridge.read(self._bridge.parts.sweep_desk.lines), self.take)

    @property
    def is_at_rest(self) -> bool:
        return self._reading.is_at_rest

    def take(self, lines: tuple[SweepLine, ...]) -> None:
        before = self.current()
        self.lines = lines
        self.table.show_rows([self._row(each) for each in lines])
        if before is not None:
            ids = [each.sweep.sweep_id for each in lines]
            if before.sweep.sweep_id in ids:
                self.table.go(ids.index(before.sweep.sweep_id))
        self._say()

    def current(self) -> SweepLine | None:
        return self.lines[self.table.current] if self.table.current < len(self.lines) else None

    # -- what a person does ---------------------------------------------------------------------------

    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if act := _KEYS.get((held, key)):
            return lambda: self.step(act)
        if held == _NONE and key == Qt.Key.Key_E:
            return self.change
        return None

    def change(self) -> None:
        """The sheet with the chosen sweep in it."""
        line = self.current()
        if line is not None and line.sweep.state.is_open:
            self._sheets.open("sweep", sweep=line.sweep, areas=())
        elif line is not None:
            self._bridge.said.emit(self.tr("It is over: plan a new one with Shift W."), False)

    def step(self, act: str) -> None:
        """The sheet that says what the step does; nothing is done before."""
        line = self.current()
        if line is None:
            return
        if no := self._why_not(act, line):
            self._bridge.said.emit(no, False)
            return
        self._sheets.open("sweep_act", sweep=line.sweep, act=act)

    def _why_not(self, act: str, line: SweepLine) -> str:
        if line.sweep.state not in STATES[act]:
            state = sweep_words.state_words(line.sweep.state).lower()
            return self.tr("{number} is {state}: this cannot be done with it now.").format(
                number=line.sweep.label, state=state
            )
        return why_not(self._bridge.parts.actor.role, RIGHTS[act])

    # -- inside ---------------------------------------------------------------------------------------

    def _row(self, line: SweepLine) -> Row:
        sweep, coverage = line.sweep, line.coverage
        now, zone = self._bridge.clock.now(), self._bridge.zone
        tone = "text" if sweep.state.is_open else "text_dim"
        said = sweep.said
        return Row(
            (
                Cell(sweep.label, tone=tone),
                Cell(sweep_words.state_words(sweep.state), tone=tone),
                Cell(said.area.name, tone=tone),
                Cell(sweep_words.when_words(said, now, zone), tone=tone),
                Cell(said.crew, tone=tone),
                Cell(str(len(coverage.sites)), tone=tone),
                Cell(str(len(coverage.left)), tone="warn" if coverage.left and sweep.state.is_open else tone),
                Cell(str(line.told), tone=tone),
                Cell(str(line.closed), tone=tone),
            ),
            opens=self.change,
        )

    def _say(self) -> None:
        line = self.current()
        for words in (self._what, self._who, self._note, self._covers, *self._left.values()):
            words.say("")
        self._foot.setVisible(line is not None)
        # Where nothing is listed the words stand right below the heads, not at the foot of an empty page.
        for part, height in ((self._list, self.table.sizeHint().height() + 8), (self._card, EMPTY_CARD)):
            part.setMaximumHeight(NO_LIMIT if line is not None else height)
        if line is None:
            self._title.say(self.tr("No sweep is planned"))
            self._what.say(
                self.tr(
                    "Shift W plans one: of a neighborhood, or of what is drawn on the map with Ctrl and the "
                    "mouse. Open sites inside it stay in the Queue until they are closed."
                )
            )
            return
        self._say_line(line)

    def _say_line(self, line: SweepLine) -> None:
        sweep, now, zone = line.sweep, self._bridge.clock.now(), self._bridge.zone
        said = sweep.said
        self._title.say(f"{sweep.label} · {said.area.name} · {sweep_words.state_words(sweep.state)}")
        self._what.say(
            " · ".join(
                filter(
                    None,
                    (
                        sweep_words.what_words(said, self._bridge.shown.label),
                        sweep_words.when_words(said, now, zone),
                        said.crew,
                        self.tr("led by {}").format(said.who) if said.who else "",
                    ),
                )
            )
        )
        by = self.tr("{state} by {who}, {ago}").format(
            state=sweep_words.state_words(sweep.state),
            who=sweep.person,
            ago=times.ago(sweep.at, now, zone),
        )
        self._who.say(by)
        self._note.say(said.note)
        told = (
            self.tr("Told of it: {} of them.").format(len(line.coverage.told)) if line.coverage.sites else ""
        )
        self._covers.say(" ".join(filter(None, (sweep_words.covers_words(line.coverage), told))))
        counted = list(line.coverage.left.values())
        for why, words in self._left.items():
            count = counted.count(why)
            words.say(sweep_words.left_words(why, count) if count else "")
        self._left_head.say(self.tr("Left to a person:") if counted else "")
        for act, button in self._buttons.items():
            no = self._why_not(act, line)
            button.setEnabled(not no)
            button.setToolTip(hint(no))
        self._change.setEnabled(sweep.state.is_open)

    def _build(self) -> None:
        theme, tr = self._theme, self.tr
        columns = (
            Column(tr("No."), 5, is_number=False),
            Column(tr("State"), 7, is_number=False),
            Column(tr("Area"), 20, is_number=False),
            Column(tr("When"), 19, is_number=False),
            Column(tr("Crew"), 10, is_number=False),
            Column(tr("Covers"), 6),
            Column(tr("Left out"), 6),
            Column(tr("Told"), 5),
            Column(tr("Closed"), 6),
        )
        self.table = CountTable(tr("Sweeps"), columns, theme=theme, empty=tr("None yet: Shift W plans one."))
        self.table.moved.connect(self._say)
        self.setFocusProxy(self.table)
        self._title = Words(theme=theme, role="strong")
        self._what, self._note = Words(theme=theme), Words(theme=theme, tone="text_soft")
        self._who = Words(theme=theme, role="small", tone="text_dim")
        self._covers = Words(theme=theme)
        self._left_head = Words(theme=theme, tone="text_dim")
        self._left = {why: Words(theme=theme, tone="text_soft") for why in LeftOut}
        self._buttons = {
            START: KeyButton(tr("It has started"), "S", theme=theme),
            TELL: KeyButton(tr("Tell the residents"), "T", theme=theme),
            DONE: KeyButton(tr("It is done"), "D", theme=theme),
            CLOSE: KeyButton(tr("Close the covered"), "Shift C", theme=theme),
            CANCEL: KeyButton(tr("Cancel it"), "Shift X", theme=theme),
        }
        self._change = KeyButton(tr("Change it"), "E", theme=theme)
        self._change.clicked.connect(self.change)
        for act, button in self._buttons.items():
            button.clicked.connect(lambda _checked=False, act=act: self.step(act))
        above = ScrollBody()
        tables = QVBoxLayout(above)
        tables.setContentsMargins(0, 0, 6, 0)
        tables.addWidget(self.table)
        tables.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 8, 18, 14)
        column.setSpacing(12)
        self._list, self._card = scroller(above), self._panel()
        column.addWidget(self._list, 3)
        column.addWidget(self._card, 2)
        column.addStretch()

    def _panel(self) -> QFrame:
        panel = QFrame()
        panel.setProperty("part", "card")
        inside = ScrollBody()
        words = QVBoxLayout(inside)
        words.setContentsMargins(0, 0, 6, 0)
        words.setSpacing(4)
        for each in (self._what, self._who, self._note, self._covers, self._left_head, *self._left.values()):
            words.addWidget(each)
        words.addStretch()
        self._foot = QWidget()
        across = FlowLayout(self._foot, gap=8)
        for button in (*self._buttons.values(), self._change):
            across.addWidget(button)
        frame = QVBoxLayout(panel)
        frame.setContentsMargins(18, 14, 12, 14)
        frame.setSpacing(8)
        frame.addWidget(self._title)
        frame.addWidget(scroller(inside), 1)
        frame.addWidget(self._foot)
        return panel
