"""The table of categories: arrows move, Space holds or shows, 1 to 5 set the band, a digit edits a number."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from dispatch.records import Band
from ui.profile.model import BAND, LABEL, SHOWN, ProfileModel
from ui.theme import Theme
from ui.widgets.band_mark import paint_mark
from ui.widgets.guard import guarded
from ui.widgets.ticks import SIGN, paint_tick

ROW_HEIGHT = 30
_WIDTHS = (84, 0, 60, 76, 72, 88, 84)
_MARK_AT, _WORD_AT = 18, 32
_PAD = 10


class CategoryRows(QStyledItemDelegate):
    """Paints every cell alike in both themes: a changed one stands out, the current one has the ring."""

    def __init__(self, table: QTableView, *, theme: Theme) -> None:
        super().__init__(table)
        self._table = table
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, ROW_HEIGHT)

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, rect = self._theme, option.rect
        current = self._table.currentIndex()
        is_row = current.row() == index.row()
        painter.fillRect(rect, theme.color("selection" if is_row else "window"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("row_line"))
        painter.setFont(index.data(Qt.ItemDataRole.FontRole))
        painter.setPen(index.data(Qt.ItemDataRole.ForegroundRole))
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        if index.column() == SHOWN:
            is_on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
            box = QRectF(rect.left() + _PAD + 0.5, rect.center().y() - 7.5, SIGN - 1, SIGN - 1)
            paint_tick(painter, box, is_on=is_on, theme=theme)
            inner.setLeft(round(box.right()) + 8)
            painter.setPen(index.data(Qt.ItemDataRole.ForegroundRole))
        if index.column() == BAND:
            band = self._table.model().band(index.row())
            center = QPointF(rect.left() + _MARK_AT, rect.center().y() + 0.5)
            paint_mark(painter, band, center, 14, theme)
            inner.setLeft(rect.left() + _WORD_AT)
        words = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), words)
        if current == index and self._table.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -2))


class ProfileTable(QTableView):
    def __init__(self, model: ProfileModel, *, theme: Theme) -> None:
        super().__init__()
        self._rows = model
        self.setModel(model)
        self.setItemDelegate(CategoryRows(self, theme=theme))
        self.setAccessibleName(self.tr("Categories of the storm profile"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        heads = self.horizontalHeader()
        heads.setHighlightSections(False)
        heads.setSectionsClickable(False)
        for column, width in enumerate(_WIDTHS):
            is_wide = column == LABEL
            mode = QHeaderView.ResizeMode.Stretch if is_wide else QHeaderView.ResizeMode.Fixed
            heads.setSectionResizeMode(column, mode)
            if not is_wide:
                self.setColumnWidth(column, width)
        self.clicked.connect(self._toggle_clicked)

    @guarded
    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        at, key = self.currentIndex(), event.key()
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}.get(Qt.Key(key))
        if step is not None:
            row = min(max(at.row() + step, 0), self._rows.rowCount() - 1)
            self.setCurrentIndex(self._rows.index(row, max(at.column(), LABEL)))
        elif key == Qt.Key.Key_Space and at.isValid():
            self._rows.toggle(at.row())
        elif at.column() in (SHOWN, LABEL, BAND) and Qt.Key.Key_1 <= key <= Qt.Key.Key_5:
            self._rows.set_field(at.row(), BAND, Band(key - Qt.Key.Key_0))
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(720, 600)

    def focus(self) -> None:
        """Somewhere to begin for who comes by keyboard."""
        if not self.currentIndex().isValid() and self._rows.rowCount():
            self.setCurrentIndex(self._rows.index(0, LABEL))
        self.setFocus()

    def _toggle_clicked(self, index: QModelIndex) -> None:
        if index.column() == SHOWN:
            self._rows.toggle(index.row())
