"""Who else is at a site: this seat says where it is, hears where the others are. Off where there are none."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from dispatch.errors import LandfallError
from dispatch.records import Onlooker
from ui.queue.selection import Selection
from ui.sheets.registry import Sheets

log = logging.getLogger(__name__)

# Passing over a row with j or k is not looking at it.
SETTLE_MS = 700
# Three of them within the time after which a silent seat has gone.
BEAT_MS = 10_000
SILENT_S = 30.0
LEAVE_S = 2.0

_Where = tuple[int, bool]  # the site, 0 for none, and whether something is being written there


class Presence(QObject):
    changed = Signal(object)  # ids of the sites where somebody came, went, began or stopped to write

    def __init__(self, *, bridge: Any, selection: Selection, sheets: Sheets, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._selection, self._sheets = bridge, selection, sheets
        self._at: dict[int, tuple[Onlooker, ...]] = {}
        self._said: _Where = (0, False)
        self._since_at = 0
        self._is_on = self._wants_look = False
        self._heard_s = 0.0
        self._telling: set[asyncio.Task[None]] = set()
        self._reading: asyncio.Task[None] | None = None
        self._settle = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._say)
        self._beat = QTimer(self, interval=BEAT_MS)
        self._beat.timeout.connect(self._go_on)
        selection.moved.connect(lambda _site: self._settle.start())
        for turn in (sheets.opened, sheets.closed, sheets.edited):
            turn.connect(self._look_at_sheet)

    def begin(self) -> None:
        """The store is open: from now on, where others may be on it, too."""
        if not self._is_on and self._bridge.parts.presence.is_shared:
            self._is_on = True
            self._beat.start()
            self._say()
            self.look()

    def at(self, site_id: int) -> tuple[Onlooker, ...]:
        """Who of the other seats is at a site."""
        return self._at.get(site_id, ())

    def look(self) -> None:
        """Somebody came, went or writes: read where they are now."""
        self._wants_look = True
        if self._is_on and (self._reading is None or self._reading.done()):
            self._reading = asyncio.ensure_future(self._read())

    async def leave(self) -> None:
        """Before the store is closed; where it does not answer the others notice by themselves."""
        if self._is_on:
            self._is_on = False
            self._beat.stop()
            self._settle.stop()
            with suppress(LandfallError, TimeoutError):
                await asyncio.wait_for(self._bridge.read(self._bridge.parts.presence.leave), LEAVE_S)

    # -- inside -----------------------------------------------------------------------------------------

    def _where(self) -> _Where:
        sheet = self._sheets.current
        if sheet is not None and sheet.READS_SITE and sheet.has_words():
            return sheet.site_id, True
        return self._selection.current, False

    def _look_at_sheet(self) -> None:
        if self._is_on and self._where()[1] != self._said[1]:
            self._say()

    def _say(self) -> None:
        where = self._where()
        if self._is_on and where != self._said:
            self._said, self._since_at = where, self._bridge.clock.now()
            self._tell()

    def _go_on(self) -> None:
        if self._said[0]:
            self._tell()
        self.look()

    def _tell(self) -> None:
        presence, (site_id, is_writing) = self._bridge.parts.presence, self._said
        if site_id:
            task = asyncio.ensure_future(self._try(presence.stay, site_id, is_writing, self._since_at))
        else:
            task = asyncio.ensure_future(self._try(presence.leave))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _try(self, work: Any, *args: object) -> None:
        try:
            await self._bridge.read(work, *args)
        except LandfallError as error:
            log.info("the other seats were not told where this one is: %s", error)

    async def _read(self) -> None:
        while self._wants_look and self._is_on:
            self._wants_look = False
            try:
                self._take(await self._bridge.read(self._bridge.parts.presence.others))
                self._heard_s = time.monotonic()
            except LandfallError:
                # Said already by whoever follows the feed.
                if time.monotonic() - self._heard_s > SILENT_S:
                    self._take(())

    def _take(self, onlookers: Iterable[Onlooker]) -> None:
        found: dict[int, tuple[Onlooker, ...]] = {}
        for who in onlookers:
            found[who.site_id] = (*found.get(who.site_id, ()), who)
        before, self._at = self._at, found
        if moved := {key for key in before.keys() | found.keys() if before.get(key) != found.get(key)}:
            self.changed.emit(moved)
