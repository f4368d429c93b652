"""Where a caller means: every street that may be meant is offered, and none is taken by itself (S11)."""

from __future__ import annotations

import pytest

from dispatch.assembly import build_judge
from dispatch.calls.places import AREA, EXACT, STREET, CallPlaces, KnownStreets, is_doubtful
from dispatch.jurisdiction import load_jurisdiction
from dispatch.records import Place

TOLD = (
    *("2214 22nd Ave S", "100 22nd Ave N", "3000 22nd St S", "5244 Burlington Ave N", "100 Central Ave"),
    *("12 Pinellas Point Dr S", "4th St N & 22nd Ave N"),
)


@pytest.fixture(scope="module")
def places() -> CallPlaces:
    city = load_jurisdiction("st-petersburg")
    judge = build_judge(city)
    streets = KnownStreets()
    streets.learn(TOLD)
    return CallPlaces(
        by_grid=lambda typed: judge.places.find(typed, city.box), streets=streets, areas=judge.area_names()
    )


@pytest.mark.parametrize("typed", ["22nd", "2214 22nd", "22", "2214 22"])
def test_s11_a_bare_22nd_is_asked_about_and_all_of_them_are_offered(places: CallPlaces, typed: str) -> None:
    found = places.find(typed)

    offered = [spot.words.removeprefix("2214 ") for spot in found.spots]
    assert {"22nd Ave S", "22nd Ave N", "22nd St S"} <= set(offered)
    assert "Ask which" in found.ask and "22nd Ave S" in found.ask
    assert is_doubtful(typed)


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("2214 22nd Ave", {"2214 22nd Ave S", "2214 22nd Ave N"}),
        ("22nd St", {"22nd St S", "22nd St N"}),
        ("Central Ave & 5th St", {"Central Ave & 5th St N", "Central Ave & 5th St S"}),
    ],
)
def test_s11_a_missing_side_is_asked_about(places: CallPlaces, typed: str, offered: set[str]) -> None:
    found = places.find(typed)

    assert {spot.words for spot in found.spots} == offered
    assert found.ask


@pytest.mark.parametrize(
    ("typed", "words", "quality"),
    [
        ("2214 22nd ave s", "2214 22nd Ave S", STREET),
        ("2200 block 22nd Ave S", "2200 block 22nd Ave S", STREET),
        ("22 ave s & 31st st s", "22nd Ave S & 31st St S", STREET),
        ("100 Central Ave", "100 Central Ave", STREET),
        ("27.7713, -82.6400", "27.7713, -82.6400", EXACT),
        ("5244 burl", "5244 Burlington Ave N", AREA),
        ("5244 Burlington", "5244 Burlington Ave N", AREA),
    ],
)
def test_one_place_is_found(places: CallPlaces, typed: str, words: str, quality: str) -> None:
    found = places.find(typed)

    assert (found.spots[0].words, found.spots[0].quality) == (words, quality)
    assert not found.ask


def test_a_block_lies_between_its_first_and_its_last_house(places: CallPlaces) -> None:
    [block] = places.find("2200 block 22nd Ave S").spots
    first, last = (places.find(f"{number} 22nd Ave S").spots[0] for number in (2200, 2300))

    assert first.place and last.place and block.place
    assert sorted([first.place.lng, block.place.lng, last.place.lng])[1] == block.place.lng


def test_an_address_layer_is_exact_and_comes_first(places: CallPlaces) -> None:
    places.houses = {"2214 22nd ave s": Place(27.7489, -82.6634)}
    try:
        first, *_ = places.find("2214 22nd Ave S").spots
    finally:
        places.houses = {}

    assert (first.quality, first.place) == (EXACT, Place(27.7489, -82.6634))


def test_a_neighborhood_and_words_are_an_area_without_a_spot(places: CallPlaces) -> None:
    found = places.find("Childs Park, behind the church")

    assert [(spot.words, spot.place, spot.quality) for spot in found.spots] == [
        ("Childs Park, behind the church", None, AREA)
    ]


def test_what_is_no_place_says_what_to_type(places: CallPlaces) -> None:
    assert "AVE or ST" in places.find("by the church").say
    assert not is_doubtful("by the church") and not is_doubtful("100 Central Ave")
