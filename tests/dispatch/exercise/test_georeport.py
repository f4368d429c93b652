"""The GeoReport v2 face as the specification has it: both formats, its rows, services and refusals."""

from __future__ import annotations

import pytest
from lxml import etree

KEYS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime",
    "address", "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip


@pytest.fixture
def two(city):
    """One closed, with the city's words; one open, without a category and with a photo."""
    closed = city.add_report("An oak & a <pine>\x07", address="22nd Ave S & 31st St S")
    city.clock(forward_s=61)
    city.elsewhere(closed, "close", "Cleared")
    city.elsewhere(closed, "comment", "Thank you")
    opened = city.add_report("", summary="Odd noise", category="", lat=None, lng=None, has_photo=True)
    return closed, opened


def test_a_request_has_the_keys_and_kinds_of_the_specification(city, geo, two):
    opened, closed = geo.rows()

    assert list(closed) == KEYS and list(opened) == KEYS
    assert closed == {
        **dict.fromkeys(KEYS),
        "service_request_id": two[0],
        "status": "closed",
        "status_notes": "Cleared",
        "service_name": "Storm: Tree Blocking Road",
        "service_code": "5701",
        "description": "An oak & a <pine>\x07",
        "agency_responsible": "City of St. Petersburg",
        "requested_datetime": "2017-09-11T10:30:00-04:00",
        "updated_datetime": "2017-09-11T10:31:01-04:00",
        "address": "22nd Ave S & 31st St S",
        "lat": 27.7676,
        "long": -82.6403,
    }
    origin = city.url.removesuffix("/api/v2")
    assert (opened["service_code"], opened["description"]) == ("other", "Odd noise")
    assert opened["media_url"] == f"{origin}/files/issue_images/{two[1]}.png"


def test_xml_says_the_same_element_by_element(geo, two):
    answer = geo("GET", "requests.xml")
    root = etree.fromstring(answer.content)

    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert (root.tag, [each.tag for each in root]) == ("service_requests", ["request", "request"])
    for element, row in zip(root, geo.rows(), strict=True):
        said = {child.tag: child.text for child in element}
        # What XML cannot carry at all is left out.
        plain = {name: None if value is None else str(value).strip("\x07") for name, value in row.items()}
        assert said == plain


def test_one_request_comes_in_a_list_of_one(geo, two):
    assert geo.get(f"requests/{two[0]}.json") == geo.rows(status="closed")
    assert len(etree.fromstring(geo("GET", f"requests/{two[0]}.xml").content)) == 1


def test_refusals_are_lists_of_errors_in_the_format_asked_for(geo):
    query = {"start_date": "noon"}
    for path, status in (
        ("requests/1", 404),
        ("requests/A-1", 404),
        (f"requests/{10**30}", 404),
        ("services/nothing", 404),
        ("nothing", 404),
        ("requests", 400),
    ):
        as_json, as_xml = (geo("GET", f"{path}.{form}", params=query) for form in ("json", "xml"))
        [error] = as_json.json()
        assert (as_json.status_code, as_xml.status_code, error["code"]) == (status, status, status)
        [element] = etree.fromstring(as_xml.content)
        said = {child.tag: child.text for child in element}
        assert said == {"code": str(status), "description": error["description"]}
    assert geo("GET", "requests.txt").status_code == 404


def test_discovery_names_this_face_and_its_formats(city, geo):
    said = geo.get("discovery.json")

    [endpoint] = said["endpoints"]
    assert endpoint["url"] == city.georeport_url
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert (endpoint["type"], endpoint["formats"]) == ("production", ["text/xml", "application/json"])
    assert etree.fromstring(geo("GET", "discovery.xml").content).findtext(".//url") == city.georeport_url


def test_services_are_the_citys_categories_and_other(geo):
    services = geo.get("services.json")

    assert {each["type"] for each in services} == {"realtime"}
    assert {"5701", "other"} <= {each["service_code"] for each in services}
    assert len(etree.fromstring(geo("GET", "services.xml").content)) == len(services)


def test_the_gate_speaks_this_faces_words(city, geo):
    city.fail_next(429, 500)

    too_many, broken = geo("GET", "requests.json"), geo("GET", "requests.xml")
    nameless = geo("GET", "requests.json", headers={"User-Agent": ""})

    assert too_many.status_code == 429 and "Retry-After" in too_many.headers
    assert too_many.json() == [{"code": 429, "description": "Too Many Requests"}]
    assert etree.fromstring(broken.content).findtext("error/code") == "500"
    assert nameless.status_code == 403
    assert geo.rows() == []
