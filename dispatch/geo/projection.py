"""Degrees WGS84 to Web Mercator metres and back, single places and whole columns; distances on the ground."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.float64]

EARTH_RADIUS_M = 6_378_137.0
HALF_WORLD_M = math.pi * EARTH_RADIUS_M
# Where the Mercator square ends; beyond it y runs away to infinity.
MAX_LAT = 85.051_128_779_806_59


def to_mercator(lng: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Column, Column]:
    """Metres east and north of 0, 0. An unknown place (NaN) stays unknown."""
    east = np.asarray(lng, np.float64) * (HALF_WORLD_M / 180.0)
    phi = np.radians(np.clip(np.asarray(lat, np.float64), -MAX_LAT, MAX_LAT))
    return east, EARTH_RADIUS_M * np.arcsinh(np.tan(phi))


def to_degrees(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Column, Column]:
    """Longitude and latitude of Mercator metres: the way back."""
    lng = np.asarray(x, np.float64) * (180.0 / HALF_WORLD_M)
    return lng, np.degrees(np.arctan(np.sinh(np.asarray(y, np.float64) / EARTH_RADIUS_M)))


def ground_scale(y: float) -> float:
    """Metres on the ground for one Mercator metre at this height: Mercator stretches towards the poles."""
    return 1.0 / math.cosh(y / EARTH_RADIUS_M)


def distance_m(
    lng: npt.ArrayLike, lat: npt.ArrayLike, to_lng: npt.ArrayLike, to_lat: npt.ArrayLike
) -> Column:
    """Metres on the ground between places in degrees (haversine, good to half a per cent)."""
    here, there = np.radians(np.asarray(lat, np.float64)), np.radians(np.asarray(to_lat, np.float64))
    east = np.radians(np.asarray(to_lng, np.float64) - np.asarray(lng, np.float64))
    chord = np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * np.sin(east / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(chord)), np.float64)
