"""Makes the data of the exercise's storms from the sources that resources/storms/ATTRIBUTION.md names.

    python packaging/build_storms.py HOUSTON_REQUESTS.csv.gz IRMA_FORECAST_ADVISORIES.json

The places of St. Petersburg come from resources/geo. The same sources give the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from pathlib import Path
from random import Random
from typing import Any

import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
CITY = RESOURCES / "geo" / "st-petersburg"
STORMS = RESOURCES / "storms"
HARVEY_DAYS = ("2017-08-25", "2017-09-01")

DEGREES_PER_M = 1 / 111_000
PLACES = 6000
# A place is a house on its plot, not the shoreline; water in the street comes from water near by.
INLAND_M = 20
NEAR_WATER_M = 250
# Ground that the bay and the bayous cover first, as its residents know it.
LOW = frozenset(
    {
        "Bahama Shores", "Bayou Highlands", "Bayway Isles", "Big Bayou", "Bonita Bayou", "Broadwater",
        "Causeway Isles", "Coquina Key", "Eden Isle", "Edgemoor", "Harbor Isle", "Historic Old Northeast",
        "Isla Del Sol", "Mangrove Bay", "Maximo", "North East Park", "Old Southeast", "Pacido Bayou",
        "Ponce De Leon", "Riviera Bay", "Riviera Bay Subdivision", "Shore Acres", "Snell Isle",
        "Tropical Shores", "Venetian Isles", "Yacht Club Estates",
    }
)  # fmt: skip


def harvey(source: Path) -> None:
    """The week of Hurricane Harvey out of a year of Houston's requests, nothing else changed."""
    with gzip.open(source, "rt", encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [row for row in reader if HARVEY_DAYS[0] <= row["created_at"] < HARVEY_DAYS[1]]
        columns = reader.fieldnames or []
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    target = STORMS / "unverified" / "houston-harvey-2017.csv.gz"
    # No time stamp: the same source gives the same bytes.
    target.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    sys.stdout.write(f"{target.name}: {len(rows)} rows\n")


def places() -> None:
    """Points on land, as many in each neighborhood as people live there, and how near they are to water."""
    land = shapely.union_all([geometry for geometry, _ in _features(CITY / "land.geojson")])
    dry = land.buffer(-INLAND_M * DEGREES_PER_M)
    shore = land.boundary
    shapely.prepare([dry, shore])
    neighborhoods = list(_features(CITY / "unverified" / "neighborhoods.geojson"))
    people = sum(about["pop_est"] for _, about in neighborhoods)
    random = Random(1)
    lines = []
    for geometry, about in neighborhoods:
        near = 2 if about["name"] in LOW else 1
        for point in _points(geometry, dry, max(1, round(PLACES * about["pop_est"] / people)), random):
            water = near if shore.dwithin(point, NEAR_WATER_M * DEGREES_PER_M) else 0
            lines.append(f"{about['name']},{point.y:.5f},{point.x:.5f},{water}")
    target = STORMS / "unverified" / "st-petersburg-places.csv"
    target.write_text("\n".join(["neighborhood,lat,lng,water", *lines]) + "\n", encoding="utf-8")
    sys.stdout.write(f"{target.name}: {len(lines)} places\n")


def advisories(source: Path) -> None:
    """What NHC said of Irma: each forecast advisory with its points, without the wind radii."""
    said = json.loads(source.read_text(encoding="utf-8"))
    names = ("adv", "time", "status", "lat", "lon", "wind_kt", "pressure_mb", "dir_deg", "speed_kt")
    ahead = ("h", "time", "lat", "lon", "wind_kt")
    rows = [
        {name: each[name] for name in names}
        | {"forecast": [{name: point[name] for name in ahead} for point in each["forecast"]]}
        for each in said["advisories"]
    ]
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    head = '{"storm":"AL112017","name":"Irma","credit":"NOAA National Hurricane Center","advisories":[\n'
    target = STORMS / "irma-advisories.json"
    target.write_text(f"{head}{lines}\n]}}\n", encoding="utf-8")
    sys.stdout.write(f"{target.name}: {len(rows)} advisories\n")


def _points(area: BaseGeometry, dry: BaseGeometry, count: int, random: Random) -> list[Point]:
    west, south, east, north = area.bounds
    shapely.prepare(area)
    found: list[Point] = []
    for _ in range(400 * count):
        point = Point(random.uniform(west, east), random.uniform(south, north))
        if area.contains(point) and dry.contains(point):
            found.append(point)
        if len(found) == count:
            break
    return found


def _features(path: Path) -> list[tuple[BaseGeometry, dict[str, Any]]]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return [(shape(feature["geometry"]), feature["properties"]) for feature in features]


if __name__ == "__main__":
    harvey(Path(sys.argv[1]))
    advisories(Path(sys.argv[2]))
    places()
