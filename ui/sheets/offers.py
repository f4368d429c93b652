"""All open offers of help in one place, with state and age; Enter goes to the site and its next step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QListWidgetItem
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.records import Band, OfferLine
from ui.sheets.near_row import BAND_ROLE, LIST_EDGE, ROW_HEIGHT, near_list
from ui.sheets.offer_words import quoted, state_words
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

SHOWN = 9
WIDTH = 560
_PLAIN = Qt.KeyboardModifier.NoModifier


class OffersSheet(Sheet):
    NAME = "offers"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=WIDTH)
        self.bridge = bridge
        self._lines: tuple[OfferLine, ...] = ()
        self._go: Callable[[OfferLine], object] = lambda _line: None
        self.list = near_list(self.tr("Offers of help"), theme=theme)
        self._no = Words(theme=theme, tone="text_soft")
        self.body.addWidget(self.list)
        self.body.addWidget(self._no)
        self.list.currentRowChanged.connect(lambda _row: self._say())
        self.list.itemDoubleClicked.connect(lambda _item: self.confirm())
        for keys, step in (((Qt.Key.Key_Down, Qt.Key.Key_J), 1), ((Qt.Key.Key_Up, Qt.Key.Key_K), -1)):
            for key in keys:
                self.shortcuts[(_PLAIN, key)] = lambda step=step: self._step(step)
        self.say_title(self.tr("Offers of help"))
        self.say_effect(self.tr("Reading what neighbors offer."))
        self.say_act(self.tr("Go to the next step"))
        self.button.setEnabled(False)
        bridge.changed.connect(self.read)
        self.read()

    def begin(self, *, go: Callable[[OfferLine], object] | None = None) -> None:
        if go is not None:
            self._go = go

    def current(self) -> OfferLine | None:
        row = self.list.currentRow()
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def act(self) -> asyncio.Task[Any] | None:
        if (line := self.current()) is not None:
            go = self._go
            # Once this one has gone.
            QTimer.singleShot(0, lambda: go(line))
        return None

    def read(self, _delta: object = None) -> None:
        self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        try:
            lines = await self.bridge.read(self.bridge.parts.offer_desk.open_offers)
        except LandfallError as error:
            if isValid(self):
                self.say_effect(str(error), "alarm")
            return
        if isValid(self) and (lines != self._lines or not lines):
            self._show(lines)

    def _show(self, lines: tuple[OfferLine, ...]) -> None:
        before = self.current()
        self._lines = lines
        ids = [line.offer.offer_id for line in lines]
        self.list.blockSignals(True)
        self.list.clear()
        for line in lines:
            made = QListWidgetItem(self._line(line))
            made.setData(BAND_ROLE, line.band)
            self.list.addItem(made)
        self.list.setFixedHeight(min(SHOWN, len(lines)) * ROW_HEIGHT + 2 * LIST_EDGE)
        self.list.setVisible(bool(lines))
        is_there = before is not None and before.offer.offer_id in ids
        self.list.setCurrentRow(ids.index(before.offer.offer_id) if is_there and before else 0)
        self.list.blockSignals(False)
        self.button.setEnabled(bool(lines))
        self._say()
        if lines and self.isVisible() and not self.button.hasFocus():
            self.button.setFocus()

    def _say(self) -> None:
        line = self.current()
        self._no.say(line.no if line else "")
        if self._lines:
            self.say_effect(
                self.tr("{} open, the oldest first. None of them is an answer of the city.").format(
                    len(self._lines)
                )
            )
        else:
            self.say_effect(self.tr("No neighbor offers help just now. Offers show here as they come in."))
        self.grew.emit()

    def _step(self, by: int) -> None:
        if self._lines:
            self.list.setCurrentRow(min(max(0, self.list.currentRow() + by), len(self._lines) - 1))

    def _line(self, line: OfferLine) -> str:
        now, offer = self.bridge.clock.now(), line.offer
        facts = (
            state_words(offer.state),
            self.tr("offered {} ago").format(times.age(now - offer.said_at)),
            line.where,
        )
        return f"{Band(line.band).name} {quoted(offer, 90)}\n{' · '.join(filter(None, facts))}"
