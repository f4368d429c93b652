"""What the volume strip counts: reports by hour and band under all filters but the time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dispatch.board import Filters, Mask
from dispatch.records import Millis
from ui.queue.selection import Selection

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Hours:
    """`counts` has a row for each hour from `start_at` and a column for each band."""

    start_at: Millis
    counts: npt.NDArray[np.int64]
    in_last_hour: int

    @property
    def totals(self) -> npt.NDArray[np.int64]:
        return self.counts.sum(axis=1)

    @property
    def end_at(self) -> Millis:
        return self.start_at + len(self.counts) * HOUR_MS

    def hour_at(self, index: int) -> Millis:
        return self.start_at + index * HOUR_MS


class HourCounter:
    """Counts anew only when something other than the time brush changed: moving the brush is free."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._known: tuple[object, ...] = ()
        self._hours: Hours | None = None
        self._version = 0
        selection.took.connect(self._age)

    def read(self, hours: int) -> Hours:
        """The last `hours` whole hours, the present one included."""
        selection = self._selection
        now = selection.clock.now()
        filters = replace(selection.filters, since=None, until=None)
        known = (hours, now // 60_000, filters, self._version)
        if self._hours is None or known != self._known:
            self._known = known
            self._hours = self._count(hours, now, filters)
        return self._hours

    def _count(self, hours: int, now: Millis, filters: Filters) -> Hours:
        board = self._selection.board
        mask = self._mask(filters, now)
        start_at = (now // HOUR_MS + 1 - hours) * HOUR_MS
        recent = (board.report_at > now - HOUR_MS) & (board.report_at <= now)
        in_last_hour = int(mask[board.report_row[recent]].sum())
        return Hours(start_at, board.per_hour(start_at, hours, mask), in_last_hour)

    def _mask(self, filters: Filters, now: Millis) -> Mask:
        if filters.only_ids is not None:
            return self._selection.mask
        # Volume is what came in: what has been closed since was a report all the same.
        return self._selection.board.mask(replace(filters, with_closed=True, with_snoozed=True), now)

    def _age(self, _delta: object) -> None:
        self._version += 1
