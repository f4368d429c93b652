"""Counts the board by neighborhood beside the window, as often as it changes and somebody looks."""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from dispatch.geo.folder import GeoFolder
from dispatch.insight.neighborhoods import Neighborhoods, neighborhoods, seen_of
from dispatch.records import Millis
from ui.neighborhoods.reading import Loaded, read
from ui.widgets import times

# In a flood of reports they are counted anew so often.
REST_MS = 500
LAST_MS = 72 * times.HOUR_MS


class Span(Enum):
    ACTIVATION = "activation"
    LAST_HOURS = "last_hours"


class Counting(QObject):
    """`found` is what was counted last. The columns are copied here, all else is done on the network lane: a
    hundred thousand reports take longer than a frame."""

    counted = Signal()

    def __init__(self, *, bridge: Any, folder: GeoFolder, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._folder = bridge, folder
        self.loaded: Loaded | None = None
        self.found: Neighborhoods | None = None
        self.span = Span.ACTIVATION
        self.is_wanted = False
        self._counting: asyncio.Task[None] | None = None
        self._is_stale = False
        self._counted_at: Millis = 0
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.count)
        bridge.changed.connect(lambda _delta: self._count_soon())
        bridge.ticked.connect(self._tick)

    @property
    def since_at(self) -> Millis:
        if self.span is Span.ACTIVATION:
            return int(self._bridge.activation.started_at)
        return int(self._bridge.clock.now()) - LAST_MS

    @property
    def is_at_rest(self) -> bool:
        return not self._rest.isActive() and (self._counting is None or self._counting.done())

    async def load(self) -> Loaded | None:
        """The map's files, read once; None where no neighborhoods are loaded."""
        if self.loaded is None:
            self.loaded = await self._bridge.parts.workers.network(read, self._folder)
        return self.loaded

    def change_span(self) -> None:
        self.span = Span.LAST_HOURS if self.span is Span.ACTIVATION else Span.ACTIVATION
        self.count()

    def count(self) -> None:
        """From the board as it stands; asked again meanwhile, once more after that."""
        if self.loaded is None or not self.is_wanted:
            return
        if self._counting is not None and not self._counting.done():
            self._is_stale = True
            return
        self._counting = asyncio.ensure_future(self._count())

    async def _count(self) -> None:
        assert self.loaded is not None
        self._is_stale = True
        while self._is_stale:
            self._is_stale = False
            self._counted_at = self._bridge.clock.now()
            self.found = await self._bridge.parts.workers.network(
                neighborhoods,
                seen_of(self._bridge.board),
                self.loaded.places,
                since_at=self.since_at,
                activated_at=int(self._bridge.activation.started_at),
            )
            if not isValid(self):
                return  # the window was closed meanwhile
            self.counted.emit()

    def _count_soon(self) -> None:
        if self.is_wanted and not self._rest.isActive():
            self._rest.start()

    def _tick(self, now: Millis) -> None:
        # Hours go on without a report, and an hour after an outreach is over some time.
        if abs(now - self._counted_at) >= times.MINUTE_MS:
            self._count_soon()
