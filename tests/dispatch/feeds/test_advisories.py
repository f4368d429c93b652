"""Advisories of the hurricane center: in words, as zipped shapefiles, as KMZ; real ones and broken ones."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import orjson
import pyogrio
import pytest
import requests
import shapely

from dispatch.errors import FeedRefused
from dispatch.exercise.feeds import _package
from dispatch.feeds.advisory_gis import merged, read_advisory_gis
from dispatch.feeds.advisory_text import read_advisory_text
from dispatch.feeds.storms_list import read_storms
from dispatch.feeds.times import from_iso
from dispatch.geo.cone import forecast_cone
from dispatch.geo.imports.folder import LayerFolder
from dispatch.resources import resource
from tests.city import City
from tests.dispatch.feeds.alerts import FILES

NHC = "https://www.nhc.noaa.gov/CurrentStorms.json"
IRMA = orjson.loads(resource("storms", "irma-advisories.json").read_bytes())["advisories"]


@pytest.fixture
def work(tmp_path):
    return LayerFolder(tmp_path / "work")


def test_miltons_advisory_16_in_words():
    found = read_advisory_text((FILES / "nhc_milton_fstadv_016.txt").read_text(), "nhc.txt")

    assert (found.storm_id, found.name, found.number) == ("al142024", "Milton", "16")
    assert found.issued_at == from_iso("2024-10-09T03:00:00Z")
    assert len(found.points) == 9
    assert (found.points[0].lat, found.points[0].lng, found.points[0].wind_kt) == (23.4, -86.5, 140)
    assert (found.points[3].at, found.points[3].wind_kt) == (from_iso("2024-10-10T12:00:00Z"), 75)
    assert found.points[-1].at == from_iso("2024-10-14T00:00:00Z")
    assert found.is_cone_ours
    cone = shapely.polygons(found.cone[0])
    assert all(cone.covers(shapely.Point(each.lng, each.lat)) for each in found.points)


@pytest.mark.parametrize("words", ["", "HURRICANE MILTON FORECAST/ADVISORY NUMBER 16", "x" * 100_000])
def test_words_that_are_no_forecast_advisory_end_in_one_sentence(words):
    with pytest.raises(FeedRefused, match=r"^nhc.txt is no whole forecast/advisory"):
        read_advisory_text(words, "nhc.txt")


def test_the_public_advisory_has_no_forecast_and_is_refused():
    with pytest.raises(FeedRefused):
        read_advisory_text((FILES / "nhc_milton_public_016.txt").read_text(), "nhc.txt")


def zipped(folder: Path, layers: dict[str, list[dict]]) -> Path:
    """Features as NHC packs them: one shapefile for each kind."""
    apart = folder / "apart"
    apart.mkdir()
    for name, rows in layers.items():
        shapes = [shapely.from_geojson(orjson.dumps(row["geometry"])) for row in rows]
        said = [{k: v for k, v in row["properties"].items() if k != "layer"} for row in rows]
        columns = [np.array([each[field] for each in said]) for field in said[0]]
        columns = [each.astype(object) if each.dtype.kind == "U" else each for each in columns]
        pyogrio.raw.write(
            str(apart / f"al182012.018_5day_{name}.shp"),
            shapely.to_wkb(np.array(shapes, object)),
            columns,
            list(said[0]),
            geometry_type=shapes[0].geom_type,
            crs="EPSG:4326",
            driver="ESRI Shapefile",
        )
    packed = folder / "al182012_5day_018.zip"
    with zipfile.ZipFile(packed, "w") as out:
        for part in apart.iterdir():
            out.write(part, part.name)
    return packed


def test_sandys_official_package_is_read_in_the_helper_process(tmp_path, work):
    layers: dict[str, list[dict]] = {}
    for row in orjson.loads((FILES / "nhc_sandy_018.geojson").read_bytes())["features"]:
        layers.setdefault(row["properties"]["layer"], []).append(row)
    layers["lin"] = [row for row in layers["lin"] if row["geometry"]["type"] == "LineString"]

    found = read_advisory_gis(zipped(tmp_path, layers), work)

    assert (found.storm_id, found.name, found.number) == ("al182012", "Sandy", "18")
    assert found.issued_at == from_iso("2012-10-26T21:00:00Z")
    assert [each.wind_kt for each in found.points] == [65, 60, 55, 55, 65, 70, 55, 40]
    assert found.points[-1].at == from_iso("2012-10-31T18:00:00Z")
    assert found.track[0] == (-77.1, 27.3)
    (ring,) = found.cone
    assert len(ring) > 100
    assert not found.is_cone_ours


def kmz(path: Path, body: str) -> Path:
    text = (
        f'<?xml version="1.0"?><kml xmlns="http://earth.google.com/kml/2.1"><Document>{body}</Document></kml>'
    )
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("doc.kml", text)
    return path


def data(**said: str) -> str:
    pairs = "".join(f'<Data name="{k}"><value>{v}</value></Data>' for k, v in said.items())
    return f"<ExtendedData>{pairs}</ExtendedData>"


RING = "-84,25,0 -82,25,0 -81,28,0 -84,25,0"
ABOUT = {"advisoryNum": "16A", "advisoryDate": "200 AM EDT Wed Oct 09 2024", "atcfid": "AL142024"}


def test_cone_and_track_come_together_from_two_kmz(tmp_path, work):
    polygon = f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{RING}</coordinates></LinearRing>"
    cone = f"<Placemark>{data(**ABOUT)}{polygon}</outerBoundaryIs></Polygon></Placemark>"
    places = "".join(
        f"<Placemark>{data(**ABOUT, stormName='Milton', validTime=valid, maxWnd='130')}"
        f"<Point><coordinates>{place}</coordinates></Point></Placemark>"
        for valid, place in (("09/0600", "-86,24,0"), ("10/0000", "-83,27,0"))
    )
    first = read_advisory_gis(kmz(tmp_path / "AL142024_016Aadv_CONE.kmz", cone), work)
    second = read_advisory_gis(kmz(tmp_path / "AL142024_016Aadv_TRACK.kmz", places), work)
    both = merged(first, second)

    assert both.storm_id == "al142024"
    assert both.number == "16A"
    assert both.issued_at == from_iso("2024-10-09T06:00:00Z")
    assert both.name == "Milton"
    assert len(both.cone) == 1
    assert both.track == ((-86.0, 24.0), (-83.0, 27.0))


def test_a_kmz_of_something_else_is_no_advisory(tmp_path, work):
    body = "<Placemark><name>a</name><Point><coordinates>-82,27</coordinates></Point></Placemark>"

    assert read_advisory_gis(kmz(tmp_path / "parks.kmz", body), work) is None


@pytest.mark.parametrize("content", [b"PK\x03\x04 no zip", b"PK", b"\x00" * 100])
def test_a_damaged_package_ends_in_one_sentence(tmp_path, work, content):
    path = tmp_path / "al112017_5day_049.zip"
    path.write_bytes(content)

    with pytest.raises(FeedRefused, match=r"^al112017_5day_049.zip .*\.$"):
        read_advisory_gis(path, work)


def test_the_list_of_storms_names_each_ones_package():
    storms = read_storms((FILES / "nhc_currentstorms.json").read_bytes(), url=NHC)

    assert [(each.storm_id, each.name, each.number) for each in storms] == [
        ("al092024", "Helene", "16A"),
        ("al102024", "Isaac", "6"),
        ("ep102024", "John", "18A"),
    ]
    assert storms[0].url == "https://www.nhc.noaa.gov/gis/forecast/archive/al092024_5day_016A.zip"
    assert storms[0].issued_at == from_iso("2024-09-27T12:00:00Z")
    assert read_storms(b'{"activeStorms":[]}', url=NHC) == ()


def test_a_link_to_somewhere_else_is_not_followed():
    body = (FILES / "nhc_currentstorms.json").read_bytes()

    assert {each.url for each in read_storms(body, url="https://weather.example/list.json")} == {""}


@pytest.mark.parametrize("body", [b"", b"[]", b'{"activeStorms":3}', b'{"activeStorms":[3]}', b"<html>"])
def test_a_list_that_is_none_ends_in_one_sentence(body):
    with pytest.raises(FeedRefused, match=r"feeds\.nhc_url"):
        read_storms(body, url=NHC)


def test_every_advisory_of_irma_is_bundled_and_its_cone_holds_its_points():
    assert [each["adv"] for each in IRMA] == list(range(1, 53))
    for said in IRMA:
        points = [(0, said["lat"], said["lon"]), *((p["h"], p["lat"], p["lon"]) for p in said["forecast"])]
        (ring,) = forecast_cone(points, 2017)
        cone = shapely.polygons(ring)
        assert all(cone.covers(shapely.Point(lng, lat)) for _, lat, lng in points)


def test_the_exercise_packs_irmas_advisory_as_the_hurricane_center_does(tmp_path, work):
    path = tmp_path / "al112017_5day_049.zip"
    path.write_bytes(_package(orjson.dumps(IRMA[48])))
    names = zipfile.ZipFile(io.BytesIO(path.read_bytes())).namelist()

    found = read_advisory_gis(path, work)

    assert "al112017-049_5day_pgn.shp" in names
    assert (found.storm_id, found.name, found.number) == ("al112017", "Irma", "49")
    assert found.issued_at == from_iso("2017-09-11T09:00:00Z")
    assert found.points[0].lat == IRMA[48]["lat"]
    assert [each.at for each in found.points[1:]] == [from_iso(each["time"]) for each in IRMA[48]["forecast"]]
    assert len(found.cone) == 1


def test_the_exercise_lists_the_advisory_of_its_hour(tmp_path):
    with City(tmp_path / "city", "irma", options=["--to=2017-09-11T00:00:00-04:00"]) as city:
        url = f"{city.feeds_url}/nhc/CurrentStorms.json"
        first = requests.get(url, timeout=20)
        (storm,) = read_storms(first.content, url=url)
        again = requests.get(url, headers={"If-None-Match": first.headers["ETag"]}, timeout=20)
        package = requests.get(storm.url, timeout=20)
        ahead = requests.get(storm.url.replace("049", "050"), timeout=20)
        city.clock(forward_s=3600)
        (later,) = read_storms(requests.get(url, timeout=20).content, url=url)
        city.clock(forward_s=3 * 86_400)
        last = read_storms(requests.get(url, timeout=20).content, url=url)

    assert (storm.number, later.number) == ("49", "50")
    assert again.status_code == 304
    assert package.content.startswith(b"PK")
    assert ahead.status_code == 404
    assert last == ()


def test_the_exercise_lists_alerts_as_its_instructor_sent_them(city):
    url = f"{city.feeds_url}/nws"
    body = orjson.loads((FILES / "nws_flood_warning.json").read_bytes())
    body["properties"] |= {"sent": "2017-09-11T10:00:00-04:00", "expires": "2017-09-11T12:00:00-04:00"}
    body["properties"]["ends"] = None

    assert requests.post(url, json={"features": [body]}, timeout=20).status_code == 201
    assert len(requests.get(url, timeout=20).json()["features"]) == 1
    city.clock(forward_s=2 * 3600)
    assert requests.get(url, timeout=20).json()["features"] == []
    assert requests.post(url, json={"features": [{}]}, timeout=20).status_code == 422
