"""Copying the tiles of imported layers over the ground; nothing at all where none is switched on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter

from dispatch.geo.areas import Bounds
from dispatch.geo.folder import GeoFolder
from dispatch.helper_command import helper_command
from ui.map.frame import Frame
from ui.map.ground import ClearGround
from ui.map.layers.imported import Imported
from ui.map.tile_key import variant_part
from ui.map.tile_store import TileStore
from ui.theme import Theme

MakeStore = Callable[[], TileStore]


class Overlay(QObject):
    """The process that draws starts with the first layer, so that a console without any pays nothing."""

    arrived = Signal()
    gave_up = Signal(str)

    def __init__(
        self,
        *,
        layers_dir: Path,
        tiles_dir: Path,
        folder: GeoFolder,
        theme: Theme,
        home: Bounds,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._layers_dir, self._tiles_dir, self._folder = layers_dir, tiles_dir, folder
        self._theme, self._home = theme, home
        self._ground: ClearGround | None = None
        self.tiles: TileStore | None = None

    def show(self, layers: Sequence[Imported]) -> None:
        """These, from below; the last lies on top."""
        parts = [
            variant_part(each.about.layer_id, each.about.look.style, is_zone=each.about.is_zone)
            for each in layers
        ]
        if parts and self._ground is None:
            self._start()
        if self._ground is not None:
            self._ground.variant = "+".join(parts)

    def paint(self, painter: QPainter, frame: Frame) -> None:
        if self._ground is not None and self._ground.variant:
            self._ground.paint(painter, frame)

    def wish(self, frame: Frame, around: Frame) -> None:
        if self._ground is not None and self._ground.variant:
            self._ground.wish(frame, around)

    def close(self) -> None:
        if self.tiles is not None:
            self.tiles.close()

    def _start(self) -> None:
        command = [*helper_command("layer-tiles"), "--layers", str(self._layers_dir)]
        self.tiles = TileStore(self._tiles_dir, folder=self._folder, command=command, parent=self)
        self.tiles.arrived.connect(self.arrived)
        self.tiles.gave_up.connect(lambda _: self.gave_up.emit(self.tr("Imported layers cannot be drawn.")))
        self.tiles.start()
        self._ground = ClearGround(store=self.tiles, theme=self._theme, home=self._home)
