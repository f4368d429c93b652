"""The adapter against the exercise's own GeoReport server: a process of its own, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from dispatch.http import HttpDoor
from dispatch.records import CrmStatus, OutboxKind
from dispatch.servers import ById, Newest, Outgoing, Updated
from dispatch.servers.capabilities import Capabilities
from dispatch.servers.georeport import GeoReport
from tests.city import TOKEN, City
from tests.dispatch.servers.conftest import NOW, WHERE

CAN = Capabilities(
    has_pages=True,
    page_size=2,
    has_updated_after=True,
    has_lists=True,
    has_updates=True,
    can_post_updates=True,
)


@pytest.fixture(params=["json", "xml"])
def there(request: pytest.FixtureRequest, city: City, door: HttpDoor) -> Iterator[GeoReport]:
    server = GeoReport(door, f"{city.georeport_url}/requests.{request.param}", "", TOKEN, WHERE)
    server.capabilities = CAN
    yield server


def test_what_the_city_holds_is_read_page_by_page(there: GeoReport, city: City) -> None:
    ids = [city.add_report(f"Oak & wire no. {number}", address="5th Ave N") for number in range(5)]

    pages = [there.page(Newest(), 1)]
    while number := pages[-1].next_page:
        pages.append(there.page(Newest(), number))

    requests = {request.request_id: request for page in pages for request in page.requests}
    assert requests.keys() == set(ids)
    assert [page.received for page in pages] == [2, 2, 1]
    first = requests[ids[0]]
    assert (first.description, first.address) == ("Oak & wire no. 0", "5th Ave N")
    assert first.place is not None and first.created_at == first.updated_at == NOW
    assert there.request(ids[0]) == first
    assert there.request("no-such") is None
    both = there.page(ById(tuple(ids[:2])), 1)
    assert {request.request_id for request in both.requests} == set(ids[:2])


def test_what_changed_is_asked_for_alone(there: GeoReport, city: City) -> None:
    old, new = city.add_report("Old"), city.add_report("New")
    city.clock(forward_s=600)
    city.elsewhere(new, "close", "Removed")

    page = there.page(Updated(NOW + 300_000), 1)

    [request] = page.requests
    assert (request.request_id, request.status) == (new, CrmStatus.CLOSED)
    assert request.closed_at == NOW + 600_000
    assert there.request(old) is not None


def test_services_say_what_the_city_takes(there: GeoReport, city: City) -> None:
    city.add_report("Oak")
    [request] = there.page(Newest(), 1).requests
    assert {service.code: service.name for service in there.services()}[
        request.service_code
    ] == request.service_name
    assert there.discovery().endpoints[0].address == city.georeport_url


def test_what_is_said_stands_in_the_thread_once(there: GeoReport, city: City) -> None:
    request_id = city.add_report("Oak")
    message = Outgoing(OutboxKind.MESSAGE, request_id, "A crew is on the way.", key="6ba7b810")

    first, again = there.post(message), there.post(message)

    assert first.message is not None and again.message is not None
    assert city.messages(request_id) == ["A crew is on the way."]
    assert [(line.message_id, line.text) for line in there.messages(request_id)] == [
        ("6ba7b810", "A crew is on the way.")
    ]
    there.post(replace(message, kind=OutboxKind.ACKNOWLEDGE, text="Seen.", key="2"))
    assert city.status(request_id) == "Acknowledged"
    there.post(replace(message, kind=OutboxKind.CLOSE, text="Removed.", key="3"))
    assert city.status(request_id) == "Closed"
    there.post(replace(message, kind=OutboxKind.REOPEN, text="Not yet.", key="4"))
    assert city.status(request_id) == "Open"
    assert len(city.messages(request_id)) == 4


def test_a_callers_report_becomes_a_request(there: GeoReport, city: City) -> None:
    code = there.services()[0].code
    detail = {"service_code": code, "lat": "27.7676", "long": "-82.6403", "address_string": "5th Ave N"}
    posted = there.post(Outgoing(OutboxKind.NEW_REQUEST, "", "Oak on a wire", key="k", detail=detail))
    request = there.request(posted.request_id)
    assert request is not None
    assert (request.description, request.service_code) == ("Oak on a wire", code)
