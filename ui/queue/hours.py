"""What the volume strip counts: reports by step of time and band under all filters but the time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dispatch.board import Filters, Mask
from dispatch.records import Millis
from ui.queue.selection import Selection

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True, slots=True)
class Hours:
    """`counts` has a row for each step of `step_ms` from `start_at`, an hour unless the strip is zoomed, and
    a column for each band. `before` is how many there were a day earlier, up to the same minute of the last
    step: what has yet to come today is not held against it."""

    start_at: Millis
    counts: npt.NDArray[np.int64]
    before: npt.NDArray[np.int64]
    in_last_hour: int
    step_ms: int = HOUR_MS

    @property
    def totals(self) -> npt.NDArray[np.int64]:
        return self.counts.sum(axis=1)

    @property
    def end_at(self) -> Millis:
        return self.start_at + len(self.counts) * self.step_ms

    def hour_at(self, index: int) -> Millis:
        return self.start_at + index * self.step_ms


class HourCounter:
    """Counts anew only when something other than the time brush changed: moving the brush is free."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection
        self._known: tuple[object, ...] = ()
        self._hours: Hours | None = None
        self._version = 0
        selection.took.connect(self._age)
        selection.turned.connect(lambda: self._age(None))

    def read(self, steps: int, step_ms: int = HOUR_MS) -> Hours:
        """The last `steps` whole steps, the present one included."""
        selection = self._selection
        now = selection.clock.now()
        filters = replace(selection.filters, since=None, until=None)
        known = (steps, step_ms, now // 60_000, filters, self._version)
        if self._hours is None or known != self._known:
            self._known = known
            self._hours = self._count(steps, step_ms, now, filters)
        return self._hours

    def hours_back(self, most: int) -> int:
        """How many hours ago the first report came, at least one day and at most `most` hours."""
        at = self._selection.board.report_at
        first_at = int(at.min()) if at.size else self._selection.clock.now()
        hours = (self._selection.clock.now() - first_at) // HOUR_MS + 1
        return min(max(hours, 24), most)

    def _count(self, steps: int, step_ms: int, now: Millis, filters: Filters) -> Hours:
        board = self._selection.board
        mask = self._mask(filters, now)
        start_at = (now // step_ms + 1 - steps) * step_ms
        recent = (board.report_at > now - HOUR_MS) & (board.report_at <= now)
        in_last_hour = int(mask[board.report_row[recent]].sum())
        counts = board.per_step(start_at, steps, step_ms, mask)
        before = board.per_step(start_at - DAY_MS, steps, step_ms, mask, until=now - DAY_MS)
        return Hours(start_at, counts, before.sum(axis=1), in_last_hour, step_ms)

    def _mask(self, filters: Filters, now: Millis) -> Mask:
        if filters.only_ids is not None:
            return self._selection.mask
        # Volume is what came in: what has been closed since was a report all the same.
        return self._selection.board.mask(replace(filters, with_closed=True, with_snoozed=True), now)

    def _age(self, _delta: object) -> None:
        self._version += 1
