"""The list's model: positions to rows of the board, with headings between them where the list is grouped.
It is never reset; Qt keeps only the current row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dispatch.board import Board, Mask, Rows
from dispatch.groups import Group, Grouped
from ui.queue.row_words import RowWriter
from ui.widgets.guard import guarded

# data() is asked tens of thousands of times: plain ints compare about ten times faster than enums.
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TOOL_TIP = int(Qt.ItemDataRole.ToolTipRole)
_ACCESSIBLE_TEXT = int(Qt.ItemDataRole.AccessibleTextRole)

Index = QModelIndex | QPersistentModelIndex


class QueueModel(QAbstractTableModel):
    """`order` holds rows of the board in the order shown, headings below zero (`Grouped`); `listed` are the
    rows it was made of, those of folded groups as well. Both change only through `show`."""

    def __init__(self, board: Board, *, writer: RowWriter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.board = board
        self.writer = writer
        self.order: Rows = np.empty(0, np.intp)
        self.listed: Rows = self.order
        self.groups: tuple[Group, ...] = ()
        self.group_words: Callable[[Group], str] = lambda group: group.name
        self._is_listed = np.empty(0, np.bool_)
        self._position = np.empty(0, np.int32)

    def show(self, grouped: Grouped, listed: Rows) -> None:
        """Put other rows in the places: only the tail is inserted or removed, the rest repaints."""
        old, new = len(self.order), len(grouped.places)
        if new > old:
            self.beginInsertRows(QModelIndex(), old, new - 1)
            self._take(grouped, listed)
            self.endInsertRows()
        elif new < old:
            self.beginRemoveRows(QModelIndex(), new, old - 1)
            self._take(grouped, listed)
            self.endRemoveRows()
        else:
            self._take(grouped, listed)
        if min(old, new):
            self.dataChanged.emit(self.index(0, 0), self.index(min(old, new) - 1, 0))

    def group_at(self, position: int) -> Group | None:
        """The group whose heading stands there; None where a site stands, or nothing."""
        if 0 <= position < len(self.order) and self.order[position] < 0:
            return self.groups[-1 - int(self.order[position])]
        return None

    def heading_of(self, name: str) -> int:
        """Where the heading of the group of this name stands, -1 when there is none."""
        number = next((i for i, group in enumerate(self.groups) if group.name == name), -1)
        at = np.flatnonzero(self.order == -1 - number) if number >= 0 else ()
        return int(at[0]) if len(at) else -1

    def site_at(self, position: int) -> int:
        """0 where no site stands: past the end, or on a heading."""
        if 0 <= position < len(self.order) and self.order[position] >= 0:
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
        """Which of these rows of the board the list has, folded away or not."""
        known = rows < len(self._is_listed)
        held = np.zeros(len(rows), np.bool_)
        held[known] = self._is_listed[rows[known]]
        return held

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own default
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 1

    @guarded
    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if self.order[index.row()] < 0:
            return self._said_of_heading(index.row()) if role in (_DISPLAY, _ACCESSIBLE_TEXT) else None
        if role == _DISPLAY:
            return self.board.what[self.order[index.row()]]
        if role == _ACCESSIBLE_TEXT:
            return self.writer.aloud(int(self.order[index.row()]))
        if role == _TOOL_TIP:
            return self.writer.clock_times(int(self.order[index.row()]))
        return None

    def _said_of_heading(self, position: int) -> str:
        group = self.group_at(position)
        return self.group_words(group) if group is not None else ""

    def _take(self, grouped: Grouped, listed: Rows) -> None:
        self.order, self.groups, self.listed = grouped.places, grouped.groups, listed
        places = np.arange(len(self.order), dtype=np.int32)
        self._position = np.full(self.board.count, -1, np.int32)
        if self.groups:
            is_site = self.order >= 0
            self._position[self.order[is_site]] = places[is_site]
        else:
            self._position[self.order] = places
        self._is_listed = np.zeros(self.board.count, np.bool_)
        self._is_listed[listed] = True
