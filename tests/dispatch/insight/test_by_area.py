"""Shading neighborhoods: what is counted, what a rate is per, and how silence is told from ignorance."""

import math
from dataclasses import replace

import numpy as np
import pytest

from dispatch.board import Filters
from dispatch.geo.area_facts import AreaFacts, area_facts
from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_layer
from dispatch.insight.by_area import Measure, Shade, Unit, by_area, class_bounds
from dispatch.records import SITE_STATES, Band, SiteState
from dispatch.resources import resource
from tests.ui.boards import MINUTE, NOW, board_of, site

CLOSED = SITE_STATES.index(SiteState.CLOSED)
FACTS = AreaFacts(
    ("Childs Park", "Shore Acres", "Snell Isle", "Graham-Rogall"),
    np.array([2000.0, 4000.0, 1000.0, 30.0]),
    np.array([2.0, 4.0, 1.0, 0.04]),
)


def many(count, hood, first_id=1, **changes):
    return [site(first_id + n, neighborhood=hood, **changes) for n in range(count)]


def shown(board, measure, filters=None, facts=FACTS):
    return by_area(board, board.mask(filters or Filters(), NOW), facts, measure)


def test_sites_are_counted_by_neighborhood_under_the_filters_and_the_brush():
    board = board_of(
        *many(3, "Shore Acres", band=int(Band.P1)),
        *many(4, "Shore Acres", 10, first_at=NOW - 300 * MINUTE),
        *many(2, "Childs Park", 20),
    )

    everything = shown(board, Measure.COUNT)
    late = shown(board, Measure.COUNT, Filters(since=NOW - 60 * MINUTE))
    urgent = shown(board, Measure.COUNT, Filters(bands=frozenset({1})))

    assert everything.in_view.tolist() == [2, 7, 0, 0]
    assert late.in_view.tolist() == [2, 3, 0, 0]
    assert urgent.in_view.tolist() == [0, 3, 0, 0]


def test_a_rate_is_per_thousand_residents_where_they_are_known():
    board = board_of(*many(41, "Shore Acres"), *many(2, "Childs Park", 100))

    found = shown(board, Measure.RATE)

    assert found.unit is Unit.PER_1000_RESIDENTS
    assert found.values[:3].tolist() == [1.0, 10.25, 0.0]


def test_without_residents_a_rate_is_per_square_kilometre_and_says_so():
    unknown = AreaFacts(FACTS.names, np.full(4, math.nan), FACTS.km2)

    found = shown(board_of(*many(8, "Shore Acres")), Measure.RATE, facts=unknown)

    assert found.unit is Unit.PER_KM2
    assert found.values[1] == 2.0


def test_none_reported_none_in_view_and_no_data_are_three_things():
    board = board_of(
        *many(5, "Shore Acres"), *many(1, "Childs Park", 50, state=CLOSED), *many(1, "Graham-Rogall", 60)
    )

    found = shown(board, Measure.RATE)

    childs_park, shore_acres, snell_isle, graham_rogall = found.shades.tolist()
    assert childs_park == Shade.NONE_IN_VIEW  # it was heard from, and that is closed
    assert 1 <= shore_acres <= 5
    assert snell_isle == Shade.NONE_REPORTED
    assert graham_rogall == Shade.NO_DATA  # thirty people: one site would be the highest rate of the city


def test_a_quiet_area_is_quiet_also_where_its_rate_could_not_be_told():
    found = shown(board_of(*many(5, "Shore Acres")), Measure.RATE)

    assert found.shades[3] == Shade.NONE_REPORTED


def test_before_the_first_report_nothing_is_known_of_any_area():
    found = shown(board_of(), Measure.COUNT)

    assert set(found.shades.tolist()) == {Shade.NO_DATA}


def test_sites_in_no_neighborhood_are_counted_apart_and_those_without_a_place_are_not():
    board = board_of(
        *many(3, "Shore Acres"),
        *many(2, "", 10),
        *many(1, "Gulfport Marina", 20),
        site(30, neighborhood="", lat=None, lng=None),
    )

    assert shown(board, Measure.COUNT).outside == 3


@pytest.mark.parametrize(
    ("most", "is_whole", "bounds"),
    [
        (41, True, (2, 5, 10, 20)),
        (20, True, (1, 2, 5, 10)),
        (3, True, (1, 2)),
        (1, True, ()),
        (12.3, False, (1, 2, 5, 10)),
        (0.8, False, (0.05, 0.1, 0.2, 0.5)),
        (4_000, True, (200, 500, 1000, 2000)),
    ],
)
def test_classes_have_round_bounds_that_only_move_when_the_worst_area_passes_one(most, is_whole, bounds):
    assert class_bounds(np.array([0.0, most / 2, most]), is_whole=is_whole) == bounds


def test_a_value_at_a_bound_belongs_to_the_class_it_ends():
    board = board_of(*many(2, "Childs Park"), *many(3, "Snell Isle", 20), *many(41, "Shore Acres", 100))

    found = shown(board, Measure.COUNT)

    assert found.bounds == (2, 5, 10, 20)
    assert found.shades[:3].tolist() == [1, 5, 2]


def test_the_bundled_neighborhoods_know_their_residents_and_their_land():
    facts = area_facts(read_layer(GeoFolder(resource("geo"), "st-petersburg").neighborhoods))

    assert len(facts.names) == 115
    assert np.isfinite(facts.residents).all()
    assert (facts.km2 > 0).all()


def test_land_is_measured_where_the_file_does_not_say_it():
    layer = read_layer(GeoFolder(resource("geo"), "st-petersburg").neighborhoods)
    said = [each["area_km2"] for each in layer.properties]
    silent = replace(layer, properties=tuple({"name": each["name"]} for each in layer.properties))

    facts = area_facts(silent)

    assert np.isnan(facts.residents).all()
    assert facts.km2 == pytest.approx(said, rel=0.01)
