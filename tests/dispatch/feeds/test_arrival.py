"""When the wind comes: by the advisory's own radii, by what we take for a strength, and not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.feeds.advisory_text import read_advisory_text
from dispatch.feeds.arrival import STEP_MS, bearing, winds_at
from dispatch.feeds.records import Advisory, ForecastPoint
from dispatch.feeds.times import from_iso
from tests.dispatch.feeds.alerts import FILES

HOUR_MS = 3_600_000
TAMPA_BAY = (27.77, -82.66)
REACH = ((34, 60.0), (64, 120.0), (113, 180.0))


def straight(gale_nm=()) -> Advisory:
    """From 5 degrees south of the equator's crossing with 80 W due north, 60 nautical miles in an hour."""
    points = tuple(ForecastPoint(lat, -80.0, (lat + 5) * HOUR_MS, 64, gale_nm) for lat in range(-5, 6, 5))
    return Advisory("al012030", "Test", "1", 0, points)


def test_milton_reached_tampa_bay_as_its_advisory_says():
    milton = read_advisory_text((FILES / "nhc_milton_fstadv_016.txt").read_text(), "nhc.txt")

    found = winds_at(TAMPA_BAY, milton)

    assert milton.points[0].gale_nm == (80, 80, 80, 120)
    assert milton.points[3].gale_nm == (230, 140, 110, 160)
    assert milton.points[-1].gale_nm == (150, 120, 120, 120)
    assert found.is_told
    # By the forecast of that night the first such winds were due on the 9th in the afternoon (UTC).
    assert from_iso("2024-10-09T12:00:00Z") < found.from_at < from_iso("2024-10-10T00:00:00Z")
    assert found.from_at < found.nearest_at < found.until_at


@pytest.mark.parametrize(
    ("place", "from_h", "until_h"),
    [((0.0, -80.0), 3.0, 7.0), ((0.0, -78.5), 3.68, 6.32), ((0.0, -77.9), None, None)],
)
def test_the_wind_comes_and_goes_with_its_radius(place, from_h, until_h):
    found = winds_at(place, straight((120, 120, 120, 120)))

    if from_h is None:
        assert (found.from_at, found.until_at) == (0, 0)
        return
    assert abs(found.from_at - from_h * HOUR_MS) <= STEP_MS
    assert abs(found.until_at - until_h * HOUR_MS) <= 2 * STEP_MS


def test_each_quarter_has_its_own_reach():
    # Northeast and southeast reach far, the west does not.
    advisory = straight((120, 120, 10, 10))

    assert winds_at((0.0, -79.0), advisory).from_at
    assert not winds_at((0.0, -81.0), advisory).from_at


def test_without_radii_the_reach_is_taken_for_the_strength_and_said_to_be_ours():
    assert not winds_at((0.0, -80.0), straight()).from_at
    found = winds_at((0.0, -80.0), straight(), REACH)

    assert abs(found.from_at - 3 * HOUR_MS) <= STEP_MS
    assert not found.is_told


def test_a_wind_that_outlasts_the_forecast_has_no_end():
    assert winds_at((5.0, -80.0), straight((120,) * 4)).until_at == 0


def test_an_advisory_of_one_point_says_nothing():
    assert winds_at((0.0, -80.0), replace(straight(), points=straight().points[:1]), REACH) is None


@pytest.mark.parametrize(
    ("to", "degrees"), [((1.0, 0.0), 0), ((0.0, 1.0), 90), ((-1.0, 0.0), 180), ((0.0, -1.0), 270)]
)
def test_bearings_go_round_with_the_compass(to, degrees):
    assert bearing(0.0, 0.0, to) == pytest.approx(degrees)
