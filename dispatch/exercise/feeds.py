"""The weather services' faces of an exercise: NHC's list of storms with its files, and NWS alerts in force.

What the hurricane center said of the storm comes at its hour of storm time. Alerts are the instructor's:
what is posted to the same address, as GeoJSON of api.weather.gov, is listed from when it was sent until it is
over.
"""

from __future__ import annotations

import hashlib
import io
import tempfile
import warnings
import zipfile
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import orjson
import shapely
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.exercise.bodies import Refused, not_found, values
from dispatch.exercise.gate import json
from dispatch.exercise.office import Office
from dispatch.exercise.times import to_millis
from dispatch.geo.cone import forecast_cone
from dispatch.records import Millis
from dispatch.resources import resource

MOUNT = "/feeds"
FILE = "irma-advisories.json"
STORMS = ("irma",)
# NHC keeps a storm on its list until it writes the last advisory; the next storm's list is without it.
LAST_FOR_MS = 6 * 3_600_000
NHC_ZONE = ZoneInfo("America/New_York")
WGS84 = "EPSG:4326"

Said = dict[str, Any]


class Feeds:
    def __init__(self, office: Office) -> None:
        self._office = office
        self._advisories = _read() if office.ledger.storm.name in STORMS else []
        self._alerts: list[Said] = []

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/nhc/CurrentStorms.json", self.storms, methods=["GET"]),
                Route("/nhc/{name}.zip", self.package, methods=["GET"]),
                Route("/nws", self.alerts, methods=["GET"]),
                Route("/nws", self.take_alerts, methods=["POST"]),
            ],
            exception_handlers={Refused: _refused},
        )

    async def storms(self, http_request: Request) -> Response:
        now = self._office.clock.now()
        known = [each for each in self._advisories if to_millis(each["time"]) <= now]
        is_active = bool(known) and now < to_millis(self._advisories[-1]["time"]) + LAST_FOR_MS
        body = orjson.dumps({"activeStorms": [_storm(known[-1])] if is_active else []})
        return _unless_known(http_request, body)

    async def package(self, http_request: Request) -> Response:
        name = http_request.path_params["name"]
        for said in self._advisories:
            if name == _package_name(said) and to_millis(said["time"]) <= self._office.clock.now():
                return Response(_package(orjson.dumps(said)), media_type="application/zip")
        raise not_found()

    async def alerts(self, http_request: Request) -> Response:
        now = self._office.clock.now()
        shown = [each for each in self._alerts if _moment(each, "sent") <= now < _over_at(each)]
        body = orjson.dumps(
            {
                "type": "FeatureCollection",
                "features": shown,
                "updated": datetime.fromtimestamp(now // 60_000 * 60, UTC).isoformat(),
            }
        )
        return _unless_known(http_request, body, state=orjson.dumps(shown))

    async def take_alerts(self, http_request: Request) -> Response:
        """More alerts, with their own times; `{"clear": true}` takes all away."""
        sent = await values(http_request)
        if sent.get("clear"):
            self._alerts.clear()
        rows = sent.get("features", [])
        try:
            for row in rows:
                _moment(row, "sent")
                _over_at(row)
        except (KeyError, TypeError, ValueError):
            words = "features are alerts as api.weather.gov gives them, each with sent and expires."
            raise Refused(422, orjson.dumps({"message": words})) from None
        self._alerts += rows
        return json(orjson.dumps({"alerts": len(self._alerts)}), 201)


def _read() -> list[Said]:
    """None where the file was deleted: the exercise then has no hurricane center."""
    path = resource("storms", FILE)
    return list(orjson.loads(path.read_bytes())["advisories"]) if path.exists() else []


def _moment(row: Said, name: str) -> Millis:
    return to_millis(row["properties"][name])


def _over_at(row: Said) -> Millis:
    return _moment(row, "ends") if row["properties"].get("ends") else _moment(row, "expires")


def _unless_known(http_request: Request, body: bytes, *, state: bytes = b"") -> Response:
    """304 to who names the state it has, as the real ones do."""
    etag = f'"{hashlib.blake2b(state or body, digest_size=8).hexdigest()}"'
    if http_request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    return Response(body, media_type="application/json", headers={"ETag": etag})


async def _refused(http_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return json(error.body, error.status)


# -- as the hurricane center writes it ----------------------------------------------------------------------


def _package_name(said: Said) -> str:
    return f"al112017_5day_{said['adv']:03}"


def _storm(said: Said) -> Said:
    product = {
        "advNum": f"{said['adv']:03}",
        "issuance": said["time"].replace("Z", ".000Z"),
        "zipFile": f"{_package_name(said)}.zip",
    }
    return {
        "id": "al112017",
        "binNumber": "AT1",
        "name": "Irma",
        "classification": "HU" if said["status"] == "Hurricane" else "TS",
        "intensity": str(said["wind_kt"]),
        "pressure": str(said["pressure_mb"]),
        "latitudeNumeric": said["lat"],
        "longitudeNumeric": said["lon"],
        "movementDir": said["dir_deg"],
        "movementSpeed": said["speed_kt"],
        "lastUpdate": product["issuance"],
        "forecastTrack": product,
        "trackCone": product,
    }


@lru_cache(maxsize=4)
def _package(row: bytes) -> bytes:
    """The five-day package of one advisory: track line, cone, points, as zipped shapefiles."""
    said: Said = orjson.loads(row)
    issued = datetime.fromisoformat(said["time"]).astimezone(NHC_ZONE)
    points = [{"h": 0, **{name: said[name] for name in ("time", "lat", "lon", "wind_kt")}}, *said["forecast"]]
    line = shapely.linestrings([(each["lon"], each["lat"]) for each in points])
    rings = forecast_cone([(each["h"], each["lat"], each["lon"]) for each in points], issued.year)
    about = {
        "STORMNAME": "Irma",
        "STORMTYPE": "HU" if said["status"] == "Hurricane" else "TS",
        "ADVDATE": f"{issued:%I%M %p %Z %a %b %d %Y}".lstrip("0"),
        "ADVISNUM": str(said["adv"]),
        "STORMNUM": 11,
        "FCSTPRD": 120,
        "BASIN": "AL",
    }
    places = [{**about, **_point(each)} for each in points]
    dots = [shapely.Point(each["lon"], each["lat"]) for each in points]
    with tempfile.TemporaryDirectory() as folder:
        stem = f"al112017-{said['adv']:03}_5day_"
        _write(Path(folder, f"{stem}lin.shp"), "LineString", [line], [about])
        _write(Path(folder, f"{stem}pgn.shp"), "Polygon", [shapely.polygons(each) for each in rings], [about])
        _write(Path(folder, f"{stem}pts.shp"), "Point", dots, places)
        return _zipped(Path(folder))


def _point(each: Said) -> Said:
    at = datetime.fromisoformat(each["time"])
    local = at.astimezone(NHC_ZONE)
    return {
        "LAT": each["lat"],
        "LON": each["lon"],
        "TAU": each["h"],
        "VALIDTIME": f"{at:%d/%H%M}",
        "MAXWIND": each["wind_kt"],
        "DATELBL": f"{local:%I:%M %p %a}".lstrip("0"),
    }


def _write(path: Path, kind: str, shapes: list[Any], rows: list[Said]) -> None:
    import pyogrio  # takes half a second, which an exercise nobody asks for its weather need not wait

    columns = [np.array([row[name] for row in rows]) for name in rows[0]]
    columns = [each.astype(object) if each.dtype.kind == "U" else each for each in columns]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.raw.write(
            str(path),
            np.array([shapely.to_wkb(each) for each in shapes], object),
            columns,
            list(rows[0]),
            geometry_type=kind,
            crs=WGS84,
            driver="ESRI Shapefile",
        )


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(folder.iterdir()):
            out.write(path, path.name)
    return packed.getvalue()
