"""Aiming at a spot of the map: by a click, or by the cross in the middle with arrows, + and − and Enter."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from dispatch.geo.projection import to_degrees, to_mercator
from dispatch.records import Place
from ui.map.frame import Frame
from ui.theme import Theme

ARM_PX, GAP_PX = 16, 5
PIN_PX = 9
STEP_PX = 24.0  # an arrow key while aiming: a fine step, where it pans a fifth of the map otherwise


def _tr(text: str) -> str:
    return QCoreApplication.translate("map", text)


class Aim(QObject):
    """Acts for one map. While it is on, a click takes a spot instead of choosing a site; what was taken is
    marked until it is off. `given_up` asks for the keys back where the aiming began."""

    taken = Signal(object)  # Place
    given_up = Signal()

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self.is_on = False
        self.spot: tuple[float, float] | None = None  # Mercator metres

    def start(self) -> None:
        self.is_on = True
        self._view.update()

    def stop(self) -> None:
        self.is_on, self.spot = False, None
        self._view.unsetCursor()
        self._view.update()

    def show(self, place: Place | None) -> None:
        """Mark a place that is meant, wherever it came from."""
        self.spot = None
        if place is not None:
            x, y = to_mercator(place.lng, place.lat)
            self.spot = float(x), float(y)
        self._view.update()

    def take(self, frame: Frame, at: QPointF) -> None:
        """What lies under a point of the widget is meant."""
        x, y = frame.place(at.x(), at.y())
        lng, lat = to_degrees(x, y)
        self.spot = x, y
        self._view.update()
        self.taken.emit(Place(round(float(lat), 6), round(float(lng), 6)))

    def key(self, key: Qt.Key, frame: Frame) -> bool:
        """Enter takes what is under the cross, Esc gives up; False for any other key."""
        if not self.is_on:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take(frame, QPointF(self._view.width() / 2, self._view.height() / 2))
            return True
        if key == Qt.Key.Key_Escape:
            self.given_up.emit()
            return True
        return False

    def paint(self, painter: QPainter, frame: Frame, theme: Theme) -> None:
        if self.spot is not None:
            self._paint_pin(painter, QPointF(*frame.point(*self.spot)), theme)
        if self.is_on and self._view.hasFocus():
            self._paint_cross(painter, theme)
            self._paint_hint(painter, theme)

    def _paint_pin(self, painter: QPainter, at: QPointF, theme: Theme) -> None:
        """A ring with a dot: no band's shape, so that nobody takes it for a site."""
        for color, width in (("card", 5.0), ("focus", 2.5)):
            painter.setPen(QPen(theme.color(color), width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, PIN_PX, PIN_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("focus"))
        painter.drawEllipse(at, 2.5, 2.5)

    def _paint_cross(self, painter: QPainter, theme: Theme) -> None:
        middle = QPointF(self._view.width() / 2, self._view.height() / 2)
        for color, width in (("card", 4.0), ("focus", 2.0)):
            painter.setPen(QPen(theme.color(color), width))
            for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                near = middle + QPointF(dx * GAP_PX, dy * GAP_PX)
                painter.drawLine(near, middle + QPointF(dx * ARM_PX, dy * ARM_PX))

    def _paint_hint(self, painter: QPainter, theme: Theme) -> None:
        words = _tr("Arrows move, + and − zoom · Enter takes the cross · Esc back to the sheet")
        font = theme.font("small_strong")
        metrics = QFontMetricsF(font)
        room = self._view.width() - 40
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(shown) + 20
        box = QRectF(round((self._view.width() - width) / 2) + 0.5, self._view.height() - 103.5, width, 28)
        painter.setPen(QPen(theme.color("line_strong"), 1))
        painter.setBrush(theme.color("card"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
