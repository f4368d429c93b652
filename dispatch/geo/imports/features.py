"""Each file format as columns of features: shapes as they stand in the file, and the fields beside them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely

from dispatch.errors import LayerRefused
from dispatch.geo.imports.limits import FEATURES, FIELDS

LATITUDES = ("lat", "latitude", "y", "ycoord", "y_coord", "point_y")
LONGITUDES = ("lng", "lon", "long", "longitude", "x", "xcoord", "x_coord", "point_x")
LATIN = ("EPSG:4326", "OGC:CRS84", "EPSG:4269")


@dataclass(frozen=True, slots=True)
class Features:
    """`shapes` side by side with each field's values. `missing` had no geometry, `damaged` no readable one:
    both stand as None in `shapes`. `projection` is what the file says of itself, empty when nothing."""

    file_format: str
    shapes: Any
    fields: dict[str, list[Any]]
    missing: int = 0
    damaged: int = 0
    projection: str = ""
    layers: tuple[str, ...] = ()
    layer: str = ""
    columns: dict[str, list[Any]] = field(default_factory=dict)  # of a table whose coordinates are not known


def from_geojson(path: Path) -> Features | None:
    """None where the file names a projection of its own: another reader brings it to degrees."""
    try:
        raw = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise LayerRefused(f"{path.name} is damaged: it is no whole JSON. Save it again.") from error
    features = raw.get("features") if isinstance(raw, dict) else None
    if isinstance(raw, dict) and raw.get("type") == "Feature":
        features = [raw]
    if not isinstance(features, list):
        raise LayerRefused(f"{path.name} is JSON but no GeoJSON layer (a FeatureCollection).")
    if raw.get("crs") and "CRS84" not in str(raw["crs"]) and "4326" not in str(raw["crs"]):
        return None
    refuse_many(path, len(features))
    features = [each if isinstance(each, dict) else {} for each in features]
    texts = [orjson.dumps(each["geometry"]) if each.get("geometry") else None for each in features]
    shapes = shapely.from_geojson(np.array(texts, object), on_invalid="ignore")
    missing = sum(text is None for text in texts)
    properties = [each.get("properties") for each in features]
    rows = [each if isinstance(each, dict) else {} for each in properties]
    names = list(dict.fromkeys(name for row in rows for name in row))[:FIELDS]
    return Features(
        "GeoJSON",
        shapes,
        {name: [row.get(name) for row in rows] for name in names},
        missing=missing,
        damaged=int(sum(shape is None for shape in shapes)) - missing,
    )


def from_table(path: Path, lat_column: str = "", lng_column: str = "") -> Features:
    """CSV with a head line; comma, semicolon or tab."""
    text = _decoded(path.read_bytes())
    first = text.partition("\n")[0]
    comma = max(",;\t|", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=comma))
    except csv.Error as error:
        raise LayerRefused(f"{path.name} cannot be read as a table: {error}.") from error
    head, rows = ([name.strip() for name in rows[0]], [row for row in rows[1:] if row]) if rows else ([], [])
    if len(head) < 2 or not rows:
        raise LayerRefused(
            f"{path.name} is none of GeoJSON, KML, KMZ, zipped shapefile, GeoPackage or a CSV table."
        )
    refuse_many(path, len(rows))
    columns = {
        name: [row[at] if at < len(row) else "" for row in rows]
        for at, name in list(enumerate(head))[:FIELDS]
        if name
    }
    lat, lng = lat_column or _named(columns, LATITUDES), lng_column or _named(columns, LONGITUDES)
    if lat not in columns or lng not in columns:
        return Features("CSV", np.array([], object), {}, columns=columns)
    places = np.array([[_number(x), _number(y)] for x, y in zip(columns[lng], columns[lat], strict=True)])
    known = np.isfinite(places).all(axis=1)
    shapes = np.full(len(places), None, object)
    shapes[known] = shapely.points(places[known])
    return Features("CSV", shapes, columns, missing=int((~known).sum()))


def refuse_many(path: Path, count: int) -> None:
    if count > FEATURES:
        raise LayerRefused(
            f"{path.name} has more than {FEATURES:,} features: cut the layer to the city and simplify it."
        )


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _named(columns: dict[str, list[Any]], names: tuple[str, ...]) -> str:
    return next((column for column in columns if column.strip().lower() in names), "")


def _number(text: str) -> float:
    try:
        return float(text.strip().replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        return float("nan")
