"""How a GeoReport server is asked and what its answers come to, against a real small server."""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.errors import ServerNonsense
from dispatch.http import HttpDoor
from dispatch.records import CrmStatus, Place
from dispatch.servers import ById, Newest, Updated, Window
from dispatch.servers.capabilities import Capabilities, Zone
from dispatch.servers.georeport import GeoReport
from tests.dispatch.servers.conftest import NOW, WHERE
from tests.dispatch.servers.playing import Playing, Say

MORNING = 1_505_131_200_000  # 11 Sep 2017 08:00 in St. Petersburg
HOUR = 3_600_000
ROW: dict[str, Any] = {
    "service_request_id": "17-0901",
    "status": "open",
    "status_notes": "Crew sent",
    "service_name": "Tree down",
    "service_code": "001",
    "description": "Oak on the road\r\nwith a wire ",
    "agency_responsible": "Parks",
    "requested_datetime": "2017-09-11T08:00:00-04:00",
    "updated_datetime": "2017-09-11T08:10:00-04:00",
    "expected_datetime": "2017-09-13T08:00:00-04:00",
    "address": "5th Ave N  &  9th St N",
    "lat": 27.7712,
    "long": -82.6401,
    "media_url": "https://city.example/oak.jpg",
}


def xml(row: dict[str, Any], root: str = "service_requests") -> str:
    inside = "".join(f"<{key}>{value}</{key}>" for key, value in row.items())
    return f'<?xml version="1.0" encoding="utf-8"?><{root}><request>{inside}</request></{root}>'


def test_a_page_is_asked_for_and_read(georeport: GeoReport, playing: Playing) -> None:
    playing.says = lambda _: [ROW]

    page = georeport.page(Window(MORNING, MORNING + HOUR), 1)

    [request] = page.requests
    assert (request.request_id, request.status, request.service_code) == ("17-0901", CrmStatus.OPEN, "001")
    assert request.description == "Oak on the road\nwith a wire"
    assert request.summary == request.service_name == "Tree down"
    assert request.address == "5th Ave N & 9th St N"
    assert request.place == Place(27.7712, -82.6401)
    assert (request.created_at, request.updated_at) == (MORNING, MORNING + 600_000)
    assert request.expected_at == MORNING + 48 * HOUR
    assert (request.agency, request.status_notes) == ("Parks", "Crew sent")
    assert request.photo_url == "https://city.example/oak.jpg"
    assert request.doubts == frozenset()
    assert (page.received, page.bad, page.next_page, page.pending) == (1, (), None, 0)
    [call] = playing.calls
    assert call.path == "/open311/v2/requests.json"
    assert call.fields == {
        "jurisdiction_id": "stpete.example",
        "status": "open,closed",
        "start_date": "2017-09-11T12:00:00Z",
        "end_date": "2017-09-11T13:00:00Z",
    }
    assert call.headers["user-agent"].startswith("Landfall/")


def test_a_server_that_speaks_xml_only_is_asked_in_xml_from_then_on(
    georeport: GeoReport, playing: Playing
) -> None:
    playing.says = lambda call: (
        Say(xml(ROW), kind="text/xml") if call.path.endswith("xml") else Say(status=404)
    )

    first, second = georeport.page(Newest(), 1), georeport.page(Newest(), 1)

    assert first.requests == second.requests != ()
    asked = [call.path.rpartition(".")[2] for call in playing.calls]
    assert asked == ["json", "xml", "xml"]


def test_xml_and_json_of_one_row_are_one_request(georeport: GeoReport, playing: Playing) -> None:
    playing.says = lambda _: [ROW]
    from_json = georeport.page(Newest(), 1)
    playing.says = lambda _: Say(xml(ROW), kind="text/xml")
    assert georeport.page(Newest(), 1) == from_json


@pytest.mark.parametrize(
    ("can", "number", "sent"),
    [
        (Capabilities(), 1, {}),
        (Capabilities(has_pages=True, first_page=0, page_size=50), 3, {"page": "2", "page_size": "50"}),
        (Capabilities(has_pages=True, first_page=1, page_size=50), 3, {"page": "3", "page_size": "50"}),
    ],
)
def test_pages_are_numbered_as_the_server_does(
    can: Capabilities, number: int, sent: dict[str, str], georeport: GeoReport, playing: Playing
) -> None:
    georeport.capabilities = can
    georeport.page(Newest(), number)
    fields = playing.calls[0].fields
    assert {key: fields[key] for key in fields if key.startswith("page")} == sent


def test_a_full_page_has_a_next_one_and_a_short_one_has_none(georeport: GeoReport, playing: Playing) -> None:
    georeport.capabilities = Capabilities(has_pages=True, page_size=2)
    rows = [{**ROW, "service_request_id": number} for number in range(2)]

    playing.says = lambda _: rows
    assert georeport.page(Newest(), 1).next_page == 2
    playing.says = lambda _: rows[:1]
    assert georeport.page(Newest(), 2).next_page is None
    georeport.capabilities = Capabilities(page_size=2)
    playing.says = lambda _: rows
    assert georeport.page(Newest(), 1).next_page is None
    with pytest.raises(ValueError, match="no second page"):
        georeport.page(Newest(), 2)


def test_rows_outside_what_was_asked_are_counted_and_left_out(georeport: GeoReport, playing: Playing) -> None:
    playing.says = lambda _: [
        ROW,
        {**ROW, "service_request_id": "late", "requested_datetime": "2017-09-11T13:00:00Z"},
    ]

    for asked in (
        Window(MORNING, MORNING + HOUR),
        Newest(before_at=MORNING + HOUR),
        ById(("17-0901",)),
    ):
        page = georeport.page(asked, 1)
        assert ([each.request_id for each in page.requests], page.received) == (["17-0901"], 2)
    assert georeport.page(Updated(MORNING + 2 * HOUR), 1).requests == ()
    assert len(georeport.page(Updated(MORNING), 1).requests) == 2


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        (Zone.UTC, "2017-09-11T12:00:00Z"),
        (Zone.OFFSET, "2017-09-11T08:00:00-04:00"),
        (Zone.OMIT, "2017-09-11T08:00:00"),
    ],
)
def test_bounds_are_written_as_the_server_understands_them(
    zone: Zone, start: str, georeport: GeoReport, playing: Playing
) -> None:
    georeport.capabilities = Capabilities(zone=zone, has_swapped_bounds=True)
    georeport.page(Window(MORNING + 999, MORNING + HOUR), 1)
    fields = playing.calls[0].fields
    assert fields["end_date"] == start, "the bounds are swapped, and whole seconds"
    assert "start_date" in fields


def test_several_ids_go_in_one_call_only_where_lists_are_known(
    georeport: GeoReport, playing: Playing
) -> None:
    playing.says = lambda _: [ROW]
    with pytest.raises(ValueError, match="one id at a time"):
        georeport.page(ById(("1", "2")), 1)
    georeport.capabilities = Capabilities(has_lists=True)
    georeport.page(ById(("1", "2")), 1)
    assert playing.calls[0].fields["service_request_id"] == "1,2"
    assert playing.calls[0].fields["status"] == "open,closed"


def test_where_lists_are_refused_each_status_is_asked_for(georeport: GeoReport, playing: Playing) -> None:
    georeport.capabilities = Capabilities(probed_at=NOW, has_lists=False)
    playing.says = lambda call: [
        {**ROW, "status": call.fields["status"], "service_request_id": call.fields["status"]}
    ]

    page = georeport.page(Newest(), 1)

    assert [request.request_id for request in page.requests] == ["open", "closed"]
    assert page.requests[1].closed_at == page.requests[1].updated_at


@pytest.mark.parametrize(
    "body", [[ROW], ROW, {"service_requests": [ROW]}, {"service_requests": {"request": ROW}}]
)
def test_one_request_comes_in_an_array_or_alone(body: Any, georeport: GeoReport, playing: Playing) -> None:
    playing.says = lambda _: body
    request = georeport.request("17-0901")
    assert request is not None
    assert request.request_id == "17-0901"
    with pytest.raises(ServerNonsense, match="another request"):
        georeport.request("CS/1 7")
    assert playing.calls[1].path == "/open311/v2/requests/CS%2F1%207.json"


@pytest.mark.parametrize(
    "said",
    [
        [],
        [{"code": 404, "description": "gone"}],
        Say([{"code": 404, "description": "not found"}], 404),
        b"",
        {"service_requests": []},
    ],
)
def test_a_request_the_server_does_not_have_is_none(
    said: Any, georeport: GeoReport, playing: Playing
) -> None:
    playing.says = lambda _: said
    assert georeport.request("7") is None


def test_an_empty_jurisdiction_is_never_sent(playing: Playing, door: HttpDoor) -> None:
    GeoReport(door, playing.address, " ", "", WHERE).page(Newest(), 1)
    assert "jurisdiction_id" not in playing.calls[0].fields


def test_the_address_of_a_list_is_an_address_too(playing: Playing, door: HttpDoor) -> None:
    server = GeoReport(door, f"{playing.address}/requests.xml", "", "", WHERE)
    playing.says = lambda _: Say("<service_requests/>", kind="text/xml")
    server.page(Newest(), 1)
    assert server.address == playing.address
    assert playing.calls[0].path == "/open311/v2/requests.xml"
