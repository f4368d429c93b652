"""The table of texts: up and down choose one, left and right its language."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ui.residents.text_model import WHAT, TextModel
from ui.theme import Theme
from ui.widgets.guard import guarded

ROW_HEIGHT = 30
LANGUAGE_WIDTH = 150
_PAD = 10
_BEGINS = 220  # where the text itself begins, beside its name
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class TextRows(QStyledItemDelegate):
    """What nobody has approved is dim; a translation that is missing stands out."""

    def __init__(self, table: TextTable, *, theme: Theme) -> None:
        super().__init__(table)
        self._table, self._theme = table, theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(60, ROW_HEIGHT)

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, rect, table = self._theme, option.rect, self._table
        current = table.currentIndex()
        painter.fillRect(rect, theme.color("selection" if current.row() == index.row() else "card"))
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("row_line"))
        painter.setFont(theme.font("body" if index.column() == WHAT else "small"))
        painter.setPen(theme.color(self._tone(index)))
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        if index.column() == WHAT and table.texts.rows[index.row()].variant:
            inner.setLeft(inner.left() + 16)
        words = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, int(_LEFT), words)
        if index.column() == WHAT and inner.width() > _BEGINS + 60:
            self._paint_beginning(
                painter, index.row(), inner.adjusted(_BEGINS - inner.left() + _PAD, 0, 0, 0)
            )
        if current == index and table.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -2))

    def _paint_beginning(self, painter: QPainter, at: int, room: QRect) -> None:
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("text_dim"))
        text = " ".join(self._table.texts.rows[at].any.text.split())
        words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(_LEFT), words)

    def _tone(self, index: QModelIndex | QPersistentModelIndex) -> str:
        if index.column() == WHAT:
            return "text"
        texts = self._table.texts
        found = texts.rows[index.row()].by_language.get(texts.languages[index.column() - 1])
        if found is None:
            return "warn"
        return "text" if found.is_approved else "text_dim"


class TextTable(QTableView):
    chosen = Signal()

    def __init__(self, texts: TextModel, *, theme: Theme) -> None:
        super().__init__()
        self.texts = texts
        self.setModel(texts)
        self.setItemDelegate(TextRows(self, theme=theme))
        self.setAccessibleName(self.tr("Texts to residents"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(_LEFT)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        self.chosen.emit()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A table takes every letter to look for a row: here they are the page's keys.
        if (event.text().isprintable() and event.text()) or event.key() in _ENTER:
            event.ignore()
        else:
            super().keyPressEvent(event)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Each language as wide as its words need; what is left over is the text's."""
        count = len(self.texts.languages)
        room = self.viewport().width()
        width = min(LANGUAGE_WIDTH, room // (count + 1))
        for section in range(1, count + 1):
            self.setColumnWidth(section, width)
        self.setColumnWidth(WHAT, room - count * width)
