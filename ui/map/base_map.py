"""Which base map is shown: the bundled one, or pictures over it from a file of the city's or a server."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from dispatch.geo.folder import GeoFolder
from dispatch.geo.web_tiles import WebTile, bounds_of, tiles_within, zoom_for
from ui.map.frame import Frame
from ui.map.tile_key import NOTHING, Over, over_file, over_kept
from ui.map.tile_store import OVER, TileStore

if TYPE_CHECKING:
    from dispatch.geo.raster.about import About
    from dispatch.tile_server.choice import TileChoice
    from ui.map.server_link import ServerLink

log = logging.getLogger(__name__)

# A file on a slow share opens in a blink; one that takes longer leads its reader astray.
LOOK_MS = 15_000
# Beside the drawn tiles, where the tiles of a server are kept.
KEPT_DIR = "server-tiles"


class BaseMap(QObject):
    """`tiles` is the store that the map copies from; after `changed` it is another one.

    A file is first looked at by a process of its own, and a server is asked by one. Whatever is wrong with
    either, the map goes on as it was or as it is bundled, and `refused` says why.
    """

    changed = Signal()
    arrived = Signal()
    told = Signal(object)  # State of the tile server
    noted = Signal(str)
    gave_up = Signal(str)
    refused = Signal(str)

    def __init__(
        self,
        root: Path,
        *,
        folder: GeoFolder,
        command: Sequence[str],
        look_command: Sequence[str],
        server_command: Sequence[str] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._root, self._folder = root, folder
        self._command, self._look_command, self._server_command = command, look_command, server_command
        self._look: QProcess | None = None
        self._link: ServerLink | None = None
        self.path: Path | None = None
        self.server: TileChoice | None = None
        self.about: About | None = None
        self.tiles = self._store(TileStore, root, NOTHING)

    def use_bundled(self) -> None:
        self._end_look()
        if self.about is not None:
            self._take(None, self._store(TileStore, self._root, NOTHING))

    def use_file(self, path: Path) -> None:
        """Look at it, and show it if it can be shown."""
        self._end_look()
        self._look = look = QProcess(self)
        look.finished.connect(lambda *_: self._hear(look, path))
        look.errorOccurred.connect(lambda *_: self._hear(look, path))
        QTimer.singleShot(LOOK_MS, look, look.kill)
        command = [*self._look_command, str(path)]
        look.start(command[0], command[1:])

    def use_server(self, choice: TileChoice, *, key: str, contact: str) -> None:
        """Show what is kept of it, and have fetched what `see` shows; its terms have been read."""
        from dispatch.geo.raster.about import About
        from dispatch.tile_server.kept import file_of
        from dispatch.tile_server.orders import Orders
        from ui.map.living_tiles import LivingTiles
        from ui.map.server_link import ServerLink

        self._end_look()
        file = file_of(self._root.with_name(KEPT_DIR), choice.address.template)
        about = About(choice.address.host, choice.credit, 0, choice.zoom, "")
        tiles = self._store(LivingTiles, self._root / OVER, over_kept(file, choice.zoom))
        link = ServerLink(
            Orders(choice.address.template, key, contact, str(file)),
            command=self._server_command,
            parent=self,
        )
        link.came.connect(self._renew)
        link.told.connect(self.told)
        link.said.connect(self.noted)
        link.blocked.connect(self._shut_out)
        self._take(about, tiles, server=choice, link=link)

    def see(self, frame: Frame | None) -> None:
        """What the window shows, None while it is not seen: a server is asked for that alone."""
        if self._link is not None and self.server is not None:
            shown: list[WebTile] = []
            if frame is not None:
                shown = list(tiles_within(frame.bounds, zoom_for(frame.level, self.server.zoom)))
            self._link.see(shown)

    def close(self) -> None:
        self._end_look()
        self._end_link()
        self.tiles.close()

    def _store(self, kind: type[TileStore], root: Path, over: Over) -> TileStore:
        made = kind(root, folder=self._folder, command=self._command, over=over, parent=self)
        made.arrived.connect(self.arrived)
        made.gave_up.connect(self._give_up)
        return made

    def _take(
        self,
        about: About | None,
        tiles: TileStore,
        *,
        path: Path | None = None,
        server: TileChoice | None = None,
        link: ServerLink | None = None,
    ) -> None:
        self._end_link()
        before, self._link = self.tiles, link
        self.about, self.tiles, self.path, self.server = about, tiles, path, server
        self.tiles.start()
        if link is not None:
            link.start()
        before.close()
        before.deleteLater()
        self.changed.emit()

    def _renew(self, tiles: Sequence[WebTile]) -> None:
        from ui.map.living_tiles import LivingTiles

        if isinstance(self.tiles, LivingTiles):
            self.tiles.renew([bounds_of(tile) for tile in tiles])
            self.arrived.emit()

    def _shut_out(self, sentence: str) -> None:
        self.use_bundled()
        self.refused.emit(sentence)

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
            from dispatch.geo.raster.about import About

            # Apart from the bundled one's, so that going back to that draws nothing again.
            tiles = self._store(TileStore, self._root / OVER, over_file(path))
            self._take(About(**said["about"]), tiles, path=path)
        else:
            self.refused.emit(str(said["refused"]))

    def _give_up(self, sentence: str) -> None:
        if self.about is None:
            self.gave_up.emit(sentence)
            return
        name = self.path.name if self.path else self.about.name
        self.use_bundled()
        self.refused.emit(self.tr("{} cannot be drawn: the bundled map is shown.").format(name))

    def _end_look(self) -> None:
        look, self._look = self._look, None
        if look is not None:
            look.kill()
            look.waitForFinished(10_000)
            look.deleteLater()

    def _end_link(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.close()
            link.deleteLater()
