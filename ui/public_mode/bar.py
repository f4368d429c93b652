"""The bar over every screen while the public's list is not as storm mode wants it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.records import PublicState
from dispatch.rights import may
from ui.theme import Theme
from ui.widgets.bar import Bar
from ui.widgets.guard import guarded

LOOK_EVERY = 60  # seconds of real time; every change is heard of at once


class PublicBar(Bar):
    """For those who can do something about it."""

    def __init__(self, *, bridge: Any, theme: Theme, sheets: Any) -> None:
        super().__init__(theme=theme, ground="internal_bg", line="warn")
        self._bridge, self._sheets = bridge, sheets
        self._is_filled = False
        self._looking: asyncio.Task[None] | None = None
        self._ticks = 0
        bridge.ticked.connect(self._tick)
        bridge.room_changed.connect(self.look)

    def said(self) -> str:
        return str(self.words.said()) if self._is_filled and not self.isHidden() else ""

    def look(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self._look())

    @guarded
    def _tick(self, _now: int) -> None:
        self._ticks += 1
        if self._ticks % LOOK_EVERY == 1:
            self.look()

    async def _look(self) -> None:
        with suppress(LandfallError):  # said already by whoever follows the store
            state = await self._bridge.read(self._bridge.parts.public_mode_desk.state)
            if isValid(self):  # the window may have been closed meanwhile
                self.show_state(state)

    def show_state(self, state: PublicState) -> None:
        from ui.public_mode.words import bar_words

        said = ""
        if state.rows and may(self._bridge.parts.actor.role, "public_mode_on"):
            said = bar_words(state, self._bridge.clock.now(), self._bridge.zone)
        if said and not self._is_filled:
            self._fill()
        if said:
            self.words.say(said)
            self.setAccessibleName(said)
        self.setVisible(bool(said))

    def _fill(self) -> None:
        """Not before it is needed for the first time."""
        from ui.widgets.key_button import KeyButton
        from ui.widgets.words import Words

        self._is_filled = True
        self.words = Words(theme=self._theme, role="medium", tone="text")
        button = KeyButton(self.tr("Show it"), theme=self._theme)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self._sheets.open("public_mode", 0))
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 7, 18, 8)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(button)
