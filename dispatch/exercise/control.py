"""The instructor's side, for this machine only: clock, faults, quirks, reports of one's own, the truth."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.exercise import georeport_names as names
from dispatch.exercise.bodies import Refused, degrees, not_found, text, values
from dispatch.exercise.faults import BadFaults, Faults
from dispatch.exercise.gate import json
from dispatch.exercise.office import FASTEST, Office
from dispatch.exercise.quirk_table import ROWS, STANDING
from dispatch.exercise.quirks import BadQuirks, Quirks
from dispatch.exercise.script import ANONYMOUS, STAFF, Kind, Person, RequestType
from dispatch.exercise.times import storm_time, to_millis
from dispatch.exercise.unrest import RESIDENT, Unrest

MOUNT = "/control"
REPORTERS = {"anonymous": ANONYMOUS, "resident": RESIDENT, "staff": STAFF[0]}
# "resident 12": one of many accounts, each a person.
NUMBERED, FIRST_NUMBERED = "resident ", 3_200_000
STEPS = {kind.value: kind for kind in (Kind.COMMENT, Kind.CLOSE, Kind.OPEN, Kind.ACKNOWLEDGE, Kind.ARCHIVE)}


class Control:
    def __init__(self, office: Office, faults: Faults, quirks: Quirks, unrest: Unrest) -> None:
        self._office = office
        self._faults = faults
        self._quirks = quirks
        self._unrest = unrest

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/clock", self.clock, methods=["GET"]),
                Route("/clock", self.set_clock, methods=["POST"]),
                Route("/faults", self.faults, methods=["GET"]),
                Route("/faults", self.set_faults, methods=["POST"]),
                Route("/quirks", self.quirks, methods=["GET"]),
                Route("/quirks", self.set_quirks, methods=["POST"]),
                Route("/reports", self.report, methods=["POST"]),
                Route("/categories", self.category, methods=["POST"]),
                Route("/steps", self.step, methods=["POST"]),
                Route("/truth", self.truth, methods=["GET"]),
            ],
            exception_handlers={Refused: _refused},
        )

    async def clock(self, http_request: Request) -> Response:
        reading = self._office.clock.reading
        now = storm_time(self._office.clock.now())
        return _say({"now": now, "speed": reading.speed, "paused": reading.paused})

    async def set_clock(self, http_request: Request) -> Response:
        wish = await values(http_request)
        speed, paused = wish.get("speed"), wish.get("paused")
        is_number = isinstance(speed, int | float) and not isinstance(speed, bool)
        if speed is not None and not (is_number and 0 <= speed <= FASTEST):
            raise _no(f"speed is a number from 0 to {FASTEST}.")
        if paused is not None and not isinstance(paused, bool):
            raise _no("paused is true or false.")
        self._office.set_clock(now=self._moment(wish.get("now")), speed=speed, paused=paused)
        return await self.clock(http_request)

    def _moment(self, said: Any) -> int | None:
        if said is None:
            return None
        try:
            now = to_millis(said, self._office.ledger.storm.zone)
        except ValueError:
            raise _no("now is a time like 2017-09-11T10:30:00-04:00.") from None
        if now < self._office.clock.now():
            raise _no(
                "The storm's clock only goes forward; start another exercise with --at for an earlier time."
            )
        return now

    async def faults(self, http_request: Request) -> Response:
        return _say(self._faults.say())

    async def set_faults(self, http_request: Request) -> Response:
        try:
            self._faults.set(await values(http_request))
        except BadFaults as error:
            raise _no(str(error)) from None
        return _say(self._faults.say())

    async def quirks(self, http_request: Request) -> Response:
        """What is on, and what there is: the rows with a switch, and those that hold at all times."""
        return _say({**self._quirks.say(), "known": ROWS, "always": STANDING})

    async def set_quirks(self, http_request: Request) -> Response:
        was_on = self._quirks.on
        try:
            self._quirks.set(await values(http_request))
        except BadQuirks as error:
            raise _no(str(error)) from None
        if "Q64" in self._quirks.on - was_on:
            self._unrest.reopen()
        self._office.ledger.say_about("quirks", self._quirks.say())
        return _say(self._quirks.say())

    async def report(self, http_request: Request) -> Response:
        """One report more, now. The instructor's may be of any category; with `as_resident` only of one that
        the public is offered."""
        self._office.go_on()
        sent = await values(http_request)
        reporter = _reporter(text(sent, "reporter") or "anonymous")
        request_type = self._request_type(sent)
        if sent.get("as_resident") and request_type and not self._office.is_offered(request_type):
            raise _no(f"{request_type.title} is not offered to residents now.")
        issue_id = self._office.report(
            summary=text(sent, "summary"),
            description=text(sent, "description"),
            address=text(sent, "address"),
            lat=degrees(sent, "lat", 90),
            lng=degrees(sent, "lng", 180),
            request_type=request_type,
            reporter=reporter,
            has_photo=bool(sent.get("has_photo")),
            is_private=bool(sent.get("is_private")),
        )
        return _say({"id": issue_id}, 201)

    async def category(self, http_request: Request) -> Response:
        """Somebody else at the city switches a category (`active`), or keeps it to itself (`is_locked`): then
        the API switches it for nobody."""
        sent, ledger = await values(http_request), self._office.ledger
        request_type = self._request_type(sent)
        if request_type is None:
            raise _no("Say which category.")
        if "active" in sent:
            ledger.offer(request_type.type_id, bool(sent["active"]))
        if "is_locked" in sent:
            ledger.lock_category(request_type.type_id, bool(sent["is_locked"]))
        return _say({"id": request_type.type_id, "active": self._office.is_offered(request_type)})

    def _request_type(self, sent: dict[str, Any]) -> RequestType | None:
        """By number, by title, or by our key of the category."""
        asked = text(sent, "request_type_id") or text(sent, "category")
        if not asked:
            return None
        for each in self._office.ledger.storm.types:
            if asked in (str(each.type_id), each.title, each.key):
                return each
        raise _no(f"There is no category {asked} in this exercise.")

    async def step(self, http_request: Request) -> Response:
        """What somebody else does to a report: a resident writes, another city account closes it."""
        self._office.go_on()
        sent = await values(http_request)
        number, kind = text(sent, "id"), STEPS.get(text(sent, "kind"))
        if kind is None:
            raise _no(f"kind is one of {', '.join(STEPS)}.")
        issue = self._office.ledger.issue(int(number)) if number.isdigit() else None
        if issue is None:
            raise not_found()
        if not issue.allows(kind):
            raise _no(f"The report is {issue.status.lower()}.")
        is_resident = text(sent, "author") == "resident" or (kind is Kind.COMMENT and not sent.get("author"))
        author = RESIDENT if is_resident else self._office.ledger.storm.office
        return _say({"id": self._office.act(issue, kind, text(sent, "text"), author)}, 201)

    async def truth(self, http_request: Request) -> Response:
        """With the GeoReport face's name of each request where that is another."""
        self._office.go_on()
        truth, ids = self._office.truth(), self._quirks.settings.ids
        if ids not in ("text", "number"):
            for request in truth["requests"]:
                request["georeport_id"] = names.request_id(request["id"], ids)
        return _say(truth)


def _reporter(name: str) -> Person:
    number = name.removeprefix(NUMBERED)
    if name.startswith(NUMBERED) and number.isdecimal() and len(number) <= 4:
        return Person(FIRST_NUMBERED + int(number), f"Resident {number}", RESIDENT.role)
    if name not in REPORTERS:
        raise _no(f"reporter is one of {', '.join(REPORTERS)}, or “{NUMBERED}12”.")
    return REPORTERS[name]


def _say(what: dict[str, Any], status: int = 200) -> Response:
    return json(orjson.dumps(what), status)


def _no(sentence: str) -> Refused:
    return Refused(422, orjson.dumps({"message": sentence}))


async def _refused(http_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return json(error.body, error.status)
