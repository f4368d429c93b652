"""One plain checked form for whatever was read: GeoJSON in WGS84, rings mended, every loss counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely

from dispatch.errors import LayerRefused
from dispatch.geo.areas import Bounds
from dispatch.geo.imports.features import Features
from dispatch.geo.imports.limits import CORNERS
from dispatch.geo.imports.records import Counts
from dispatch.geo.imports.words import plain

CHECKED = "layer.geojson"
DECIMALS = 6  # a tenth of a metre
DIMENSION = {0: "points", 1: "lines", 2: "areas"}


def write_checked(features: Features, folder: Path, *, name: str) -> tuple[Counts, Bounds]:
    """The layer as it will be used. Raises LayerRefused when nothing of it can be."""
    shapes = np.where(shapely.is_empty(features.shapes), None, features.shapes)
    there = np.array([shape is not None for shape in shapes], bool)
    emptied = int((~there).sum()) - features.missing - features.damaged
    if shapely.get_num_coordinates(shapes).sum() > CORNERS:
        raise LayerRefused(f"{name} has more than {CORNERS:,} corners: simplify the layer and try again.")
    on_earth = there & _on_earth(shapes)
    outside = int((there & ~on_earth).sum())
    if outside * 2 > there.sum() or (outside and not on_earth.any()):
        raise LayerRefused(_not_degrees(features, name))
    if not on_earth.any():
        raise LayerRefused(f"{name} holds nothing with a place on the map.")
    kept = np.flatnonzero(on_earth)
    whole, mended, lost = _mended(shapes[kept])
    kept = kept[~lost]
    whole = shapely.set_precision(whole[~lost], 10**-DECIMALS, mode="pointwise")
    _write(features, kept, whole, folder / CHECKED)
    kinds = np.bincount(shapely.get_dimensions(whole), minlength=3).tolist()
    counts = Counts(
        **dict(zip(DIMENSION.values(), kinds, strict=True)),
        mended=mended,
        without_geometry=features.missing + emptied,
        damaged=features.damaged + int(lost.sum()),
        outside=outside,
    )
    west, south, east, north = shapely.total_bounds(whole).tolist()
    return counts, (west, south, east, north)


def samples(fields: dict[str, list[Any]], count: int = 4) -> dict[str, tuple[str, ...]]:
    """The first different values of each field, for whoever picks one. Fields without any are left out."""
    found = {}
    for name, values in fields.items():
        said = dict.fromkeys(text for value in values[:500] if (text := plain(value)))
        if said:
            found[name] = tuple(said)[:count]
    return found


def _on_earth(shapes: Any) -> Any:
    """Degrees, and not wrapped round the far side of the world, where west and east change places."""
    west, south, east, north = shapely.bounds(shapes).reshape(-1, 4).T
    with np.errstate(invalid="ignore"):
        inside = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
        return inside & (east - west < 180)


def _mended(shapes: Any) -> tuple[Any, int, Any]:
    """Valid shapes of the same kind as they were; how many were mended; which could not be."""
    broken = ~shapely.is_valid(shapes)
    whole = shapes.copy()
    for at in np.flatnonzero(broken):
        parts = shapely.get_parts(shapely.make_valid(shapes[at]))
        parts = [p for p in parts if shapely.get_dimensions(p) == shapely.get_dimensions(shapes[at])]
        whole[at] = shapely.union_all(parts) if parts else None
    lost = np.array([shape is None or shape.is_empty for shape in whole], bool)
    return whole, int((broken & ~lost).sum()), lost


def _not_degrees(features: Features, name: str) -> str:
    if features.projection:
        return f"{name} reaches round the world or outside it: cut the layer to the region and try again."
    return (
        f"The coordinates of {name} are no degrees, and the file does not say their projection. "
        "Export it as WGS84 (EPSG:4326), or add the .prj."
    )


def _write(features: Features, kept: Any, shapes: Any, path: Path) -> None:
    texts = shapely.to_geojson(shapes)
    with path.open("wb") as out:
        out.write(b'{"type":"FeatureCollection","features":[\n')
        for number, (at, text) in enumerate(zip(kept.tolist(), texts, strict=True)):
            said = {name: plain(column[at]) for name, column in features.fields.items()}
            out.write(b",\n" if number else b"")
            out.write(b'{"type":"Feature","properties":' + orjson.dumps({n: v for n, v in said.items() if v}))
            out.write(b',"geometry":' + text.encode() + b"}")
        out.write(b"\n]}\n")
