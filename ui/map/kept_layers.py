"""Keeps which layers are switched on, and how neighborhoods are shaded, for the next start of this seat."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from PySide6.QtCore import QObject

from dispatch import settings
from dispatch.errors import LandfallError
from ui.map.view import SHADING, MapView

log = logging.getLogger(__name__)


class KeptLayers(QObject):
    """The file is written on the network lane, never by the window."""

    def __init__(self, *, bridge: Any, view: MapView, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._view = bridge, view
        self._kept = dict(bridge.parts.settings.layers)
        self._written = self._kept
        self._writing: asyncio.Task[None] | None = None
        view.layer_box.switched.connect(self._look)
        view.shading.changed.connect(self._look)

    def _look(self) -> None:
        """Only what is other than at a first start: a layer of a later version then starts as it is meant."""
        now = self._view.layer_box.kept()
        if measure := self._view.shading.measure:
            now[SHADING] = measure.value
        self._kept = now
        if now != self._written and (self._writing is None or self._writing.done()):
            self._writing = asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        """Until the file has what was switched last."""
        parts = self._bridge.parts
        while (layers := self._kept) != self._written:
            self._written = layers
            try:
                await parts.workers.network(settings.keep, parts.folder, layers=layers)
            except LandfallError as error:
                self._bridge.said.emit(str(error), True)
                log.info("the layers' switches were not written: %s", error)
