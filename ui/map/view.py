"""The map of the queue: shows what the selection leaves in view; chooses sites by click, box or lasso."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dispatch.geo.areas import Areas, Bounds
from dispatch.geo.folder import GeoFolder
from dispatch.geo.projection import to_mercator
from dispatch.geo.tiles import MAX_LEVEL, MIN_LEVEL, level_that_fits
from dispatch.records import Band
from ui.map.credits import Credits
from ui.map.frame import Frame
from ui.map.ground import Ground
from ui.map.layers import LAYERS, Scene
from ui.map.markers import Hit, Markers, sites_in_ring
from ui.map.panels import RIM_PX, HoverCard, LayerBox, Legend
from ui.map.sprites import Sprites
from ui.map.tile_store import TileStore, helper_command
from ui.map.words import hover_words, site_words
from ui.queue.selection import Selection
from ui.theme import Theme
from ui.widgets.guard import guarded

MARGIN_PX = 256
EDGE_PX = 12
SITE_LEVEL = 31
# How much of a box may fall outside the window so that the rest is seen larger.
CROP = 1.10
DRAG_PX = 4
WHEEL_STEP = 60
NARROW_PX = 520


class MapView(QWidget):
    """`home` is the city's box in degrees: west, south, east, north.

    A pan copies one picture that is larger than the window: base map, layers and markers are painted into it
    when it no longer holds the window, or when what it shows has changed.
    """

    moved = Signal()

    def __init__(
        self,
        *,
        selection: Selection,
        theme: Theme,
        folder: GeoFolder,
        home: Bounds,
        tiles_dir: Path,
        command: Sequence[str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._selection = selection
        self._theme = theme
        self._home = _mercator(home)
        # The jurisdiction's box has much water; what the city calls its neighborhoods is seen larger.
        self._city = Areas.load(folder.neighborhoods).bounds() or self._home
        self._frame = Frame.around(*_middle(self._home), level=22, width=1, height=1)
        self._picture: QPixmap | None = None
        self._shows: Frame | None = None
        self._is_stale = True
        self._scene: Scene | None = None
        self._is_placed = False
        self._has_key_focus = False
        self._pressed: QPoint | None = None
        self._drag_from: Frame | None = None
        self._ring: list[QPointF] = []
        self._wheel = 0
        self._sprites = Sprites(theme)
        self.layers = [make(folder) for make in LAYERS]
        self.tiles = TileStore(tiles_dir, folder=folder, command=command or helper_command(), parent=self)
        self._ground = Ground(store=self.tiles, theme=theme, home=self._home)
        self.layer_box = LayerBox(self.layers, theme=theme, parent=self)
        self.legend = Legend(theme=theme, parent=self)
        self.card = HoverCard(theme=theme, parent=self)
        self.credits = Credits(folder, area=self._home, theme=theme)
        self._set_up()
        self._connect()

    def _set_up(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Map of sites"))
        self.tiles.start()

    def _connect(self) -> None:
        selection = self._selection
        selection.narrowed.connect(self._changed)
        selection.took.connect(self._changed)
        selection.moved.connect(self._follow)
        self._theme.changed.connect(self._dress)
        self.tiles.arrived.connect(self._repaint)
        self.tiles.gave_up.connect(self._without_tiles)
        self.layer_box.switched.connect(self._switched)
        self.legend.not_on_map_wanted.connect(lambda: selection.narrow(not_on_map=True))
        self._changed()

    def close_tiles(self) -> None:
        """End the process that draws tiles; before the application ends."""
        self.tiles.close()

    def sizeHint(self) -> QSize:
        return QSize(660, 780)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 200)

    # -- where the map looks ------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        return self._frame

    def show_frame(self, frame: Frame) -> None:
        """Look at another part of the world."""
        self._frame = frame
        self.card.hide()
        self.update()
        self.moved.emit()

    def zoom_to_city(self) -> None:
        """The city, or where the sites are when most of them are elsewhere (another city's exercise)."""
        self._zoom_to_box(self._sites_box() or self._city)

    def zoom_to(self, site_id: int) -> None:
        """Close in on a site, as far as single streets."""
        place = self._place_of(site_id)
        if place is not None:
            self._look_at(*place, level=max(self._frame.level, self._street_level()))

    def zoom_by(self, steps: int, at: QPointF | None = None) -> None:
        """Steps of half a zoom, about a point or the middle."""
        point = at if at is not None else QPointF(self.width() / 2, self.height() / 2)
        level = min(max(self._frame.level + steps, MIN_LEVEL), MAX_LEVEL)
        if level != self._frame.level:
            self.show_frame(self._frame.zoomed(level, point.x(), point.y()))

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the window over the map, in widget pixels."""
        ratio = self._frame.ratio
        self.show_frame(self._frame.moved(round(dx * ratio), round(dy * ratio)))

    def _look_at(self, x: float, y: float, *, level: int) -> None:
        width, height = self._device_size()
        self.show_frame(
            Frame.around(x, y, level=level, width=width, height=height, ratio=self.devicePixelRatioF())
        )

    def _street_level(self) -> int:
        return SITE_LEVEL + round(2 * math.log2(self.devicePixelRatioF()))

    def _zoom_to_box(self, box: Bounds) -> None:
        width, height = self._device_size()
        level = level_that_fits(box, width * CROP, height * CROP)
        self._look_at(*_middle(box), level=min(level, self._street_level()))

    def _sites_box(self) -> Bounds | None:
        """Around nearly all sites, when most lie outside the city's own box."""
        board = self._selection.board
        known = np.isfinite(board.x)
        x, y = board.x[known], board.y[known]
        west, south, east, north = self._home
        inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
        if not x.size or inside.mean() > 0.5:
            return None
        (left, right), (low, high) = np.percentile(x, (3, 97)), np.percentile(y, (3, 97))
        room = max(right - left, high - low, 1000.0) * 0.05
        return float(left - room), float(low - room), float(right + room), float(high + room)

    def _place_of(self, site_id: int) -> tuple[float, float] | None:
        board = self._selection.board
        row = board.row(site_id)
        if row < 0 or not np.isfinite(board.x[row]):
            return None
        return float(board.x[row]), float(board.y[row])

    def _device_size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1)

    # -- what has changed ---------------------------------------------------------------------------

    def _changed(self, *_: object) -> None:
        """Filters or sites: markers and counts are made anew with the next paint."""
        self._scene = None
        self._count()
        self._repaint()

    def _repaint(self, *_: object) -> None:
        self._is_stale = True
        self.update()

    def _dress(self) -> None:
        self._sprites.forget()
        self._repaint()

    def _switched(self) -> None:
        self._ground.variant = "hoods" if self.layer_box.is_on("neighborhoods") else "plain"
        self._place_panels()
        self._repaint()

    def _follow(self, site_id: object) -> None:
        """The current site is always on the map: move there only when it is not in view."""
        place = self._place_of(int(str(site_id)))
        if place is not None and self._is_placed:
            px, py = self._frame.point(*place)
            if not self.rect().adjusted(24, 24, -24, -24).contains(QPointF(px, py).toPoint()):
                self._look_at(*place, level=self._frame.level)
        self._describe()
        self.update()

    def _without_tiles(self, sentence: str) -> None:
        self.credits.complain(sentence)
        self.update()

    def _count(self) -> None:
        board, mask = self._selection.board, self._selection.mask
        bands = np.bincount(board.band[mask], minlength=6)
        not_on_map = int((mask & np.isnan(board.x)).sum())
        self.legend.show_counts({band: int(bands[band]) for band in Band}, not_on_map)
        self._describe()
        self._place_panels()

    def _describe(self) -> None:
        """For screen readers: the counts, then the current site as its card says it."""
        said = self.legend.text()
        row = self._selection.board.row(self._selection.current)
        if row >= 0:
            words = site_words(row, self._selection)
            said = self.tr("{counts}. Current: {site}").format(counts=said, site=words.replace("\n", ", "))
        self.setAccessibleDescription(said)

    # -- painting -----------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            if not self._paint(painter):
                painter.fillRect(self.rect(), self._theme.color("window"))
                painter.setPen(self._theme.color("alarm"))
                painter.setFont(self._theme.font("body"))
                sentence = self.tr("The map cannot be shown. The list has every site.")
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, sentence)

    @guarded
    def _paint(self, painter: QPainter) -> bool:
        self._make_picture()
        assert self._shows is not None and self._picture is not None
        frame, shows = self._frame, self._shows
        source = QRect(frame.left - shows.left, frame.top - shows.top, frame.width, frame.height)
        painter.drawPixmap(self.rect(), self._picture, source)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_current(painter)
        self._paint_ring(painter)
        self.layer_box.paint_rim(painter)
        self.legend.paint_rim(painter)
        self.credits.paint(painter, self.rect(), frame)
        if self._has_key_focus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("focus"), 2.0))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        return True

    def _make_picture(self) -> None:
        """Base map, layers and markers into one picture with a margin around the window."""
        around, ratio = self._shows, self._frame.ratio
        if around is None or not around.holds(self._frame):
            around = self._frame.widened(round(MARGIN_PX * ratio))
        elif not self._is_stale:
            return
        if self._picture is None or self._picture.size() != QSize(around.width, around.height):
            self._picture = QPixmap(around.width, around.height)
        self._picture.setDevicePixelRatio(ratio)
        self._sprites.use(ratio)
        scene = self._scene_of(around)
        with QPainter(self._picture) as painter:
            self._ground.paint(painter, around)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for layer in self.layers:
                if self.layer_box.is_on(layer.name):
                    layer.paint(painter, scene)
        self._shows, self._is_stale = around, False
        self._ground.wish(self._frame, around)

    def _scene_of(self, around: Frame) -> Scene:
        """The markers of a frame; kept while a tile arrives or a layer is switched."""
        if self._scene is None or self._scene.frame != around:
            selection = self._selection
            self._scene = Scene(
                frame=around,
                theme=self._theme,
                sprites=self._sprites,
                markers=Markers(selection.board, selection.mask, around),
                board=selection.board,
                now=selection.clock.now(),
            )
        return self._scene

    def _paint_current(self, painter: QPainter) -> None:
        place = self._place_of(self._selection.current)
        if place is None:
            return
        board = self._selection.board
        picture = self._sprites.current(int(board.band[board.row(self._selection.current)]))
        px, py = self._frame.point(*place)
        half = picture.deviceIndependentSize().width() / 2
        painter.drawPixmap(QPointF(round(px - half), round(py - half)), picture)

    def _paint_ring(self, painter: QPainter) -> None:
        if len(self._ring) > 1:
            shade = self._theme.mixed("focus", "land", 0.5)
            shade.setAlphaF(0.12)
            painter.setBrush(shade)
            painter.setPen(QPen(self._theme.color("focus"), 1.5))
            painter.drawPolygon(QPolygonF(self._ring))

    # -- size and panels ----------------------------------------------------------------------------

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        x, y = self._frame.center
        width, height = self._device_size()
        ratio = self.devicePixelRatioF()
        self._frame = Frame.around(x, y, level=self._frame.level, width=width, height=height, ratio=ratio)
        if not self._is_placed and event.size().width() > 1:
            self._is_placed = True
            self.layer_box.show_rows(self.width() >= NARROW_PX)
            self.zoom_to_city()
        self._place_panels()

    def _place_panels(self) -> None:
        inset = EDGE_PX + RIM_PX
        self.layer_box.adjustSize()
        self.layer_box.move(self.width() - self.layer_box.width() - inset, inset)
        self.legend.fit(self.width() - 2 * inset)
        bottom = self.height() - inset - self.credits.height_px
        self.legend.move(inset, bottom - self.legend.height())
        self.credits.leave_room(self.legend.geometry())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._look_at(*self._frame.center, level=self._frame.level)
        super().changeEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Shown only to who came here by keyboard: a click needs no frame around the map.
        self._has_key_focus = event.reason() not in (
            Qt.FocusReason.MouseFocusReason,
            Qt.FocusReason.OtherFocusReason,
        )
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._has_key_focus = False
        super().focusOutEvent(event)
        self.update()

    # -- pointer ------------------------------------------------------------------------------------

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = event.position().toPoint()
        self.card.hide()
        if event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier):
            self._ring = [event.position()]
        else:
            self._drag_from = self._frame

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            self._hover(event.position())
        elif self._ring:
            self._draw_ring(event)
        elif self._drag_from is not None:
            by = self._pressed - event.position().toPoint()
            ratio = self._frame.ratio
            if by.manhattanLength() > DRAG_PX or self._frame != self._drag_from:
                self.setCursor(Qt.CursorShape.ClosedHandCursor)
                self.show_frame(self._drag_from.moved(round(by.x() * ratio), round(by.y() * ratio)))

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        self.unsetCursor()
        if pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self._ring:
            self._choose_ring()
        elif self._drag_from == self._frame:
            self._click(event.position())
        self._drag_from = None

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # The first click of the two has already chosen a site or opened a bubble.
        if self._hit(event.position()) is None:
            self.zoom_by(2, event.position())

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / WHEEL_STEP)
        self._wheel -= steps * WHEEL_STEP
        self.zoom_by(steps, event.position())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self.card.hide()
        super().leaveEvent(event)

    def _hit(self, at: QPointF) -> Hit | None:
        if self._scene is None or not self.layer_box.is_on("reports"):
            return None
        return self._scene.markers.near(*self._on_scene(at))

    def _on_scene(self, at: QPointF) -> tuple[float, float]:
        assert self._scene is not None
        return self._scene.frame.point(*self._frame.place(at.x(), at.y()))

    def _hover(self, at: QPointF) -> None:
        hit, text, band = self._hit(at), "", 0
        if hit is not None:
            text, band = hover_words(hit, self._selection)
        elif self._scene is not None:
            spot = self._on_scene(at)
            shown = (layer for layer in reversed(self.layers) if self.layer_box.is_on(layer.name))
            text = next((said for layer in shown if (said := layer.says(*spot, self._scene))), "")
        self.setCursor(Qt.CursorShape.PointingHandCursor if hit else Qt.CursorShape.ArrowCursor)
        self.card.say(text, at.toPoint(), band=band)

    def _click(self, at: QPointF) -> None:
        hit = self._hit(at)
        if hit is None:
            return
        if hit.is_bubble and not self._is_one_place(hit) and self._frame.level < MAX_LEVEL:
            self._open(hit)
            return
        ids = self._selection.board.site_id[hit.rows].tolist()
        # Sites on top of each other: each further click takes the next one.
        current = self._selection.current
        after = ids[(ids.index(current) + 1) % len(ids)] if current in ids else ids[0]
        self._selection.go(after)

    def _is_one_place(self, hit: Hit) -> bool:
        board = self._selection.board
        return bool(np.ptp(board.x[hit.rows]) < 15 and np.ptp(board.y[hit.rows]) < 15)

    def _open(self, hit: Hit) -> None:
        """Zoom until what a bubble holds fills the window, at least one step."""
        board = self._selection.board
        x, y = board.x[hit.rows], board.y[hit.rows]
        box = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
        width, height = self._device_size()
        level = level_that_fits(box, width * 0.7, height * 0.7)
        self._look_at(*_middle(box), level=max(level, self._frame.level + 1))

    # -- box and lasso ------------------------------------------------------------------------------

    def _draw_ring(self, event: QMouseEvent) -> None:
        start, at = self._ring[0], event.position()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._ring = [start, QPointF(at.x(), start.y()), at, QPointF(start.x(), at.y())]
        elif (at - self._ring[-1]).manhattanLength() >= 3:
            self._ring.append(at)
        self.update()

    def _choose_ring(self) -> None:
        ring, self._ring = self._ring, []
        self.update()
        if len(ring) < 3:
            return
        places = np.array([self._frame.place(point.x(), point.y()) for point in ring])
        sites = sites_in_ring(self._selection.board, self._selection.mask, places)
        if sites:
            self._selection.narrow(sites=sites)

    # -- keys ---------------------------------------------------------------------------------------

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step_x, step_y = self.width() / 5, self.height() / 5
        pans = {
            Qt.Key.Key_Left: (-step_x, 0.0),
            Qt.Key.Key_Right: (step_x, 0.0),
            Qt.Key.Key_Up: (0.0, -step_y),
            Qt.Key.Key_Down: (0.0, step_y),
        }
        zooms = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
        if event.key() in pans:
            self.pan_by(*pans[Qt.Key(event.key())])
        elif event.key() in zooms:
            self.zoom_by(zooms[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_Home:
            self.zoom_to_city()
        elif event.key() == Qt.Key.Key_Escape and self._ring:
            self._ring, self._pressed = [], None
            self.update()
        else:
            event.ignore()


def _mercator(box: Bounds) -> Bounds:
    west, south, east, north = box
    (left, right), (low, high) = to_mercator([west, east], [south, north])
    return float(left), float(low), float(right), float(high)


def _middle(box: Bounds) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
