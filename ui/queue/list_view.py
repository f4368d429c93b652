"""The list itself: one wide column, rows of one height, the current row kept where the eye is."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from dispatch.board import Delta, Rows
from ui.queue.delegate import ROW_HEIGHT, RowDelegate
from ui.queue.empty_state import EmptyState
from ui.queue.kept_order import KeptOrder
from ui.queue.model import QueueModel
from ui.queue.selection import Selection
from ui.theme import Theme
from ui.widgets.guard import guarded

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier


class QueueList(QTableView):
    opened = Signal(object)
    shown_changed = Signal()

    def __init__(
        self,
        model: QueueModel,
        *,
        order: KeptOrder,
        selection: Selection,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._order = order
        self._selection = selection
        self._is_following = False
        self._last_position = 0
        self._tick_anchor = 0
        self._eye: tuple[int, int] | None = None
        self._is_current_seen = False
        # One of ours: for the toolkit's own its binding would make every kind of widget known to it, to find
        # out which one it is. Styles go by the name.
        viewport = QWidget()
        viewport.setObjectName("qt_scrollarea_viewport")
        viewport.setBackgroundRole(QPalette.ColorRole.Base)
        self.setViewport(viewport)
        # Before there are rows: each wish about their height would be carried out on every one of them.
        self._set_up()
        self.setModel(model)
        self.setItemDelegate(RowDelegate(model, selection=selection, theme=theme, parent=self))
        self.empty = EmptyState(selection=selection, theme=theme, parent=self.viewport())
        order.about_to_apply.connect(self._remember_place)
        order.applied.connect(self._return_to_place)
        selection.moved.connect(self._follow)
        selection.ticked.connect(self.viewport().update)
        selection.took.connect(self._repaint_changed)
        theme.changed.connect(self.viewport().update)
        self._return_to_place()

    def _set_up(self) -> None:
        self.setAccessibleName(self.tr("Queue, sites by priority"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setAutoScroll(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(1)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW_HEIGHT)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT)
        self.setObjectName("queueList")

    # -- moving -------------------------------------------------------------------------------------

    def step(self, by: int) -> None:
        """Next or previous site; from a site that left the list, on from where it stood."""
        sites = np.flatnonzero(self._model.order >= 0)
        if not sites.size:
            return
        at = self._model.position_of(self._selection.current)
        if at < 0 and not self._selection.current:
            at = -1
        elif at < 0 and (at := self._order.heading_of(self._selection.current)) < 0:
            at = self._last_position - (1 if by > 0 else 0)
        nth = int(np.searchsorted(sites, at, side="right" if by > 0 else "left")) + (by - 1 if by > 0 else by)
        self._selection.go(self._model.site_at(int(sites[min(max(nth, 0), len(sites) - 1)])))

    def toggle_tick(self) -> None:
        current = self._selection.current
        if current:
            self._selection.tick([current], current not in self._selection.checked)
            self._tick_anchor = current

    def tick_range(self) -> None:
        """Tick all rows from the last ticked one to the current one."""
        start = self._model.position_of(self._tick_anchor)
        end = self._model.position_of(self._selection.current)
        if start < 0 or end < 0:
            self.toggle_tick()
            return
        low, high = sorted((start, end))
        rows = self._model.order[low : high + 1]
        rows = rows[rows >= 0]
        self._selection.tick(self._selection.board.site_id[rows].tolist(), True)

    def tick_all(self) -> None:
        """All that the list has, in folded groups too; what waits behind the chip nobody has seen yet."""
        self._selection.tick(self.in_view(), True)

    def in_view(self) -> list[int]:
        """Those sites in the order of the list."""
        rows = self._model.listed
        rows = rows[self._selection.mask[rows]]
        ids: list[int] = self._selection.board.site_id[rows].tolist()
        return ids

    def sizeHint(self) -> QSize:
        return QSize(480, 640)

    # -- Qt -----------------------------------------------------------------------------------------

    @guarded
    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        if current.isValid() and not self._is_following and (site_id := self._model.site_at(current.row())):
            self._selection.go(site_id)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._order.touch()
        if (heading := self._model.group_at(self.rowAt(round(event.position().y())))) is not None:
            self._order.fold(heading.name)
            event.accept()
            return
        before = self._selection.current
        super().mousePressEvent(event)
        if event.modifiers() & _CTRL:
            self.toggle_tick()
        elif event.modifiers() & _SHIFT:
            self._tick_anchor = self._tick_anchor or before
            self.tick_range()

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        is_heading = self._model.group_at(self.rowAt(round(event.position().y()))) is not None
        if self._selection.current and not is_heading:
            self.opened.emit(self._selection.current)
        event.accept()

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt would make the first row the current one: a site is chosen by a person, not by the focus."""
        self._is_following = True
        super().focusInEvent(event)
        self._set_current_index()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._order.touch()
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, _text: str) -> None:
        """Letters are commands here, not a search in the list."""

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnWidth(0, self.viewport().width())
        self.empty.resize(self.viewport().size())

    # -- following ----------------------------------------------------------------------------------

    def _remember_place(self) -> None:
        """Which site the eye is on, and how far down: the current one if in sight, else the first shown.

        At its very top the list stays there, where new P1 come in, as long as the current row stays in sight.
        """
        self._is_following = True  # Qt moves its current row when rows go; the operator's stays
        top, height = self.verticalScrollBar().value(), self.viewport().height()
        position = self._model.position_of(self._selection.current)
        if position >= 0:
            self._last_position = position
        self._is_current_seen = position >= 0 and -ROW_HEIGHT < position * ROW_HEIGHT - top < height
        if not self._is_current_seen:
            position = top // ROW_HEIGHT
            position += self._model.group_at(position) is not None
        site_id = self._model.site_at(position) if top else 0
        self._eye = (site_id, position * ROW_HEIGHT - top) if site_id else None

    def _return_to_place(self) -> None:
        self.empty.tell(is_empty=not len(self._model.order))
        self._set_current_index()
        if self._eye is not None:
            site_id, offset = self._eye
            position = self._model.position_of(site_id)
            if position >= 0:
                self.updateGeometries()
                self.verticalScrollBar().setValue(position * ROW_HEIGHT - offset)
        elif self._is_current_seen:
            self._bring_into_sight()
        self.viewport().update()

    def _follow(self, site_id: int) -> None:
        if self._model.position_of(site_id) < 0:
            self._order.unfold_for(site_id)
        self._set_current_index()
        self._bring_into_sight()
        self.viewport().update()

    def _bring_into_sight(self) -> None:
        position = self._model.position_of(self._selection.current)
        if position >= 0:
            self._last_position = position
            self.scrollTo(self._model.index(position, 0), QAbstractItemView.ScrollHint.EnsureVisible)

    def _set_current_index(self) -> None:
        position = self._model.position_of(self._selection.current)
        index = self._model.index(position, 0) if position >= 0 else QModelIndex()
        self._is_following = True
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        self._is_following = False

    def repaint_sites(self, site_ids: Iterable[int]) -> None:
        """Something beside the board says otherwise of them."""
        rows = [row for site_id in site_ids if (row := self._model.board.row(site_id)) >= 0]
        self._repaint(np.array(rows, np.intp))

    def _repaint_changed(self, delta: Delta) -> None:
        self._repaint(delta.changed)

    def _repaint(self, rows: Rows) -> None:
        top = self.verticalScrollBar().value() // ROW_HEIGHT
        bottom = top + self.viewport().height() // ROW_HEIGHT + 1
        for position in self._model.positions(rows):
            if top <= position <= bottom:
                self.update(self._model.index(position, 0))
