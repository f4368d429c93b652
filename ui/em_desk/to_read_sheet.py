"""Answers that a person has to read: what they say, why no program took them, and from there the form that
records what is meant (S17)."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from dispatch.escalation.channels import CHANNELS
from dispatch.records import Band, Escalation, ToRead
from ui.em_desk.answer_sheet import AnswerSheet
from ui.sheets.near_row import BAND_ROLE, LIST_EDGE, ROW_HEIGHT, NearRow
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.key_button import KeyButton
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

_PLAIN = Qt.KeyboardModifier.NoModifier
SHOWN = 6


class ToReadSheet(Sheet):
    """Enter records what one means, which marks it read; R, asked twice, marks one that asks nothing."""

    NAME = "to_read"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self._items: tuple[ToRead, ...] = ()
        self._cards: tuple[Escalation, ...] = ()
        self.say_title(self.tr("Answers to read"))
        self.list = QListWidget()
        self.list.setUniformItemSizes(True)
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setItemDelegate(NearRow(self.list, theme=theme))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The sheet moves in it: a list that has the focus keeps letters and Enter for itself.
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(self.tr("Answers to read"))
        self._why = Words(theme=theme, tone="warn")
        self._said = Words(theme=theme, copyable=True)
        for part in (self.list, self._why, self._said):
            self.body.addWidget(part)
        for keys, step in (((Qt.Key.Key_Down, Qt.Key.Key_J), 1), ((Qt.Key.Key_Up, Qt.Key.Key_K), -1)):
            for key in keys:
                self.shortcuts[(_PLAIN, key)] = lambda step=step: self._move(step)
        self.shortcuts[(_PLAIN, Qt.Key.Key_R)] = self.mark_read
        self._read_button: KeyButton = self.add_side_button(self.tr("Mark read"), "R", self.mark_read)
        self.list.currentRowChanged.connect(lambda _row: self._say())
        self.say_act(self.tr("Record what it means"))
        self._say()
        self._reading = self.read_for(self._read())

    def current(self) -> ToRead | None:
        row = self.list.currentRow()
        return self._items[row] if 0 <= row < len(self._items) else None

    def act(self) -> asyncio.Task[Any] | None:
        return None

    def follows(self) -> Sheet | None:
        """The form for what the answer means; it is read once that is recorded."""
        if (item := self.current()) is None:
            return None
        card = next((c for c in self._cards if c.number == item.number and c.state.is_open), None)
        sheet = AnswerSheet(
            bridge=self.bridge, theme=self.theme, site_id=0 if card else item.site_id or 0, card=card
        )
        sheet.records(item.incoming.by_name, item.incoming.channel, item.incoming.text)
        sheet.finished.connect(lambda is_done: is_done and self._have_read(self.bridge, item))
        return sheet

    def mark_read(self) -> None:
        """Asked for twice: nothing else is kept of it than that it was read (S12)."""
        item, again = self.current(), self.tr("Yes: mark read")
        if item is None:
            return
        if self._read_button.text() != again:
            self._read_button.say(again)
            self.say_effect(self.tr("Nothing is recorded; it leaves this list."), "warn")
            self.grew.emit()
            return
        task = self._have_read(self.bridge, item)
        task.add_done_callback(lambda done: None if done.exception() else self._take_away(item))

    # -- inside -------------------------------------------------------------------------------------

    @staticmethod
    def _have_read(bridge: Any, item: ToRead) -> asyncio.Task[Any]:
        return bridge.act(bridge.em_desk.have_read, item.incoming.key)

    async def _read(self) -> None:
        self._cards = tuple(await self.bridge.read(self.bridge.em_desk.cards, self.bridge.clock.now()))
        self._show(await self.bridge.read(self.bridge.em_desk.to_read))

    def _show(self, items: tuple[ToRead, ...]) -> None:
        row = max(0, self.list.currentRow())
        self._items = items
        self.list.clear()
        for item in items:
            made = QListWidgetItem(self._line(item))
            made.setData(BAND_ROLE, self._band(item))
            self.list.addItem(made)
        self.list.setFixedHeight(min(SHOWN, len(items)) * ROW_HEIGHT + 2 * LIST_EDGE)
        self.list.setCurrentRow(min(row, len(items) - 1))
        self._say()
        self.first_focus().setFocus()

    def _take_away(self, item: ToRead) -> None:
        self._show(tuple(each for each in self._items if each is not item))

    def _move(self, step: int) -> None:
        if self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())

    def _line(self, item: ToRead) -> str:
        came, now, zone = item.incoming, self.bridge.clock.now(), self.bridge.zone
        label = CHANNELS[came.channel].label if came.channel in CHANNELS else came.channel
        number = item.number or self.tr("No hand-over of ours")
        return f"{number} · {came.by_name or label}\n{label} · {times.ago(came.at, now, zone)}"

    def _band(self, item: ToRead) -> int:
        card = next((each for each in self._cards if each.number == item.number), None)
        return int(card.band) if card else int(Band.INFO)

    def _say(self) -> None:
        item = self.current()
        for part in (self.list, self._why, self._said, self._read_button):
            part.setVisible(item is not None)
        self.button.setEnabled(item is not None)
        self._read_button.say(self.tr("Mark read"))
        if item is None:
            self.say_effect(self.tr("No answer waits to be read."))
        else:
            self.say_effect(self.tr("What came and was not clear. Nothing was done with it."))
            self._why.say(item.incoming.why_unclear)
            self._said.say(item.incoming.text or self.tr("It has no words."))
        self.grew.emit()
