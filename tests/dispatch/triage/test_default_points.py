"""Points that stand for "somewhere", told from places where much happens."""

from __future__ import annotations

import pytest

from dispatch.records import Place
from dispatch.triage.default_points import find_default_points

POINT, ELSEWHERE = Place(27.7713, -82.6387), Place(27.78, -82.65)


def rows(count: int, *, addresses: int, kinds: int, place: Place = POINT) -> list[tuple[Place, str, str]]:
    return [
        (place, f"{n % addresses} Central Ave" if addresses else "", f"kind {n % kinds}")
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("reports", "is_default"),
    [
        (rows(20, addresses=8, kinds=1), True),
        (rows(19, addresses=8, kinds=8), False),
        (rows(90, addresses=4, kinds=20), False),
        (rows(90, addresses=1, kinds=20), False),
        (rows(30, addresses=0, kinds=8), True),
        (rows(30, addresses=0, kinds=2), False),
    ],
    ids=[
        "many addresses",
        "too few",
        "a corner",
        "a park",
        "without an address",
        "an outage without addresses",
    ],
)
def test_a_point_is_told_by_what_lies_on_it(reports, is_default):
    others = [(Place(ELSEWHERE.lat, ELSEWHERE.lng - n / 1000), f"{n} Beach Dr", "sign") for n in range(500)]
    assert (POINT in find_default_points(reports + others)) == is_default


def test_a_city_without_addresses_is_told_by_the_share():
    others = [(Place(27.7 + n / 10_000, -82.65), "", "sign") for n in range(4000)]
    busy, vast = rows(30, addresses=0, kinds=9), rows(60, addresses=0, kinds=9)
    assert find_default_points(busy + others) == frozenset()
    assert find_default_points(vast + others) == {POINT}


def test_pins_within_a_metre_are_one_point():
    near = Place(POINT.lat + 1e-6, POINT.lng)
    both = rows(10, addresses=10, kinds=1) + rows(10, addresses=10, kinds=1, place=near)
    assert find_default_points(both) == {POINT}
