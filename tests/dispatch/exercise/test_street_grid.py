"""Addresses of the exercise's city: right suffix, right side, near the place."""

from __future__ import annotations

import pytest

from dispatch.exercise import street_grid


@pytest.mark.parametrize(
    ("lat", "lng", "corner"),
    [
        (27.7490, -82.6754, "22nd Ave S & 31st St S"),
        (27.7915, -82.6754, "22nd Ave N & 31st St N"),
        (27.7713, -82.6795, "Central Ave & 34th St N"),
        (27.8060, -82.6454, "38th Ave N & Dr Martin Luther King Jr St N"),
        (27.7130, -82.6385, "62nd Ave S & 4th St S"),
        (27.7750, -82.7280, "4th Ave N & 66th St N"),
    ],
)
def test_a_corner_has_its_numbers_and_its_side(lat, lng, corner):
    assert street_grid.crossing(lat, lng) == corner


def test_east_of_first_street_avenues_are_northeast_and_have_no_numbered_corner():
    assert street_grid.crossing(27.8000, -82.6100).endswith(" Ave NE")
    assert street_grid.house_on_street(27.7600, -82.6260).endswith(" Ave SE")


def test_house_numbers_count_from_the_bay_and_from_central():
    assert street_grid.house(27.7490, -82.6760) == "3143 22nd Ave S"
    assert street_grid.house_on_street(27.7490, -82.6754) == "2200 31st St S"


@pytest.mark.parametrize(("number", "word"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (62, "62nd")])
def test_ordinals(number, word):
    assert street_grid.ordinal(number) == word
