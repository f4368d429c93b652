"""What the screen needs of the map's files, read once beside the window: areas, places, the land around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dispatch.geo.area_facts import area_facts
from dispatch.geo.areas import Areas
from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_layer, read_layer_if_there
from dispatch.geo.outlines import rings_of, seen_within
from dispatch.insight.neighborhoods import Place
from dispatch.insight.places import counted_places, pools_of
from ui.neighborhoods.area_map import Ground

AROUND_M, COARSE_M = 15_000.0, 35.0
POVERTY = "poverty_pct"


@dataclass(frozen=True)
class Loaded:
    ground: Ground
    places: tuple[Place, ...]
    poverty: Mapping[str, float]  # of areas, in percent of the people, where the layer says it


def read(folder: GeoFolder) -> Loaded | None:
    """None where no neighborhoods are loaded."""
    if not folder.neighborhoods.exists():
        return None
    layer = read_layer(folder.neighborhoods)
    facts = area_facts(layer)
    pools = pools_of(layer, facts)
    areas = Areas.from_layer(layer)
    rings = tuple(rings_of(shape) for shape in layer.shapes)
    corners = np.concatenate([ring for each in rings for ring in each])
    (west, south), (east, north) = corners.min(axis=0) - AROUND_M, corners.max(axis=0) + AROUND_M
    land = seen_within(read_layer_if_there(folder.land).shapes, (west, south, east, north), COARSE_M)
    place_of = [0] * len(areas)
    for number, pool in enumerate(pools):
        for area in pool:
            place_of[area] = number
    return Loaded(
        Ground(areas, rings, land, tuple(place_of), layer.credit),
        counted_places(folder, facts, pools),
        {
            str(each["name"]): float(each[POVERTY])
            for each in layer.properties
            if isinstance(each.get(POVERTY), int | float) and "name" in each
        },
    )
