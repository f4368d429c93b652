"""The wall's window: paints what it was last told, turns from view to view, is blanked by one key."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.theme import Theme
from ui.wall.frame import (
    HEAD_TALL,
    NOTICE_TALL,
    edge_px,
    lines_of,
    paint_edge,
    paint_head,
    paint_notices,
    paint_turn,
)
from ui.wall.ink import CENTER, Ink
from ui.wall.letters import Letters, letters_for
from ui.wall.map import WallMap
from ui.wall.screens import Screen, seen
from ui.wall.views import paint_hours, paint_map, paint_rows
from ui.wall.words import Said
from ui.widgets.guard import guarded

VIEWS = ("map", "rows", "hours")
LEAST = (640, 360)
WINDOW = (960, 540)


class WallWindow(QWidget):
    """Takes the focus only from who clicks on it: an operator types on while it opens or moves."""

    closed = Signal()
    blank_wanted = Signal()
    full_wanted = Signal()
    left = Signal()  # for the console

    def __init__(
        self,
        *,
        theme: Theme,
        wall_map: WallMap,
        zone: ZoneInfo,
        distance_m: int,
        diagonal_in: int,
        turn_s: int,
    ) -> None:
        super().__init__()
        self._theme, self._map, self._zone = theme, wall_map, zone
        self._distance_m, self._diagonal_in = distance_m, diagonal_in
        self._said: Said | None = None
        self._blank, self._is_exercise = "", False
        self.view = 0
        self._ink = Ink(theme, 20)
        self.letters = Letters(20, 0.0, distance_m)
        self._turn = QTimer(self, interval=max(turn_s, 1) * 1000, timeout=lambda: self._show(1))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(*LEAST)
        self.resize(*WINDOW)
        if turn_s:
            self._turn.start()
        theme.changed.connect(self.update)
        wall_map.arrived.connect(self.update)

    # -- what it shows ----------------------------------------------------------------------------------

    @property
    def is_turning(self) -> bool:
        return self._turn.isActive()

    @property
    def is_blank(self) -> bool:
        return bool(self._blank)

    def say(self, said: Said) -> None:
        """Painted anew where a word of it has changed."""
        self._blank, self._is_exercise = "", said.is_exercise
        if said != self._said:
            self._said = said
            self._describe("\n".join(filter(None, said.texts())))
            self.update()

    def blank(self, words: str, *, is_exercise: bool) -> None:
        """Nothing but these words, also for who cannot see them."""
        if words != self._blank:
            self._said, self._blank, self._is_exercise = None, words, is_exercise
            self._describe(words)
            self.update()

    def turn_or_stay(self) -> None:
        """Go on from view to view, or stay with this one."""
        if self._turn.isActive():
            self._turn.stop()
        else:
            self._turn.start()
        self.update()

    def show_view(self, name: str) -> None:
        self.view = VIEWS.index(name)
        self.update()

    def _show(self, by: int) -> None:
        self.view = (self.view + by) % len(VIEWS)
        self.update()

    def _describe(self, words: str) -> None:
        self.setAccessibleName(self.windowTitle())
        self.setAccessibleDescription(words)

    # -- where it stands --------------------------------------------------------------------------------

    def stand_on(self, screen: Screen) -> None:
        """All of a screen."""
        if screen.screen is not None:
            self.setScreen(screen.screen)
        # Out of full screen first: some window managers leave it on the screen where it was.
        if self.isFullScreen():
            self.showNormal()
        self.setGeometry(screen.box)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.showFullScreen()
        self._measure()

    def stand_in_window(self, screen: Screen) -> None:
        """In the lower right of a screen, at most half as wide and tall."""
        wide = max(LEAST[0], min(WINDOW[0], screen.box.width() // 2))
        tall = max(LEAST[1], wide * 9 // 16)
        if screen.screen is not None:
            self.setScreen(screen.screen)
        self.unsetCursor()
        self.showNormal()
        self.setGeometry(screen.box.right() - wide - 40, screen.box.bottom() - tall - 60, wide, tall)
        self._measure()

    def _measure(self) -> None:
        glass = seen(self.screen()).glass
        letters = letters_for(
            width=self.width(),
            height=self.height(),
            px_per_mm=glass.px_per_mm(self._diagonal_in),
            distance_m=self._distance_m,
        )
        if letters != self.letters:
            self.letters, self._ink = letters, Ink(self._theme, letters.px)
            self.update()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    @guarded
    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    # -- keys -------------------------------------------------------------------------------------------

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        works = {
            Qt.Key.Key_B: self.blank_wanted.emit,
            Qt.Key.Key_F: self.full_wanted.emit,
            Qt.Key.Key_F11: self.full_wanted.emit,
            Qt.Key.Key_Space: self.turn_or_stay,
            Qt.Key.Key_Right: lambda: self._show(1),
            Qt.Key.Key_Left: lambda: self._show(-1),
        }
        if event.key() == Qt.Key.Key_Escape:
            (self.full_wanted if self.isFullScreen() else self.left).emit()
        elif (work := works.get(Qt.Key(event.key()))) and not event.isAutoRepeat():
            work()
        else:
            event.ignore()

    # -- painting ---------------------------------------------------------------------------------------

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self.paint(painter)

    def paint(self, painter: QPainter) -> None:
        ink, box = self._ink, QRectF(self.rect())
        painter.fillRect(box, self._theme.color("window"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._is_exercise:
            paint_edge(painter, box, ink)
            edge = edge_px(ink)
            box.adjust(edge, edge, -edge, -edge)
        if self._blank:
            ink.write(painter, box, self._blank, tone="text_dim", align=CENTER)
        elif self._said is not None:
            self._paint_said(painter, box, self._said)

    def _paint_said(self, painter: QPainter, box: QRectF, said: Said) -> None:
        ink = self._ink
        head = QRectF(box.left(), box.top(), box.width(), round(HEAD_TALL * ink.px))
        dots = 2.4 * ink.px
        lines = lines_of(said, box.width() - dots, ink)
        foot = QRectF(box)
        foot.setTop(box.bottom() - round(NOTICE_TALL * ink.px * len(lines)))
        room = QRectF(box.left(), head.bottom(), box.width(), foot.top() - head.bottom())
        if VIEWS[self.view] == "map":
            ratio = self.devicePixelRatioF()
            paint_map(painter, room, said, ink=ink, wall_map=self._map, ratio=ratio)
        elif VIEWS[self.view] == "rows":
            paint_rows(painter, room, said, ink=ink)
        else:
            paint_hours(painter, room, said, ink=ink, zone=self._zone)
        paint_head(painter, head, said, ink)
        paint_notices(painter, foot, lines, ink)
        last = QRectF(foot.left(), foot.bottom() - foot.height() / len(lines), foot.width(), 0)
        last.setBottom(foot.bottom())
        paint_turn(painter, last, view=self.view, views=len(VIEWS), is_turning=self.is_turning, ink=ink)
