"""The table of places: one row is one place on the map; a quiet one has a hatched square before its name."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ui.neighborhoods.area_map import paint_hatch
from ui.neighborhoods.model import (
    AREA,
    EXPECTED,
    MISSING,
    OUTREACH,
    RATE,
    REPORTS,
    SURE,
    NeighborhoodsModel,
)
from ui.theme import Theme
from ui.widgets.guard import guarded

ROW_HEIGHT = 30
_WIDTHS = {REPORTS: 66, RATE: 58, EXPECTED: 76, MISSING: 68, SURE: 160}
_PAD, _MARK = 8, 12
# Of what is left over, for the area's name and for outreach.
AREA_SHARE = 0.54


class PlaceRows(QStyledItemDelegate):
    def __init__(self, table: QTableView, *, theme: Theme) -> None:
        super().__init__(table)
        self._table, self._theme = table, theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(60, ROW_HEIGHT)

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, rect, model = self._theme, option.rect, self._table.model()
        is_row = self._table.currentIndex().row() == index.row()
        is_quiet = model.is_quiet(index.row())
        painter.fillRect(rect, theme.color("selection" if is_row else "card"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("row_line"))
        column = index.column()
        painter.setFont(theme.font("strong" if column == AREA and is_quiet else "body"))
        is_dim = column in (EXPECTED, OUTREACH) or (not is_quiet and column not in (AREA, REPORTS))
        painter.setPen(theme.color("text_dim" if is_dim else "text"))
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        if column == AREA:
            if is_quiet:
                box = QRectF(inner.left() + 0.5, rect.center().y() - _MARK / 2 + 0.5, _MARK, _MARK)
                paint_hatch(painter, box, theme)
                painter.setPen(theme.color("text"))
            inner.setLeft(inner.left() + _MARK + 8)
        shown = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), shown)
        if is_row and column == AREA and self._table.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawLine(rect.left() + 1, rect.top(), rect.left() + 1, rect.bottom() - 1)


class PlaceTable(QTableView):
    """`opened`: the rows behind a number are wanted; `moved`: another place is current."""

    opened = Signal(int)
    moved = Signal(int)

    def __init__(self, model: NeighborhoodsModel, *, theme: Theme) -> None:
        super().__init__()
        self._rows = model
        self.setModel(model)
        self.setItemDelegate(PlaceRows(self, theme=theme))
        self.setAccessibleName(self.tr("Reports by neighborhood, the quietest first"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setProperty("part", "places")
        rows, heads = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        heads.setHighlightSections(False)
        heads.setSectionsClickable(False)
        heads.setMinimumHeight(40)
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        self.clicked.connect(self._click)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def step(self, by: int) -> None:
        if self._rows.rowCount():
            self.go(min(max(self.currentIndex().row() + by, 0), self._rows.rowCount() - 1))

    def go(self, row: int) -> None:
        self.setCurrentIndex(self._rows.index(row, AREA))
        self.scrollTo(self._rows.index(row, AREA))

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A letter would look for an area of that name: letters are the screen's.
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()

    @guarded
    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if current.isValid() and current.row() != previous.row():
            self.moved.emit(current.row())

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        left = max(200, self.viewport().width() - sum(_WIDTHS.values()))
        self.setColumnWidth(AREA, round(left * AREA_SHARE))
        self.setColumnWidth(OUTREACH, left - round(left * AREA_SHARE))

    def _click(self, index: QModelIndex) -> None:
        if index.column() == REPORTS:
            self.opened.emit(index.row())
