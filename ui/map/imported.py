"""Brings the seat's imported layers onto the map: at the start, and whenever one was changed."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from ui.map.layers.imported import Imported
from ui.map.view import MapView

if TYPE_CHECKING:
    from dispatch.geo.imports.folder import LayerFolder

log = logging.getLogger(__name__)


class ImportedLayers(QObject):
    """Files are read on the network lane, never on the window's."""

    def __init__(self, *, bridge: Any, view: MapView, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._view = bridge, view
        self._folder: LayerFolder = bridge.parts.layer_desk.folder
        self._stamp = -1
        self._wants_look = False
        self._reading: asyncio.Task[None] | None = None
        bridge.room_changed.connect(self.look)

    @property
    def has_any(self) -> bool:
        return any(isinstance(each, Imported) for each in self._view.layers)

    def look(self) -> None:
        """Read them if they are others than those shown."""
        self._wants_look = True
        if self._reading is None or self._reading.done():
            self._reading = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        network = self._bridge.parts.workers.network
        while self._wants_look:
            # Whoever asks from here on is answered by one more look.
            self._wants_look = False
            if (stamp := await network(self._folder.stamp)) == self._stamp:
                continue
            try:
                found = await network(read_all, self._folder)
            except Exception:
                # An edge: the map goes on with the layers it had.
                log.exception("The imported layers could not be read")
                self._bridge.said.emit(self.tr("The imported layers could not be read."), True)
                return
            self._stamp, self._wants_look = stamp, True
            self._view.show_imported(found)


def read_all(folder: LayerFolder) -> list[Imported]:
    return [Imported(about, folder.read(about)) for about in folder.layers()]
