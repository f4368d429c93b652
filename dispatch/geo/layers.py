"""Reads bundled or imported GeoJSON as geometry in Mercator metres, with the credit the file carries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import orjson

from dispatch.errors import SettingsBroken
from dispatch.geo import geometry as shapely
from dispatch.geo.projection import to_mercator

Bounds: TypeAlias = tuple[float, float, float, float]
Column: TypeAlias = npt.NDArray[np.float64]

HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Layer:
    """The features of one file: `shapes` in Mercator metres and, side by side, their properties."""

    name: str
    shapes: tuple[shapely.Geometry, ...]
    properties: tuple[dict[str, Any], ...]
    credit: str = ""
    note: str = ""

    def __len__(self) -> int:
        return len(self.shapes)


@dataclass(frozen=True, slots=True)
class Places:
    """The points of one file: `x` and `y` in Mercator metres and, side by side, their properties."""

    x: Column
    y: Column
    properties: tuple[dict[str, Any], ...]
    note: str = ""


def read_layer(path: Path) -> Layer:
    """A GeoJSON FeatureCollection in degrees. A file that is not one ends in a sentence that names it."""
    with _named(path):
        raw = _read(path)
        degrees = np.array([_shape(feature["geometry"]) for feature in raw["features"]], object)
        properties = _properties(raw["features"])
    return Layer(
        name=path.stem,
        shapes=tuple(shapely.transform(degrees, _project)),
        properties=properties,
        credit=str(raw.get("credit", "")),
        note=str(raw.get("note", "")),
    )


def read_places(path: Path) -> Places:
    """The points of such a file; none where it is not there. Takes no library for shapes."""
    if not path.exists():
        return Places(np.zeros(0), np.zeros(0), ())
    with _named(path):
        raw = _read(path)
        features = [each for each in raw["features"] if each["geometry"]["type"] == "Point"]
        points = [each["geometry"]["coordinates"][:2] for each in features]
        lng, lat = np.array(points, np.float64).reshape(len(points), 2).T
        properties = _properties(features)
    return Places(*to_mercator(lng, lat), properties, str(raw.get("note", "")))


def bounds_of(path: Path) -> Bounds | None:
    """West, south, east, north around all areas of a file, in Mercator metres; None where there are none or
    it is not there. Takes no library for shapes."""
    if not path.exists():
        return None
    with _named(path):
        areas = [feature["geometry"]["coordinates"] for feature in _read(path)["features"]]
        rings = [np.array(ring, np.float64)[:, :2] for area in areas for ring in _rings_in(area)]
    if not rings:
        return None
    x, y = to_mercator(*np.concatenate(rings).T)
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def read_layer_if_there(path: Path) -> Layer:
    """Layers may be deleted one by one: a missing file is an empty layer."""
    return read_layer(path) if path.exists() else Layer(path.stem, (), ())


def credit_of(path: Path) -> str:
    """The credit in a file's head, without reading the rest; empty when there is none."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        found = re.search(rb'"credit"\s*:\s*"([^"\\]*)"', file.read(HEAD_BYTES))
    return found[1].decode() if found else ""


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Whatever is wrong with a file becomes a sentence that names it."""
    try:
        yield
    except OSError as error:
        raise SettingsBroken(f"The map layer {path.name} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise SettingsBroken(f"The map layer {path.name} is not GeoJSON: {error}.") from error


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(path.read_bytes())
    return found


def _properties(features: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    return tuple(feature.get("properties") or {} for feature in features)


def _rings_in(coordinates: list[Any]) -> Iterator[list[Any]]:
    """An area's rings, however deep they lie."""
    if isinstance(coordinates[0][0], int | float):
        yield coordinates
    else:
        for part in coordinates:
            yield from _rings_in(part)


def _shape(geometry: dict[str, Any]) -> shapely.Geometry:
    try:
        return shapely.from_geojson(orjson.dumps(geometry))
    except shapely.errors.ShapelyError as error:
        raise ValueError(str(error)) from error


def _project(degrees: Any) -> Any:
    return np.column_stack(to_mercator(degrees[:, 0], degrees[:, 1]))


def shared_edges(shapes: Sequence[shapely.Geometry]) -> list[shapely.Geometry]:
    """The borders between neighbors, without the outer edge: where a coarse outline would run beside
    the fine shoreline, only what lies inland is drawn."""
    edges = [_edges(ring) for shape in shapes for ring in _rings(shape)]
    if not edges:
        return []
    each, times = np.unique(np.concatenate(edges), axis=0, return_counts=True)
    lines = shapely.linestrings(each[times > 1].reshape(-1, 2, 2))
    return list(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines))))


def _rings(shape: shapely.Geometry) -> list[Any]:
    return [
        shapely.get_coordinates(ring) for part in shapely.get_parts(shape) for ring in shapely.get_rings(part)
    ]


def _edges(ring: Any) -> Any:
    start, end = ring[:-1], ring[1:]
    turned = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    first = np.where(turned[:, None], end, start)
    last = np.where(turned[:, None], start, end)
    return np.column_stack((first, last))
