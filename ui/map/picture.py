"""The picture a pan copies: base map, layers and markers of the window and a margin around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPixmap

from ui.map.frame import Frame
from ui.map.ground import Ground
from ui.map.layers import Layer, Scene
from ui.map.markers import Markers
from ui.map.overlay import Overlay
from ui.map.shading import Shading
from ui.map.sprites import Sprites
from ui.queue.selection import Selection
from ui.theme import Theme

MARGIN_PX = 256


class Picture:
    """Painted anew when it no longer holds the window or what it shows has changed; else only copied.

    It is made whole each time: tiles are in memory, so that filling single strips would save little.
    """

    def __init__(
        self,
        *,
        selection: Selection,
        theme: Theme,
        ground: Ground,
        overlay: Overlay,
        shading: Shading,
        layers: Sequence[Layer],
        is_on: Callable[[str], bool],
    ) -> None:
        self.scene: Scene | None = None
        self.sprites = Sprites(theme)
        # What lies over the layers and is copied with them.
        self.over: list[Callable[[QPainter, Scene], None]] = []
        self._selection = selection
        self._theme = theme
        self._ground = ground
        self._overlay = overlay
        self._shading = shading
        self._layers = layers
        self._is_on = is_on
        self._pixels = QPixmap()
        self._shows: Frame | None = None
        self._is_stale = True
        self._was_shown = False
        # Painted without its margin, because it had to be quick: `widen` when there is time.
        self.is_narrow = False

    def forget(self) -> None:
        """Something in it has changed: a tile has come, a layer was switched."""
        self._is_stale = True

    def forget_markers(self) -> None:
        """Other sites are in view, or the same ones have changed."""
        self.scene = None
        self._is_stale = True

    def widen(self) -> None:
        """Paint the margin as well with the next copy."""
        if self.is_narrow:
            self._shows = None

    def copy(self, painter: QPainter, window: QRect, frame: Frame) -> None:
        shows = self._holding(frame)
        source = QRect(frame.left - shows.left, frame.top - shows.top, frame.width, frame.height)
        painter.drawPixmap(window, self._pixels, source)

    def _holding(self, frame: Frame) -> Frame:
        """The frame of the picture, painted anew if need be."""
        around = self._shows
        if around is None or not around.holds(frame):
            # The first has to be quick; and steps of the wheel follow each other, where each throws the
            # margin of the last away.
            self.is_narrow = not self._was_shown or (around is not None and around.level != frame.level)
            self._was_shown = True
            around = frame if self.is_narrow else frame.widened(round(MARGIN_PX * frame.ratio))
        elif not self._is_stale:
            return around
        size = QSize(around.width, around.height)
        if self._pixels.size() != size:
            self._pixels = QPixmap(size)
        self._pixels.setDevicePixelRatio(around.ratio)
        self._paint(around, frame)
        self._shows, self._is_stale = around, False
        self._ground.wish(frame, around)
        self._overlay.wish(frame, around)
        self._shading.wish(frame, around)
        return around

    def _paint(self, around: Frame, window: Frame) -> None:
        self.sprites.use(around.ratio)
        scene = self._scene_of(around, window)
        with QPainter(self._pixels) as painter:
            self._ground.paint(painter, around)
            self.paint_scene(painter, scene)

    def paint_scene(self, painter: QPainter, scene: Scene) -> None:
        """What lies on the ground, for the screen and for paper."""
        self._shading.paint(painter, scene)
        self._overlay.paint(painter, scene.frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for layer in self._layers:
            if self._is_on(layer.name):
                layer.paint(painter, scene)
        for paint in self.over:
            paint(painter, scene)

    def _scene_of(self, around: Frame, window: Frame) -> Scene:
        """The markers of a frame; kept while tiles arrive or a layer is switched."""
        is_shaded = self._shading.found is not None
        if self.scene is None or (self.scene.frame, self.scene.is_shaded) != (around, is_shaded):
            selection = self._selection
            self.scene = Scene(
                frame=around,
                theme=self._theme,
                sprites=self.sprites,
                markers=Markers(selection.board, selection.mask, around, window),
                board=selection.board,
                now=selection.clock.now(),
                is_shaded=is_shaded,
            )
        return self.scene
