"""Cells, the pointer and the lasso over many places."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.geo.clusters import HitIndex, cells_of, inside_ring, visible


def places(seed, n, span=10_000.0):
    rng = np.random.default_rng(seed)
    return rng.uniform(-span, span, n), rng.uniform(-span, span, n)


def test_only_places_in_the_view_and_under_the_mask_are_visible():
    x = np.array([1.0, 2.0, 99.0, np.nan])
    y = np.array([1.0, 2.0, 1.0, 1.0])

    rows = visible(x, y, np.array([True, False, True, True]), (0, 0, 10, 10))

    assert rows.tolist() == [0]


@settings(max_examples=30)
@given(st.integers(0, 1000), st.integers(1, 400), st.floats(50, 5000))
def test_cells_hold_every_place_once_and_never_lose_the_worst(seed, n, size):
    x, y = places(seed, n)
    urgent = np.random.default_rng(seed).choice([0, 0, 0, 1, 2], n).astype(np.int8)

    cells = cells_of(x, y, urgent, np.arange(n), size=size, reach=size / 5)

    assert sorted(row for i in range(len(cells)) for row in cells.rows_of(i)) == list(range(n))
    for i in range(len(cells)):
        inside = urgent[cells.rows_of(i)]
        assert cells.worst[i] == (inside[inside > 0].min() if inside.any() else 0)


@settings(max_examples=30)
@given(st.integers(0, 1000), st.integers(2, 400))
def test_bubbles_of_neighboring_cells_never_overlap(seed, n):
    x, y = places(seed, n)
    size, radius = 720.0, 220.0

    cells = cells_of(x, y, np.zeros(n, np.int8), np.arange(n), size=size, reach=size / 2 - radius)

    away = np.hypot(cells.x[:, None] - cells.x, cells.y[:, None] - cells.y)
    away[np.diag_indices(len(cells))] = np.inf
    assert away.min() >= 2 * radius - 1e-6


def test_a_cell_is_the_same_wherever_the_view_stands():
    x, y = places(5, 500)
    none = np.zeros(500, np.int8)
    everything = visible(x, y, np.ones(500, bool), (-1e5, -1e5, 1e5, 1e5))
    part = visible(x, y, np.ones(500, bool), (-4000, -4000, 4000, 4000))

    whole = cells_of(x, y, none, everything, size=1000, reach=300)
    cut = cells_of(x, y, none, part, size=1000, reach=300)

    seen = set(zip(whole.x.round(6), whole.y.round(6), whole.count, strict=True))
    assert set(zip(cut.x.round(6), cut.y.round(6), cut.count, strict=True)) <= seen


def test_no_places_make_no_cells():
    nothing = np.empty(0)

    cells = cells_of(nothing, nothing, np.empty(0, np.int8), np.empty(0, np.intp), size=10, reach=1)

    assert len(cells) == 0


@settings(max_examples=40)
@given(st.integers(0, 1000), st.floats(-9000, 9000), st.floats(-9000, 9000), st.floats(1, 3000))
def test_the_pointer_finds_what_is_near_nearest_first(seed, px, py, reach):
    x, y = places(seed, 300)
    x[::17] = np.nan
    away = np.hypot(x - px, y - py)

    near = HitIndex(x, y, np.arange(300), size=500).near(px, py, reach)

    assert sorted(near.tolist()) == np.flatnonzero(away <= reach).tolist()
    assert (np.diff(away[near]) >= 0).all()


def test_the_pointer_over_an_empty_map_finds_nothing():
    nothing = np.empty(0)

    assert HitIndex(nothing, nothing, np.empty(0, np.intp), size=10).near(0, 0, 5).tolist() == []


@settings(max_examples=40)
@given(st.integers(0, 1000), st.integers(3, 40))
def test_a_lasso_holds_what_a_polygon_of_the_same_ring_holds(seed, corners):
    x, y = places(seed, 500)
    angle = np.sort(np.random.default_rng(seed + 1).uniform(0, 2 * np.pi, corners))
    far = np.random.default_rng(seed + 2).uniform(2000, 9000, corners)
    ring = np.column_stack((far * np.cos(angle), far * np.sin(angle)))

    rows = inside_ring(x, y, np.arange(500), ring)

    polygon = shapely.Polygon(ring)
    if polygon.is_valid:
        assert rows.tolist() == np.flatnonzero(shapely.contains_xy(polygon, x, y)).tolist()


def test_a_lasso_of_two_points_or_over_unknown_places_holds_nothing():
    x = np.array([np.nan, 1.0])
    y = np.array([np.nan, 1.0])

    assert inside_ring(x, y, np.arange(2), np.array([[0.0, 0.0], [2.0, 2.0]])).tolist() == []
    box = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])
    assert inside_ring(x, y, np.arange(2), box).tolist() == [1]
