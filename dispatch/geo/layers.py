"""Reads bundled or imported GeoJSON as geometry in Mercator metres, with the credit the file carries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely

from dispatch.errors import SettingsBroken
from dispatch.geo.projection import to_mercator

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


def read_layer(path: Path) -> Layer:
    """A GeoJSON FeatureCollection in degrees. A file that is not one ends in a sentence that names it."""
    try:
        raw = orjson.loads(path.read_bytes())
        features = raw["features"]
        degrees = np.array([_shape(feature["geometry"]) for feature in features], object)
        properties = tuple(feature.get("properties") or {} for feature in features)
    except OSError as error:
        raise SettingsBroken(f"The map layer {path.name} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, shapely.errors.ShapelyError) as error:
        raise SettingsBroken(f"The map layer {path.name} is not GeoJSON: {error}.") from error
    return Layer(
        name=path.stem,
        shapes=tuple(shapely.transform(degrees, _project)),
        properties=properties,
        credit=str(raw.get("credit", "")),
        note=str(raw.get("note", "")),
    )


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


def _shape(geometry: dict[str, Any]) -> shapely.Geometry:
    return shapely.from_geojson(orjson.dumps(geometry))


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
