"""The places whose reports are counted, from the files of a city's map: areas, small ones together."""

from __future__ import annotations

import math

from dispatch.geo.area_facts import AreaFacts, area_facts
from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import Layer, read_layer_if_there
from dispatch.geo.pools import Pool, beside, pooled
from dispatch.insight.neighborhoods import LEAST_PEOPLE, Place, places_of


def pools_of(layer: Layer, facts: AreaFacts) -> tuple[Pool, ...]:
    """Of areas in which fewer than `LEAST_PEOPLE` live hardly anything can be told: they join a neighbor."""
    return pooled(facts.residents, beside(layer.shapes), LEAST_PEOPLE)


def counted_places(folder: GeoFolder, facts: AreaFacts, pools: tuple[Pool, ...]) -> tuple[Place, ...]:
    """One for each pool, then the land outside of all."""
    outside = area_facts(read_layer_if_there(folder.outside_neighborhoods)).residents
    # NaN where the layer is not there, or does not say it of some part.
    return places_of(facts, pools, float(outside.sum()) if outside.size else math.nan)
