"""Lengths and areas on the ellipsoid against integrals of its own shape."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.geo.coordinates import Position
from dispatch.geo.measure import area_m2, crosses_itself, geodesic_m, length_m, say_area, say_length
from dispatch.geo.projection import distance_m
from dispatch.geo.utm import AXIS_M, FLATTENING

E2 = FLATTENING * (2 - FLATTENING)
places = st.builds(Position, st.floats(24, 50), st.floats(-125, -66))


def integral(of, start: float, end: float, steps: int = 400) -> float:
    """Simpson's rule."""
    step = (end - start) / steps
    inner = sum((4 if i % 2 else 2) * of(start + i * step) for i in range(1, steps))
    return step / 3 * (of(start) + inner + of(end))


def meridian_radius(phi: float) -> float:
    return AXIS_M * (1 - E2) / (1 - E2 * math.sin(phi) ** 2) ** 1.5


def parallel_radius(phi: float) -> float:
    return AXIS_M * math.cos(phi) / math.sqrt(1 - E2 * math.sin(phi) ** 2)


def test_a_line_along_a_meridian_is_as_long_as_its_arc():
    arc = integral(meridian_radius, math.radians(27.7), math.radians(28.3))
    assert geodesic_m(Position(27.7, -82.6), Position(28.3, -82.6)) == pytest.approx(arc, abs=0.001)


def test_a_line_known_from_elsewhere_has_its_published_length():
    # Flinders Peak to Buninyong, Geoscience Australia's example for Vincenty's formula (on GRS 80).
    flinders = Position(-(37 + 57 / 60 + 3.72030 / 3600), 144 + 25 / 60 + 29.52440 / 3600)
    buninyong = Position(-(37 + 39 / 60 + 10.15610 / 3600), 143 + 55 / 60 + 35.38390 / 3600)
    assert geodesic_m(flinders, buninyong) == pytest.approx(54_972.271, abs=0.001)


@given(places, places)
def test_a_line_is_as_long_back_and_near_what_the_sphere_says(a, b):
    there = geodesic_m(a, b)
    assert geodesic_m(b, a) == pytest.approx(there, abs=0.001)
    assert there == pytest.approx(float(distance_m(a.lng, a.lat, b.lng, b.lat)), rel=0.006, abs=0.001)


def test_opposite_ends_of_the_world_do_not_hang():
    assert geodesic_m(Position(0, 0), Position(0.5, 179.7)) == pytest.approx(19_936_288, rel=0.006)


def test_a_path_is_the_sum_of_its_lines():
    a, b, c = Position(27.7, -82.6), Position(27.71, -82.6), Position(27.71, -82.65)
    assert length_m([a, b, c]) == pytest.approx(geodesic_m(a, b) + geodesic_m(b, c))
    assert length_m([a]) == length_m([]) == 0


def test_an_area_is_what_integrating_the_ellipsoid_gives():
    low, high, wide = math.radians(27.70), math.radians(27.72), math.radians(0.02)
    whole = integral(lambda phi: meridian_radius(phi) * parallel_radius(phi) * wide, low, high)
    ring = [
        Position(27.70, -82.66),
        Position(27.70, -82.64),
        Position(27.72, -82.64),
        Position(27.72, -82.66),
    ]

    # The sides of the ring are shortest lines, not parallels: that is below a hundred-thousandth here.
    assert area_m2(ring) == pytest.approx(whole, rel=1e-5)
    assert area_m2(ring[::-1]) == pytest.approx(area_m2(ring))
    assert area_m2(ring[:2]) == 0


def test_a_ring_that_crosses_itself_is_told():
    a, b, c, d = Position(0, 0), Position(0, 1), Position(1, 1), Position(1, 0)
    assert crosses_itself([a, c, b, d])
    assert not crosses_itself([a, b, c, d])
    assert not crosses_itself([a, b, c])


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (say_length(0), "0 ft · 0 m"),
        (say_length(250), "820 ft · 250 m"),
        (say_length(2000), "1.24 mi · 2.00 km"),
        (say_area(500), "5,382 sq ft · 500 m²"),
        (say_area(40_000), "9.9 acres · 4.00 ha"),
        (say_area(3_000_000), "1.16 sq mi · 3.00 km²"),
    ],
)
def test_lengths_and_areas_are_said_in_both_systems(said, words):
    assert said == words
