"""Copying the base map's tiles into a picture; coarser ones stand in for those not drawn yet."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap

from dispatch.geo.areas import Bounds
from dispatch.geo.tiles import MIN_LEVEL, TILE_PX, Tile, tiles_over
from ui.map.frame import Frame
from ui.map.tile_key import TileKey
from ui.map.tile_store import STAND_INS, TileStore
from ui.theme import Theme

# Drawn ahead around the city, from the whole region to single districts.
AHEAD_LEVELS = range(12, 29)
AHEAD_FROM_OTHER_THEME = range(18, 26)


class Ground:
    def __init__(self, *, store: TileStore, theme: Theme, home: Bounds) -> None:
        self._store = store
        self._theme = theme
        self._home = home
        self.variant = "hoods"
        self._drawn_ahead = ("", "")
        self._lets_ahead_wait = False

    def use(self, store: TileStore) -> None:
        """Copy from other tiles from now on."""
        self._store = store
        self._drawn_ahead = ("", "")

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Copy the tiles of a frame, in device pixels from its own corner."""
        painter.save()
        painter.scale(1 / frame.ratio, 1 / frame.ratio)
        for key in self._keys(frame):
            box = box_of(key.tile, frame)
            picture = self._store.picture(key)
            if picture is not None:
                painter.drawPixmap(round(box.x()), round(box.y()), picture)
            else:
                self._stand_in(painter, key, box, frame)
        painter.restore()

    def wish(self, frame: Frame, around: Frame) -> None:
        """Ask for what is missing: one coarse look at the whole, the window, its margin; once the city in
        advance."""
        needed = [key for key in self._keys(frame) if self._store.lacks(key)]
        if needed:
            # A blurred map within a blink is worth more than a sharp corner of it.
            coarse = max(MIN_LEVEL, frame.level - max(STAND_INS))
            whole = [self._key(tile) for tile in tiles_over(frame.bounds, coarse)]
            needed = [key for key in whole if self._store.lacks(key)] + needed
        # Without a margin it had to be quick; it is asked for again with one.
        if around != frame:
            seen = set(needed)
            needed += [k for k in self._keys(around) if k not in seen and self._store.lacks(k)]
            self._draw_ahead()
        self._store.wish(needed)

    def let_ahead_wait(self, is_waiting: bool) -> None:
        """While something else needs the whole processor; what the window needs is drawn all the same."""
        if is_waiting == self._lets_ahead_wait:
            return
        self._lets_ahead_wait = is_waiting
        self._drawn_ahead = ("", "")
        if is_waiting:
            self._store.draw_ahead(())
        else:
            self._draw_ahead()

    def _draw_ahead(self) -> None:
        if self._lets_ahead_wait:
            return
        look = (self._theme.palette.name, self.variant)
        if self._drawn_ahead != look:
            self._drawn_ahead = look
            self._store.draw_ahead(self._ahead())

    def is_whole(self, frame: Frame) -> bool:
        """Whether every tile of a frame is there in this theme."""
        return all(self._store.picture(key) is not None for key in self._keys(frame))

    def _keys(self, frame: Frame) -> list[TileKey]:
        return [self._key(tile) for tile in tiles_over(frame.bounds, frame.level)]

    def _key(self, tile: Tile) -> TileKey:
        return TileKey(self._theme.palette.name, self.variant, tile)

    def _stand_in(self, painter: QPainter, key: TileKey, box: QRectF, frame: Frame) -> None:
        """Coarser tiles scaled into the place of one that is not drawn yet, else bare ground."""
        painter.save()
        painter.setClipRect(box)
        self._lay_bare(painter, box)
        for coarser in STAND_INS:
            level = key.tile.level - coarser
            if level < MIN_LEVEL:
                break
            found = [(tile, self._store.picture(self._key(tile))) for tile in _over(key.tile, level)]
            if all(picture is not None for _, picture in found):
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                for tile, picture in found:
                    _draw_scaled(painter, picture, box_of(tile, frame))
                break
        painter.restore()

    def _lay_bare(self, painter: QPainter, box: QRectF) -> None:
        """What lies under a tile that is not drawn yet."""
        painter.fillRect(box, self._theme.color("land"))

    def _ahead(self) -> Iterator[TileKey]:
        here, variant = self._theme.palette.name, self.variant
        other = "light" if self._theme.is_dim else "dim"
        for theme, levels in ((here, AHEAD_LEVELS), (other, AHEAD_FROM_OTHER_THEME)):
            for level in levels:
                for tile in tiles_over(self._home, level):
                    yield TileKey(theme, variant, tile)


class ClearGround(Ground):
    """Tiles that are clear where they have nothing: what lies under them stays in sight."""

    def _lay_bare(self, painter: QPainter, box: QRectF) -> None:
        pass

    def _draw_ahead(self) -> None:
        pass


def _over(tile: Tile, level: int) -> list[Tile]:
    west, south, east, north = tile.bounds
    inset = (east - west) * 1e-6
    return list(tiles_over((west + inset, south + inset, east - inset, north - inset), level))


def box_of(tile: Tile, frame: Frame) -> QRectF:
    """Where a tile of any level lies in a frame, in device pixels."""
    scale = 2.0 ** ((frame.level - tile.level) / 2)
    side = TILE_PX * scale
    return QRectF(tile.column * side - frame.left, tile.row * side - frame.top, side, side)


def _draw_scaled(painter: QPainter, picture: QPixmap | None, box: QRectF) -> None:
    if picture is not None:
        painter.drawPixmap(box, picture, QRectF(picture.rect()))
