"""Tile arithmetic and geometry by tile."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dispatch.geo.projection import to_mercator
from dispatch.geo.tiles import (
    MAX_LEVEL,
    MIN_LEVEL,
    TILE_PX,
    Binned,
    Tile,
    level_for,
    level_that_fits,
    resolution,
    tile_span,
    tiles_over,
)

levels = st.integers(MIN_LEVEL, MAX_LEVEL)


@given(levels)
def test_two_levels_are_one_zoom(level):
    assert (
        resolution(level) == 2 * resolution(level + 2)
        or abs(resolution(level + 2) * 2 - resolution(level)) < 1e-9
    )
    assert level_for(resolution(level)) == level


@given(levels, st.integers(0, 5000), st.integers(0, 5000))
def test_a_parent_holds_its_four_children(level, column, row):
    child = Tile(level + 2, column, row)
    west, south, east, north = child.bounds
    outer_west, outer_south, outer_east, outer_north = child.parent.bounds

    slack = tile_span(level) * 1e-9 + 1e-6
    assert outer_west <= west + slack and east <= outer_east + slack
    assert outer_south <= south + slack and north <= outer_north + slack


@given(levels, st.floats(-1e7, 1e7), st.floats(-1e7, 1e7), st.floats(1, 3000), st.floats(1, 3000))
def test_tiles_over_a_box_cover_it_and_no_more(level, x, y, wide_px, high_px):
    metres = resolution(level)
    box = (x, y, x + wide_px * metres, y + high_px * metres)

    tiles = list(tiles_over(box, level))

    assert len(tiles) == len(set(tiles)) <= (wide_px / TILE_PX + 2) * (high_px / TILE_PX + 2)
    slack = 1e-6
    assert (
        min(t.bounds[0] for t in tiles) <= box[0] + slack
        and max(t.bounds[2] for t in tiles) >= box[2] - slack
    )
    assert (
        min(t.bounds[1] for t in tiles) <= box[1] + slack
        and max(t.bounds[3] for t in tiles) >= box[3] - slack
    )


def test_the_level_that_fits_shows_the_whole_city_and_one_more_would_not():
    (west, east), (south, north) = to_mercator([-82.80, -82.54], [27.60, 27.90])
    box = (west, south, east, north)

    level = level_that_fits(box, 660, 780)

    assert (north - south) / resolution(level) <= 780
    assert (north - south) / resolution(level + 1) > 780


def test_a_tile_gets_what_touches_it_cut_to_its_margin_in_the_order_of_the_file():
    tile = Tile(26, 1107, 1716)
    west, south, east, north = tile.bounds
    span = east - west
    across = shapely.LineString([(west - span, south + span / 2), (east + span, south + span / 2)])
    elsewhere = shapely.LineString([(east + span, south), (east + 2 * span, south)])
    whole = shapely.box(west - 5 * span, south - 5 * span, east + 5 * span, north + 5 * span)

    pieces = Binned([whole, elsewhere, across]).within(tile, margin_px=16)

    assert [piece.geom_type for piece in pieces] == ["Polygon", "LineString"]
    assert pieces[1].length == pytest.approx(span + 2 * 16 * resolution(26))


def test_a_place_far_from_all_geometry_gets_nothing():
    assert Binned([shapely.box(0, 0, 10, 10)]).within(Tile(26, 1, 1), margin_px=16) == []


def test_a_shape_smaller_than_a_pixel_is_still_there():
    tile = Tile(MIN_LEVEL, 8, 8)
    west, south, _, _ = tile.bounds
    islet = shapely.box(west + 100, south + 100, west + 101, south + 101)

    assert len(Binned([islet]).within(tile, margin_px=0)) == 1
