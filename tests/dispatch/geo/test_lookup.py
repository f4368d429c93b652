"""What an operator types for a place, and what is offered for it (S11)."""

import pytest

from dispatch.geo.lookup import find
from dispatch.geo.street_grid import load_grid
from dispatch.records import Place
from dispatch.triage.compared import distance_m

BOX = (-82.80, 27.60, -82.54, 27.90)
GRID = load_grid("st-petersburg")


def found(text: str):
    return find(text, GRID, BOX)


@pytest.mark.parametrize(
    ("typed", "lat", "lng"),
    [
        ("27.771, -82.639", 27.771, -82.639),
        ("27.771 -82.639", 27.771, -82.639),
        ("27.771 82.639", 27.771, -82.639),
        ("-82.639, 27.771", 27.771, -82.639),
        ("82.639W 27.771N", 27.771, -82.639),
        ("27°46'15.6\"N 82°38'20.4\"W", 27.771, -82.639),
        ("27.771,−82.639", 27.771, -82.639),
    ],
)
def test_coordinates_are_read_however_they_are_typed(typed: str, lat: float, lng: float) -> None:
    [hit] = found(typed).hits

    assert (round(hit.place.lat, 6), round(hit.place.lng, 6)) == (lat, lng)


def test_coordinates_far_away_say_that_they_are_outside_the_city() -> None:
    [hit] = found("29.76, -95.37").hits

    assert hit.place == Place(29.76, -95.37)
    assert "outside" in hit.how


@pytest.mark.parametrize("typed", ["127.7, 210.2", "27°75'00\"N 82°38'20\"W"])
def test_coordinates_that_no_place_has_are_refused_in_a_sentence(typed: str) -> None:
    assert found(typed).hits == ()
    assert "coordinates" in found(typed).say


def test_s11_a_house_without_north_or_south_is_offered_on_both_sides() -> None:
    hits = found("2214 22nd Ave").hits

    assert [hit.words for hit in hits] == ["2214 22nd Ave N", "2214 22nd Ave S"]
    assert distance_m(hits[0].place, hits[1].place) > 4_000


def test_a_house_on_an_avenue_lies_beside_its_street_number() -> None:
    [hit] = found("2200 22nd Ave S, St. Petersburg").hits

    assert distance_m(hit.place, Place(27.749, -82.6632)) < 300
    assert hit.within_m == GRID.slack_m


def test_a_house_on_a_street_lies_beside_its_avenue_number() -> None:
    [hit] = found("2200 4th St N").hits

    assert distance_m(hit.place, Place(27.7915, -82.6385)) < 50


def test_a_crossing_lies_on_both_streets() -> None:
    [hit] = found("22nd Ave S & 34th St S").hits

    assert hit.place == Place(27.749, -82.6795)
    assert hit.words == "22nd Ave S & 34th St S"


def test_s11_a_crossing_of_two_halves_of_the_city_is_no_place() -> None:
    assert found("22nd Ave S & 34th St N").hits == ()


def test_a_named_road_of_the_grid_is_known_too() -> None:
    [hit] = found("1600 Central Ave").hits

    assert distance_m(hit.place, Place(27.7713, -82.655)) < 50


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("22nd Ave S", "add a house number or a cross street"),
        ("Bayou Grande Blvd NE", "add a house number"),
        ("1200 Bayou Grande Blvd NE", "does not know Bayou Grande Blvd NE"),
        ("behind the store", "Say AVE or ST"),
        ("", ""),
    ],
)
def test_what_cannot_be_placed_says_what_to_type(typed: str, says: str) -> None:
    assert found(typed).hits == ()
    assert says in found(typed).say


def test_a_city_without_a_grid_says_what_is_left() -> None:
    assert "aim on the map" in find("2214 22nd Ave S", None, BOX).say
