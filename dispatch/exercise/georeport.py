"""The GeoReport v2 face at /open311/v2, over the same ledger as the vendor's own: one truth, two views."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.exercise import georeport_forms as forms
from dispatch.exercise import georeport_names as names
from dispatch.exercise import georeport_updates as updates
from dispatch.exercise import georeport_wire as wire
from dispatch.exercise.georeport_answers import REQUESTS, SERVICES, Answers, error_page
from dispatch.exercise.georeport_door import Door
from dispatch.exercise.georeport_listing import BadQuery, Listing
from dispatch.exercise.georeport_writing import Writing
from dispatch.exercise.office import Office
from dispatch.exercise.quirks import Quirks

MOUNT = "/open311/v2"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
FORMATS = {"both": ("xml", "json"), "xml": ("xml",), "json": ("json",)}
MEDIA_TYPES = {"xml": "text/xml", "json": "application/json"}
# Q84: how one city told its users that an app was retired.
SHOUT = "THIS APP NO LONGER WORKS. CALL 311."
UPDATES = "service_request_updates"
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
        self._quirks = quirks
        self._token = token
        self._listing = Listing(office.ledger, quirks)
        self._writing = Writing(office, self._listing, quirks)
        self._answers = Answers(quirks)
        self._door = Door(quirks, self._answers)

    def app(self) -> Starlette:
        ways: list[tuple[str, str, Answer]] = [
            ("GET", "/discovery.{form}", self.discovery),
            ("GET", "/services.{form}", self.services),
            ("GET", "/services/{code:path}.{form}", self.definition),
            ("GET", "/requests.{form}", self.requests),
            ("POST", "/requests.{form}", self.report),
            ("GET", "/requests/{request_id}.{form}", self.request),
            ("GET", "/tokens/{token}.{form}", self.token),
            ("GET", "/servicerequestupdates.{form}", self.updates),
            ("POST", "/servicerequestupdates.{form}", self.update),
        ]
        return Starlette(
            routes=[Route(path, self._open(answer), methods=[method]) for method, path, answer in ways],
            exception_handlers={
                HTTPException: self._refused,
                Refusal: self._refused,
                BadQuery: self._misunderstood,
            },
        )

    def refuse(
        self, path: str, status: int, words: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Also how the gate says no on this face."""
        return self._answers.refuse(path, status, words, headers)

    def _open(self, answer: Answer) -> Answer:
        """Before any answer the storm goes on to now."""

        async def counter(http_request: Request) -> Response:
            self._office.go_on()
            if (turned_away := self._door.turned_away(http_request)) is not None:
                return turned_away
            known = FORMATS[self._quirks.settings.formats]
            if http_request.path_params["form"] not in known:
                raise Refusal(404, f"The format is {' or '.join(known)}.")
            return await answer(http_request)

        return counter

    # What there is

    async def discovery(self, http_request: Request) -> Response:
        storm = self._ledger.storm
        changed = wire.local_time(storm.starts_at, self._listing.rows.zone)
        endpoint = {
            "specification": SPECIFICATION,
            "url": f"{_origin(http_request)}{MOUNT}",
            "changeset": changed,
            "type": "test" if self._quirks.has("Q83") else "production",
            "formats": [MEDIA_TYPES[form] for form in FORMATS[self._quirks.settings.formats]],
        }
        said = {
            "changeset": changed,
            "contact": f"{storm.organization}, the exercise's own server",
            "key_service": "The key is what the exercise was started with: --token",
            "endpoints": [endpoint],
        }
        return self._answers.say(http_request, "discovery", said)

    async def services(self, http_request: Request) -> Response:
        found = [_service(each) for each in self._listing.rows.offered]
        if self._quirks.has("Q84"):
            found = [{**each, "service_code": "XXX", "service_name": SHOUT} for each in found[:3]]
        if self._quirks.has("Q7"):
            found = []
        return self._answers.say(http_request, SERVICES, found)

    async def definition(self, http_request: Request) -> Response:
        service = self._listing.service(http_request.path_params["code"])
        if service is None or not forms.has_questions(service):
            raise Refusal(404, "There is no definition for a service with this code.")
        asked = forms.questions(are_needed=self._quirks.settings.answers_needed)
        if self._quirks.has("Q92"):
            asked = [{**each, "values": each["values"] or 0} for each in asked]
        said = {"service_code": service.code, "attributes": asked}
        return self._answers.say(http_request, "service_definition", said)

    # Reading

    async def requests(self, http_request: Request) -> Response:
        query = http_request.query_params
        is_doubled = getattr(http_request.state, "is_doubled", False)
        now, origin = self._office.clock.now(), _origin(http_request)
        rows = self._listing.requests(query, now, origin, is_doubled=is_doubled)
        page = query.get("page", "")
        is_later_page = page.isdecimal() and int(page) > self._quirks.settings.first_page
        return self._answers.list(http_request, rows, is_later_page=is_later_page)

    async def request(self, http_request: Request) -> Response:
        ids = self._quirks.settings.ids
        number = names.issue_id(http_request.path_params["request_id"], ids)
        states = [] if number is None else self._listing.rows.states([number])
        if not states and not self._quirks.has("Q6"):
            raise Refusal(404, "There is no service request with this id.")
        has_more = http_request.query_params.get("extensions") == "true"
        rows = self._listing.rows.shown(states, _origin(http_request), has_more=has_more)
        return self._answers.say(http_request, REQUESTS, rows)

    async def token(self, http_request: Request) -> Response:
        found = self._writing.token(http_request.path_params["token"])
        if found is None:
            raise Refusal(404, "There is no service request with this token.")
        return self._answers.say(http_request, REQUESTS, [found])

    async def updates(self, http_request: Request) -> Response:
        if self._quirks.settings.updates == "none":
            raise Refusal(404, "Not Found")
        asked = {name: text for name, text in http_request.query_params.items() if text}
        if ("start_date" in asked) != ("end_date" in asked):
            raise BadQuery("start_date and end_date come both or not at all.")
        begin_at, end_at = self._listing.time(asked, "start_date"), self._listing.time(asked, "end_date")
        found = updates.lines(self._ledger, begin_at, end_at)
        zone, named = self._listing.rows.zone, self._listing.rows.named
        said = [
            {
                "update_id": update_id or str(number),
                "service_request_id": named(issue_id),
                "status": updates.SAYS.get(status, "OPEN"),
                "updated_datetime": wire.local_time(at, zone),
                "description": text,
                "media_url": None,
            }
            for number, issue_id, at, text, status, update_id in found
        ]
        return self._answers.say(http_request, UPDATES, said)

    # Writing

    async def report(self, http_request: Request) -> Response:
        pairs = await self._sent(http_request)
        is_held = getattr(http_request.state, "is_moderated", False)
        said = self._writing.report(pairs, is_held=is_held)
        return self._answers.say(http_request, REQUESTS, [said])

    async def update(self, http_request: Request) -> Response:
        if self._quirks.settings.updates != "both":
            raise Refusal(404, "Not Found")
        said = self._writing.update(dict(await self._sent(http_request)))
        return self._answers.say(http_request, UPDATES, [said])

    async def _sent(self, http_request: Request) -> list[tuple[str, str]]:
        """The form, and what the address says beside it. 403 without the right key."""
        kind = http_request.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind not in ("", "application/x-www-form-urlencoded"):
            raise BadQuery("Send a form: application/x-www-form-urlencoded.")
        body = (await http_request.body()).decode("utf-8", "replace")
        pairs = [*http_request.query_params.multi_items(), *parse_qsl(body, keep_blank_values=True)]
        given = dict(pairs).get("api_key", "")
        if not secrets.compare_digest(given.encode(), self._token.encode()):
            raise Refusal(403, "The api_key is missing or not valid.")
        return pairs

    # Refusing

    async def _refused(self, http_request: Request, error: Exception) -> Response:
        path = http_request.url.path
        if isinstance(error, HTTPException):
            return self.refuse(path, error.status_code, error.detail, error.headers)
        assert isinstance(error, Refusal)
        return self.refuse(path, error.status, str(error))

    async def _misunderstood(self, http_request: Request, error: Exception) -> Response:
        assert isinstance(error, BadQuery)
        if self._quirks.has("Q3") and error.status == 400:
            return error_page(str(error))
        return self.refuse(http_request.url.path, error.status, str(error))


def _service(service: names.Service) -> dict[str, Any]:
    return {
        "service_code": service.code,
        "service_name": service.name,
        "description": service.name,
        "metadata": forms.has_questions(service),
        "type": "realtime",
        "keywords": "",
        "group": None,
    }


def _origin(http_request: Request) -> str:
    return f"{http_request.url.scheme}://{http_request.url.netloc}"
