"""The map's instruments: the position under the pointer, the mark, the ruler. Acts for one map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QPointF
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QMenu

from dispatch.geo import coordinates
from dispatch.geo.coordinates import NotAPosition, Position
from dispatch.geo.projection import to_degrees, to_mercator
from ui.map.layers import Scene
from ui.map.mark import Mark
from ui.map.panels import RIM_PX
from ui.map.ruler import Ruler
from ui.map.whereabouts import Whereabouts
from ui.theme import Theme

if TYPE_CHECKING:
    from ui.map.view import MapView


class Instruments:
    """What they draw on the map goes into its picture: a pan only copies it."""

    def __init__(self, view: MapView, *, theme: Theme) -> None:
        self._view = view
        self.whereabouts = Whereabouts(theme=theme, parent=view)
        self.mark = Mark(theme)
        self.ruler = Ruler(theme)
        self._pointer: QPointF | None = None
        view.moved.connect(self._follow)
        view.picture.over.append(self._paint_over)

    # -- positions ----------------------------------------------------------------------------------

    def point_at(self, at: QPointF | None) -> None:
        """The pointer is at a point of the map; None when it has left."""
        self._pointer = at
        self.whereabouts.say(None if at is None else self.position_at(at))
        if self.ruler.is_on:
            self._say_measure()

    def position_at(self, at: QPointF) -> Position:
        lng, lat = to_degrees(*self._view.frame.place(at.x(), at.y()))
        return Position(float(lat), float(lng))

    def pointed(self) -> Position:
        """What an act on a position means: the pointer's, else the mark, else the map's middle."""
        return self.whereabouts.at or self.mark.at or self.position_at(self._spot())

    def open_copy_menu(self, at: QPoint | None = None) -> None:
        """Offer the position in each form; `at` is where on the map the menu stands."""
        menu = self.copy_menu(self.pointed())
        menu.popup(self._view.mapToGlobal(at if at is not None else QPoint(12, 36)))
        menu.setActiveAction(menu.actions()[0])

    def copy_menu(self, position: Position) -> QMenu:
        menu = QMenu(self._view)
        menu.aboutToHide.connect(menu.deleteLater)
        for write in coordinates.FORMS.values():
            if said := write(position):
                # The words are fixed when the menu opens: the pointer moves on to the menu.
                menu.addAction(_tr("Copy {}").format(said), lambda words=said: _copy(words))
        return menu

    # -- the mark -----------------------------------------------------------------------------------

    def go_to(self, position: Position, label: str) -> None:
        """Bring a position to the middle, at street zoom, and mark it."""
        x, y = to_mercator(position.lng, position.lat)
        self.mark.put(position, label)
        self._view.picture.forget()
        self._view.close_in(float(x), float(y))

    def take_mark_away(self) -> bool:
        was_there = self.mark.take_away()
        if was_there:
            self._redraw()
        return was_there

    # -- measuring ----------------------------------------------------------------------------------

    def measure(self) -> None:
        """Begin; where it has begun, set a point at the pointer, or in the map's middle without one."""
        self._view.setFocus()
        if self.ruler.is_on:
            self.set_point(self._spot())
        else:
            self.ruler.begin()
            self._say_measure()

    def set_point(self, at: QPointF) -> None:
        self.ruler.add(self.position_at(at))
        self._redraw()
        self._say_measure()

    def take_back(self) -> bool:
        """The last point of a measure; False when none is going on."""
        if self.ruler.is_on:
            self.ruler.take_back()
            self._redraw()
            self._say_measure()
        return self.ruler.is_on

    def paint_live(self, painter: QPainter) -> None:
        """With each frame, but only while somebody measures: one line."""
        if self.ruler.is_on:
            self.ruler.paint_live(painter, self._view.frame, self._spot())

    # -- inside -------------------------------------------------------------------------------------

    def place(self, inset: int) -> None:
        """Stand in the map's upper left corner, up to the layer box."""
        room = self._view.layer_box.x() - RIM_PX - 8 - inset
        self.whereabouts.fit(QPointF(inset - RIM_PX, inset - RIM_PX), room + RIM_PX)

    def give_up(self) -> bool:
        """Escape on the map: end what is going on, else take the mark away; False when there was neither."""
        if self.ruler.end():
            self._view.card.hide()
            self._view.unsetCursor()
            self._redraw()
            return True
        return self.take_mark_away()

    def _spot(self) -> QPointF:
        """Where on the map an act by key is meant."""
        return self._pointer or QPointF(self._view.width() // 2, self._view.height() // 2)

    def _follow(self) -> None:
        """The map has moved under the pointer."""
        if self._pointer is not None:
            self.whereabouts.say(self.position_at(self._pointer))
        if self.ruler.is_on:
            self._say_measure()

    def _say_measure(self) -> None:
        spot = self._spot()
        self._view.card.say(self.ruler.words(self.position_at(spot)), spot.toPoint())
        self._view.update()

    def _redraw(self) -> None:
        self._view.picture.forget()
        self._view.update()

    def _paint_over(self, painter: QPainter, scene: Scene) -> None:
        self.ruler.paint(painter, scene.frame)
        self.mark.paint(painter, scene.frame)


def read_for_map(text: str) -> Position:
    """A typed position that the map has ground for; NotAPosition says what to do about any other."""
    position = coordinates.read(text)
    if coordinates.is_in_states(position):
        return position
    if coordinates.is_in_states(Position(position.lat, -position.lng)):
        raise NotAPosition(
            _tr("{} lies in Asia. West longitudes need a minus or a W.").format(coordinates.decimal(position))
        )
    if coordinates.is_in_states(Position(position.lng, position.lat)):
        raise NotAPosition(_tr("Latitude comes first: type the two numbers the other way round."))
    raise NotAPosition(
        _tr("{} lies outside the map of the lower 48 states. Check the digits.").format(
            coordinates.decimal(position)
        )
    )


def _copy(words: str) -> None:
    QGuiApplication.clipboard().setText(words)


def _tr(text: str) -> str:
    return QCoreApplication.translate("map", text)
