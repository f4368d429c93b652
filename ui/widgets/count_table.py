"""A small table painted as one: aligned columns, tabular figures, here and there a bar. A row says what it
counts, and may open its sites."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.words import hint

ROW = 26
_HEAD = 22
_GAP = 10
_EDGE = 6
_BAR = 8
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Column:
    """`share` of the width; numbers stand at its right end."""

    title: str
    share: float
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """`beside` stands after the text in small; a `bar` is a share of the column's width, in place of both;
    `tone` is a field of the palette."""

    text: str = ""
    beside: str = ""
    tone: str = "text"
    bar: float | None = None
    part: float = 0.0  # of the bar, darker


@dataclass(frozen=True, slots=True)
class Row:
    """`counts` says in a sentence what the row counts; `opens` is what Enter does."""

    cells: tuple[Cell, ...]
    counts: str = ""
    opens: Callable[[], None] | None = None

    def said(self) -> str:
        return " ".join(filter(None, (f"{cell.text} {cell.beside}".strip() for cell in self.cells)))


def cells(*texts: str, tone: str = "text") -> tuple[Cell, ...]:
    return tuple(Cell(text, tone=tone) for text in texts)


class CountTable(QWidget):
    """As tall as its rows; `empty` stands there while it has none. `left` is emitted where an arrow goes past
    the first or last row, by -1 or 1."""

    moved = Signal()
    pressed = Signal()  # with the pointer; the current row is that one then
    left = Signal(int)
    turned = Signal(int)  # by an arrow to the left (-1) or the right, which a scroll area would swallow

    def __init__(self, name: str, columns: Sequence[Column], *, theme: Theme, empty: str = "") -> None:
        super().__init__()
        self.name = name
        self.columns = tuple(columns)
        self.rows: tuple[Row, ...] = ()
        self.current = 0
        self._theme = theme
        self._empty = empty
        self._hover = -1
        self._head = _HEAD if any(column.title for column in columns) else 4
        self._sides: list[float] = []
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_columns(self, columns: Sequence[Column]) -> None:
        self.columns = tuple(columns)
        self._head = _HEAD if any(column.title for column in columns) else 4
        self.updateGeometry()
        self.update()

    def show_rows(self, rows: Sequence[Row]) -> None:
        is_longer = len(rows) != len(self.rows)
        self.rows = tuple(rows)
        self._sides = [self._side(at) for at in range(len(self.columns))]
        self.current = min(self.current, max(len(rows) - 1, 0))
        self.setAccessibleDescription(". ".join(row.said() for row in rows) or self._empty)
        if is_longer:
            self.updateGeometry()
        self.update()

    def _side(self, column: int) -> float:
        """How wide the small parts of a column are, so that both parts line up under each other."""
        small = QFontMetricsF(self._theme.font("small"))
        texts = (row.cells[column].beside for row in self.rows if column < len(row.cells))
        return max((small.horizontalAdvance(text) for text in texts if text), default=0.0)

    def spot(self) -> QRect:
        """Where the current row is."""
        return QRect(0, self._head + self.current * ROW, self.width(), ROW)

    def row(self) -> Row | None:
        return self.rows[self.current] if self.rows else None

    def said(self) -> str:
        return "\n".join(row.said() for row in self.rows) or self._empty

    def sizeHint(self) -> QSize:
        return QSize(240, self._head + ROW * max(len(self.rows), 1) + 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    # -- acting ---------------------------------------------------------------------------------------

    def go(self, row: int) -> None:
        self.current = min(max(row, 0), max(len(self.rows) - 1, 0))
        self.moved.emit()
        self.update()

    def step(self, by: int) -> None:
        if 0 <= self.current + by < len(self.rows):
            self.go(self.current + by)
        else:
            self.left.emit(by)

    def open_current(self) -> None:
        row = self.row()
        if row is not None and row.opens is not None:
            row.opens()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_J: 1}
        key = Qt.Key(event.key())
        if key in steps:
            self.step(steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier  # a screen's own, which sends
        ):
            self.open_current()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.turned.emit(-1 if key == Qt.Key.Key_Left else 1)
        else:
            super().keyPressEvent(event)

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.moved.emit()
        self.update()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._row_at(event.position().y())
        if at >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.go(at)
            self.pressed.emit()

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._row_at(event.position().y()) == self.current:
            self.open_current()

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._row_at(event.position().y())
        if at != self._hover:
            self._hover = at
            self.setToolTip(hint(self.rows[at].counts) if at >= 0 else "")
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
        theme, painter, places = self._theme, QPainter(self), self._places()
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text_dim"))
        for column, (left, width) in zip(self.columns, places, strict=True):
            self._text(painter, QRectF(left, 0, width, self._head - 2), column, column.title)
        if not self.rows:
            painter.setFont(theme.font("body"))
            room = QRectF(_EDGE, self._head, self.width() - 2 * _EDGE, ROW - 1)
            painter.drawText(room, _LEFT, self._empty)
        for number, row in enumerate(self.rows):
            self._paint_row(painter, number, row, places)
        if self.hasFocus() and not self.rows:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(1, self._head + 1, self.width() - 2, ROW - 3)

    def _places(self) -> list[tuple[float, float]]:
        room = self.width() - 2 * _EDGE - _GAP * (len(self.columns) - 1)
        whole = sum(column.share for column in self.columns)
        places, left = [], float(_EDGE)
        for column in self.columns:
            width = room * column.share / whole
            places.append((left, width))
            left += width + _GAP
        return places

    def _paint_row(self, painter: QPainter, number: int, row: Row, places: list[tuple[float, float]]) -> None:
        theme, top = self._theme, self._head + number * ROW
        is_current = self.hasFocus() and number == self.current
        if is_current or number == self._hover:
            painter.fillRect(0, top, self.width(), ROW, theme.color("selection" if is_current else "hover"))
        painter.fillRect(0, top + ROW - 1, self.width(), 1, theme.color("line"))
        for at, (column, cell, (left, width)) in enumerate(
            zip(self.columns, row.cells, places, strict=False)
        ):
            side = self._sides[at] if at < len(self._sides) else 0.0
            self._paint_cell(painter, column, cell, QRectF(left, top, width, ROW - 1), side)
        if is_current:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(1, top + 1, self.width() - 2, ROW - 3)

    def _paint_cell(self, painter: QPainter, column: Column, cell: Cell, spot: QRectF, side: float) -> None:
        theme = self._theme
        if cell.bar is not None:
            width = max(1.0, spot.width() * min(1.0, cell.bar)) if cell.bar > 0 else 0.0
            bar = QRectF(spot.left(), spot.center().y() - _BAR / 2, width, _BAR)
            painter.fillRect(bar, theme.color("shade_3"))
            if cell.part > 0:
                bar.setWidth(max(2.0, spot.width() * min(1.0, cell.part)))
                painter.fillRect(bar, theme.color("text_dim"))
            return
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color(cell.tone))
        if not cell.beside:
            self._text(painter, spot, column, cell.text)
            return
        self._text(painter, spot.adjusted(0, 0, -side - 6, 0), column, cell.text)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text_dim"))
        self._text(painter, QRectF(spot.right() - side, spot.top(), side, spot.height()), column, cell.beside)

    @staticmethod
    def _text(painter: QPainter, spot: QRectF, column: Column, text: str) -> None:
        shown = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, math.ceil(spot.width()) + 1
        )
        painter.drawText(spot, _RIGHT if column.is_number else _LEFT, shown)
