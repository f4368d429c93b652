"""The SeeClickFix face: public at /api/v2, the organization's under /api/v2/organizations/:id."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatch.exercise import wire
from dispatch.exercise.bodies import Refused, degrees, invalid, not_found, not_possible, text, values
from dispatch.exercise.faults import Faults
from dispatch.exercise.gate import json
from dispatch.exercise.inside import Inside
from dispatch.exercise.issue import Issue
from dispatch.exercise.listing import BadQuery, Listing
from dispatch.exercise.notices import NoticeBoard
from dispatch.exercise.offering import Offering
from dispatch.exercise.office import Office
from dispatch.exercise.script import ANONYMOUS, Kind, Person
from dispatch.exercise.times import wire_time

MOUNT = "/api/v2"
ACTS = {"comments": Kind.COMMENT, "close": Kind.CLOSE, "open": Kind.OPEN, "acknowledge": Kind.ACKNOWLEDGE}
OTHER = "other"
Answer = Callable[[Request], Awaitable[Response]]


class Api:
    def __init__(self, office: Office, listing: Listing, *, token: str, faults: Faults) -> None:
        self._office = office
        self._ledger = office.ledger
        self._listing = listing
        self._token = token
        self._faults = faults
        self._inside = Inside(office)
        self._offering = Offering(office)
        self._notices = NoticeBoard(office, office.ledger)
        self._repeats = Random(1)

    def app(self) -> Starlette:
        ways: list[tuple[str, str, Answer]] = [
            ("GET", "/issues", self.issues),
            ("POST", "/issues", self.create),
            ("GET", "/issues/new", self.new),
            ("GET", "/issues/{issue_id:int}", self.issue),
            ("GET", "/issues/{issue_id:int}/comments", self.comments),
            ("POST", "/issues/{issue_id:int}/vote", self.mark),
            ("DELETE", "/issues/{issue_id:int}/vote", self.unmark),
            ("POST", "/issues/{issue_id:int}/follow", self.mark),
            ("DELETE", "/issues/{issue_id:int}/follow", self.unmark),
            ("POST", "/issues/{issue_id:int}/flag", self.flag),
            ("POST", "/comments/{comment_id:int}/flag", self.flag),
            *(("POST", f"/issues/{{issue_id:int}}/{act}", self.act) for act in ACTS),
            ("GET", "/request_types", self.request_types),
            ("POST", "/request_types/{type_id:int}", self.switch),
            ("GET", "/request_types/{type_id}", self.request_type),
            ("GET", "/profile", self.profile),
            ("GET", "/notices", self._notices.listed),
            ("POST", "/notices", self.put_notice),
            ("POST", "/notices/{notice_id:int}/cancel", self.cancel_notice),
        ]
        inside = [
            ("GET", "/issues/{issue_id:int}/internal_comments", self.internal_comments),
            *(("POST", f"/issues/{{issue_id:int}}/{act}", self.act_inside) for act in wire.INSIDE),
        ]
        routes = [
            Route(face + path, self._behind_the_desk(answer), methods=[method])
            for face, offered in (("/organizations/{organization_id:int}", [*ways, *inside]), ("", ways))
            for method, path, answer in offered
        ]
        return Starlette(
            routes=routes,
            exception_handlers={
                HTTPException: _in_the_vendors_words,
                Refused: _refused,
                BadQuery: _bad_query,
            },
        )

    def _behind_the_desk(self, answer: Answer) -> Answer:
        """Before any answer the storm goes on to now; the organization's face is for its members."""

        async def desk(http_request: Request) -> Response:
            self._office.go_on()
            organization_id = http_request.path_params.get("organization_id")
            if organization_id is not None:
                self._member(http_request)
                if organization_id != self._ledger.storm.organization_id:
                    raise Refused(403, wire.refusal("You are not a member of this organization."))
            return await answer(http_request)

        return desk

    # Reading

    async def issues(self, http_request: Request) -> Response:
        url = str(http_request.url.replace(query=""))
        is_again = self._repeats.random() < self._ledger.storm.repeats
        body = self._listing.page(
            http_request.query_params,
            url,
            is_staff=self._is_member(http_request),
            is_inside=_is_inside(http_request),
            slip=int(is_again),
        )
        return self._json(http_request, body)

    async def issue(self, http_request: Request) -> Response:
        body = self._listing.one(
            http_request.path_params["issue_id"],
            is_staff=self._is_member(http_request),
            is_inside=_is_inside(http_request),
            has_details=http_request.query_params.get("details") == "true",
        )
        if body is None:
            raise not_found()
        return self._json(http_request, body)

    async def comments(self, http_request: Request) -> Response:
        issue = self._issue(http_request)
        return self._json(
            http_request, b'{"comments":[%s]}' % b",".join(self._listing.comments(issue.issue_id))
        )

    async def internal_comments(self, http_request: Request) -> Response:
        lines = self._listing.internal_comments(self._issue(http_request).issue_id)
        return self._json(http_request, b'{"comments":[%s]}' % b",".join(lines))

    async def profile(self, http_request: Request) -> Response:
        """A bad login is told by a null id, not by a 401."""
        if not self._is_member(http_request, is_checked=False):
            return json(b'{"id":null}')
        now = wire_time(self._ledger.storm.starts_at).encode()
        counts = (
            b',"closed_issue_count":0,"comments_count":0,"created_at":"%s","following_issue_count":0,'
            b'"permissions":{"can_acknowledge":true},"reported_issue_count":0,"updated_at":"%s",'
            b'"voted_issue_count":0}'
        )
        return self._json(http_request, wire.person(self._ledger.storm.member)[:-1] + counts % (now, now))

    async def new(self, http_request: Request) -> Response:
        storm = self._ledger.storm
        if "lat" not in http_request.query_params or "lng" not in http_request.query_params:
            raise Refused(400, wire.refusal("Point missing from request."))
        offered: list[dict[str, str | None]] = [
            {
                "organization": storm.organization,
                "title": each.title,
                "url": f"\x01/request_types/{each.type_id}",
            }
            for each in self._offering.shown
        ]
        offered.append({"organization": None, "title": "Other", "url": f"\x01/request_types/{OTHER}"})
        body = orjson.dumps({"request_types": offered}).replace(b"\\u0001", wire.BASE)
        return self._json(http_request, body)

    async def request_type(self, http_request: Request) -> Response:
        asked = http_request.path_params["type_id"]
        found = self._ledger.request_type(int(asked)) if asked.isdigit() else None
        if found is None and asked != OTHER:
            raise not_found()
        questions = [
            {
                "primary_key": name,
                "question": name.capitalize(),
                "question_type": kind,
                "answer_kept_private": False,
                "response_required": False,
                "select_values": None,
            }
            for name, kind in (("summary", "text"), ("description", "textarea"))
        ]
        return json(
            orjson.dumps(
                {
                    "id": found.type_id if found else None,
                    "title": found.title if found else "Other",
                    "organization": self._ledger.storm.organization if found else None,
                    "questions": questions,
                }
            )
        )

    async def request_types(self, http_request: Request) -> Response:
        return self._json(http_request, self._offering.listed(is_member=self._is_member(http_request)))

    # Writing

    async def switch(self, http_request: Request) -> Response:
        self._member(http_request)
        asked = await values(http_request)
        body = self._offering.switch(http_request.path_params["type_id"], asked)
        return json(_addressed(http_request, body))

    async def act(self, http_request: Request) -> Response:
        """A comment, or a change of status, which always leaves a comment."""
        member = self._member(http_request)
        issue = self._issue(http_request)
        kind = ACTS[http_request.url.path.rsplit("/", 1)[1]]
        words = text(await values(http_request), "comment", is_needed=True)
        if kind is not Kind.COMMENT and not wire.is_worked_on(self._ledger.request_type(issue.type_id)):
            raise not_possible("The status of this issue is changed by the county alone.", 403)
        if not issue.allows(kind):
            raise not_possible(f"This issue is {issue.status.lower()} and cannot be changed this way.")
        if getattr(http_request.state, "is_moderated", False):
            self._office.hold_back(issue, kind, words, member)
            return json(b'{"metadata":{"moderated":true}}', 202)
        number = self._office.act(issue, kind, words, member)
        [body] = [row[0] for row in self._ledger.rows("SELECT body FROM comment WHERE id = ?", (number,))]
        return self._created(http_request, wire.written(body, words, issue.status, issue.rating))

    async def create(self, http_request: Request) -> Response:
        member = self._member(http_request)
        sent = await values(http_request)
        answers = sent.get("answers")
        said = {**sent, **answers} if isinstance(answers, dict) else sent
        lat, lng = degrees(sent, "lat", 90), degrees(sent, "lng", 180)
        for name, value in (("lat", lat), ("lng", lng)):
            if value is None:
                raise invalid(name, f"{name.capitalize()} can't be blank")
        asked = text(sent, "request_type_id") or OTHER
        request_type = self._ledger.request_type(int(asked)) if asked.isdigit() else None
        if request_type is None and asked != OTHER:
            raise invalid("request_type_id", "is not known here")
        is_held = bool(getattr(http_request.state, "is_moderated", False))
        issue_id = self._office.report(
            summary=text(said, "summary", is_needed=request_type is None),
            description=text(said, "description"),
            address=text(sent, "address"),
            lat=lat,
            lng=lng,
            request_type=request_type,
            reporter=ANONYMOUS if _is_true(sent, "anonymize_reporter") else member,
            is_private=_is_inside(http_request) and _is_true(sent, "is_private"),
            is_held=is_held,
        )
        if is_held:
            return json(b'{"metadata":{"moderated":true}}', 202)
        body = self._listing.one(issue_id, is_staff=True, is_inside=_is_inside(http_request)) or b"{}"
        answer = self._created(http_request, body)
        answer.headers["Location"] = f"{_base(http_request)}/issues/{issue_id}"
        return answer

    async def act_inside(self, http_request: Request) -> Response:
        """One of the organization's own actions, on what offers it."""
        member, issue = self._member(http_request), self._issue(http_request)
        name = http_request.url.path.rsplit("/", 1)[1]
        if name not in wire.offered_inside(self._ledger.request_type(issue.type_id)):
            raise not_possible("This category does not take this action.", 403)
        sent = await values(http_request)
        if name == "internal_comments":
            words = text(sent, "comment", is_needed=True)
            body = self._inside.comment(issue, words, member)
            return self._created(http_request, wire.written(body, words, issue.status, issue.rating))
        self._inside.take(name, issue, sent, member)
        return self._created(
            http_request, self._listing.one(issue.issue_id, is_staff=True, is_inside=True) or b"{}"
        )

    async def mark(self, http_request: Request) -> Response:
        self._member(http_request)
        issue, kind = self._issue(http_request), http_request.url.path.rsplit("/", 1)[1]
        is_new = self._ledger.mark(kind, issue.issue_id)
        if not is_new and kind == "follow":
            raise not_possible("You are following this issue already.", 409)
        if is_new and kind == "vote":
            self._office.vote(issue, +1)
        return json(b'{"%s":1}' % kind.encode(), 201)

    async def unmark(self, http_request: Request) -> Response:
        self._member(http_request)
        issue, kind = self._issue(http_request), http_request.url.path.rsplit("/", 1)[1]
        if not self._ledger.unmark(kind, issue.issue_id):
            raise not_possible(f"You have no {kind} on this issue.")
        if kind == "vote":
            self._office.vote(issue, -1)
        return Response(status_code=204)

    async def flag(self, http_request: Request) -> Response:
        self._member(http_request)
        return json(b'{"flagged":1}')

    async def put_notice(self, http_request: Request) -> Response:
        self._member(http_request)
        return await self._notices.put(http_request)

    async def cancel_notice(self, http_request: Request) -> Response:
        self._member(http_request)
        return await self._notices.cancel(http_request)

    # Who asks, and how answers leave

    def _is_member(self, http_request: Request, *, is_checked: bool = True) -> bool:
        given = http_request.headers.get("authorization", "")
        is_right = secrets.compare_digest(given.encode(), f"Bearer {self._token}".encode())
        if given and is_checked and not is_right:
            raise Refused(401, wire.refusal("The access token is not valid."))
        return is_right

    def _member(self, http_request: Request) -> Person:
        if not self._is_member(http_request):
            raise Refused(401, wire.refusal("You need to log in first."))
        return self._ledger.storm.member

    def _issue(self, http_request: Request) -> Issue:
        issue = self._ledger.issue(http_request.path_params["issue_id"])
        if issue is None or (issue.is_private and not _is_inside(http_request)):
            raise not_found()
        return issue

    def _created(self, http_request: Request, body: bytes) -> Response:
        return json(_addressed(http_request, body), 201)

    def _json(self, http_request: Request, body: bytes) -> Response:
        whole = _addressed(http_request, body)
        if not self._faults.has_etags:
            return json(whole)
        etag = f'W/"{hashlib.blake2b(whole, digest_size=16).hexdigest()}"'
        if http_request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        return json(whole, headers={"ETag": etag})


def _is_inside(http_request: Request) -> bool:
    """By the organization's face?"""
    return "organization_id" in http_request.path_params


def _is_true(sent: dict[str, Any], name: str) -> bool:
    return text(sent, name) in ("true", "True", "1")


def _base(http_request: Request) -> str:
    """Who came in by the organization's face stays in it."""
    organization_id = http_request.path_params.get("organization_id")
    face = "" if organization_id is None else f"/organizations/{organization_id}"
    return f"{_origin(http_request)}{MOUNT}{face}"


def _origin(http_request: Request) -> str:
    return f"{http_request.url.scheme}://{http_request.url.netloc}"


def _addressed(http_request: Request, body: bytes) -> bytes:
    base, origin = _base(http_request).encode(), _origin(http_request).encode()
    return body.replace(wire.BASE, base).replace(wire.ORIGIN, origin)


async def _in_the_vendors_words(http_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return json(wire.refusal(error.detail), error.status_code, error.headers)


async def _refused(http_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return json(error.body, error.status)


async def _bad_query(http_request: Request, error: Exception) -> Response:
    assert isinstance(error, BadQuery)
    return json(orjson.dumps({"errors": {error.name: [error.complaint]}}), 422)
