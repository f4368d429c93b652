"""The list's model: positions to rows of the board. It is never reset; Qt keeps only the current row."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dispatch.board import Board, Mask, Rows
from ui.queue.row_words import RowWriter
from ui.widgets.guard import guarded

# data() is asked tens of thousands of times: plain ints compare about ten times faster than enums.
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
_ACCESSIBLE_TEXT = int(Qt.ItemDataRole.AccessibleTextRole)

Index = QModelIndex | QPersistentModelIndex


class QueueModel(QAbstractTableModel):
    """`order` holds rows of the board in the order shown; it changes only through `show`."""

    def __init__(self, board: Board, *, writer: RowWriter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.board = board
        self.writer = writer
        self.order: Rows = np.empty(0, np.intp)
        self._position = np.empty(0, np.int32)

    def show(self, order: Rows) -> None:
        """Put other rows in the places: only the tail is inserted or removed, the rest repaints."""
        old, new = len(self.order), len(order)
        if new > old:
            self.beginInsertRows(QModelIndex(), old, new - 1)
            self._take(order)
            self.endInsertRows()
        elif new < old:
            self.beginRemoveRows(QModelIndex(), new, old - 1)
            self._take(order)
            self.endRemoveRows()
        else:
            self._take(order)
        if min(old, new):
            self.dataChanged.emit(self.index(0, 0), self.index(min(old, new) - 1, 0))

    def site_at(self, position: int) -> int:
        if 0 <= position < len(self.order):
            return int(self.board.site_id[self.order[position]])
        return 0

    def position_of(self, site_id: int) -> int:
        """Where a site stands in the list, -1 when it is not in it."""
        row = self.board.row(site_id)
        return int(self._position[row]) if 0 <= row < len(self._position) else -1

    def positions(self, rows: Rows) -> list[int]:
        """Where these rows of the board stand, without those that are not in the list."""
        at = self._position[rows[rows < len(self._position)]]
        return at[at >= 0].tolist()

    def holds(self, rows: Rows) -> Mask:
        """Which of these rows of the board stand in the list."""
        known = rows < len(self._position)
        held = np.zeros(len(rows), np.bool_)
        held[known] = self._position[rows[known]] >= 0
        return held

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 1

    @guarded
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role == _DISPLAY:
            return self.board.what[self.order[index.row()]]
        if role == _ACCESSIBLE_TEXT:
            return self.writer.aloud(int(self.order[index.row()]))
        if role == _TOOL_TIP:
            return self.writer.clock_times(int(self.order[index.row()]))
        return None

    def _take(self, order: Rows) -> None:
        self.order = order
        self._position = np.full(self.board.count, -1, np.int32)
        self._position[order] = np.arange(len(order), dtype=np.int32)
