"""Which row an id stands in: looked up in the column itself where ids ascend, as those of a load do."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import repeat

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]


class RowIndex:
    """Rows are numbered in the order in which their ids come. A dictionary of a hundred thousand ids takes
    longer to make than a paint: it holds only those that came after the first lot, unless that was in no
    order."""

    __slots__ = ("_first", "_later", "_sorted")

    def __init__(self) -> None:
        self._sorted = np.zeros(0, np.int64)
        self._first: memoryview = self._sorted.data
        self._later: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._sorted) + len(self._later)

    def copy(self) -> RowIndex:
        made = RowIndex()
        made._sorted, made._first, made._later = self._sorted, self._first, dict(self._later)
        return made

    def get(self, key: int) -> int:
        """-1 where it is not known."""
        found = self._later.get(key, -1)
        if found >= 0 or not self._first:
            return found
        at = bisect_left(self._first, key)
        return at if at < len(self._first) and self._first[at] == key else -1

    def rows(self, keys: Ids | Sequence[int]) -> npt.NDArray[np.intp]:
        """The same for many at once."""
        if not len(self):
            return np.full(len(keys), -1, np.intp)
        wanted = np.asarray(keys, np.int64)
        found = np.full(len(wanted), -1, np.intp)
        if len(self._sorted):
            at = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
            found = np.where(self._sorted[at] == wanted, at, -1)
        if self._later:
            missing = np.flatnonzero(found < 0)
            later = map(self._later.get, wanted[missing].tolist(), repeat(-1))
            found[missing] = np.fromiter(later, np.intp, len(missing))
        return found

    def add(self, keys: Ids) -> None:
        """New ones, which get the next rows in their order."""
        if not len(self) and bool((np.diff(keys) > 0).all()):
            self._sorted = keys.astype(np.int64)
            self._first = self._sorted.data
        else:
            first = len(self)
            self._later.update(zip(keys.tolist(), range(first, first + len(keys)), strict=True))
