"""S11: the place is said or doubted. 22nd Ave S, 22nd Ave N and 22nd St S are three places."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.geo.address import Street, parse, read, short_place, streets_in
from dispatch.geo.street_grid import default_pins, doubt, load_grid
from dispatch.records import Place

GRID = load_grid("st-petersburg")
SOUTH = Place(27.7490, -82.6550)  # 22nd Ave S & 16th St S
NORTH = Place(27.7915, -82.6550)  # 22nd Ave N & 16th St N
_WORDS = "22nd 4 Ave St S North block of - – a & at / Hwy US # apt 4B Mirror Lake I , SR First Dr"
WORDS = _WORDS.split()
THREE = ("22nd Ave S", "22nd Ave N", "22nd St S")


@pytest.mark.parametrize(
    ("address", "short"),
    [
        ("2230 22nd Ave S, Saint Petersburg, FL 33712, USA", "2230 22nd Ave S"),
        ("2230 22nd Avenue South St Petersburg FL", "2230 22nd Ave S"),
        ("INTERSECTION  of  22ND AVE S  and  34TH ST S", "22nd Ave S & 34th St S"),
        ("Intersection 22ND AVE N&34TH ST N", "22nd Ave N & 34th St N"),
        ("22 Ave S @ 4 St S", "22nd Ave S & 4th St S"),
        ("Beach Dr NE at 5th Ave NE", "Beach Dr NE & 5th Ave NE"),
        ("4th St N", "4th St N"),
        ("4th St", "4th St"),
        ("1500–1598 62nd Ave Ne Saint Petersburg FL 33702, United States", "1500–1598 62nd Ave NE"),
        ("Dr Martin Luther King Jr St N & 9th Ave N", "Dr Martin Luther King Jr St N & 9th Ave N"),
        ("Pinellas Point Dr S", "Pinellas Point Dr S"),
        ("Central Ave St Petersburg FL 33701", "Central Ave"),
        ("US Highway 19 N, Clearwater", "US Highway 19 N"),
        ("3000 block of 22nd Ave S", "3000 block of 22nd Ave S"),
        ("2901 54th Ave S, Apt 4B, St Petersburg", "2901 54th Ave S"),
        ("205 S Eighth Ave Brighton CO 80601", "205 S Eighth Ave"),
        ("64th Way South Pasadena FL", "64th Way, South Pasadena"),  # a town or a direction: both words stay
        ("Mirror Lake", "Mirror Lake"),
        ("Boulder City NV 89005, USA", "Boulder City"),
        ("27.77130 -82.63870", "27.77130 -82.63870"),
        ("  ", ""),
        ("² Ave S", "² Ave S"),
    ],
)
def test_s11_a_row_says_street_kind_and_direction_as_the_address_does(address, short):
    assert short_place(address) == short


@given(
    number=st.integers(1, 120),
    kind=st.sampled_from(["Ave", "St", "Ter", "Way", "Pl"]),
    direction=st.sampled_from(["N", "S", "NE", "SE", ""]),
    house=st.sampled_from(["", "4411 ", "12-20 "]),
    town=st.sampled_from(["", " Saint Petersburg FL 33712, USA", ", St. Petersburg, Florida"]),
)
def test_s11_nothing_is_lost_and_nothing_invented(number, kind, direction, house, town):
    street = f"{number} {kind} {direction}".strip()
    (read,) = parse(f"{house}{street}{town}").streets
    assert (read.number, read.kind, read.direction) == (number, kind, direction)
    assert short_place(f"{house}{street}{town}").upper() == f"{house}{read}".upper()


@given(house=st.integers(0, 99_999), behind=st.lists(st.sampled_from(WORDS), max_size=7))
def test_s11_a_street_that_came_before_is_read_as_the_first_time(house, behind):
    address = " ".join([str(house), *behind])
    assert parse(address) == read(address)


@given(st.text(max_size=80))
def test_any_address_can_be_shortened(text):
    assert "\n" not in short_place(text)


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations(THREE, 2)))
def test_s11_three_streets_of_one_number_contradict_each_other(one, other):
    (first,), (second,) = parse(one).streets, parse(other).streets
    assert first.contradicts(second)
    assert not first.contradicts(Street("22nd", first.kind))
    assert not first.contradicts(first)


@pytest.mark.parametrize(
    ("text", "streets"),
    [
        ("tree on 22nd ave s near 34th street", ["22nd Ave S", "34th St"]),
        ("First Avenue North is blocked", ["First Ave N"]),
        ("1st street light is out", []),
        ("62nd Ave. \nclose to the pass", ["62nd Ave"]),
        ("my 2 st", []),
        ("34 st s", ["34th St S"]),
    ],
)
def test_streets_are_read_from_words(text, streets):
    assert [str(street) for street in streets_in(text)] == streets


@pytest.mark.parametrize(
    ("place", "address", "text", "sentence"),
    [
        (
            NORTH,
            "22nd Ave S & 16th St S",
            "",
            "Address says 22nd Ave S & 16th St S, the pin is 4.7 km north of 22nd Ave S: ask which.",
        ),
        (
            SOUTH,
            "1600 22nd St S",
            "",
            "Address says 1600 22nd St S, the pin is 800 m east of 22nd St S: ask which.",
        ),
        (
            SOUTH,
            "1600 22nd Ave S",
            "wire down on 22nd Ave N",
            "Address says 22nd Ave S, the words say 22nd Ave N: ask which.",
        ),
        (
            SOUTH,
            "1600 22nd Ave S",
            "wire down on 22nd St S",
            "Address says 22nd Ave S, the words say 22nd St S: ask which.",
        ),
        (
            SOUTH,
            "1600 22nd Ave S",
            "corner of 54th Ave S and 34th St S",
            "The words say 34th St S, the pin is 2.4 km east of it, at 1600 22nd Ave S: ask which.",
        ),
        (
            SOUTH,
            "4900 22nd Ave S",
            "",
            "Address says 4900 22nd Ave S, the pin is 4.4 km east of number 4900: ask which.",
        ),
        (NORTH, "16th St S", "", "Address says 16th St S, the pin is 2.2 km north of 16th St S: ask which."),
        (
            SOUTH,
            "Mirror Lake",
            "on 22nd Ave N by the school",
            "The words say 22nd Ave N, the pin is 4.7 km south of it, at Mirror Lake: ask which.",
        ),
        (
            None,
            "22nd Ave N",
            "22nd avenue south, not north",
            "Address says 22nd Ave N, the words say 22nd Ave S: ask which.",
        ),
    ],
)
def test_s11_two_places_are_shown_both(place, address, text, sentence):
    found = doubt(place, address, text, GRID)
    assert found is not None
    assert found.words == sentence


@pytest.mark.parametrize(
    ("place", "address", "text"),
    [
        (SOUTH, "22nd Ave S & 16th St S", "tree across 22nd Ave S"),
        (SOUTH, "1600 22nd Ave S", "from 16th St to 34th St S"),
        (SOUTH, "1600 22nd Ave S", "22nd Ave is blocked"),
        (Place(27.7490, -82.6632), "22nd Ave S & 22nd St S", "wire on 22nd St S"),
        (NORTH, "1600 22nd Ave N", "first report"),
        (Place(27.8237, -82.6385), "5600 4th St N", ""),
        (Place(27.7713, -82.6551), "Central Ave & 16th St N", "on Central Ave"),
        (Place(27.9100, -82.7870), "22nd Ave S", ""),  # another town's numbers
        (SOUTH, "Mirror Lake", "water everywhere"),
        (SOUTH, "", ""),
        (None, "22nd Ave S", "22nd Ave S"),
    ],
)
def test_s11_what_can_be_one_place_is_not_doubted(place, address, text):
    assert doubt(place, address, text, GRID) is None


def test_s11_real_places_of_the_city_are_not_doubted():
    known = [
        ("701 16th St S", 27.76310, -82.65631),
        ("850 34th St S", 27.76158, -82.67830),
        ("1200 37th St S", 27.75824, -82.68228),
        ("2350 22nd Ave S", 27.74730, -82.66597),
        ("1051 7th Ave S", 27.76367, -82.64960),
        ("3901 37th St N", 27.80756, -82.68242),
        ("575 41st St S", 27.76491, -82.69030),
        ("1752 13th Ave S", 27.75718, -82.65740),
        ("535 4th Ave N", 27.77673, -82.64111),
        ("6500 38th Ave N", 27.8054, -82.7275),
        ("701 6th St S", 27.7634, -82.6421),
        ("6000 49th St N", 27.8256, -82.7021),
        ("1200 7th Ave N", 27.7786, -82.6505),
    ]
    assert [row for row in known if doubt(Place(row[1], row[2]), row[0], "", GRID)] == []


def test_s11_a_default_pin_is_no_place():
    town_hall = Place(27.771300001, -82.638700002)
    reports = [(town_hall, f"{n} 22nd Ave S") for n in range(100, 130)] + [(SOUTH, "1600 22nd Ave S")] * 40
    pins = default_pins(reports)
    assert pins == {Place(27.7713, -82.6387)}
    found = doubt(town_hall, "Central Ave", "", GRID, pins)
    assert found is not None
    assert (
        found.words
        == "The pin is where reports without a place are put; the address says Central Ave: ask where."
    )


def test_a_city_without_a_grid_has_none():
    assert load_grid("nowhere") is None
