"""Neighborhoods shaded by how many sites lie in them: counted from the board, copied from tiles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QPainter

from dispatch.geo.areas import OUTSIDE, Areas, Bounds
from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_layer
from dispatch.geo.tiles import Tile, tiles_over
from dispatch.helper_command import helper_command
from dispatch.insight.by_area import ByArea, Measure, by_area
from ui.map.frame import Frame
from ui.map.ground import ClearGround, box_of
from ui.map.layers import Scene
from ui.map.shade_switch import CHOICES
from ui.map.shade_tiles import ShadeTiles, inks
from ui.map.shade_words import area_words
from ui.map.tile_key import TileKey
from ui.queue.selection import Selection
from ui.theme import Theme

if TYPE_CHECKING:
    from dispatch.geo.area_facts import AreaFacts


class _AreaGround(ClearGround):
    """Tiles of areas are the same in every theme: their colors are laid on when they are read."""

    def _key(self, tile: Tile) -> TileKey:
        return _key(tile)


class Shading(QObject):
    """`measure` None is off: nothing is counted then, no file read and no process started."""

    changed = Signal()  # another measure, or other numbers
    arrived = Signal()
    gave_up = Signal(str)

    def __init__(
        self,
        *,
        selection: Selection,
        tiles_dir: Path,
        folder: GeoFolder,
        theme: Theme,
        home: Bounds,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._selection, self._theme = selection, theme
        self._tiles_dir, self._folder, self._home = tiles_dir, folder, home
        self.measure: Measure | None = None
        self.found: ByArea | None = None
        self.is_loaded = folder.neighborhoods.exists()
        self.tiles: ShadeTiles | None = None
        self._areas: Areas | None = None
        self._facts: AreaFacts | None = None
        self._ground: _AreaGround | None = None
        theme.changed.connect(self._color)

    @property
    def is_narrowed(self) -> bool:
        return self._selection.is_narrowed

    def show(self, measure: Measure | None) -> None:
        if measure == self.measure or not self.is_loaded:
            return
        self.measure = measure
        if measure is not None and self.tiles is None:
            self._start()
        self.recount()

    def show_next(self) -> None:
        """Off, count, rate and off again."""
        self.show(CHOICES[(CHOICES.index(self.measure) + 1) % len(CHOICES)])

    def recount(self) -> None:
        """Filters, brush or board are others: the same sites as the map's points."""
        if self.measure is None or self._facts is None:
            if self.found is not None:
                self.found = None
                self.changed.emit()
            return
        self.found = by_area(self._selection.board, self._selection.mask, self._facts, self.measure)
        self._color()
        self.changed.emit()

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if self.found is None or self._ground is None:
            return
        if scene.theme is self._theme:
            self._ground.paint(painter, scene.frame)
        else:
            self._paint_for(painter, scene)

    def wish(self, frame: Frame, around: Frame) -> None:
        if self.found is not None and self._ground is not None:
            self._ground.wish(frame, around)

    def says(self, x: float, y: float) -> str:
        """The area at a place (Mercator metres), for the hover card."""
        if self.found is None or self._areas is None or self._facts is None:
            return ""
        at = int(self._areas.locate(x, y)[0])
        if at == OUTSIDE:
            return ""
        residents = float(self._facts.residents[at])
        return area_words(self.found, at, self._areas.names[at], residents, is_narrowed=self.is_narrowed)

    def close(self) -> None:
        if self.tiles is not None:
            self.tiles.close()

    def _start(self) -> None:
        from dispatch.geo.area_facts import area_facts

        layer = read_layer(self._folder.neighborhoods)
        self._areas, self._facts = Areas.from_layer(layer), area_facts(layer)
        self.tiles = ShadeTiles(
            self._tiles_dir, folder=self._folder, command=helper_command("area-tiles"), parent=self
        )
        self.tiles.arrived.connect(self.arrived)
        self.tiles.gave_up.connect(lambda _: self.gave_up.emit(self.tr("Neighborhoods could not be shaded.")))
        self.tiles.start()
        self._ground = _AreaGround(store=self.tiles, theme=self._theme, home=self._home)

    def _color(self) -> None:
        if self.found is not None and self.tiles is not None:
            self.tiles.shade(self.found.shades, inks(self._theme))

    def _paint_for(self, painter: QPainter, scene: Scene) -> None:
        """On paper, which is light whatever the room is."""
        assert self.tiles is not None
        frame, table = scene.frame, inks(scene.theme)
        painter.save()
        painter.scale(1 / frame.ratio, 1 / frame.ratio)
        for tile in tiles_over(frame.bounds, frame.level):
            if (picture := self.tiles.shaded_for(_key(tile), table)) is not None:
                box: QRectF = box_of(tile, frame)
                painter.drawPixmap(round(box.x()), round(box.y()), picture)
        painter.restore()


def _key(tile: Tile) -> TileKey:
    return TileKey("light", "areas", tile)
