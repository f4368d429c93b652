"""Alerts read from real files and from damaged and hostile ones, and the zones that give them a shape."""

from __future__ import annotations

import json
from pathlib import Path

import orjson
import pytest
import shapely

from dispatch.errors import FeedRefused
from dispatch.feeds.alerts_cap import read_alert_cap
from dispatch.feeds.alerts_json import read_alerts_json
from dispatch.feeds.in_force import in_force
from dispatch.feeds.records import Severity, Status
from dispatch.feeds.times import from_advisory, from_iso
from dispatch.feeds.zones import ZoneTable, county_zone
from dispatch.geo.areas import Areas
from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import bounds_of
from dispatch.geo.projection import to_mercator
from dispatch.resources import resource
from tests.dispatch.feeds.alerts import FILES

AT = from_iso("2024-10-09T20:50:15+00:00")
FLORIDA = (
    Path(__file__).resolve().parents[4]
    / "shared"
    / "data"
    / "geo"
    / "alerts"
    / "nws_active_FL_milton_2024-10-09T2050Z.json"
)
CAP = """<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>urn:oid:2.49.0.1.840.0.b.2</identifier><sender>w-nws.webmaster@noaa.gov</sender>
<sent>2024-10-09T16:40:00-04:00</sent><status>{status}</status><msgType>Update</msgType><scope>Public</scope>
<references>w-nws.webmaster@noaa.gov,urn:oid:2.49.0.1.840.0.a.1,2024-10-09T16:30:00-04:00</references>
<info><language>en-US</language><category>Met</category>
<event>Tornado Warning</event><urgency>Immediate</urgency>
<severity>Extreme</severity><certainty>Observed</certainty><expires>2024-10-09T17:15:00-04:00</expires>
<senderName>NWS Tampa Bay Ruskin FL</senderName><headline>Tornado Warning until 5:15PM</headline>
<parameter><valueName>VTEC</valueName>
<value>/O.CON.KTBW.TO.W.0041.000000T0000Z-241009T2115Z/</value></parameter>
<area><areaDesc>Pinellas, FL</areaDesc>
<polygon>27.7,-82.7 27.9,-82.7 27.9,-82.6 27.7,-82.7</polygon>
<geocode><valueName>SAME</valueName><value>012103</value></geocode>
<geocode><valueName>UGC</valueName><value>FLC103</value></geocode></area></info></alert>"""


@pytest.fixture(scope="module")
def zones():
    return ZoneTable.load(GeoFolder(resource("geo"), "st-petersburg"))


def read(body, **more):
    given = {"name": "alerts.json", "source": "file", "arrived_at": AT, "is_whole": False}
    return read_alerts_json(body, **{**given, **more})


def pinellas():
    return read((FILES / "nws_pinellas_milton.json").read_bytes())


def test_the_alerts_for_pinellas_in_miltons_last_hours_are_read():
    found = pinellas()

    assert found.listed_at == AT
    assert len(found.alerts) == 8
    surge = next(each for each in found.alerts if each.event == "Storm Surge Warning")
    assert surge.severity is Severity.EXTREME
    assert surge.zones == ("forecast/FLZ050",)
    assert surge.counties == ("012103",)
    assert surge.vtec[0].key == "KTBW.SS.W.1014"
    assert surge.sent_at == from_iso("2024-10-09T18:10:00+00:00")


def test_all_eight_were_in_force_the_worst_first():
    shown = in_force(pinellas().alerts, AT)

    events = [each.alert.event for each in shown]
    assert len(shown) == 8
    assert set(events[:3]) == {"Hurricane Warning", "Storm Surge Warning", "Tornado Watch"}
    assert next(each for each in shown if each.alert.event == "Hurricane Warning").until == 0


def test_an_alert_without_a_shape_gets_the_shape_of_its_zones(zones):
    watch = next(each for each in pinellas().alerts if each.event == "Tornado Watch")
    cover = zones.cover(watch.zones, watch.counties, watch.outline)

    assert watch.outline is None
    assert not cover.unknown
    assert cover.shape.contains(shapely.Point(*to_mercator(-82.64, 27.77)))


def test_the_zone_table_lies_where_the_city_is(zones):
    hoods = GeoFolder(resource("geo"), "st-petersburg").neighborhoods
    city = Areas.load(hoods)
    west, south, east, north = bounds_of(hoods)

    for code in ("forecast/FLZ050", "county/FLC103"):
        shape = zones.cover([code], ()).shape
        assert shape.intersection(shapely.box(west, south, east, north)).area > 0.5 * sum(
            each.area for each in city.shapes
        )
    assert zones.name("/FLZ151") == "Coastal Hillsborough"


def test_a_zone_that_is_not_on_this_map_is_named_and_its_county_drawn(zones):
    assert zones.cover(["forecast/FLZ007"], ()).unknown == ("FLZ007",)
    assert zones.cover(["forecast/FLZ007"], ()).shape is None
    by_county = zones.cover(["forecast/FLZ007", "forecast/FLZ050"], ["012131"])
    assert by_county.by_county == ("FLZ007",)
    assert by_county.shape.area > zones.cover(["forecast/FLZ050"], ()).shape.area


def test_a_fire_zone_is_not_taken_for_the_forecast_zone_of_its_number(zones):
    assert zones.cover(["fire/FLZ050"], ()).unknown == ("FLZ050",)


def test_a_county_is_known_by_its_number():
    assert county_zone("012103") == county_zone("12103") == "county/FLC103"
    assert county_zone("048201") == "county/TXC201"
    assert county_zone("099999") == county_zone("") == ""


def test_texas_has_no_shapes_but_an_alerts_own_is_drawn(zones):
    found = read((FILES / "nws_flood_warning.json").read_bytes())
    (flood,) = found.alerts

    assert zones.cover(flood.zones, flood.counties).unknown == ("TXC039", "TXC157", "TXC481")
    assert zones.cover(flood.zones, flood.counties, flood.outline).shape.area > 0


def test_one_bad_row_costs_itself_alone():
    said = orjson.loads((FILES / "nws_pinellas_milton.json").read_bytes())
    said["features"][0]["properties"]["sent"] = "soon"
    said["features"].append("nonsense")
    found = read(orjson.dumps(said))

    assert len(found.alerts) == 7
    assert found.damaged == 2
    assert found.complaint


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"<html></html>", b"[" * 100_000),
        *(b'{"type":"FeatureCollection","features":3}', b'{"type":"Topology"}'),
        b'{"type":"FeatureCollection","features":[{}]}',
    ],
)
def test_what_holds_no_alerts_ends_in_one_sentence(body):
    with pytest.raises(FeedRefused, match=r"^alerts.json .*\.$"):
        read(body)


def test_an_empty_list_is_no_fault():
    assert (
        read(b'{"type":"FeatureCollection","features":[],"updated":"2026-06-16T05:41:25+00:00"}').alerts == ()
    )


def test_too_many_are_refused():
    with pytest.raises(FeedRefused, match="more than 5,000"):
        read(json.dumps({"type": "FeatureCollection", "features": [{}] * 5001}).encode())


@pytest.mark.parametrize(
    "ring",
    [
        [[500, 99], [501, 99], [501, 98], [500, 99]],
        [[0, 0], [1, 1]],
        [],
        "no",
        [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]],
    ],
)
def test_a_shape_that_is_none_leaves_the_alert_its_zones(ring, zones):
    said = orjson.loads((FILES / "nws_flood_warning.json").read_bytes())
    said["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    try:
        (found,) = read(orjson.dumps(said)).alerts
    except FeedRefused:
        return  # its only row was damaged
    assert found.outline is None or shapely.from_wkb(found.outline).is_valid


def test_a_cap_message_is_read_as_its_geojson_twin():
    (found,) = read_alert_cap(
        CAP.format(status="Actual").encode(), name="a.xml", source="file", arrived_at=AT
    ).alerts

    assert found.alert_id == "urn:oid:2.49.0.1.840.0.b.2"
    assert found.references == ("urn:oid:2.49.0.1.840.0.a.1",)
    assert found.zones == ("/FLC103",)
    assert found.vtec[0].key == "KTBW.TO.W.0041"
    west, south, east, north = shapely.from_wkb(found.outline).bounds
    assert (west, south, east, north) == (-82.7, 27.7, -82.6, 27.9)
    assert in_force([found], AT)[0].until == found.expires_at == from_iso("2024-10-09T21:15:00Z")


def test_a_test_by_its_vtec_is_a_test_whatever_the_rest_says():
    said = CAP.format(status="Actual").replace("/O.CON", "/T.CON").encode()
    (found,) = read_alert_cap(said, name="a.xml", source="file", arrived_at=AT).alerts

    assert found.status is Status.TEST
    assert in_force([found], AT) == ()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><alert>&b;</alert>', "harmful"),
        (b"<alert", "damaged"),
        (b"<kml/>", "no weather alert"),
        (b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"/>', "no whole weather alert"),
        (CAP.format(status="Perhaps").encode(), "no whole weather alert"),
        (b"<a>" * 100_000, "damaged"),
    ],
)
def test_damaged_and_hostile_xml_end_in_one_sentence(body, says):
    with pytest.raises(FeedRefused, match=says):
        read_alert_cap(body, name="a.xml", source="file", arrived_at=AT)


def test_times_keep_their_zone():
    assert from_advisory("500 AM AST Mon Sep 04 2017") == from_iso("2017-09-04T09:00:00Z")
    assert from_advisory("1200 PM EDT Mon Sep 04 2017") == from_iso("2017-09-04T16:00:00Z")
    assert from_advisory("1200 AM EDT Mon Sep 04 2017") == from_iso("2017-09-04T04:00:00Z")
    assert from_advisory("121026/2100") == from_iso("2012-10-26T21:00:00Z")
    for wrong in ("", "noon", "500 AM XYZT Mon Sep 04 2017", "999999/9999"):
        with pytest.raises(ValueError):
            from_advisory(wrong)
    with pytest.raises(ValueError):
        from_iso("2024-10-09T20:50:15")


@pytest.mark.skipif(not FLORIDA.exists(), reason="the capture of all Florida is not at hand")
def test_all_of_florida_in_miltons_last_hours(zones):
    found = read(FLORIDA.read_bytes())
    shown = in_force(found.alerts, AT)
    covers = [zones.cover(each.zones, each.alert.counties, each.alert.outline) for each in shown]

    assert (len(found.alerts), found.damaged) == (204, 0)
    assert len(shown) == 204
    assert sum(cover.shape is None for cover in covers) == 0
