"""The map of the queue: shows what the selection leaves in view; chooses sites by click, box or lasso."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dispatch.geo.areas import Bounds
from dispatch.geo.folder import GeoFolder
from dispatch.geo.imports.kinds import CONTEXT, LayerKind
from dispatch.geo.layers import bounds_of
from dispatch.geo.projection import to_mercator
from dispatch.geo.tiles import MAX_LEVEL, MIN_LEVEL, level_that_fits
from dispatch.helper_command import helper_command
from dispatch.insight.by_area import Measure
from dispatch.records import Band
from ui.map.aim import STEP_PX, Aim
from ui.map.base_map import BaseMap
from ui.map.base_words import whose
from ui.map.credits import Credits
from ui.map.frame import Frame, middle_of
from ui.map.ground import Ground
from ui.map.hover_card import HoverCard
from ui.map.instruments import Instruments
from ui.map.layer_box import LayerBox
from ui.map.layers import LAYERS
from ui.map.layers.heat import Heat
from ui.map.layers.imported import Imported
from ui.map.layers.weather import StormForecast, WeatherAlerts
from ui.map.markers import box_elsewhere, place_of
from ui.map.overlay import Overlay
from ui.map.panels import RIM_PX, Legend
from ui.map.picture import Picture
from ui.map.pointer import Pointer
from ui.map.shade_legend import ShadeLegend
from ui.map.shade_switch import ShadeSwitch
from ui.map.shading import Shading
from ui.map.sight import Sight
from ui.map.tile_store import TileStore
from ui.map.weather_lines import Line
from ui.map.words import site_words
from ui.queue.selection import Selection
from ui.theme import Theme
from ui.widgets.guard import guarded

if TYPE_CHECKING:
    from dispatch.geo.coordinates import Position
    from ui.map.layers.sky import Sky
    from ui.map.layers.sweeps import AreaShown, CityAreas

EDGE_PX = 12
SITE_LEVEL = 31
# How much of a box may fall outside the window so that the rest is seen larger.
CROP = 1.10
DRAG_PX = 4
WHEEL_STEP = 60
NARROW_PX = 520
# The name of the shading among the layers' switches that are kept.
SHADING = "shading"
# The layer of the map that an imported one of each kind stands for.
FILLS = CONTEXT | {LayerKind.OTHER_AGENCY: "other_agencies"}
WIDEN_MS = 150  # after the last step of the wheel
REST_MS = 400  # in a flood the markers are made anew no more often


class MapView(QWidget):
    """`home` is the city's box in degrees: west, south, east, north.

    Wheel, +, - and double click zoom; drag and arrows pan; Shift+drag draws a box, Ctrl+drag a lasso.
    """

    moved = Signal()
    base_wanted = Signal()
    save_wanted = Signal()
    print_wanted = Signal()
    file_dropped = Signal(object)  # Path

    def __init__(
        self,
        *,
        selection: Selection,
        theme: Theme,
        folder: GeoFolder,
        home: Bounds,
        tiles_dir: Path,
        layers_dir: Path | None = None,
        command: Sequence[str] | None = None,
        kept_layers: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.selection = selection
        self._theme = theme
        self._home = _mercator(home)
        # The jurisdiction's box has much water; what the city calls its neighborhoods is seen larger.
        self._city = bounds_of(folder.neighborhoods) or self._home
        self._frame = Frame.around(*middle_of(self._home), level=22, width=1, height=1)
        self._is_placed = False
        self._has_key_focus = False
        self.layers = [make(folder) for make in LAYERS]
        self.base = BaseMap(
            tiles_dir,
            folder=folder,
            command=command or helper_command("tiles"),
            look_command=helper_command("raster"),
            server_command=helper_command("tile-server"),
            parent=self,
        )
        self._ground = Ground(store=self.base.tiles, theme=theme, home=self._home)
        self.overlay = Overlay(
            layers_dir=layers_dir or tiles_dir,
            tiles_dir=tiles_dir.with_name("layer-tiles"),
            folder=folder,
            theme=theme,
            home=self._home,
            parent=self,
        )
        self.shading = Shading(
            selection=selection,
            tiles_dir=tiles_dir.with_name("area-tiles"),
            folder=folder,
            theme=theme,
            home=self._home,
            parent=self,
        )
        kept = {name: how for name, how in (kept_layers or {}).items() if name != SHADING}
        self.layer_box = LayerBox(self.layers, kept=kept, theme=theme, parent=self)
        self.shade_switch = ShadeSwitch(is_loaded=self.shading.is_loaded, theme=theme)
        self.layer_box.add_row(self.shade_switch)
        self.picture = Picture(
            selection=selection,
            theme=theme,
            ground=self._ground,
            overlay=self.overlay,
            shading=self.shading,
            layers=self.layers,
            is_on=self.layer_box.is_on,
        )
        self.legend = Legend(theme=theme, parent=self)
        self.shade_legend = ShadeLegend(theme=theme, parent=self)
        self.card = HoverCard(theme=theme, parent=self)
        self.credits = Credits(folder, area=self._home, theme=theme)
        self.pointer = Pointer(self)
        self.instruments = Instruments(self, theme=theme)
        self._widening = QTimer(self, interval=WIDEN_MS, singleShot=True, timeout=self._widen)
        self.aim = Aim(self)
        self.sight = Sight(self)
        self._set_up()
        self._connect()
        if (measure := (kept_layers or {}).get(SHADING)) in tuple(Measure):
            self.shading.show(Measure(measure))
        self._switched()

    def _set_up(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Map of sites"))
        self.tiles.start()

    def _connect(self) -> None:
        selection = self.selection
        selection.narrowed.connect(self._changed)
        selection.took.connect(selection.turns.part(self._changed, of=self, rest_ms=REST_MS))
        selection.moved.connect(self._follow)
        self._theme.changed.connect(self._dress)
        self.base.arrived.connect(self._repaint)
        self.base.gave_up.connect(self._without_tiles)
        self.base.changed.connect(self._on_other_ground)
        self.overlay.arrived.connect(self._repaint)
        self.overlay.gave_up.connect(self._without_tiles)
        self.shading.arrived.connect(self._repaint)
        self.shading.gave_up.connect(self._without_tiles)
        self.shading.changed.connect(self._shaded)
        self.shade_switch.chosen.connect(self.shading.show)
        self.layer_box.switched.connect(self._switched)
        self.legend.not_on_map_wanted.connect(selection.show_not_on_map)
        self._changed()

    def close_tiles(self) -> None:
        """End the process that draws tiles; before the application ends."""
        self.base.close()
        self.overlay.close()
        self.shading.close()

    @property
    def tiles(self) -> TileStore:
        """What the base map is copied from; another one after the base map has changed."""
        return self.base.tiles

    def let_ahead_wait(self, is_waiting: bool) -> None:
        """Draw only what the window needs, while something else needs the whole processor."""
        self._ground.let_ahead_wait(is_waiting)

    def show_imported(self, imported: Sequence[Imported]) -> None:
        """The seat's imported layers, as they are now; one that was declared to be a layer takes the place of
        that one not being loaded."""
        built_in = [each for each in self.layers if not isinstance(each, Imported)]
        # Over neighborhoods and zones, under heat, track, facilities and reports.
        over = next(at for at, each in enumerate(built_in) if isinstance(each, Heat))
        self.layers[:] = [*built_in[:over], *imported, *built_in[over:]]
        self._list_layers()
        self._switched()

    def show_weather(self, sky: Sky, zone: ZoneInfo) -> None:
        """Alerts and advisories as they are now."""
        weather = [each for each in self.layers if isinstance(each, WeatherAlerts | StormForecast)]
        before = [each.is_loaded for each in weather]
        for each in weather:
            each.take(sky, zone)
        if before != [each.is_loaded for each in weather]:
            self._list_layers()
            self._place_panels()
        self._repaint()

    def show_areas(self, kind: type[CityAreas], areas: Sequence[AreaShown]) -> None:
        """Areas of one kind that the city has set, as they are now."""
        for each in self.layers:
            if type(each) is kind:
                was_loaded = each.is_loaded
                each.take(areas)
                if was_loaded != each.is_loaded:
                    self._list_layers()
                    self._place_panels()
        self._repaint()

    def say_weather(self, lines: tuple[Line, Line]) -> None:
        if self.layer_box.weather.say(lines):
            self.layer_box.show_weather_lines()
            self._place_panels()
            self.update()

    def doubt_alerts(self, *, is_stale: bool) -> None:
        """Paint anew what has grown too old, or is fresh again."""
        for each in self.layers:
            if isinstance(each, WeatherAlerts):
                each.is_stale = is_stale
        self.picture.forget_markers()
        self.update()

    def _list_layers(self) -> None:
        imported = [each for each in self.layers if isinstance(each, Imported)]
        taken = {FILLS.get(each.about.look.kind) for each in imported}
        self.layer_box.show_layers([e for e in self.layers if e.is_loaded or e.name not in taken])

    @property
    def theme(self) -> Theme:
        return self._theme

    @property
    def home(self) -> Bounds:
        """The city's box in Mercator metres."""
        return self._home

    @property
    def ground_variant(self) -> str:
        return self._ground.variant

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
        self._zoom_to_box(box_elsewhere(self.selection.board, self._home) or self._city)

    def zoom_to(self, site_id: int) -> None:
        """Close in on a site, as far as single streets."""
        place = place_of(self.selection.board, site_id)
        if place is not None:
            self.close_in(*place)

    def close_in(self, x: float, y: float) -> None:
        """Bring a place (Mercator metres) to the middle, as near as single streets."""
        self.look_at(x, y, level=max(self._frame.level, self._street_level()))

    def covers(self, position: Position) -> bool:
        """Whether a position lies where the city's own map is."""
        west, south, east, north = self._home
        x, y = to_mercator(position.lng, position.lat)
        return bool(west <= x <= east and south <= y <= north)

    def zoom_to_all(self, ids: Collection[int]) -> bool:
        """These sites fill the window, else all that the filters leave; False when none has a place."""
        board = self.selection.board
        chosen = np.isin(board.site_id, list(ids)) if ids else self.selection.mask
        x, y = board.x[chosen], board.y[chosen]
        is_placed = ~np.isnan(x)
        if not is_placed.any():
            return False
        x, y = x[is_placed], y[is_placed]
        self._zoom_to_box((float(x.min()), float(y.min()), float(x.max()), float(y.max())), crop=1 / CROP)
        return True

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

    def look_at(self, x: float, y: float, *, level: int) -> None:
        """Bring a place (Mercator metres) to the middle."""
        width, height = self.device_size()
        self.show_frame(
            Frame.around(x, y, level=level, width=width, height=height, ratio=self.devicePixelRatioF())
        )

    def shows(self, x: float, y: float) -> bool:
        """Whether a place (Mercator metres) is in view, off the very edge."""
        at = QPointF(*self._frame.point(x, y)).toPoint()
        return self.rect().adjusted(24, 24, -24, -24).contains(at)

    def _street_level(self) -> int:
        return SITE_LEVEL + round(2 * math.log2(self.devicePixelRatioF()))

    def _zoom_to_box(self, box: Bounds, *, crop: float = CROP) -> None:
        width, height = self.device_size()
        level = level_that_fits(box, width * crop, height * crop)
        self.look_at(*middle_of(box), level=min(level, self._street_level()))

    def device_size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(round(self.width() * ratio), 1), max(round(self.height() * ratio), 1)

    # -- what has changed ---------------------------------------------------------------------------

    def _changed(self, *_: object) -> None:
        """Filters or sites: markers and counts are made anew with the next paint."""
        self.picture.forget_markers()
        self.shading.recount()
        self._count()
        self.update()

    def _repaint(self, *_: object) -> None:
        self.picture.forget()
        self.update()

    def _widen(self) -> None:
        self.picture.widen()
        self.update()

    def _dress(self) -> None:
        self.picture.sprites.forget()
        self._repaint()

    def _switched(self) -> None:
        self._ground.variant = "hoods" if self.layer_box.is_on("neighborhoods") else "plain"
        self.overlay.show(
            [e for e in self.layers if isinstance(e, Imported) and self.layer_box.is_on(e.name)]
        )
        self._place_panels()
        self._repaint()

    def _shaded(self) -> None:
        self.shade_switch.show_chosen(self.shading.measure)
        self.shade_legend.show_found(self.shading.found, is_narrowed=self.shading.is_narrowed)
        self._describe()
        self._place_panels()
        self._repaint()

    def _follow(self, site_id: int) -> None:
        """The current site is always on the map: move there only when it is not in view."""
        place = place_of(self.selection.board, site_id)
        if place is not None and self._is_placed and not self.shows(*place):
            self.look_at(*place, level=self._frame.level)
        self._describe()
        self.update()

    def _on_other_ground(self) -> None:
        self._ground.use(self.base.tiles)
        self.credits.lie_over(whose(self.base.about, is_server=self.base.server is not None))
        self._place_panels()
        self._repaint()

    def say_age(self, words: str) -> None:
        """How old the tiles of a server are, beside its credit."""
        self.credits.date(words)
        self._place_panels()
        self.update()

    def _without_tiles(self, sentence: str) -> None:
        self.credits.complain(sentence)
        self.update()

    def _count(self) -> None:
        board, mask = self.selection.board, self.selection.mask
        bands = np.bincount(board.band[mask], minlength=6)
        not_on_map = int((mask & np.isnan(board.x)).sum())
        self.legend.show_counts({band: int(bands[band]) for band in Band}, not_on_map)
        self._describe()
        self._place_panels()

    def _describe(self) -> None:
        """For screen readers: the counts, then the current site as its card says it."""
        said = ". ".join(filter(None, (self.legend.text(), self.shade_legend.text())))
        row = self.selection.board.row(self.selection.current)
        if row >= 0:
            words = site_words(row, self.selection)
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
        self.picture.copy(painter, self.rect(), self._frame)
        if self.picture.is_narrow:
            self._widening.start()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_current(painter)
        self.pointer.paint(painter, self._theme)
        self.aim.paint(painter, self._frame, self._theme)
        self.instruments.paint_live(painter)
        self.layer_box.paint_rim(painter)
        self.legend.paint_rim(painter)
        if not self.shade_legend.isHidden():
            self.shade_legend.paint_rim(painter)
        self.credits.paint(painter, self.rect(), self._frame)
        if self._has_key_focus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("focus"), 2.0))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        return True

    def _paint_current(self, painter: QPainter) -> None:
        place = place_of(self.selection.board, self.selection.current)
        if place is None:
            return
        board = self.selection.board
        picture = self.picture.sprites.current(int(board.band[board.row(self.selection.current)]))
        px, py = self._frame.point(*place)
        half = picture.deviceIndependentSize().width() / 2
        painter.drawPixmap(QPointF(round(px - half), round(py - half)), picture)

    # -- size and panels ----------------------------------------------------------------------------

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        x, y = self._frame.center
        width, height = self.device_size()
        ratio = self.devicePixelRatioF()
        self._frame = Frame.around(x, y, level=self._frame.level, width=width, height=height, ratio=ratio)
        if not self._is_placed and event.size().width() > 1:
            self._is_placed = True
            self.layer_box.show_rows(self.width() >= NARROW_PX)
            self.zoom_to_city()
        self._place_panels()

    def _place_panels(self) -> None:
        if not self._is_placed:
            return  # there is no room yet to place them in
        inset = EDGE_PX + RIM_PX
        self.layer_box.adjustSize()
        self.layer_box.move(self.width() - self.layer_box.width() - inset, inset)
        self.legend.fit(self.width() - 2 * inset)
        bottom = self.height() - inset - self.credits.height(self.width(), self._frame)
        self.legend.move(inset, bottom - self.legend.height())
        room = self.legend.geometry()
        if not self.shade_legend.isHidden():
            self.shade_legend.fit(self.width() - 2 * inset)
            above = self.legend.y() - 2 * RIM_PX - 6 - self.shade_legend.height()
            self.shade_legend.move(inset, above)
            room = room.united(self.shade_legend.geometry())
        self.credits.leave_room(room)
        self.instruments.place(inset)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.look_at(*self._frame.center, level=self._frame.level)
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
        self.pointer.press(event)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.instruments.point_at(event.position())
        self.pointer.move(event)

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointer.release(event)

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.pointer.double_click(event)

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        self.pointer.turn(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.card.hide()
        self.instruments.point_at(None)
        super().leaveEvent(event)

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.instruments.open_copy_menu(event.pos())

    @guarded
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event.mimeData()) is not None:
            event.acceptProposedAction()

    @guarded
    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.file_dropped.emit(path)

    # -- keys ---------------------------------------------------------------------------------------

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.aim.key(Qt.Key(event.key()), self._frame):
            return
        step_x, step_y = (STEP_PX, STEP_PX) if self.aim.is_on else (self.width() / 5, self.height() / 5)
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
        elif event.key() == Qt.Key.Key_Backspace and self.instruments.take_back():
            pass
        elif not (event.key() == Qt.Key.Key_Escape and (self.pointer.let_go() or self.instruments.give_up())):
            event.ignore()


def _mercator(box: Bounds) -> Bounds:
    west, south, east, north = box
    (left, right), (low, high) = to_mercator([west, east], [south, north])
    return float(left), float(low), float(right), float(high)


def _dropped(data: QMimeData) -> Path | None:
    """The one file that is dropped; None for anything else."""
    files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return Path(files[0]) if len(files) == 1 else None
