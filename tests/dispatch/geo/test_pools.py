"""Small areas are put together with those beside them, the same way whoever asks."""

import math

import numpy as np
import shapely

from dispatch.geo.area_facts import area_facts
from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_layer
from dispatch.geo.pools import beside, pooled
from dispatch.resources import resource


def test_areas_are_beside_each_other_across_a_street():
    boxes = [shapely.box(x, 0, x + 100, 100) for x in (0, 130, 500)]

    assert beside(boxes) == [{1}, {0}, set()]


def test_a_small_area_joins_the_smallest_beside_it_until_there_are_enough():
    residents = np.array([300.0, 5000.0, 600.0, 400.0, 50.0, math.nan])
    neighbors = [{1, 2}, {0, 3}, {0}, {1, 5}, set(), {3}]

    # 300 joins 600 and both, still too few, join 5000; so does 400, beside which only one is known; 50 has
    # nobody.
    assert pooled(residents, neighbors, 1000) == ((0, 1, 2, 3), (4,), (5,))


def test_enough_people_stay_by_themselves():
    assert pooled(np.array([1000.0, 999.0]), [{1}, {0}], 1000) == ((0, 1),)
    assert pooled(np.array([1000.0, 1001.0]), [{1}, {0}], 1000) == ((0,), (1,))


def test_in_the_bundled_city_every_area_stands_in_one_place_of_enough_people():
    layer = read_layer(GeoFolder(resource("geo"), "st-petersburg").neighborhoods)
    facts = area_facts(layer)

    pools = pooled(facts.residents, beside(layer.shapes), 1000)

    assert sorted(i for pool in pools for i in pool) == list(range(115))
    small = [pool for pool in pools if facts.residents[list(pool)].sum() < 1000]
    # Two at the city's edge, with nobody else beside them.
    assert [{facts.names[i] for i in pool} for pool in small] == [{"Sterling Manor", "Wyngate Townhomes"}]
