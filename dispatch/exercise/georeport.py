"""The GeoReport v2 face at /open311/v2, over the same ledger as the vendor's own: one truth, two views."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.exercise import georeport_names as names
from dispatch.exercise import georeport_wire as wire
from dispatch.exercise.georeport_listing import BadQuery, Listing
from dispatch.exercise.office import Office
from dispatch.exercise.quirks import Quirks

MOUNT = "/open311/v2"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
Answer = Callable[[Request], Awaitable[Response]]


class Refusal(Exception):
    """The call is answered with this status and sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class GeoReport:
    def __init__(self, office: Office, *, token: str, quirks: Quirks) -> None:
        self._office = office
        self._ledger = office.ledger
        self._listing = Listing(office.ledger, quirks)
        self._token = token

    def app(self) -> Starlette:
        ways: list[tuple[str, str, Answer]] = [
            ("GET", "/discovery.{form}", self.discovery),
            ("GET", "/services.{form}", self.services),
            ("GET", "/services/{code:path}.{form}", self.definition),
            ("GET", "/requests.{form}", self.requests),
            ("GET", "/requests/{request_id}.{form}", self.request),
        ]
        return Starlette(
            routes=[Route(path, self._open(answer), methods=[method]) for method, path, answer in ways],
            exception_handlers={HTTPException: _as_error, Refusal: _as_error, BadQuery: _as_error},
        )

    def _open(self, answer: Answer) -> Answer:
        """Before any answer the storm goes on to now."""

        async def counter(http_request: Request) -> Response:
            self._office.go_on()
            if http_request.path_params["form"] not in TYPES:
                raise Refusal(404, "Formats are json and xml.")
            return await answer(http_request)

        return counter

    # What there is

    async def discovery(self, http_request: Request) -> Response:
        storm = self._ledger.storm
        changed = wire.local_time(storm.starts_at, storm.zone)
        endpoint = {
            "specification": SPECIFICATION,
            "url": f"{_origin(http_request)}{MOUNT}",
            "changeset": changed,
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }
        return say(
            http_request,
            "discovery",
            {
                "changeset": changed,
                "contact": f"{storm.organization}, the exercise's own server",
                "key_service": "The key is what the exercise was started with: --token",
                "endpoints": [endpoint],
            },
        )

    async def services(self, http_request: Request) -> Response:
        return say(http_request, "services", [_service(each) for each in self._listing.services])

    async def definition(self, http_request: Request) -> Response:
        service = self._listing.service(http_request.path_params["code"])
        if service is None:
            raise Refusal(404, "There is no service with this code.")
        raise Refusal(404, "This service asks for nothing more.")

    # Reading

    async def requests(self, http_request: Request) -> Response:
        rows = self._listing.requests(
            http_request.query_params, self._office.clock.now(), _origin(http_request)
        )
        return say(http_request, "service_requests", rows)

    async def request(self, http_request: Request) -> Response:
        number = names.issue_id(http_request.path_params["request_id"])
        row = None if number is None else self._listing.one(number, _origin(http_request))
        if row is None:
            raise Refusal(404, "There is no service request with this id.")
        return say(http_request, "service_requests", [row])


def _service(service: names.Service) -> dict[str, Any]:
    return {
        "service_code": service.code,
        "service_name": service.name,
        "description": service.name,
        "metadata": False,
        "type": "realtime",
        "keywords": "",
        "group": None,
    }


def say(http_request: Request, root: str, value: Any, status: int = 200) -> Response:
    return _say(http_request.url.path, root, value, status)


def _say(path: str, root: str, value: Any, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """In the format the address asks for; JSON where it asks for none we know."""
    form = "xml" if path.endswith(".xml") else "json"
    body = wire.to_xml(root, value) if form == "xml" else wire.to_json(value)
    return Response(body, status, headers, media_type=TYPES[form])


def refuse(path: str, status: int, words: str, headers: Mapping[str, str] | None = None) -> Response:
    """How the gate says no on this face."""
    return _say(path, "errors", wire.errors(status, words), status, headers)


def _origin(http_request: Request) -> str:
    return f"{http_request.url.scheme}://{http_request.url.netloc}"


async def _as_error(http_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else getattr(error, "status", 400)
    words = error.detail if isinstance(error, HTTPException) else str(error)
    return refuse(http_request.url.path, status, words)
