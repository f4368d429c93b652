"""When the list takes a new order: never under the operator's hands, at once where they asked for it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from dispatch.board import Delta, Mask, Rows
from dispatch.groups import GroupBy, group, name_of
from ui.queue.model import QueueModel
from ui.queue.selection import Selection

QUIET_MS = 30_000  # without a key or a click for this long, nobody is in the list
REST_MS = 400  # in a flood: what came meanwhile is taken together


class KeptOrder(QObject):
    """Keeps the list's order while somebody is in it; arrivals, acts and waiting points wait for `apply`.

    `waiting` is how many sites would be new in the list, `risen` how many would go back on top.
    """

    about_to_apply = Signal()
    applied = Signal()
    counted = Signal()

    def __init__(self, model: QueueModel, *, selection: Selection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._selection = selection
        self._on_top = np.zeros(0, np.bool_)
        self.waiting = 0
        self.risen = 0
        self.by = GroupBy.NOTHING
        self.folded: set[str] = set()
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self.apply)
        self._take_soon = selection.turns.part(self._take_if_quiet, of=self, rest_ms=REST_MS)
        selection.narrowed.connect(self.apply)
        selection.took.connect(self._take)
        self.apply()

    @property
    def is_kept(self) -> bool:
        return self._quiet.isActive()

    def held(self, rows: Rows) -> Mask:
        """Which of these rows of the board the list shows."""
        return self._model.holds(rows)

    def touch(self) -> None:
        """A key or a click: the operator is in the list."""
        self._quiet.start()

    def tick(self, now: int) -> None:
        """Once a second: sites that have waited longer may move."""
        if self._selection.board.refresh_waiting(now):
            self._take_soon()

    def apply(self) -> None:
        board = self._selection.board
        self.about_to_apply.emit()
        self._put(board.order(self._in_view()))
        self._on_top = board.on_top.copy()
        self.waiting = self.risen = 0
        self.applied.emit()
        self.counted.emit()

    def group_by(self, by: GroupBy) -> None:
        """Cut the order as it stands into groups; nothing else moves."""
        if by is not self.by:
            self.by, self.folded = by, set()
            self._regroup()

    def fold(self, name: str) -> None:
        """Fold the group of this name, or unfold it."""
        self.folded ^= {name}
        self._regroup()

    def fold_all(self) -> None:
        """Fold all groups; where all are folded, unfold them."""
        names = {group.name for group in self._model.groups}
        self.folded = set() if names <= self.folded else names
        self._regroup()

    def unfold_for(self, site_id: int) -> None:
        """Whoever goes to a site sees it: its group does not stay folded over it."""
        row = self._selection.board.row(site_id)
        if self.folded and row >= 0 and self._model.holds(np.array([row]))[0]:
            self.folded.discard(name_of(self._selection.board, row, self.by))
            self._regroup()

    def heading_of(self, site_id: int) -> int:
        """Where the heading stands over a site that is folded away; -1 for any other."""
        row = self._selection.board.row(site_id)
        if self.by is GroupBy.NOTHING or row < 0 or not self._model.holds(np.array([row]))[0]:
            return -1
        name = name_of(self._selection.board, row, self.by)
        return self._model.heading_of(name)

    def _regroup(self) -> None:
        self.about_to_apply.emit()
        self._put(self._model.listed)
        self.applied.emit()
        self.counted.emit()

    def _put(self, order: Rows) -> None:
        self._model.show(group(self._selection.board, order, self.by, self.folded), order)

    def _in_view(self) -> Rows:
        """The rows in view, those listed as the list has them: nearly in order sorts five times faster."""
        mask, listed = self._selection.mask, self._model.listed
        new = mask.copy()
        new[listed] = False
        return np.concatenate([listed[mask[listed]], np.flatnonzero(new)])

    def _take(self, _delta: Delta) -> None:
        self._count()
        if not self.is_kept:
            self._take_soon()

    def _take_if_quiet(self) -> None:
        if not self.is_kept:
            self.apply()

    def _count(self) -> None:
        board, mask = self._selection.board, self._selection.mask
        in_view = np.flatnonzero(mask)
        held = self._model.holds(in_view)
        before = np.zeros(board.count, np.bool_)
        before[: len(self._on_top)] = self._on_top
        self.waiting = int(len(in_view) - held.sum())
        self.risen = int((board.on_top & ~before)[in_view[held]].sum())
        self.counted.emit()
