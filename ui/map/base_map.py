"""Which base map is shown: the bundled one, or a file of the city's with pictures over it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import orjson
from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from dispatch.geo.folder import GeoFolder
from dispatch.geo.raster.about import About
from ui.map.tile_store import OVER, TileStore

log = logging.getLogger(__name__)

# A file on a slow share opens in a blink; one that takes longer leads its reader astray.
LOOK_MS = 15_000


class BaseMap(QObject):
    """`tiles` is the store that the map copies from; after `changed` it is another one.

    A file is first looked at by a process of its own. Whatever is wrong with it, the map goes on as it was,
    and `refused` says why.
    """

    changed = Signal()
    arrived = Signal()
    gave_up = Signal(str)
    refused = Signal(str)

    def __init__(
        self,
        root: Path,
        *,
        folder: GeoFolder,
        command: Sequence[str],
        look_command: Sequence[str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._root, self._folder = root, folder
        self._command, self._look_command = command, look_command
        self._look: QProcess | None = None
        self.path: Path | None = None
        self.about: About | None = None
        self.tiles = self._store(root, None)

    def use_bundled(self) -> None:
        self._end_look()
        if self.path is not None:
            self._take(None, None)

    def use_file(self, path: Path) -> None:
        """Look at it, and show it if it can be shown."""
        self._end_look()
        self._look = look = QProcess(self)
        look.finished.connect(lambda *_: self._hear(look, path))
        look.errorOccurred.connect(lambda *_: self._hear(look, path))
        QTimer.singleShot(LOOK_MS, look, look.kill)
        command = [*self._look_command, str(path)]
        look.start(command[0], command[1:])

    def close(self) -> None:
        self._end_look()
        self.tiles.close()

    def _store(self, root: Path, raster: Path | None) -> TileStore:
        made = TileStore(root, folder=self._folder, command=self._command, raster=raster, parent=self)
        made.arrived.connect(self.arrived)
        made.gave_up.connect(self._give_up)
        return made

    def _take(self, path: Path | None, about: About | None) -> None:
        before = self.tiles
        self.path, self.about = path, about
        # Apart from the bundled one's, so that going back to that draws nothing again.
        self.tiles = self._store(self._root / OVER if path else self._root, path)
        self.tiles.start()
        before.close()
        before.deleteLater()
        self.changed.emit()

    def _hear(self, look: QProcess, path: Path) -> None:
        if look is not self._look:
            return
        self._look = None
        try:
            said = orjson.loads(bytes(look.readAllStandardOutput().data()))
        except orjson.JSONDecodeError:
            log.warning("The process that looks at map files ended without a word (%s)", look.exitCode())
            said = {"refused": self.tr("{} cannot be read: it may be damaged.").format(path.name)}
        look.deleteLater()
        if "about" in said:
            self._take(path, About(**said["about"]))
        else:
            self.refused.emit(str(said["refused"]))

    def _give_up(self, sentence: str) -> None:
        if self.path is None:
            self.gave_up.emit(sentence)
            return
        name = self.path.name
        self.use_bundled()
        self.refused.emit(self.tr("{} cannot be drawn: the bundled map is shown.").format(name))

    def _end_look(self) -> None:
        look, self._look = self._look, None
        if look is not None:
            look.kill()
            look.waitForFinished(2000)
            look.deleteLater()
