"""The sweeps as the window knows them: read when they or the sites change, told to list, detail and map."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.records import Sweep
from ui.sheets import sweep_words

log = logging.getLogger(__name__)

# In a flood of reports the covered sites are looked up no more often.
REST_MS = 2_000


class Sweeps(QObject):
    changed = Signal()  # other sweeps, or other states of them
    marked = Signal(object)  # ids of the sites that a sweep covers now and did not, or no longer does

    def __init__(self, *, bridge: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.all: tuple[Sweep, ...] = ()
        self._of_sites: Mapping[int, Sweep] = {}
        self._reading: asyncio.Task[None] | None = None
        self._wants = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.look)
        bridge.room_changed.connect(self.look)
        bridge.changed.connect(lambda _delta: self._look_later())

    def begin(self) -> None:
        """The store is open."""
        self.look()

    def at(self, site_id: int) -> Sweep | None:
        return self._of_sites.get(site_id)

    def mark(self, site_id: int) -> str:
        """The word on the row of a site that one covers."""
        sweep = self._of_sites.get(site_id)
        return sweep_words.mark_words(sweep, self._bridge.zone) if sweep else ""

    def detail(self, site_id: int) -> str:
        """The line in its detail."""
        sweep = self._of_sites.get(site_id)
        if sweep is None:
            return ""
        return sweep_words.detail_words(sweep, self._bridge.clock.now(), self._bridge.zone)

    def look(self) -> None:
        self._wants = True
        if self._bridge.parts.workers.is_held:
            return
        if self._reading is None or self._reading.done():
            self._reading = asyncio.ensure_future(self._look())

    def _look_later(self) -> None:
        # Where nobody is to come, a new site changes nothing.
        if any(each.state.is_open for each in self.all) and not self._rest.isActive():
            self._rest.start()

    async def _look(self) -> None:
        desk = self._bridge.parts.sweep_desk
        while self._wants:
            # Whoever asks from here on is answered by one more look.
            self._wants = False
            try:
                found = await self._bridge.read(desk.entries)
                is_any = any(each.state.is_open for each in found)
                of_sites = await self._bridge.read(desk.of_sites) if is_any else {}
            except LandfallError:
                return  # said already by whoever follows the store
            except Exception:
                # An edge: rows go on with the marks they had.
                log.exception("The sweeps could not be read")
                return
            if isValid(self):
                self._take(found, of_sites)

    def _take(self, found: tuple[Sweep, ...], of_sites: Mapping[int, Sweep]) -> None:
        before, self._of_sites = self._of_sites, of_sites
        is_other, self.all = found != self.all, found
        if is_other:
            self.changed.emit()
        moved = {each for each in before.keys() | of_sites.keys() if before.get(each) != of_sites.get(each)}
        if moved:
            self.marked.emit(moved)
