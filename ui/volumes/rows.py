"""A small table painted as one: aligned columns, here and there a bar; each row opens its sites."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.words import hint

ROW = 26
_HEAD = 22
_GAP = 12
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column:
    """`share` of the width; numbers stand at its right end."""

    title: str
    share: float
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """`whole` and the darker `part` of it, as shares of the longest."""

    whole: float
    part: float = 0.0


@dataclass(frozen=True, slots=True)
class TableRow:
    """`cells` go with the columns, a Bar is painted. `opens` is what Enter and a click do."""

    cells: tuple[str | Bar, ...]
    opens: Callable[[], None] | None = None
    is_soft: bool = False
    hint: str = ""


class RowsTable(QWidget):
    """As tall as its rows; what does not fit is cut by whoever gives the rows."""

    moved = Signal(int)

    def __init__(self, columns: Sequence[Column], *, theme: Theme, name: str) -> None:
        super().__init__()
        self._columns = tuple(columns)
        self._theme = theme
        self._head = _HEAD if any(column.title for column in columns) else 0
        self.rows: tuple[TableRow, ...] = ()
        self.current = 0
        self._hover = -1
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_rows(self, rows: Sequence[TableRow]) -> None:
        if tuple(rows) == self.rows:
            return
        is_longer = len(rows) != len(self.rows)
        self.rows = tuple(rows)
        self.current = min(self.current, max(len(rows) - 1, 0))
        said = ". ".join(" ".join(c for c in row.cells if isinstance(c, str) and c) for row in rows)
        self.setAccessibleDescription(said)
        if is_longer:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self._head + ROW * max(len(self.rows), 1) + 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    # -- acting ---------------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        if self.rows:
            self.current = min(max(self.current + by, 0), len(self.rows) - 1)
            self.moved.emit(self.current)
            self.update()

    def open_current(self) -> None:
        if self.rows and (opens := self.rows[self.current].opens):
            opens()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_J: 1}
        key = Qt.Key(event.key())
        if key in steps:
            self.step(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.open_current()
        else:
            super().keyPressEvent(event)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._row_at(event.position().y())
        if at >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.current = at
            self.open_current()

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._row_at(event.position().y())
        if at != self._hover:
            self._hover = at
            opens = at >= 0 and self.rows[at].opens is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)
            self.setToolTip(hint(self.rows[at].hint) if at >= 0 else "")
            self.update()

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover = -1
        self.update()

    def _row_at(self, y: float) -> int:
        at = int((y - self._head) // ROW)
        return at if 0 <= at < len(self.rows) else -1

    # -- painting -------------------------------------------------------------------------------------

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        places = self._places()
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text_dim"))
        if self._head:
            for column, (left, width) in zip(self._columns, places, strict=True):
                spot = QRectF(left, 0, width, self._head - 2)
                painter.drawText(spot, _RIGHT if column.is_number else _LEFT, column.title)
        for number, row in enumerate(self.rows):
            self._paint_row(painter, number, row, places)

    def _places(self) -> list[tuple[float, float]]:
        room = self.width() - _GAP * (len(self._columns) - 1)
        whole = sum(column.share for column in self._columns)
        places, left = [], 0.0
        for column in self._columns:
            width = room * column.share / whole
            places.append((left, width))
            left += width + _GAP
        return places

    def _paint_row(
        self, painter: QPainter, number: int, row: TableRow, places: list[tuple[float, float]]
    ) -> None:
        theme, top = self._theme, self._head + number * ROW
        if number == self._hover and row.opens is not None:
            painter.fillRect(0, top, self.width(), ROW, theme.color("hover"))
        painter.fillRect(0, top + ROW - 1, self.width(), 1, theme.color("row_line"))
        for column, cell, (left, width) in zip(self._columns, row.cells, places, strict=True):
            if isinstance(cell, Bar):
                self._paint_bar(painter, cell, left, top, width)
                continue
            painter.setFont(theme.font("body"))
            painter.setPen(theme.color("text_dim" if row.is_soft else "text"))
            shown = QFontMetrics(painter.font()).elidedText(cell, Qt.TextElideMode.ElideRight, int(width) + 1)
            spot = QRectF(left, top, width, ROW - 1)
            painter.drawText(spot, _RIGHT if column.is_number else _LEFT, shown)
        if self.hasFocus() and number == self.current:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(1, top + 1, self.width() - 2, ROW - 3)

    def _paint_bar(self, painter: QPainter, bar: Bar, left: float, top: float, width: float) -> None:
        for share, tone in ((bar.whole, "shade_3"), (bar.part, "text_dim")):
            if share > 0:
                spot = QRectF(left, top + 8, max(2.0, width * share), 10)
                painter.fillRect(spot, self._theme.color(tone))
