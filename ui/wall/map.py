"""The map of the wall: the console's own ground and marks, larger, of the whole city, for nobody to touch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QRectF, QSize, Signal
from PySide6.QtGui import QFont, QPainter, QPixmap

from dispatch.board import Board, Mask
from dispatch.geo.areas import Areas, Bounds
from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import bounds_of
from dispatch.geo.tiles import level_that_fits
from dispatch.helper_command import helper_command
from dispatch.insight.wall import Places, places
from dispatch.records import Millis
from ui.map.credits import Credits
from ui.map.frame import Frame, middle_of
from ui.map.ground import Ground
from ui.map.layers import Scene
from ui.map.layers.names import names_of
from ui.map.layers.reports import Reports
from ui.map.markers import Markers, box_elsewhere
from ui.map.sprites import Sprites
from ui.map.tile_store import TileStore
from ui.theme import Theme
from ui.wall.ink import Ink

# The smallest figures in a bubble, of a size that becomes the wall's smallest.
BUBBLE_FONT_PX = 13
# Of the city's box: a bubble at its edge has room.
CROP = 0.94
# Whose map it is, for who walks up to it; it says nothing of the storm to who stands at six metres.
CREDIT_SHARE, CREDIT_LEAST_PX = 0.3, 9


class WallMap(QObject):
    """Painted into a picture when something in it has changed, and only copied between.

    Always over the bundled map: the same on every seat, and no tile server is asked for it. `tiles` share the
    console's folder and have a memory and, where a tile is missing, a process of their own: each store draws
    what its one window wishes for.
    """

    arrived = Signal()

    def __init__(
        self, *, theme: Theme, folder: GeoFolder, home: Bounds, tiles_dir: Path, parent: QObject
    ) -> None:
        """`home` is the city's box in Mercator metres."""
        super().__init__(parent)
        self._theme, self._home = theme, home
        self._city = bounds_of(folder.neighborhoods) or home
        self.tiles = TileStore(tiles_dir, folder=folder, command=helper_command("tiles"), parent=self)
        self.tiles.start()
        self.tiles.arrived.connect(self._tile_came)
        self._ground = Ground(store=self.tiles, theme=theme, home=home)
        self._ground.let_ahead_wait(True)
        self._credits = Credits(folder, area=home, theme=theme)
        self._reports = Reports(folder)
        self._sprites = Sprites(theme)
        areas = Areas.load(folder.neighborhoods)
        self._middles: dict[str, tuple[float, float]] = {}
        if len(areas):
            names = names_of(areas.shapes, areas.names)
            at = zip(names.x.tolist(), names.y.tolist(), strict=True)
            self._middles = dict(zip(names.said, at, strict=True))
        self._places: Places | None = None
        self._mask: Mask = np.zeros(0, np.bool_)
        self._board: Board | None = None
        self._now: Millis = 0
        self._picture = QPixmap()
        self._shows: Frame | None = None
        self._made: Scene | None = None  # kept while tiles arrive
        theme.changed.connect(self._dress)

    def count(self, board: Board, now: Millis) -> None:
        """Where marks stand now."""
        self._board, self._now = board, now
        self._places, self._mask = places(board, self._middles)
        self._shows = self._made = None

    def paint(self, painter: QPainter, box: QRectF, ink: Ink, ratio: float, *, share: float = 1.0) -> None:
        """`ratio` is the screen's device pixels for one of the window's, `share` how strong the map is."""
        frame = self._frame(box.size().toSize() * ratio, ink.px / BUBBLE_FONT_PX * ratio)
        if frame != self._shows:
            self._draw(frame)
        painter.setOpacity(share)
        painter.drawPixmap(box, self._picture, QRectF(self._picture.rect()))
        painter.setOpacity(1.0)
        self._credit(painter, box, ink, frame)

    def close(self) -> None:
        self.tiles.close()

    # -- inside -----------------------------------------------------------------------------------------

    def _frame(self, size: QSize, ratio: float) -> Frame:
        """The whole city, with marks and figures as large as the wall's letters: as on a screen of very fine
        pixels."""
        box = self._city
        if self._board is not None:
            box = box_elsewhere(self._board, self._home) or box
        wide, tall = max(size.width(), 1), max(size.height(), 1)
        level = level_that_fits(box, wide * CROP, tall * CROP)
        return Frame.around(*middle_of(box), level=level, width=wide, height=tall, ratio=ratio)

    def _draw(self, frame: Frame) -> None:
        size = QSize(frame.width, frame.height)
        if self._picture.size() != size:
            self._picture = QPixmap(size)
        self._picture.setDevicePixelRatio(frame.ratio)
        self._sprites.use(frame.ratio)
        with QPainter(self._picture) as painter:
            self._ground.paint(painter, frame)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._places is not None:
                self._reports.paint(painter, self._scene(frame, self._places))
        self._shows = frame
        self._ground.wish(frame, frame)

    def _scene(self, frame: Frame, shown: Places) -> Scene:
        if self._made is None or self._made.frame != frame:
            self._made = Scene(
                frame=frame,
                theme=self._theme,
                sprites=self._sprites,
                markers=Markers(shown, self._mask, frame, frame),
                board=shown,
                now=self._now,
            )
        return self._made

    def _credit(self, painter: QPainter, box: QRectF, ink: Ink, frame: Frame) -> None:
        font = QFont(ink.font())
        font.setPixelSize(max(CREDIT_LEAST_PX, round(ink.px * CREDIT_SHARE)))
        painter.setFont(font)
        painter.setPen(self._theme.color("text_dim"))
        tall = painter.fontMetrics().height()
        foot = QRectF(box.left() + tall / 2, box.bottom() - tall * 1.2, box.width() - tall, tall)
        painter.drawText(foot, self._credits.text(frame))

    def _tile_came(self, _key: object) -> None:
        self._shows = None
        self.arrived.emit()

    def _dress(self) -> None:
        self._sprites.forget()
        self._shows = None
