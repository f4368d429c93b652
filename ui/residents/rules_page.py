"""The Rules page: each rule with how it stands and what it has done; what one would send, before it is on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from dispatch.board import exactly
from dispatch.errors import LandfallError
from dispatch.records import Rule, RuleCount, RuleKind
from ui.residents import rule_words
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.count_table import Cell, Column, CountTable, Row
from ui.widgets.key_button import KeyButton
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words

log = logging.getLogger(__name__)

WIDE = 1100
_NONE = Qt.KeyboardModifier.NoModifier


class RulesPage(QWidget):
    opened = Signal(object)  # the filters that show the sites behind a number

    def __init__(self, *, bridge: Any, theme: Theme, sheets: Sheets) -> None:
        super().__init__()
        self._bridge, self._theme, self._sheets = bridge, theme, sheets
        self.rules: tuple[Rule, ...] = ()
        self.counts: dict[RuleKind, RuleCount] = {}
        self._reading: asyncio.Task[None] | None = None
        self._build()
        bridge.changed.connect(self._look_again)

    def look(self) -> None:
        if self._reading is None or self._reading.done():
            self._reading = asyncio.ensure_future(self._read())

    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier != _NONE:
            return None
        return {
            Qt.Key.Key_J: lambda: self._table.step(1),
            Qt.Key.Key_K: lambda: self._table.step(-1),
            Qt.Key.Key_Return: self._open_current,
            Qt.Key.Key_Enter: self._open_current,
        }.get(Qt.Key(event.key()))

    def chosen(self) -> Rule | None:
        return self.rules[self._table.current] if self._table.current < len(self.rules) else None

    # -- inside -----------------------------------------------------------------------------------------

    async def _read(self) -> None:
        desk = self._bridge.parts.rule_desk
        try:
            rules, counted = await self._bridge.read(lambda: (desk.rules(), desk.counts()))
        except LandfallError as error:
            if isValid(self):
                self._about.say(str(error))
            return
        except Exception:
            # An edge: the page says that it does not know.
            log.exception("The rules could not be read")
            if isValid(self):
                self._about.say(self.tr("The rules could not be read."))
            return
        if isValid(self):
            self.rules, self.counts = rules, counted
            self._show()

    def _show(self) -> None:
        now, zone = self._bridge.clock.now(), self._bridge.zone
        rows = []
        for rule in self.rules:
            count = self.counts[rule.kind]
            at = times.clock(rule.at, now, zone) if rule.at else ""
            rows.append(
                Row(
                    (
                        Cell(rule_words.name(rule.kind), tone="text" if rule.is_on else "text_soft"),
                        Cell(rule_words.since(rule, at), tone="text" if rule.is_on else "text_dim"),
                        Cell(str(count.waiting)),
                        Cell(str(count.sent)),
                        Cell(str(count.withdrawn)),
                    ),
                    opens=lambda rule=rule: self._sheets.open("rule", rule=rule),
                )
            )
        self._table.show_rows(rows)
        self._show_answers()
        self._say_chosen()

    def _show_answers(self) -> None:
        count = self.counts[RuleKind.STILL_NEEDED]
        rows = [
            Row(
                (Cell(words), Cell(str(len(ids)))),
                opens=(lambda ids=ids, words=words: self.opened.emit(exactly(ids, words))) if ids else None,
            )
            for _, words, ids in rule_words.answered(count.answers)
        ]
        self._answers.show_rows(rows if count.answers else [])

    def _say_chosen(self) -> None:
        rule = self.chosen()
        if rule is None:
            return
        self._name.say(rule_words.name(rule.kind))
        self._about.say(rule_words.about(rule.kind))
        self._settings.say(rule_words.settings(rule))
        self._done.say(rule_words.done(self.counts[rule.kind]))

    def _open_current(self) -> None:
        if self._answers.hasFocus():
            self._answers.open_current()
        elif (rule := self.chosen()) is not None:
            self._sheets.open("rule", rule=rule)

    def _look_again(self, _delta: object) -> None:
        if self.isVisible():
            self.look()

    def _build(self) -> None:
        tr, theme = self.tr, self._theme
        columns = [
            Column(tr("Rule"), 0.36, is_number=False),
            Column(tr("How it stands"), 0.34, is_number=False),
            Column(tr("On their way"), 0.11),
            Column(tr("Sent"), 0.08),
            Column(tr("Withdrawn"), 0.11),
        ]
        self._table = CountTable(tr("Rules"), columns, theme=theme, empty=tr("Reading the rules…"))
        self._table.moved.connect(self._say_chosen)
        self._name = Words(theme=theme, role="strong")
        self._about = Words(theme=theme, tone="text_soft")
        self._settings = Words(theme=theme, tone="text_soft")
        self._done = Words(theme=theme, tone="text_dim")
        button = KeyButton(tr("Try it, switch it on or off"), "Enter", theme=theme)
        button.clicked.connect(self._open_current)
        self._answers = CountTable(
            tr("Answers to “still needed?”"),
            [Column(tr("Answers to “still needed?”"), 0.8, is_number=False), Column(tr("Sites"), 0.2)],
            theme=theme,
            empty=tr("Nobody was asked yet."),
        )
        said = Words(
            tr("Enter shows the sites: look at them before you close any."),
            theme=theme,
            role="small",
            tone="text_dim",
        )
        card = QFrame()
        card.setProperty("part", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(18, 14, 18, 14)
        inside.setSpacing(8)
        foot = QHBoxLayout()
        foot.addWidget(button)
        foot.addStretch(1)
        for each in (self._name, self._about, self._settings, self._done):
            inside.addWidget(each)
        inside.addLayout(foot)
        body = ScrollBody()
        body.setMaximumWidth(WIDE)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(14)
        column.addWidget(Words(rule_words.always(), theme=theme, tone="text_dim"))
        for each in (self._table, card, self._answers, said):
            column.addWidget(each)
        column.addStretch(1)
        frame = QVBoxLayout(self)
        frame.setContentsMargins(22, 8, 16, 12)
        frame.addWidget(scroller(body))
        self.setFocusProxy(self._table)
