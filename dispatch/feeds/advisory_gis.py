"""An advisory out of NHC's GIS files (zipped shapefiles, KMZ), by the helper process that reads layers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import shapely

from dispatch.errors import FeedRefused, LayerRefused
from dispatch.feeds.records import Advisory, ForecastPoint, Ring
from dispatch.feeds.times import day_and_clock, from_advisory
from dispatch.geo.imports.apart import look_at
from dispatch.geo.imports.checked import CHECKED
from dispatch.geo.imports.folder import LayerFolder
from dispatch.geo.imports.records import Preview
from dispatch.records import Millis

# Track line, cone polygon, forecast points; the fourth, coastal watches, is for NWS to say by zone.
WANTED = re.compile(r"_(lin|pgn|pts)$")
LAYERS = 6
# What NHC calls the same thing in its shapefiles and in its KMZ.
NAMES = {
    "name": ("stormname", "storm"),
    "number": ("advisnum", "advisorynum"),
    "issued": ("advdate", "advisorydate", "pubadvtime"),
    "storm_id": ("atcfid",),
    "basin": ("basin",),
    "count": ("stormnum",),
    "valid": ("validtime",),
    "wind": ("maxwind", "maxwnd"),
    "reach": ("fcstprd", "fcstpd"),
    "coast": ("tcww",),
}
# How a KMZ is called that says nothing of itself: AL092024_016Aadv_CONE.kmz
_FILE = re.compile(r"^((?:al|ep|cp)\d{6})_0*(\d+[A-Z]?)adv", re.IGNORECASE)

Said = dict[str, str]
Feature = tuple[shapely.Geometry, Said]


def read_advisory_gis(path: Path, work: LayerFolder, *, issued_at: Millis = 0) -> Advisory | None:
    """None when it is a layer of something else. `issued_at` counts where the file does not say. Raises
    FeedRefused."""
    try:
        features = list(_features(path, work))
    except LayerRefused as error:
        raise FeedRefused(str(error)) from error
    said = next((each for _, each in features if each.get("number")), {})
    named = _FILE.match(path.name)
    number = said.get("number") or (named[2] if named else "")
    if not number:
        return None
    try:
        issued_at = from_advisory(said["issued"]) if said.get("issued") else issued_at
        if not issued_at:
            raise ValueError("it does not say when it was issued")
        advisory = Advisory(
            storm_id=_storm_id(said, issued_at) or (named[1].lower() if named else ""),
            name=said.get("name", "").title(),
            number=number.upper(),
            issued_at=issued_at,
        )
        return _with_shapes(advisory, features)
    except ValueError as error:
        raise FeedRefused(f"{path.name} is no whole advisory: {error}.") from error


def merged(one: Advisory, other: Advisory) -> Advisory:
    """Two files of one advisory, as NHC gives cone and track: each adds what the other lacks."""
    return replace(
        one,
        name=one.name or other.name,
        points=one.points or other.points,
        track=one.track or other.track,
        cone=one.cone or other.cone,
        is_cone_ours=one.is_cone_ours if one.cone else other.is_cone_ours,
    )


def _features(path: Path, work: LayerFolder) -> Iterator[Feature]:
    first = look_at(path, work)
    wanted = [name for name in first.layers if WANTED.search(name)][:LAYERS]
    if not first.layers or first.layer in wanted:
        yield from _checked(first)
    for name in wanted:
        if name != first.layer:
            yield from _checked(look_at(path, work, layer=name))


def _checked(preview: Preview) -> Iterator[Feature]:
    if preview.coordinates_asked:
        return
    rows = orjson.loads((Path(preview.coming) / CHECKED).read_bytes())["features"]
    for row in rows:
        yield shapely.from_geojson(orjson.dumps(row["geometry"])), _said(row["properties"])


def _said(properties: dict[str, Any]) -> Said:
    lower = {name.lower(): str(value) for name, value in properties.items()}
    return {
        ours: next((lower[each] for each in theirs if each in lower), "") for ours, theirs in NAMES.items()
    }


def _storm_id(said: Said, issued_at: Millis) -> str:
    if said.get("storm_id"):
        return said["storm_id"].lower()
    if not (said.get("basin") and said.get("count", "").isdigit()):
        return ""
    year = datetime.fromtimestamp(issued_at / 1000, UTC).year
    return f"{said['basin'].lower()[:2]}{int(said['count']):02}{year}"


def _with_shapes(advisory: Advisory, features: list[Feature]) -> Advisory:
    # A package may hold three days beside five: the longer look holds the shorter.
    reach = max((_whole(said.get("reach", "")) for _, said in features), default=0)
    far = [(shape, said) for shape, said in features if _whole(said.get("reach", "")) in (0, reach)]
    lines = [shape for shape, said in far if shapely.get_dimensions(shape) == 1 and not said["coast"]]
    areas = [shape for shape, _ in far if shapely.get_dimensions(shape) == 2]
    points = sorted(
        (_point(shape, said, advisory.issued_at) for shape, said in far if said["valid"]),
        key=lambda each: each.at,
    )
    track = _coordinates(shapely.line_merge(shapely.union_all(lines))) if lines else ()
    return replace(
        advisory,
        points=tuple(points),
        track=track or tuple((each.lng, each.lat) for each in points),
        cone=tuple(
            _coordinates(shapely.get_exterior_ring(part))
            for area in areas
            for part in shapely.get_parts(area)
        ),
    )


def _point(shape: shapely.Geometry, said: Said, issued_at: Millis) -> ForecastPoint:
    lng, lat = shapely.get_coordinates(shape)[0].tolist()
    return ForecastPoint(lat, lng, day_and_clock(said["valid"], issued_at), _whole(said["wind"]))


def _coordinates(shape: shapely.Geometry) -> Ring:
    return tuple((lng, lat) for lng, lat in shapely.get_coordinates(shape).tolist())


def _whole(text: str) -> int:
    try:
        return int(float(text))
    except ValueError:
        return 0
