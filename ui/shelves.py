"""What is shelved, brought from the store to this seat's alarm whenever any seat has changed it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from PySide6.QtCore import QObject
from shiboken6 import isValid

from dispatch.errors import LandfallError
from ui.sound import Alarm

log = logging.getLogger(__name__)


class Shelves(QObject):
    def __init__(self, *, bridge: Any, alarm: Alarm) -> None:
        super().__init__(alarm)
        self._bridge, self._alarm = bridge, alarm
        self._reading: asyncio.Task[None] | None = None
        bridge.room_changed.connect(self.read)
        bridge.synced.connect(alarm.take_status)

    def read(self) -> None:
        """While one reading runs the next waits for its turn: what is newest is shown last."""
        self._reading = asyncio.ensure_future(self._read(self._reading))

    async def _read(self, before: asyncio.Task[None] | None) -> None:
        if before is not None and not before.done():
            await asyncio.wait([before])
        try:
            shelves = await self._bridge.read(self._bridge.parts.alarm_desk.shelved)
        except LandfallError as error:
            # Nothing is set aside that is not known to be: every alarm sounds.
            log.info("What is shelved could not be read: %s", error)
            shelves = ()
        if isValid(self._alarm):
            self._alarm.take_shelves(shelves)
