"""Degrees and Mercator metres."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dispatch.geo.projection import distance_m, ground_scale, to_degrees, to_mercator


def test_the_worked_example_of_the_epsg_method_comes_out():
    # EPSG Guidance Note 7-2, method 1024: 24°22'54.433" N, 100°20'00" W.
    x, y = to_mercator(-(100 + 20 / 60), 24 + 22 / 60 + 54.433 / 3600)

    assert math.isclose(float(x), -11_169_055.58, abs_tol=0.01)
    assert math.isclose(float(y), 2_800_000.00, abs_tol=0.01)


@given(st.floats(-180, 180), st.floats(-85, 85))
def test_there_and_back_is_the_same_place(lng, lat):
    back_lng, back_lat = to_degrees(*to_mercator(lng, lat))

    assert math.isclose(float(back_lng), lng, abs_tol=1e-9)
    assert math.isclose(float(back_lat), lat, abs_tol=1e-9)


def test_an_unknown_place_stays_unknown_and_disturbs_no_other():
    x, y = to_mercator(np.array([np.nan, -82.6]), np.array([np.nan, 27.8]))

    assert np.isnan([x[0], y[0]]).all()
    assert np.isfinite([x[1], y[1]]).all()


def test_the_poles_are_held_at_the_edge_of_the_square():
    _, y = to_mercator(0.0, 90.0)

    assert math.isclose(float(y), math.pi * 6_378_137.0, rel_tol=1e-9)


def test_a_mile_of_mercator_is_shorter_on_the_ground():
    x, y = to_mercator(np.array([-82.64, -82.63]), np.array([27.77, 27.77]))

    on_the_ground = float(distance_m(-82.64, 27.77, -82.63, 27.77))

    assert math.isclose(float(x[1] - x[0]) * ground_scale(float(y[0])), on_the_ground, rel_tol=1e-6)
    assert math.isclose(on_the_ground, 985.0, rel_tol=0.01)
