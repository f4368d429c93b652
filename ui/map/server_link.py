"""The line to the process that fetches from a tile server: what is in sight goes there, news come back."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import orjson
from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from dispatch.geo.web_tiles import WebTile
from dispatch.tile_server.orders import Orders, State

log = logging.getLogger(__name__)

STARTS = 3
# Tiles come one by one; what they lie under is drawn anew for several of them at once.
GATHER_MS = 120


class ServerLink(QObject):
    """After `blocked` the process has nothing more to do: close the link."""

    came = Signal(object)  # tiles with other pixels than before
    told = Signal(object)  # State
    said = Signal(str)
    blocked = Signal(str)

    def __init__(self, orders: Orders, *, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._orders, self._command = orders, list(command)
        self._sight: list[WebTile] = []
        self._arrived: list[WebTile] = []
        self._process: QProcess | None = None
        self._starts = 0
        self._gather = QTimer(self, interval=GATHER_MS, singleShot=True, timeout=self._tell_arrived)

    def start(self) -> None:
        self._starts += 1
        process = QProcess(self)
        process.readyReadStandardOutput.connect(self._hear)
        process.finished.connect(self._lost)
        process.errorOccurred.connect(self._broken)
        self._process = process
        process.start(self._command[0], self._command[1:])
        if self._process is process:
            process.write(self._orders.line())
            self._send()

    def see(self, tiles: Sequence[WebTile]) -> None:
        """What is on the screen now; nothing else is asked for."""
        if list(tiles) != self._sight:
            self._sight = list(tiles)
            self._send()

    def close(self) -> None:
        self._gather.stop()
        process, self._process = self._process, None
        if process is not None:
            # What it keeps is whole at any moment.
            process.kill()
            process.waitForFinished(10_000)

    def _send(self) -> None:
        if self._process is not None:
            self._process.write(orjson.dumps(self._sight) + b"\n")

    def _hear(self) -> None:
        process = self._process
        while process is not None and process.canReadLine():
            said = orjson.loads(bytes(process.readLine().data()))
            for what, value in said.items():
                self._take(what, value)
            process = self._process  # closed by whoever heard the last one

    def _take(self, what: str, value: object) -> None:
        if what == "came" and isinstance(value, list):
            self._arrived += [(zoom, column, row) for zoom, column, row in value]
            self._gather.start()
        elif what == "state" and isinstance(value, dict):
            self.told.emit(State(**value))
        elif what == "said":
            self.said.emit(str(value))
        elif what == "blocked":
            log.warning("%s", value)
            self.blocked.emit(str(value))

    def _tell_arrived(self) -> None:
        arrived, self._arrived = self._arrived, []
        self.came.emit(arrived)

    def _broken(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._lost()

    def _lost(self, *_: object) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if self._starts < STARTS:
            self.start()
            return
        said = bytes(process.readAllStandardError().data()).decode(errors="replace").strip()
        log.warning(
            "Nothing is fetched from the tile server: the process ended %d times. %s", STARTS, said[-300:]
        )
        self.told.emit(State(None, 0, "failing"))
        self.said.emit(self.tr("Tiles cannot be fetched: what is kept and the bundled map are shown."))
