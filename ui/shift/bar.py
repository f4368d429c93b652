"""The bar over a supervisor's screens while a hand-over waits for its confirmation: calm, and it stays."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.records import Signed
from dispatch.rights import may
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.bar import Bar
from ui.widgets.guard import guarded

# The two of them talk it over first.
WAIT_MS = 10 * 60_000
LOOK_EVERY = 30  # seconds of real time


class ShiftBar(Bar):
    def __init__(self, *, bridge: Any, theme: Theme, window: Any) -> None:
        super().__init__(theme=theme, ground="internal_bg", line="warn")
        self._bridge, self._window = bridge, window
        self._waiting: Signed | None = None
        self._ticks = 0
        self._is_filled = False
        self._looking: asyncio.Task[None] | None = None
        bridge.ticked.connect(self._tick)
        bridge.room_changed.connect(self.look)

    def said(self) -> str:
        return str(self.words.said()) if self._is_filled and not self.isHidden() else ""

    def look(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        with suppress(LandfallError):  # said already by whoever follows the store
            self._waiting = await self._bridge.read(self._bridge.parts.shift_desk.unconfirmed)
            if isValid(self):  # the window may have been closed meanwhile
                self._say()

    @guarded
    def _tick(self, _now: int) -> None:
        self._ticks += 1
        if self._ticks % LOOK_EVERY == 1:
            self.look()
        elif self._waiting is not None:
            self._say()

    def _say(self) -> None:
        now, waiting = self._bridge.clock.now(), self._waiting
        is_ours = may(self._bridge.parts.actor.role, "pack_handed_over")
        if waiting is None or not is_ours or now - waiting.at < WAIT_MS:
            self.hide()
            return
        if not self._is_filled:
            self._fill()
        said = self.tr("The room was handed over to {who} {ago}, and is not confirmed yet.").format(
            who=waiting.person, ago=times.ago(waiting.at, now, self._bridge.zone)
        )
        self.words.say(said)
        self.setAccessibleName(said)
        self.show()

    def _fill(self) -> None:
        """Not before it is needed for the first time."""
        from ui.widgets.key_button import KeyButton
        from ui.widgets.words import Words

        self._is_filled = True
        self.words = Words(theme=self._theme, role="medium", tone="text")
        button = KeyButton(self.tr("Show it"), "G D", theme=self._theme)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self._window.go_to("shift"))
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 7, 18, 8)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(button)
