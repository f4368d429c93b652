"""What a layer of areas tells of each beside its shape: how many live there, how large it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.geo import geometry as shapely
from dispatch.geo.layers import Layer
from dispatch.geo.projection import to_degrees

RESIDENTS = ("pop_est", "population", "residents")
LAND_KM2 = ("land_km2", "area_km2")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """Side by side: the name of each area, its residents (NaN where not known) and its land in km²."""

    names: tuple[str, ...]
    residents: Floats
    km2: Floats


def area_facts(layer: Layer, *, name_field: str = "name") -> AreaFacts:
    """Land is measured from the shape where the file does not say it."""
    said = layer.properties
    km2 = np.array([_number(each, LAND_KM2) for each in said], np.float64)
    drawn = np.array([_measured_km2(shape) for shape in layer.shapes], np.float64)
    return AreaFacts(
        names=tuple(str(each.get(name_field, "")) for each in said),
        residents=np.array([_number(each, RESIDENTS) for each in said], np.float64),
        km2=np.where(np.isnan(km2), drawn, km2),
    )


def _number(said: Mapping[str, Any], names: tuple[str, ...]) -> float:
    value = next((said[name] for name in names if said.get(name) is not None), None)
    try:
        return float(value) if value is not None else math.nan
    except (TypeError, ValueError):
        return math.nan


def _measured_km2(shape: shapely.Geometry) -> float:
    """Mercator stretches both ways by 1 / cos of the latitude."""
    if shape.is_empty:
        return math.nan
    _, lat = to_degrees(*shapely.get_coordinates(shapely.centroid(shape))[0])
    return float(shapely.area(shape)) * math.cos(math.radians(float(lat))) ** 2 / 1e6
