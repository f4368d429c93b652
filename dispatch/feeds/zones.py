"""The zone table: a UGC code and its shape, so that an alert without a shape of its own has one.

Forecast zones (FLZ050) are polygons that NWS drew in its own alerts; counties (FLC103) come from the Census
by their FIPS code. A city's own `nws_zones.geojson` adds to them. What is in none of them is named in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_layer_if_there
from dispatch.geo.projection import to_mercator

# Which state a FIPS number means, where storms of the Gulf and the Atlantic come ashore.
STATES = {"01": "AL", "09": "CT", "10": "DE", "12": "FL", "13": "GA", "22": "LA", "23": "ME", "24": "MD"}
STATES |= {"25": "MA", "28": "MS", "33": "NH", "34": "NJ", "36": "NY", "37": "NC", "44": "RI", "45": "SC"}
STATES |= {"48": "TX", "51": "VA"}


@dataclass(frozen=True, slots=True)
class Cover:
    """Where an alert holds: a shape in Mercator metres, None when no part of it is known. `by_county` names
    zones whose whole county is drawn in their place, `unknown` those that are nowhere on this map."""

    shape: shapely.Geometry | None
    by_county: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class ZoneTable:
    def __init__(self, shapes: dict[str, shapely.Geometry], names: dict[str, str]) -> None:
        self._shapes = shapes
        self._names = names
        # The same two dozen zones come with every alert of an office.
        self._union = lru_cache(maxsize=256)(self._unite)

    @classmethod
    def load(cls, folder: GeoFolder) -> ZoneTable:
        """Files that are not there leave their zones unknown."""
        shapes: dict[str, shapely.Geometry] = {}
        names: dict[str, str] = {}
        counties = read_layer_if_there(folder.counties)
        for shape, about in zip(counties.shapes, counties.properties, strict=True):
            if code := county_zone(str(about.get("fips", ""))):
                shapes[code], names[code] = shape, str(about.get("name", ""))
        for path in folder.weather_zones:
            layer = read_layer_if_there(path)
            for shape, about in zip(layer.shapes, layer.properties, strict=True):
                code = f"{about.get('kind', 'forecast')}/{about.get('ugc', '')}"
                shapes[code], names[code] = shape, str(about.get("name", ""))
        return cls(shapes, names)

    def __len__(self) -> int:
        return len(self._shapes)

    def name(self, zone: str) -> str:
        """What people call it; empty when it is not known."""
        return self._names.get(_full(zone), "")

    def cover(self, zones: Iterable[str], counties: Iterable[str], outline: bytes | None = None) -> Cover:
        """The alert's own shape where it has one, else its zones, else for zones that are not known the
        counties it names."""
        if outline is not None:
            shape = shapely.from_wkb(outline)
            return Cover(shapely.transform(shape, _project))
        wanted = [_full(zone) for zone in zones]
        known = frozenset(code for code in wanted if code in self._shapes)
        missing = [code for code in wanted if code not in self._shapes]
        around = frozenset(
            code for fips in counties if (code := county_zone(fips)) in self._shapes and missing
        )
        named = tuple(code.rpartition("/")[2] for code in missing)
        shape = self._union(known | around) if known or around else None
        return Cover(shape, by_county=named) if around else Cover(shape, unknown=named)

    def _unite(self, codes: frozenset[str]) -> shapely.Geometry:
        return shapely.union_all([self._shapes[code] for code in sorted(codes)])


def county_zone(fips: str) -> str:
    """`county/FLC103` for 12103, also for the six digits of SAME; empty for a state not known here."""
    fips = fips[-5:]
    state = STATES.get(fips[:2], "")
    return f"county/{state}C{fips[2:]}" if state and len(fips) == 5 else ""


def _full(zone: str) -> str:
    """A code without its kind is a county where its third letter says so, else a forecast zone."""
    kind, _, code = zone.rpartition("/")
    return f"{kind or ('county' if code[2:3] == 'C' else 'forecast')}/{code}"


def _project(degrees: np.ndarray) -> np.ndarray:
    return np.column_stack(to_mercator(degrees[:, 0], degrees[:, 1]))
