"""What the mouse does on the map: points, clicks, drags, turns the wheel, draws a box or a lasso."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPolygonF, QWheelEvent

from dispatch.geo.projection import to_degrees
from dispatch.geo.tiles import MAX_LEVEL, level_that_fits
from ui.map.frame import Frame, middle_of
from ui.map.markers import Hit, is_one_place, sites_in_ring
from ui.map.words import hover_words
from ui.theme import Theme

if TYPE_CHECKING:
    from ui.map.view import MapView

DRAG_PX = 4
WHEEL_STEP = 60


class Pointer:
    """Acts for one map; choosing goes through the selection, looking elsewhere through the map."""

    def __init__(self, view: MapView) -> None:
        self._view = view
        self._pressed: QPoint | None = None
        self._drag_from: Frame | None = None
        self._ring: list[QPointF] = []
        self._wheel = 0
        self._has_acted = False

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """The box or lasso while it is drawn."""
        if len(self._ring) > 1:
            shade = QColor(theme.color("focus"))
            shade.setAlphaF(0.08)
            painter.setBrush(shade)
            painter.setPen(QPen(theme.color("focus"), 1.5))
            painter.drawPolygon(QPolygonF(self._ring))

    def let_go(self) -> bool:
        """Give up a box or lasso; False when none was begun."""
        was_drawing, self._ring, self._pressed = bool(self._ring), [], None
        self._view.update()
        return was_drawing

    def press(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = event.position().toPoint()
        self._view.card.hide()
        if event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier):
            self._ring = [event.position()]
        else:
            self._drag_from = self._view.frame

    def move(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            self._hover(event.position())
        elif self._ring:
            self._draw_ring(event)
        elif self._drag_from is not None:
            by = self._pressed - event.position().toPoint()
            ratio = self._view.frame.ratio
            if by.manhattanLength() > DRAG_PX or self._view.frame != self._drag_from:
                self._view.setCursor(Qt.CursorShape.ClosedHandCursor)
                self._view.show_frame(self._drag_from.moved(round(by.x() * ratio), round(by.y() * ratio)))

    def release(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        self._view.unsetCursor()
        if pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if self._ring:
            self._choose_ring()
        elif self._drag_from == self._view.frame:
            self._click(event.position())
        self._drag_from = None

    def double_click(self, event: QMouseEvent) -> None:
        # Where the first click of the two chose a site or opened a bubble, the second means nothing.
        if not self._has_acted:
            self._view.zoom_by(2, event.position())

    def turn(self, event: QWheelEvent) -> None:
        self._wheel += event.angleDelta().y()
        steps = int(self._wheel / WHEEL_STEP)
        self._wheel -= steps * WHEEL_STEP
        self._view.zoom_by(steps, event.position())
        event.accept()

    def _hit(self, at: QPointF) -> Hit | None:
        if self._view.picture.scene is None or not self._view.layer_box.is_on("reports"):
            return None
        return self._view.picture.scene.markers.near(*self._on_scene(at))

    def _on_scene(self, at: QPointF) -> tuple[float, float]:
        assert self._view.picture.scene is not None
        return self._view.picture.scene.frame.point(*self._view.frame.place(at.x(), at.y()))

    def _hover(self, at: QPointF) -> None:
        if self._view.instruments.ruler.is_on:
            self._view.setCursor(Qt.CursorShape.CrossCursor)
            return
        view, scene, hit = self._view, self._view.picture.scene, self._hit(at)
        text, band = "", 0
        if hit is not None:
            text, band = hover_words(hit, view.selection)
        elif scene is not None:
            spot = self._on_scene(at)
            shown = (layer for layer in reversed(view.layers) if view.layer_box.is_on(layer.name))
            said = [(layer.is_everywhere, words) for layer in shown if (words := layer.says(*spot, scene))]
            # Neither must a zone hide the warning that lies over it, nor the warning everything else.
            text = next((words for is_under, words in said if not is_under), "")
            text = text or view.shading.says(*view.frame.place(at.x(), at.y()))
            under = next((words for is_under, words in said if is_under), "")
            text = "\n".join(filter(None, (text, under)))
        if view.aim.is_on:
            view.setCursor(Qt.CursorShape.CrossCursor)
        else:
            view.setCursor(Qt.CursorShape.PointingHandCursor if hit else Qt.CursorShape.ArrowCursor)
        view.card.say(text, at.toPoint(), band=band)

    def _click(self, at: QPointF) -> None:
        if self._view.aim.is_on:
            self._has_acted = True
            self._view.aim.take(self._view.frame, at)
            return
        if self._view.instruments.ruler.is_on:
            self._has_acted = True
            self._view.instruments.set_point(at)
            return
        hit = self._hit(at)
        self._has_acted = hit is not None
        if hit is None:
            return
        selection = self._view.selection
        is_closest = self._view.frame.level == MAX_LEVEL or is_one_place(selection.board, hit.rows)
        if hit.is_bubble and not is_closest:
            self._open(hit)
            return
        ids = selection.board.site_id[hit.rows].tolist()
        # Sites on top of each other: each further click takes the next one.
        current = selection.current
        selection.go(ids[(ids.index(current) + 1) % len(ids)] if current in ids else ids[0])

    def _open(self, hit: Hit) -> None:
        """Zoom until what a bubble holds fills the window, at least one step."""
        board = self._view.selection.board
        x, y = board.x[hit.rows], board.y[hit.rows]
        box = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
        width, height = self._view.device_size()
        level = level_that_fits(box, width * 0.7, height * 0.7)
        self._view.look_at(*middle_of(box), level=max(level, self._view.frame.level + 1))

    def _draw_ring(self, event: QMouseEvent) -> None:
        start, at = self._ring[0], event.position()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._ring = [start, QPointF(at.x(), start.y()), at, QPointF(start.x(), at.y())]
        elif (at - self._ring[-1]).manhattanLength() >= 3:
            self._ring.append(at)
        self._view.update()

    def _choose_ring(self) -> None:
        ring, self._ring = self._ring, []
        self._view.update()
        if len(ring) < 3:
            return
        places = np.array([self._view.frame.place(point.x(), point.y()) for point in ring])
        sites = sites_in_ring(self._view.selection.board, self._view.selection.mask, places)
        if sites:
            lng, lat = to_degrees(*places.T)
            ring = list(zip(lng.tolist(), lat.tolist(), strict=True))
            self._view.selection.choose_ring(sites, [*ring, ring[0]])
