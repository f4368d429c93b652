"""Where the names of areas stand on the map, and how much room each has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dispatch.geo import geometry as shapely
from ui.map.frame import Column

if TYPE_CHECKING:
    from shapely import Geometry


class Names(NamedTuple):
    """Side by side: the names, where each stands (Mercator metres), how wide its area is."""

    said: tuple[str, ...]
    x: Column
    y: Column
    width_m: Column


def names_of(shapes: Sequence[Geometry], names: Sequence[str]) -> Names:
    areas = np.array(shapes, object)
    x, y = shapely.get_coordinates(shapely.point_on_surface(areas)).reshape(-1, 2).T
    west, _south, east, _north = shapely.bounds(areas).reshape(-1, 4).T
    return Names(tuple(names), x, y, east - west)
