"""Where a notice may hold: areas copied from the layers by their names, lines and all, never retyped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dispatch.errors import ActRefused
from dispatch.geo import geometry as shapely
from dispatch.geo.areas import Areas
from dispatch.geo.folder import GeoFolder
from dispatch.geo.imports.folder import LayerFolder
from dispatch.geo.imports.kinds import ZONES
from dispatch.geo.projection import to_degrees
from dispatch.records import NoticeArea, NoticePart, Ring

NEIGHBORHOODS, EVACUATION_ZONES = "neighborhoods", "evacuation_zones"
# About a meter; more would be the look of exactness.
DIGITS = 5
DIMENSIONS = 2


@dataclass(frozen=True, slots=True)
class Pickable:
    """One layer's areas by their names, each once."""

    layer: str
    label: str
    names: tuple[str, ...]


class NoticeAreas:
    """Reads the layers when it is asked: what was imported meanwhile is there."""

    def __init__(self, *, geo: GeoFolder, layers: LayerFolder, municipality: str) -> None:
        self._geo = geo
        self._layers = layers
        self._municipality = municipality

    def pickable(self) -> tuple[Pickable, ...]:
        """Evacuation zones first: those are what an order names."""
        found = [
            Pickable(layer, label, tuple(sorted({name for name, _ in named if name}, key=_in_order)))
            for layer, label, named in self._named()
        ]
        return tuple(
            sorted((each for each in found if each.names), key=lambda each: each.layer == NEIGHBORHOODS)
        )

    def area(self, picks: Sequence[tuple[str, str]]) -> NoticeArea:
        """These as their layers have them; the whole city for none. ActRefused for one of no layer."""
        if not picks:
            return NoticeArea(city=self._city())
        named = {layer: shapes for layer, _label, shapes in self._named()}
        parts = []
        for layer, name in dict.fromkeys(picks):
            shapes = [shape for each, shape in named.get(layer, ()) if each == name]
            if not shapes:
                raise ActRefused(f"“{name}” is in no layer of the map now: choose the area again.")
            parts.append(NoticePart(layer, name, tuple(_rings(shapes))))
        return NoticeArea(tuple(parts))

    def _named(self) -> Iterator[tuple[str, str, list[tuple[str, Any]]]]:
        """(layer, what it is called, its shapes by name)"""
        for path, layer, label in (
            (self._geo.evacuation_zones, EVACUATION_ZONES, "Evacuation zones"),
            (self._geo.neighborhoods, NEIGHBORHOODS, "Neighborhoods"),
        ):
            areas = Areas.load(path)
            yield layer, label, list(zip(areas.names, areas.shapes, strict=True))
        for about in self._layers.layers():
            if about.look.kind not in ZONES or (read := self._layers.read(about)) is None:
                continue
            names = (str(said.get(about.look.zone_field, "")) for said in read.properties)
            yield about.layer_id, about.look.label, list(zip(names, read.shapes, strict=True))

    def _city(self) -> tuple[Ring, ...]:
        areas = Areas.load(self._geo.municipalities)
        own = [
            shape for name, shape in zip(areas.names, areas.shapes, strict=True) if name == self._municipality
        ]
        return tuple(_rings(own))


def _rings(shapes: Iterable[Any]) -> Iterator[Ring]:
    """The outer line of each piece, as (lat, lon), closed. Holes are left out: inside is told too."""
    for shape in shapes:
        for piece in shapely.get_parts(shape):
            if shapely.get_dimensions(piece) != DIMENSIONS:
                continue
            line = shapely.get_coordinates(shapely.get_exterior_ring(piece))
            lng, lat = to_degrees(line[:, 0], line[:, 1])
            pairs = zip(lat, lng, strict=True)
            ring = [(round(float(a), DIGITS), round(float(o), DIGITS)) for a, o in pairs]
            yield (*ring[:-1], ring[0])


def _in_order(name: str) -> tuple[int, str]:
    return (0, f"{int(name):09d}") if name.isdecimal() else (1, name)
