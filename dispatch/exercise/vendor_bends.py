"""What quirks do to the SeeClickFix face's answers on their way out: the face itself stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dispatch.exercise.gate import SAFE_METHODS, in_the_vendors_words, json
from dispatch.exercise.georeport_bends import SHARE, is_bent
from dispatch.exercise.quirks import Quirks

Bend = Callable[[dict[str, Any], int], None]
SPELLINGS = ("Department of Transportation & Mobility", "Sidewalk Concern", "St Petersburg, City of")
SECONDS_APART = 13
FEWER_DIGITS = 3


def _no_type(issue: dict[str, Any], turn: int) -> None:
    kind = issue.get("request_type")
    if not kind or turn % 3 == 0:
        issue["request_type"] = {}
    elif turn % 3 == 1:
        kind.pop("organization", None)
    else:
        kind["organization"] = None


def _other_organization(issue: dict[str, Any], turn: int) -> None:
    if issue.get("request_type"):
        issue["request_type"]["organization"] = SPELLINGS[turn % len(SPELLINGS)]


def _nobody(issue: dict[str, Any], turn: int) -> None:
    if reporter := issue.get("reporter"):
        reporter["id"] = None
        reporter.pop("html_url", None)


def _seconds_apart(issue: dict[str, Any], turn: int) -> None:
    if issue.get("acknowledged_at"):
        at = datetime.fromisoformat(issue["updated_at"]) - timedelta(seconds=SECONDS_APART)
        issue["acknowledged_at"] = at.isoformat()


def _never_acknowledged(issue: dict[str, Any], turn: int) -> None:
    if issue.get("closed_at"):
        issue["acknowledged_at"] = None


def _rough_point(issue: dict[str, Any], turn: int) -> None:
    if point := issue.get("point"):
        point["coordinates"] = [round(each, FEWER_DIGITS) for each in point["coordinates"]]


def _no_transitions(issue: dict[str, Any], turn: int) -> None:
    issue["transitions"] = {}


def _other_keys(issue: dict[str, Any], turn: int) -> None:
    issue.pop("show_blocked_issue_text", None)
    issue["shortened_url"] = None


def _other_types(issue: dict[str, Any], turn: int) -> None:
    issue["rating"] = str(issue.get("rating"))
    if "integrations" in issue:
        issue["integrations"] = {"remote_id": None, "title": None, "status": None}


SOME: dict[str, Bend] = {
    "Q24": _no_type,
    "Q25": _other_organization,
    "Q26": _nobody,
    "Q38": _seconds_apart,
    "Q65": _never_acknowledged,
}
ALL: dict[str, Bend] = {"Q46": _rough_point, "Q67": _no_transitions, "Q91": _other_keys, "Q92": _other_types}
TOUCHING = frozenset({*SOME, *ALL, "Q18", "Q27", "Q66", "Q71"})


class Vendor:
    """Reads the face's JSON over and bends it, only while there is something to bend."""

    def __init__(self, app: ASGIApp, quirks: Quirks) -> None:
        self._app = app
        self._quirks = quirks
        # What the next page of each list begins with.
        self._again: dict[str, list[dict[str, Any]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_doubled = scope.get("state", {}).get("is_doubled", False)
        if self._quirks.has("Q18") and "authorization" in Headers(scope=scope):
            await self._with_dead_token(scope, receive, send)
        elif scope["method"] == "GET" and (
            is_doubled or scope["path"] in self._again or TOUCHING & self._quirks.on
        ):
            await self._app(
                scope, receive, _Rewritten(send, lambda body: self._bent(body, scope, is_doubled))
            )
        else:
            await self._app(scope, receive, send)

    async def _with_dead_token(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reading goes on as if there were none: only /profile and what needs a login tell."""
        if scope["path"].endswith("/profile"):
            answer = json(b'{"id":null}')
        elif scope["method"] in SAFE_METHODS:
            headers = [(name, value) for name, value in scope["headers"] if name != b"authorization"]
            await self._app({**scope, "headers": headers}, receive, send)
            return
        else:
            answer = in_the_vendors_words(scope["path"], 401, "The access token is not valid.")
        await answer(scope, receive, send)

    def _bent(self, body: bytes, scope: Scope, is_doubled: bool) -> bytes:
        said = orjson.loads(body)
        if "issues" in said:
            said["issues"] = self._list(said, scope["path"], is_doubled)
        elif "comments" in said and "id" not in said:
            said["comments"] = [self._comment(each) for each in said["comments"]]
        elif "transitions" in said:
            said = self._issue(said)
        return orjson.dumps(said)

    def _list(self, said: dict[str, Any], path: str, is_doubled: bool) -> list[dict[str, Any]]:
        issues = list(said["issues"])
        is_later_page = said["metadata"]["pagination"]["page"] > 1
        again = self._again.pop(path, [])
        if is_doubled or self._quirks.has("Q71"):
            self._again[path] = issues[-1:]
        if self._quirks.has("Q66"):
            issues += [_as_born(each) for each in issues if is_bent(each.get("id", 0), "Q66")]
        if is_doubled:
            issues += issues[:1]
        if is_later_page:
            issues = again + issues
        return [self._issue(each) for each in issues]

    def _issue(self, issue: dict[str, Any]) -> dict[str, Any]:
        bent, number = {**issue}, issue.get("id", 0)
        for quirk in sorted(self._quirks.on & set(ALL)):
            ALL[quirk](bent, number // SHARE)
        for quirk in sorted(self._quirks.on & set(SOME)):
            if is_bent(number, quirk):
                SOME[quirk](bent, number // SHARE)
        if "comments" in bent:
            bent["comments"] = [self._comment(each) for each in bent["comments"]]
        return bent

    def _comment(self, comment: dict[str, Any]) -> dict[str, Any]:
        number = int(comment["flag_url"].split("/")[-2])
        if self._quirks.has("Q27") and is_bent(number, "Q27"):
            return {name: value for name, value in comment.items() if name != "flag_url"}
        return comment


class _Rewritten:
    """Holds an answer back until it is whole, and sends it as `bend` would have it."""

    def __init__(self, send: Send, bend: Callable[[bytes], bytes]) -> None:
        self._send, self._bend = send, bend
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = self._bend(self._body) if self._start["status"] == 200 else self._body
        headers = MutableHeaders(raw=list(self._start["headers"]))
        # What was bent may be bent otherwise the next time: nobody shall keep it by its tag.
        del headers["etag"]
        headers["content-length"] = str(len(body))
        await self._send({**self._start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def _as_born(issue: dict[str, Any]) -> dict[str, Any]:
    born = {**issue, "status": "Open", "updated_at": issue.get("created_at")}
    return born | {"acknowledged_at": None, "closed_at": None, "reopened_at": None}
