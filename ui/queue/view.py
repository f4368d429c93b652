"""The Queue on the screen: list, map and detail side by side over the volume strip."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from dispatch.groups import GroupBy, name_of
from ui.queue.header import QueueHeader
from ui.queue.heading import group_words
from ui.queue.kept_order import KeptOrder
from ui.queue.list_view import QueueList
from ui.queue.model import QueueModel
from ui.queue.row_words import RowWriter
from ui.queue.selection import Selection
from ui.queue.strip import VolumeStrip
from ui.theme import Theme
from ui.widgets.guard import guarded

if TYPE_CHECKING:
    from ui.queue.facets import FacetPanel

LIST_LEAST, MAP_LEAST, DETAIL_LEAST = 380, 260, 320


class QueueView(QWidget):
    """Takes map and detail as finished widgets; everything here reads the one selection."""

    def __init__(
        self,
        *,
        selection: Selection,
        map_view: QWidget,
        detail: QWidget,
        zone: ZoneInfo,
        theme: Theme,
        me: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.selection = selection
        self._theme, self._me = theme, me
        writer = RowWriter(selection.board, clock=selection.clock, zone=zone, me=me)
        self.model = QueueModel(selection.board, writer=writer, parent=self)
        selection.turned.connect(self._turn)
        self.order = KeptOrder(self.model, selection=selection, parent=self)
        self.header = QueueHeader(selection=selection, order=self.order, theme=theme)
        self.model.group_words = lambda group: group_words(group, self.order.by, selection, writer.me)
        self.list = QueueList(self.model, order=self.order, selection=selection, theme=theme)
        self.strip = VolumeStrip(selection=selection, zone=zone, theme=theme)
        self.map = map_view
        self.detail = detail
        self.down = QSplitter(Qt.Orientation.Vertical)
        self.across = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self.header.facets_wanted.connect(self.open_facets)
        self.header.outside_wanted.connect(selection.show_outside)
        self.header.next_p1_wanted.connect(self.go_to_next_p1)
        self.list.opened.connect(lambda _site: self.detail.setFocus())

    @cached_property
    def facets(self) -> FacetPanel:
        from ui.queue.facets import FacetPanel

        return FacetPanel(selection=self.selection, theme=self._theme, me=self._me, parent=self)

    def _lay_out(self) -> None:
        # From the outside in: whatever has its looks already is given them again with another parent.
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.down)
        self.down.addWidget(self.across)
        self.down.addWidget(self.strip)
        left = QWidget()
        left.setMinimumWidth(LIST_LEAST)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.list, 1)
        self.map.setMinimumWidth(MAP_LEAST)
        self.detail.setMinimumWidth(DETAIL_LEAST)
        for index, part in enumerate((left, self.map, self.detail)):
            self.across.addWidget(part)
            self.across.setCollapsible(index, False)
        self.across.setStretchFactor(1, 1)
        self.down.setStretchFactor(0, 1)
        self.down.setCollapsible(0, False)
        for splitter in (self.across, self.down):
            splitter.setHandleWidth(1)
        self._has_sizes = False

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """The first real size shares out the room; later ones leave the operator's own shares alone."""
        super().resizeEvent(event)
        if not self._has_sizes and self.width() > 600:
            self._has_sizes = True
            width, height = self.width(), self.height()
            listed = 480 if width > 1400 else 440
            detail = 386 if width > 1400 else 340
            self.across.setSizes([listed, width - listed - detail, detail])
            strip = 178 if height > 800 else 132
            self.down.setSizes([height - strip, strip])
        if "facets" in vars(self):
            self._place_facets()

    def show_me(self, me: str) -> None:
        """Somebody else sits here now."""
        if me == self.model.writer.me:
            return
        self.model.writer.me = me
        self.facets.show_me(me)
        self.list.viewport().update()
        self.detail.show_anew()

    def tick(self, now: int) -> None:
        """Once a second: ages, snoozes that end, sites that have waited. An earlier time stands still."""
        if self.selection.moment is not None:
            return
        self.selection.wake(now)
        self.order.tick(now)
        self.list.viewport().update()
        self.strip.tick()

    def _turn(self) -> None:
        self.model.board = self.model.writer.board = self.selection.board

    def open_facets(self) -> None:
        if self.facets.isVisible():
            self.facets.hide()
            return
        self._place_facets()
        self.facets.open()

    def group_next(self) -> None:
        """By neighborhood, category, claim, and no groups again."""
        ways = list(GroupBy)
        self.order.group_by(ways[(ways.index(self.order.by) + 1) % len(ways)])

    def fold_group(self) -> None:
        """The group of the current site, folded or unfolded."""
        row = self.selection.board.row(self.selection.current)
        if self.order.by is not GroupBy.NOTHING and row >= 0:
            self.order.fold(name_of(self.selection.board, row, self.order.by))

    def go_to_next_p1(self) -> None:
        """The next open P1 nobody has acted on; the view opens where it hides the site."""
        site_id = self.selection.board.next_untouched_p1(self.selection.current)
        if not site_id:
            return
        if not self.selection.mask[self.selection.board.row(site_id)]:
            self.selection.show_outside()
        elif not self.model.holds(np.array([self.selection.board.row(site_id)]))[0]:
            self.order.apply()
        self.selection.go(site_id)

    def _place_facets(self) -> None:
        below = self.header.more.mapTo(self, QPoint(0, self.header.more.height() + 4))
        x = min(max(8, below.x()), self.width() - self.facets.width() - 8)
        self.facets.move(x, min(below.y(), max(8, self.height() - self.facets.height() - 8)))
