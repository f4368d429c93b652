"""What a tile server's process is told of the map, and what the map says of its tiles in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

from dispatch.clock import WallClock
from ui.map.base_words import tile_age

if TYPE_CHECKING:
    from dispatch.tile_server.orders import State
    from ui.map.view import MapView

# While the map is dragged: often enough to fill in, rarely enough that places passed by are not asked for.
LOOK_MS = 200
AGE_AGAIN_MS = 60_000


class Sight(QObject):
    """Watches which part of the map is seen; a map behind another screen is not seen."""

    def __init__(self, view: MapView) -> None:
        super().__init__(view)
        self._view = view
        self._wall = WallClock()
        self._state: State | None = None
        self._words = ""
        self._look = QTimer(self, interval=LOOK_MS, singleShot=True, timeout=self.tell)
        self._age = QTimer(self, interval=AGE_AGAIN_MS, timeout=self._say)
        view.installEventFilter(self)
        view.moved.connect(self._wait)
        view.base.changed.connect(self._begin)
        view.base.told.connect(self._take)

    def tell(self) -> None:
        """Say what is in sight now."""
        self._view.base.see(self._view.frame if self._view.isVisible() else None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize):
            self._wait()
        return super().eventFilter(watched, event)

    def _wait(self) -> None:
        if self._view.base.server is not None and not self._look.isActive():
            self._look.start()

    def _begin(self) -> None:
        self._state, self._words = None, ""
        if self._view.base.server is None:
            self._age.stop()
            return
        self._age.start()
        self.tell()

    def _take(self, state: State) -> None:
        self._state = state
        self._say()

    def _say(self) -> None:
        if self._state is None:
            return
        words = tile_age(self._state, self._wall.now(), self._view.selection.zone)
        if words != self._words:
            self._words = words
            self._view.say_age(words)
