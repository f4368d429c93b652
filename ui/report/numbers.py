"""The numbers of a snapshot as one table to walk through: each cell is a number that has its rows."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from dispatch.snapshot.records import Number, Snapshot
from ui.theme import Theme
from ui.widgets.guard import guarded

ROW_HEIGHT, HEAD_HEIGHT = 28, 40
LABEL, FIRST = 0, 1
NUMBER_WIDTH, PAD = 86, 8
_TOP = QModelIndex()
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Row:
    """A line of numbers, or with `headings` the head of a section. `beside` stands after the label, dim."""

    label: str
    numbers: tuple[Number, ...] = ()
    beside: str = ""
    headings: tuple[str, ...] = ()
    is_head: bool = False


def rows_of(snapshot: Snapshot, now: str, period: str) -> list[Row]:
    """`now` and `period` head the two blocks of single numbers."""
    rows = []
    for title, numbers in ((now, snapshot.now), (period, snapshot.numbers)):
        rows.append(Row(title, is_head=True))
        rows += [Row(each.label, (each,), each.note) for each in numbers]
    for table in snapshot.tables:
        if table.lines:
            many = max(len(line.numbers) for line in table.lines)
            rows.append(Row(table.title, headings=table.headings[1 : 1 + many], is_head=True))
            worst = table.headings[-1]
            rows += [
                Row(line.label, line.numbers, f"{worst} {line.worst}" if line.worst else "")
                for line in table.lines
            ]
    return rows


class NumbersModel(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self._columns = 2

    def take(self, rows: list[Row]) -> None:
        """Another count: most rows say the same of another number, those beyond come or go at the end."""
        most = max((len(row.numbers) for row in rows), default=1)
        if FIRST + most > self._columns:
            self.beginInsertColumns(_TOP, self._columns, most)
            self._columns = FIRST + most
            self.endInsertColumns()
        kept = min(len(self.rows), len(rows))
        if len(self.rows) > kept:
            self.beginRemoveRows(_TOP, kept, len(self.rows) - 1)
            self.rows = self.rows[:kept]
            self.endRemoveRows()
        if len(rows) > kept:
            self.beginInsertRows(_TOP, kept, len(rows) - 1)
            self.rows = rows
            self.endInsertRows()
        self.rows = rows
        if kept:
            self.dataChanged.emit(self.index(0, 0), self.index(kept - 1, self._columns - 1))

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else self._columns

    def number(self, index: Index) -> Number | None:
        """What stands in a cell. Lines of fewer numbers than the longest end at the same edge."""
        if not index.isValid():
            return None
        numbers = self.rows[index.row()].numbers
        at = index.column() - self.first(index.row())
        return numbers[at] if 0 <= at < len(numbers) else None

    def first(self, row: int) -> int:
        """The column of a line's first number; of a head, of its first heading."""
        return self._columns - (len(self.rows[row].headings) or len(self.rows[row].numbers))

    def line(self, row: int) -> str:
        """What a number is of: its line, and the section where the line alone says nothing."""
        head = next((each.label for each in reversed(self.rows[:row]) if each.is_head and each.headings), "")
        return f"{head}: {self.rows[row].label}" if head else ""

    def place_of(self, key: str) -> QModelIndex:
        for at, row in enumerate(self.rows):
            for column, number in enumerate(row.numbers):
                if number.key == key:
                    return self.index(at, self.first(at) + column)
        return QModelIndex()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        number = self.number(index)
        if role == Qt.ItemDataRole.DisplayRole:
            if index.column() == LABEL:
                return row.label
            return f"{number.value:,}" if number else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            if number is None:
                return row.label
            return f"{row.label}, {number.label}: {number.value:,}"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if not index.isValid():
            return flags
        if self.rows[index.row()].is_head or self.number(index) is None:
            return flags & ~Qt.ItemFlag.ItemIsSelectable
        return flags


class _Cells(QStyledItemDelegate):
    def __init__(self, table: NumbersTable, *, theme: Theme) -> None:
        super().__init__(table)
        self._table, self._theme = table, theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(60, ROW_HEIGHT)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, rect = self._theme, option.rect
        row = self._table.numbers.rows[index.row()]
        current = self._table.currentIndex()
        is_line = current.row() == index.row() and not row.is_head
        painter.fillRect(rect, theme.color("selection" if is_line else "card"))
        painter.fillRect(
            rect.left(), rect.bottom(), rect.width(), 1, theme.color("line" if row.is_head else "row_line")
        )
        inner = rect.adjusted(PAD, 0, -PAD, 0)
        if row.is_head:
            self._head(painter, row, index.column(), inner)
        elif index.column() == LABEL:
            self._label(painter, row, inner)
        else:
            painter.setFont(theme.font("body"))
            painter.setPen(theme.color("text"))
            painter.drawText(inner, _RIGHT, str(index.data()))
        if current == index and self._table.hasFocus() and self._table.numbers.number(index) is not None:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -2))

    def _head(self, painter: QPainter, row: Row, column: int, inner: QRect) -> None:
        theme = self._theme
        inner = inner.adjusted(0, 0, 0, -5)
        if column == LABEL:
            painter.setFont(theme.font("strong"))
            painter.setPen(theme.color("text"))
            shown = painter.fontMetrics().elidedText(row.label, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, shown)
        elif (at := column - self._table.numbers.columnCount() + len(row.headings)) >= 0:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("text_dim"))
            painter.drawText(inner.adjusted(-PAD, 0, 0, 0), int(_WRAPPED), row.headings[at])

    def _label(self, painter: QPainter, row: Row, inner: QRect) -> None:
        theme = self._theme
        painter.setFont(theme.font("body"))
        metrics = painter.fontMetrics()
        label = metrics.elidedText(row.label, Qt.TextElideMode.ElideRight, inner.width())
        painter.setPen(theme.color("text"))
        painter.drawText(inner, _LEFT, label)
        if row.beside:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("text_dim"))
            rest = inner.adjusted(metrics.horizontalAdvance(label) + 10, 0, 0, 0)
            shown = painter.fontMetrics().elidedText(row.beside, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, _LEFT, shown)


class NumbersTable(QTableView):
    chosen = Signal(object, str)  # Number, or None on a head; what it is of
    opened = Signal()

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self.numbers = NumbersModel()
        self._key = ""
        self.setModel(self.numbers)
        self.setItemDelegate(_Cells(self, theme=theme))
        self.setAccessibleName(self.tr("Numbers of the snapshot"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.doubleClicked.connect(lambda _index: self.opened.emit())

    def number(self) -> Number | None:
        return self.numbers.number(self.currentIndex())

    def show_rows(self, rows: list[Row]) -> None:
        """The number that was chosen stays chosen, wherever it stands now."""
        self.numbers.take(rows)
        for at, row in enumerate(rows):
            self.verticalHeader().resizeSection(at, HEAD_HEIGHT if row.is_head else ROW_HEIGHT)
        self._share_width()
        place = self.numbers.place_of(self._key)
        if not place.isValid():
            at = next((n for n, row in enumerate(rows) if row.numbers), -1)
            place = self.numbers.index(at, self.numbers.first(at)) if at >= 0 else place
        self.setCurrentIndex(place)
        self.viewport().update()
        self._tell()

    def step(self, by: int) -> None:
        """To the next line that has a number there, over the heads."""
        at, column = self.currentIndex().row() + by, self.currentIndex().column()
        while 0 <= at < len(self.numbers.rows):
            if self.numbers.rows[at].numbers:
                self._go(self.numbers.index(at, max(column, self.numbers.first(at))))
                return
            at += by
        if by < 0:
            self.scrollToTop()

    def across(self, by: int) -> None:
        at = self.currentIndex()
        to = self.numbers.index(at.row(), at.column() + by)
        if self.numbers.number(to) is not None:
            self._go(to)

    def step_section(self, by: int) -> None:
        rows, at = self.numbers.rows, self.currentIndex().row()
        heads = [n for n, row in enumerate(rows) if row.is_head]
        here = max((n for n in heads if n <= at), default=0)
        to = (
            next((n for n in heads if n > at), None)
            if by > 0
            else max((n for n in heads if n < here), default=0)
        )
        if to is not None:
            self._go_line(min(to + 1, len(rows) - 1))
            self.scrollTo(self.numbers.index(to, LABEL), QAbstractItemView.ScrollHint.PositionAtTop)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A letter would look for a line of that name: letters are the screen's.
        if event.key() == Qt.Key.Key_Home:
            self._go_line(0)
            self.step(1)
            self.scrollToTop()
        elif event.key() == Qt.Key.Key_End:
            self._go_line(len(self.numbers.rows) - 1)
        else:
            event.ignore()

    @guarded
    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        number = self.numbers.number(current)
        if number is not None:
            self._key = number.key
        self._tell()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _tell(self) -> None:
        at = self.currentIndex()
        self.chosen.emit(self.number(), self.numbers.line(at.row()) if at.isValid() else "")

    def _share_width(self) -> None:
        many = self.numbers.columnCount() - FIRST
        for column in range(FIRST, FIRST + many):
            self.setColumnWidth(column, NUMBER_WIDTH)
        self.setColumnWidth(LABEL, max(140, self.viewport().width() - many * NUMBER_WIDTH))

    def _go_line(self, row: int) -> None:
        self._go(self.numbers.index(row, self.numbers.first(row)))

    def _go(self, index: QModelIndex) -> None:
        self.setCurrentIndex(index)
        self.scrollTo(index)
