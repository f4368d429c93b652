"""What lies around a report: a shelter, a hospital, a school within reach, the zone it stands in.

It ranks inside the band and makes none: who stands beside a hospital is not in danger for that.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import shapely

from dispatch.errors import SettingsBroken
from dispatch.geo.areas import OUTSIDE, Areas
from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_layer_if_there
from dispatch.geo.projection import to_degrees, to_mercator
from dispatch.geo.street_grid import DEGREE_M
from dispatch.records import Place, Reason
from dispatch.resources import resource
from dispatch.triage.compared import distance_m
from dispatch.triage.lists import reading

# Square cells, about 550 m: a place looks its own cell up, into which everything within reach was entered.
CELL = 0.005


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that matters, of one kind. Degrees."""

    kind: str
    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Nearness:
    """What being near one kind counts for."""

    reach_m: float
    points: float
    say: str


@dataclass(frozen=True, slots=True)
class Zone:
    areas: Areas
    points: float
    say: str


@dataclass(frozen=True, slots=True)
class NamedShapes:
    """Features of an imported layer, in Mercator metres: the zone each belongs to, or the name of a place."""

    shapes: tuple[shapely.Geometry, ...]
    names: tuple[str, ...]


class Context:
    """Made once; looked up for every report."""

    def __init__(
        self,
        landmarks: Iterable[Landmark] = (),
        *,
        near: Mapping[str, Nearness] | None = None,
        zones: Mapping[str, Zone] | None = None,
        at_most: float = 0.0,
    ) -> None:
        self._near = near or {}
        self._kinds = zones or {}
        self._zones = {kind: zone for kind, zone in (zones or {}).items() if len(zone.areas)}
        self._at_most = at_most
        self._cells: dict[tuple[int, int], list[Landmark]] = defaultdict(list)
        for landmark in landmarks:
            for cell in _cells_within(landmark.place, self._near[landmark.kind].reach_m):
                self._cells[cell].append(landmark)

    def labels(self) -> dict[str, str]:
        """Each kind by the name its reasons carry, in words for a list of choices."""
        near = {f"near_{kind}": f"Near a {each.say}" for kind, each in self._near.items()}
        return near | {f"in_{kind}": f"In {_a(zone.say)}" for kind, zone in self._kinds.items()}

    def reasons(self, place: Place | None) -> tuple[Reason, ...]:
        if place is None:
            return ()
        found = self._landmarks(place) if _cell(place) in self._cells else []
        if self._zones:
            found += self._in_zones(place)
        return _limited(found, self._at_most) if found else ()

    def _landmarks(self, place: Place) -> list[Reason]:
        nearest: dict[str, tuple[float, Landmark]] = {}
        for landmark in self._cells[_cell(place)]:
            away_m = distance_m(place, landmark.place)
            known = nearest.get(landmark.kind)
            if away_m <= self._near[landmark.kind].reach_m and (known is None or away_m < known[0]):
                nearest[landmark.kind] = away_m, landmark
        return [
            Reason(f"near_{kind}", _said(away_m, landmark, self._near[kind]), self._near[kind].points)
            for kind, (away_m, landmark) in nearest.items()
        ]

    def _in_zones(self, place: Place) -> list[Reason]:
        found = []
        x, y = to_mercator(place.lng, place.lat)
        for kind, zone in self._zones.items():
            index = int(zone.areas.locate(x, y)[0])
            if index != OUTSIDE:
                say = f"In {zone.say} {zone.areas.names[index]}".rstrip()
                found.append(Reason(f"in_{kind}", say, zone.points))
        return found


def _said(away_m: float, landmark: Landmark, nearness: Nearness) -> str:
    return f"{max(10, round(away_m, -1)):.0f} m from {landmark.name} ({nearness.say})"


def _a(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _limited(reasons: Sequence[Reason], at_most: float) -> tuple[Reason, ...]:
    """The weightiest first; what goes beyond the most is told without points."""
    left = at_most
    limited = []
    for reason in sorted(reasons, key=lambda each: (-each.points, each.part)):
        points = min(reason.points, left)
        left -= points
        limited.append(Reason(reason.part, reason.text, points))
    return tuple(limited)


def _cell(place: Place) -> tuple[int, int]:
    return math.floor(place.lat / CELL), math.floor(place.lng / CELL)


def _cells_within(place: Place, reach_m: float) -> list[tuple[int, int]]:
    high = reach_m / DEGREE_M
    wide = high / math.cos(math.radians(place.lat))
    south, west = _cell(Place(place.lat - high, place.lng - wide))
    north, east = _cell(Place(place.lat + high, place.lng + wide))
    return [(row, column) for row in range(south, north + 1) for column in range(west, east + 1)]


def load_context(
    geo: GeoFolder, path: Path | None = None, *, imported: Iterable[tuple[str, NamedShapes]] = ()
) -> Context:
    """`imported` are zones and places beside the city's own files: (their kind in the table, features)."""
    path = path or resource("triage", "context.toml")
    with reading("context table", path) as said:
        near = {kind: Nearness(**row) for kind, row in said["near"].items()}
        brought = list(imported)
        zones = {kind: _zone(geo, kind, brought, **row) for kind, row in said["zone"].items()}
        at_most = float(said["at_most"])
    landmarks = [each for kind in near for file in _files(geo, kind) for each in _read(kind, file)]
    landmarks += [each for kind, found in brought if kind in near for each in _landmarks(kind, found)]
    return Context(landmarks, near=near, zones=zones, at_most=at_most)


def _zone(
    geo: GeoFolder,
    kind: str,
    imported: Sequence[tuple[str, NamedShapes]],
    *,
    points: float,
    say: str,
    name_field: str,
) -> Zone:
    """The city's own file and what was imported; where two overlap, the layer imported last is right."""
    bundled = Areas.load(_layer(geo, kind), name_field=name_field)
    found = [each for of_kind, each in reversed(imported) if of_kind == kind]
    shapes = [shape for each in found for shape in each.shapes]
    names = [name for each in found for name in each.names]
    shapes, names = [*shapes, *bundled.shapes], [*names, *bundled.names]
    return Zone(Areas(shapes, ids=[str(at) for at in range(len(shapes))], names=names), points, say)


def _files(geo: GeoFolder, kind: str) -> tuple[Path, ...]:
    """The state's records name shelters that the county's list lacks; of one site the nearer point counts."""
    return (_layer(geo, kind), geo.state_shelters) if kind == "shelters" else (_layer(geo, kind),)


def _layer(geo: GeoFolder, kind: str) -> Path:
    found = getattr(geo, kind, None)
    if not isinstance(found, Path):
        raise SettingsBroken(f"The context table names '{kind}', which is no layer of the map.")
    return found


def _read(kind: str, path: Path) -> list[Landmark]:
    layer = read_layer_if_there(path)
    names = tuple(str(said.get("name", "")) for said in layer.properties)
    return _landmarks(kind, NamedShapes(layer.shapes, names))


def _landmarks(kind: str, found: NamedShapes) -> list[Landmark]:
    """Of grounds, such as a school's, the middle counts."""
    landmarks = []
    for shape, name in zip(found.shapes, found.names, strict=True):
        lng, lat = to_degrees(*shapely.get_coordinates(shapely.centroid(shape))[0])
        landmarks.append(Landmark(kind, name, Place(float(lat), float(lng))))
    return landmarks
