"""Reads bundled or imported GeoJSON as geometry in Mercator metres, with the credit the file carries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely

from dispatch.errors import SettingsBroken
from dispatch.geo.projection import to_mercator


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


def _shape(geometry: dict[str, Any]) -> shapely.Geometry:
    return shapely.from_geojson(orjson.dumps(geometry))


def _project(degrees: Any) -> Any:
    return np.column_stack(to_mercator(degrees[:, 0], degrees[:, 1]))
