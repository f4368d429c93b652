"""Rows by id, against a dictionary."""

from __future__ import annotations

import numpy as np
import pytest

from dispatch.row_index import RowIndex


def index_of(*lots: list[int]) -> tuple[RowIndex, dict[int, int]]:
    index, known = RowIndex(), dict[int, int]()
    for lot in lots:
        index.add(np.array(lot, np.int64))
        known |= {key: len(known) + at for at, key in enumerate(lot)}
    return index, known


@pytest.mark.parametrize(
    "lots",
    [
        [],
        [[]],
        [[5]],
        [[2, 3, 9]],
        [[9, 2, 3]],
        [[2, 3, 9], [1, 12], [4]],
        [[], [7, 3], [8]],
        [list(range(10, 4000, 3)), [11, 5, 9000]],
    ],
)
def test_every_id_has_the_row_it_came_in(lots):
    index, known = index_of(*lots)
    asked = [*known, -1, 0, 4, 10, 13, 2**62]

    assert len(index) == len(known)
    assert [index.get(key) for key in asked] == [known.get(key, -1) for key in asked]
    assert index.rows(asked).tolist() == [known.get(key, -1) for key in asked]


def test_what_comes_to_a_copy_is_not_in_the_first():
    index, _ = index_of([1, 2])

    twin = index.copy()
    twin.add(np.array([3]))

    assert (twin.get(3), index.get(3)) == (2, -1)
