"""Whole pixels on the grid of a tile level."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.geo.tiles import MAX_LEVEL, MIN_LEVEL
from ui.map.frame import Frame

frames = st.builds(
    Frame.around,
    st.floats(-1e7, 1e7),
    st.floats(-1e7, 1e7),
    level=st.integers(MIN_LEVEL, MAX_LEVEL),
    width=st.integers(100, 3000),
    height=st.integers(100, 3000),
    ratio=st.sampled_from([1.0, 1.25, 2.0]),
)


@given(frames, st.floats(0, 1000), st.floats(0, 1000))
def test_a_point_is_the_place_under_it(frame, px, py):
    assert frame.point(*frame.place(px, py)) == pytest.approx((px, py), abs=1e-3)


@given(frames, st.integers(MIN_LEVEL - 3, MAX_LEVEL + 3), st.floats(0, 1000), st.floats(0, 1000))
def test_zooming_keeps_the_place_under_the_pointer_to_a_pixel(frame, level, px, py):
    zoomed = frame.zoomed(level, px, py)

    assert MIN_LEVEL <= zoomed.level <= MAX_LEVEL
    assert zoomed.point(*frame.place(px, py)) == pytest.approx((px, py), abs=1.0)


@given(frames, st.integers(-256, 256), st.integers(-256, 256))
def test_a_widened_frame_holds_every_pan_within_its_margin(frame, dx, dy):
    assert frame.widened(256).holds(frame.moved(dx, dy))
    assert not frame.widened(256).holds(frame.moved(257, 0))


def test_a_frame_of_another_level_is_never_held():
    frame = Frame.around(0, 0, level=20, width=600, height=400)

    assert not frame.widened(5000).holds(frame.zoomed(21, 300, 200))


def test_fine_pixels_look_like_a_lower_level():
    assert Frame.around(0, 0, level=24, width=600, height=400, ratio=2.0).apparent_level == 22
