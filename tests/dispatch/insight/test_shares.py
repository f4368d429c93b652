"""Shares and how far they may be trusted, against Wilson's interval as tables give it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.insight.shares import share


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_the_interval_is_the_one_of_the_tables(count: int, of: int, low: float, high: float) -> None:
    found = share(count, of)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.0001)


def test_of_none_nothing_is_said() -> None:
    assert share(0, 0).value is None and (share(0, 0).low, share(0, 0).high) == (0, 1)


@given(st.integers(1, 5000), st.data())
def test_it_holds_the_share_and_narrows_with_more(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    few, many = share(count, of), share(10 * count, 10 * of)
    assert 0 <= few.low <= few.value + 1e-12 and few.value <= few.high + 1e-12 and few.high <= 1
    assert many.high - many.low < few.high - few.low
