"""How a GeoReport server is called: in the format it speaks, with the key where it wants one, and what is
made of a web page. It knows paths and parameters, not what they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from dispatch.errors import ServerChallenges, ServerNonsense, ServerRefused
from dispatch.http import HttpDoor
from dispatch.servers import georeport_answers
from dispatch.servers.georeport_answers import WebPage

Params: TypeAlias = dict[str, str | int | float]

FORMATS = ("json", "xml")
# What a server answers that does not know a format.
NO_SUCH_FORMAT = (400, 404, 406, 415)
# How long nobody asks after a first, a second, and every later page of a bot protection.
CHALLENGE_WAITS_S = (10.0, 30.0, 60.0)

_RESOURCE = re.compile(r"/(?:requests|services|discovery)\.(json|xml)$")


class Calls:
    """What it learns about the server (format, key) holds as long as it lives. Safe from every thread: two
    that learn at once learn the same."""

    def __init__(self, door: HttpDoor, address: str, jurisdiction: str, token: str) -> None:
        self._door = door
        self._jurisdiction = jurisdiction
        self.token = token
        address = address.rstrip("/")
        # Somebody may have copied the address of a list.
        named = _RESOURCE.search(address)
        self.address = address[: named.start()] if named else address
        # The format it has answered in; None until it has.
        self.format: str | None = named.group(1) if named else None
        self.who = door.who(self.address)
        self._wants_key_always = False
        self._challenges = 0

    def get(self, path: str, params: Params | None = None) -> Any:
        """In the format it is known to speak; while none is known, in one after the other."""
        formats = (self.format,) if self.format else FORMATS
        refusals: list[ServerRefused] = []
        for suffix in formats:
            try:
                value = self._ask(f"{self.address}/{path}.{suffix}", params or {})
            except ServerRefused as error:
                refusals.append(error)
                if error.status not in NO_SUCH_FORMAT:
                    break
            else:
                self.format = suffix
                return value
        raise refusals[0]

    def list(self, path: str, params: Params | None = None, *, may_be_over: bool = False) -> list[Any]:
        """A list; no answer at all is asked for once more, except past the last page, where it is the end."""
        value = self.get(path, params)
        if value is None and not may_be_over:
            value = self.get(path, params)
            if value is None:
                raise ServerNonsense(f"{self.who} answered twice with nothing at all.")
        return georeport_answers.rows(value, self.who)

    def found(self, path: str) -> dict[str, Any] | None:
        """One thing by its name: an array of one, an object, or nothing at all."""
        try:
            value = self.get(path)
        except ServerRefused as error:
            if error.status in (404, 410):
                return None
            raise
        rows = [row for row in georeport_answers.rows(value, self.who) if row]
        if rows and not isinstance(rows[0], dict):
            raise ServerNonsense(f"{self.who} answered without an object.")
        return rows[0] if rows else None

    def post(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> dict[str, Any]:
        """What the server says of the thing sent; empty where it says nothing."""
        url = f"{self.address}/{path}.{self.format or 'xml'}"
        sent = {**self._own(), **({"api_key": self.token} if self.token else {}), **fields}
        answer = self._door.post(url, sent, secret=self.token)
        who = self._door.who(url)
        try:
            return georeport_answers.one(georeport_answers.parse(answer.body, who), who)
        except WebPage as page:
            if page.says_error:
                raise self._web_page(page, who) from page
            raise ServerNonsense(f"{who} answered with a web page: nobody knows if it was done.") from page

    def _ask(self, url: str, params: Params) -> Any:
        try:
            return self._read(url, params)
        except ServerRefused as error:
            if self._wants_key_always or not self.token or not _asks_for_key(error):
                raise
            self._wants_key_always = True
            return self._read(url, params)

    def _read(self, url: str, params: Params) -> Any:
        params = {**self._own(), **params}
        if self._wants_key_always:
            params["api_key"] = self.token
        answer = self._door.get(url, params, secret=str(params.get("api_key", "")))
        who = self._door.who(url)
        try:
            value = georeport_answers.parse(answer.body, who)
        except WebPage as page:
            raise self._web_page(page, who) from page
        self._challenges = 0
        return value

    def _web_page(self, page: WebPage, who: str) -> Exception:
        if page.says_error:
            return ServerRefused(f"{who} answered with an error page: {page.words}", status=400)
        wait_s = CHALLENGE_WAITS_S[min(self._challenges, len(CHALLENGE_WAITS_S) - 1)]
        self._challenges += 1
        said = f" ({page.words})" if page.words else ""
        return ServerChallenges(
            f"{who} answered with a web page instead of data{said}: it is asked too fast for its protection,"
            f" or its address is wrong; the next call goes in {wait_s:.0f} s.",
            retry_after_s=wait_s,
        )

    def _own(self) -> dict[str, str]:
        # An empty one confuses servers.
        return {"jurisdiction_id": self._jurisdiction} if self._jurisdiction else {}


def _asks_for_key(error: ServerRefused) -> bool:
    words = str(error).lower()
    return error.status == 401 or (error.status in (400, 403) and ("api_key" in words or "api key" in words))
