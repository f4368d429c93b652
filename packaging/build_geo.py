"""Makes resources/geo from source files: cut to the area, simplified, credits inside each file.

    python packaging/build_geo.py SOURCE_DIR [OUT_DIR]

SOURCE_DIR holds `stpete`, `region`, `storms`, `alerts` and `houston`, as resources/ATTRIBUTION.md names
them. The same sources give the same bytes. A city with better data replaces single files; the console reads
any GeoJSON with the same names.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import Point, mapping, shape
from shapely.geometry.base import BaseGeometry

Properties = dict[str, Any]
Feature = tuple[BaseGeometry, Properties]

DEGREES_PER_M = 1 / 111_000
# The fine shoreline is complete inside this window. The coarse one is cut away under it, a little
# smaller, so that the two overlap and no seam shows.
FINE_WINDOW = shapely.box(-82.95, 27.405, -82.205, 28.245)
CENSUS = "U.S. Census"
EVICTION_LAB = f"{CENSUS}, Eviction Lab"
STORMS = ("AL112017", "AL092017")


def read(path: Path) -> Iterator[Feature]:
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        yield shape(feature["geometry"]), feature["properties"]


def keep(*names: str) -> Callable[[Properties], Properties]:
    return lambda properties: {name: properties[name] for name in names if properties.get(name) is not None}


def write(path: Path, features: list[Feature], *, decimals: int, about: dict[str, str]) -> None:
    """One feature a line, so that a changed shape shows as one changed line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = json.dumps({"type": "FeatureCollection", **about}, ensure_ascii=False)[:-1]
    lines = []
    for geometry, properties in features:
        snapped = shapely.set_precision(geometry, 10**-decimals, mode="pointwise")
        feature = {"type": "Feature", "properties": properties, "geometry": mapping(snapped)}
        lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    path.write_text(head + ', "features": [\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    sys.stderr.write(f"{path.name:32}{len(features):6} features{path.stat().st_size / 1024:7.0f} kB\n")


def simplified(features: Iterator[Feature], metres: float) -> Iterator[Feature]:
    for geometry, properties in features:
        yield shapely.make_valid(shapely.simplify(geometry, metres * DEGREES_PER_M)), properties


def pieces(features: Iterator[Feature]) -> list[Feature]:
    """Single polygons: a tile then reads only the islands it touches."""
    return [(part, {}) for geometry, _ in features for part in shapely.get_parts(geometry) if part.area > 0]


def chosen(features: Iterator[Feature], pick: Callable[[Properties], Properties]) -> list[Feature]:
    return [(geometry, pick(properties)) for geometry, properties in features]


def city(source: Path, out: Path) -> None:
    land = simplified(read(source / "land_tampa_bay.geojson"), 3)
    write(out / "land.geojson", pieces(land), decimals=5, about={"credit": EVICTION_LAB})

    places = simplified(read(source / "municipalities_pinellas.geojson"), 3)
    features = chosen(places, keep("geoid", "name"))
    write(out / "municipalities.geojson", features, decimals=5, about={"credit": EVICTION_LAB})

    streets = chosen(read(source / "street_grid_proxy.geojson"), keep())
    note = "Edges of census block groups. They follow main streets most of the time. Not a street map."
    about = {"credit": EVICTION_LAB, "note": note}
    write(out / "streets.geojson", streets, decimals=5, about=about)

    hospitals = read(source / "hospitals.geojson")
    names = ("id", "name", "address", "city", "zip", "type", "status", "beds", "trauma", "helipad")
    about = {"credit": "HIFLD open data", "note": "Records dated up to April 2020."}
    write(out / "hospitals.geojson", chosen(hospitals, keep(*names)), decimals=5, about=about)

    about = {"credit": "Pinellas County Emergency Management", "note": "The county's list of May 2025."}
    write(out / "shelters.geojson", list(county_shelters(source)), decimals=5, about=about)


def county_shelters(source: Path) -> Iterator[Feature]:
    with (source / "emergency_shelters_2025.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            properties: Properties = {"name": row["name"], "kind": row["kind"], "address": row["address"]}
            if row["spaces"]:
                properties["spaces"] = int(row["spaces"])
            if row["opens_for_evacuation_levels"]:
                properties["opens_for_levels"] = row["opens_for_evacuation_levels"]
            yield Point(float(row["lng"]), float(row["lat"])), properties


def unverified(source: Path, out: Path) -> None:
    """Layers whose terms or currency nobody confirmed: apart, so that a city can replace or delete them."""
    zillow = {"credit": "Zillow", "note": "Neighborhood boundaries by Zillow. Terms not confirmed."}
    hoods = read(source / "neighborhoods.geojson")
    names = ("id", "name", "area_km2", "land_km2", "pop_est", "pop_per_km2", "poverty_pct")
    write(out / "neighborhoods.geojson", chosen(hoods, keep(*names)), decimals=5, about=zillow)

    rest = read(source / "neighborhoods_residual.geojson")
    features = chosen(rest, keep("id", "name", "land_km2", "pop_est"))
    write(out / "outside_neighborhoods.geojson", features, decimals=5, about=zillow)

    about = {"credit": "State of Florida shelter records", "note": "Terms and currency not confirmed."}
    write(out / "state_shelters.geojson", list(state_shelters(source)), decimals=5, about=about)

    schools = chosen(read(source / "private_schools.geojson"), keep("name", "address", "city"))
    about = {"credit": "HIFLD open data", "note": "Private schools, records of 2020. Currency not confirmed."}
    write(out / "schools.geojson", schools, decimals=5, about=about)


def state_shelters(source: Path) -> Iterator[Feature]:
    """One point a site: the source has one for each building."""
    sites: dict[str, Feature] = {}
    for geometry, properties in read(source / "risk_shelters.geojson"):
        name = properties["name"]
        first, kept = sites.get(name, (geometry, keep("name", "address", "city")(properties) | {"spaces": 0}))
        sites[name] = first, kept | {"spaces": kept["spaces"] + (properties["risk_capacity"] or 0)}
    yield from (sites[name] for name in sorted(sites))


def region(source: Path, out: Path) -> None:
    about = {"credit": CENSUS}
    counties = chosen(read(source / "florida_counties.geojson"), keep("fips", "name"))
    write(out / "counties.geojson", counties, decimals=4, about=about)
    states = chosen(read(source / "gulf_atlantic_states.geojson"), keep("fips", "name"))
    write(out / "states.geojson", states, decimals=4, about=about)

    gshhg = ((g.difference(FINE_WINDOW), p) for g, p in read(source / "land_west_florida_gshhg.geojson"))
    about = {
        "credit": "GSHHG",
        "note": "Wessel and Smith, Global Self-consistent, Hierarchical, High-resolution Geography, 2.3.7, "
        "decoded and cut. Licence: COPYING.LESSER and COPYING beside this file.",
    }
    write(out / "land_gshhg.geojson", pieces(gshhg), decimals=4, about=about)


def weather_zones(source: Path, out: Path) -> None:
    """Forecast zones as NWS drew them: each is the shape of a wind warning or watch for that zone alone."""
    capture = json.loads((source / "nws_active_FL_milton_2024-10-09T2050Z.json").read_text("utf-8"))
    zones: dict[str, Feature] = {}
    for row in capture["features"]:
        about = row["properties"]
        codes = about["geocode"]["UGC"]
        # A storm surge warning may cover a part of its zone.
        is_whole = about["event"].startswith(("Hurricane", "Tropical Storm"))
        if row["geometry"] and len(codes) == 1 and codes[0][2] == "Z" and is_whole:
            properties = {"ugc": codes[0], "kind": "forecast", "name": about["areaDesc"]}
            zones[codes[0]] = shapely.set_precision(shape(row["geometry"]), 1e-4), properties
    about = {
        "credit": "NOAA National Weather Service",
        "note": "Public forecast zones of Florida, as drawn in alerts of 9 October 2024. Not all of them.",
    }
    write(out / "nws_zones.geojson", [zones[code] for code in sorted(zones)], decimals=4, about=about)


def storms(source: Path, out: Path) -> None:
    names = ("kind", "id", "name", "year", "time", "status", "wind_kt", "pressure_mb")
    files = ("tracks_tampa_bay.geojson", "tracks_other_cities.geojson")
    features = [
        (geometry, keep(*names)(properties))
        for name in files
        for geometry, properties in read(source / name)
        if properties["id"] in STORMS
    ]
    about = {
        "credit": "NOAA National Hurricane Center (HURDAT2)",
        "note": "Best tracks, made after the storm.",
    }
    write(out / "tracks.geojson", features, decimals=2, about=about)


def elsewhere(source: Path, out: Path) -> None:
    """Cities that exercises play in: neighborhoods only."""
    hoods = chosen(simplified(read(source / "super_neighborhoods.geojson"), 15), keep("name"))
    about = {"credit": "Houston neighborhoods click_that_hood"}
    write(out / "neighborhoods.geojson", hoods, decimals=4, about=about)


def main(argv: list[str]) -> int:
    if len(argv) not in (1, 2):
        sys.stderr.write("usage: build_geo.py SOURCE_DIR [OUT_DIR]\n")
        return 2
    source = Path(argv[0])
    out = Path(argv[1]) if len(argv) == 2 else Path(__file__).parent.parent / "resources" / "geo"
    city(source / "stpete", out / "st-petersburg")
    unverified(source / "stpete", out / "st-petersburg" / "unverified")
    region(source / "region", out / "region")
    weather_zones(source / "alerts", out / "region")
    storms(source / "storms", out / "storms")
    elsewhere(source / "houston", out / "houston")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
