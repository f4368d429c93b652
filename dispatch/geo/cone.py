"""The forecast cone around a storm's track, drawn as NHC defines it: circles at the forecast points, joined.

For advisories that come as words; where NHC's own outline is there, that one is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely

from dispatch.geo.projection import ground_scale, to_degrees, to_mercator

NAUTICAL_M = 1852.0
# Nautical miles by hours ahead, Atlantic: the circles that held two thirds of the errors of five seasons.
# Those of 2017 are from memory and were not checked; those of 2023 are as NHC published them.
HOURS = (0, 12, 24, 36, 48, 60, 72, 96, 120)
CIRCLES_NM = {
    2017: (0, 29, 45, 63, 78, 92.5, 107, 159, 211),
    2023: (0, 26, 39, 53, 67, 81, 99, 145, 205),
}
LEAST_NM = 2.0
DECIMALS = 3


def forecast_cone(points: Sequence[tuple[float, float, float]], year: int) -> list[list[tuple[float, float]]]:
    """Outer rings (longitude, latitude) around points (hours ahead, latitude, longitude) in their order. A
    season without circles of its own takes the last known before it."""
    known = max((each for each in CIRCLES_NM if each <= year), default=min(CIRCLES_NM))
    circles = [_circle(*point, CIRCLES_NM[known]) for point in points]
    joined = [shapely.convex_hull(shapely.union_all(pair)) for pair in pairwise(circles)] or circles
    whole = shapely.union_all([each for each in joined if shapely.get_dimensions(each) == 2])
    return [_ring(part) for part in shapely.get_parts(whole) if not shapely.is_empty(part)]


def _circle(hours: float, lat: float, lng: float, radii: Sequence[float]) -> shapely.Geometry:
    x, y = to_mercator(lng, lat)
    # Where the storm is now there is no circle, but the cone begins there.
    metres = max(float(np.interp(hours, HOURS, radii)), LEAST_NM) * NAUTICAL_M
    return shapely.buffer(shapely.Point(float(x), float(y)), metres / ground_scale(float(y)), quad_segs=12)


def _ring(part: shapely.Geometry) -> list[tuple[float, float]]:
    x, y = shapely.get_coordinates(shapely.get_exterior_ring(part)).T
    lng, lat = to_degrees(x, y)
    return [
        (round(east, DECIMALS), round(north, DECIMALS))
        for east, north in zip(lng.tolist(), lat.tolist(), strict=True)
    ]
