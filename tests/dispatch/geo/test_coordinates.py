"""Positions in three forms: what is written is read back, and what cannot be read says what to type."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.geo import coordinates
from dispatch.geo.coordinates import NotAPosition, Position, read
from dispatch.geo.projection import distance_m
from dispatch.geo.utm import AXIS_M, FLATTENING, SCALE, from_utm, to_utm, zone_of

# Where "17R LL 38497 72933" lies, by this file's own integral below.
DOWNTOWN = Position(27.7712, -82.6390)
west, south, east, north = coordinates.STATES
positions = st.builds(
    Position,
    st.floats(south, north, exclude_max=True),
    st.floats(west, east, exclude_max=True),
)


def metres_between(a: Position, b: Position) -> float:
    return float(distance_m(a.lng, a.lat, b.lng, b.lat))


@given(positions)
def test_a_grid_reference_is_read_within_its_own_metre(at):
    # Half a square's diagonal is 0.71 m; the scale of the projection at a zone's edge adds a thousandth.
    assert metres_between(read(coordinates.national_grid(at)), at) < 0.72


@given(positions)
def test_what_is_written_in_degrees_is_read_back(at):
    # Half of the last digit both ways: 0.79 m for a hundred-thousandth of a degree, 0.22 m for 0.01".
    assert metres_between(read(coordinates.decimal(at)), at) < 0.80
    assert metres_between(read(coordinates.degrees_minutes_seconds(at)), at) < 0.23


@given(positions)
def test_degrees_to_metres_and_back_lose_nothing(at):
    zone = zone_of(at.lng)
    lat, lng = from_utm(*to_utm(at.lat, at.lng, zone), zone)
    assert (lat, lng) == pytest.approx((at.lat, at.lng), abs=1e-11)


@pytest.mark.parametrize("lat", [24.5, 27.7712, 38.8895, 48.9])
def test_the_zones_middle_lies_as_far_north_as_the_arc_of_the_meridian_is_long(lat):
    """Against the integral of the meridian's radius of curvature by Simpson's rule: no series in common."""
    e2, steps = FLATTENING * (2 - FLATTENING), 2000
    step = math.radians(lat) / steps

    def radius(phi: float) -> float:
        return AXIS_M * (1 - e2) / (1 - e2 * math.sin(phi) ** 2) ** 1.5

    odd = sum(radius((2 * i + 1) * step) for i in range(steps // 2))
    even = sum(radius(2 * i * step) for i in range(1, steps // 2))
    arc = step / 3 * (radius(0) + 4 * odd + 2 * even + radius(steps * step))

    assert to_utm(lat, -81.0, 17) == pytest.approx((500_000, SCALE * arc), abs=1e-6)


def test_known_landmarks_have_their_published_references():
    # Published elsewhere: the CN Tower stands in 17T at 630084 m east, 4833438 m north.
    cn_tower = to_utm(43 + 38 / 60 + 33.24 / 3600, -(79 + 23 / 60 + 13.7 / 3600), 17)
    assert cn_tower == pytest.approx((630_084, 4_833_438), abs=1)
    # The Washington Monument is known as 18S UJ 2348 0648 to ten metres.
    assert metres_between(read("18S UJ 2348 0648"), Position(38.88948, -77.03524)) < 10


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        (10, (47.6, -122.3)),
        (13, (39.7, -104.9)),
        (14, (29.4, -98.5)),
        (18, (40.7, -74.0)),
        (19, (44.8, -68.8)),
    ],
)
def test_every_zone_of_the_states_has_its_own_letters(zone, at):
    said = coordinates.national_grid(Position(*at))
    assert said.startswith(str(zone))
    assert metres_between(read(said), Position(*at)) < 0.72


@pytest.mark.parametrize(
    "text",
    [
        "27.7712, -82.6390",
        "27.7712 -82.6390",
        "  +27.7712   −82.6390 ",
        "27.7712N 82.6390W",
        "N 27.7712, W 82.6390",
        "82.6390 W, 27.7712 N",
        "27° 46' 16.32\" N, 82° 38' 20.40\" W",
        "27°46′16.32″N 82°38′20.40″W",
        "27 46 16.32 n 82 38 20.4 w",
        "27 46 16.32 -82 38 20.4",
        "27 46.272 N 82 38.340 W",
        "17R LL 38497 72933",
        "17rll3849772933",
    ],
)
def test_one_place_is_read_from_each_way_of_writing_it(text):
    assert metres_between(read(text), DOWNTOWN) < 1.0


def test_a_coarse_reference_is_read_as_the_middle_of_its_square():
    assert metres_between(read("17R LL 38 72"), read("17R LL 38500 72500")) < 1.0


def test_the_last_digits_carry_over():
    assert coordinates.degrees_minutes_seconds(Position(27.9999999, -82.0)) == "28°00'00.00\"N 82°00'00.00\"W"


def test_the_grid_is_not_written_outside_the_states():
    assert coordinates.national_grid(Position(19.7, -155.1)) == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Type a position"),
        ("downtown", "is no part of a position"),
        ("27.7712", "a latitude and a longitude"),
        ("27.7712 N", "Name both directions"),
        ("27 N 28 N", "Name both directions"),
        ("27 61 00 N 82 00 00 W", "between 0 and 60"),
        ("27.5 30 N 82 00 W", "only the last may have decimals"),
        ("127.5, -82.6", "Latitude comes first"),
        ("27.7 N -82.6 W", "not both"),
        ("nan inf", "is no part of a position"),
        ("17R LL 384 72", "even number of digits"),
        ("17R AA 38444 72937", "There is no square AA in 17R"),
        ("17R LA 38444 72937", "There is no square LA in 17R"),
        ("99R LL 38444 72937", "There is no square LL in 99R"),
        ("0R LL 38444 72937", "There is no square LL in 0R"),
    ],
)
def test_what_cannot_be_read_says_what_to_type(text, says):
    with pytest.raises(NotAPosition, match=says):
        read(text)


@given(st.text(max_size=40))
def test_no_text_ends_in_anything_but_a_position_or_a_sentence(text):
    try:
        at = read(text)
    except NotAPosition as error:
        assert str(error).endswith(".")
    else:
        assert abs(at.lat) <= 90
