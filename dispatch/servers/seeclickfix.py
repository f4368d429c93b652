"""SeeClickFix API v2: asking for pages, issues and threads, posting; seeclickfix_rows.py reads its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from dispatch.errors import ServerNonsense, ServerRefused
from dispatch.http import HttpDoor
from dispatch.records import (
    Message,
    Millis,
    OfferedCategory,
    OutboxKind,
    Page,
    ServiceRequest,
)
from dispatch.servers import shapes
from dispatch.servers.base import (
    Account,
    Asked,
    Newest,
    Outgoing,
    Posted,
    Updated,
    Window,
    asking_for_the_list,
)
from dispatch.servers.capabilities import Capabilities, Order
from dispatch.servers.seeclickfix_categories import read_categories, switch_urls
from dispatch.servers.seeclickfix_rows import (
    ASSIGNMENT,
    INTERNAL_COMMENTS,
    read_message,
    read_messages,
    read_page,
    read_request,
)
from dispatch.servers.shapes import ANYWHERE, Where

PAGE_SIZE = 100
# Left out, an issue would silently leave the list after seven quiet days.
ALL_STATUSES = "open,acknowledged,closed,archived"

# What our acts are called among an issue's transitions.
TRANSITIONS = {
    OutboxKind.ACKNOWLEDGE: "acknowledge_url",
    OutboxKind.CLOSE: "close_url",
    OutboxKind.REOPEN: "open_url",
}

# Our own no to what an issue does not offer, by HTTP's word for it.
NOT_OFFERED = 405
# The category of an issue that is tied to none; such a one needs a title of its own.
OTHER = "other"
SUMMARY_CHARS = 80


class SeeClickFix:
    """`address` is the API's base, as in https://…/api/v2; with an organization its own face is used."""

    kind = "seeclickfix"
    knows_keys = False

    def __init__(
        self,
        door: HttpDoor,
        address: str,
        organization: str = "",
        token: str = "",
        where: Where = ANYWHERE,
    ) -> None:
        self._door = door
        self._where = where
        self._token = token
        # As the vendor documents it.
        self.capabilities = Capabilities(
            has_pages=True,
            page_size=PAGE_SIZE,
            order=Order.ENTERED_DOWN,
            has_sorting=True,
            has_updated_after=True,
        )
        self._switch_urls: dict[str, str] = {}
        self._root = address.rstrip("/")
        self.address = f"{self._root}/organizations/{quote(organization)}" if organization else self._root

    def account(self) -> Account:
        # A missing or dead token is answered with 200 and an id of null.
        answer = self._get(f"{self._root}/profile")
        return Account(shapes.text(answer.get("id")), shapes.text(answer.get("name")))

    def page(self, asked: Asked, number: int) -> Page:
        params: dict[str, str | int | float] = {"status": ALL_STATUSES, "per_page": PAGE_SIZE, "page": number}
        if isinstance(asked, Updated):
            params |= {"sort": "updated_at", "sort_direction": "ASC"}
            params["updated_at_after"] = shapes.zulu(asked.since_at)
        elif isinstance(asked, Newest | Window):
            before_at, since_at = _bounds(asked)
            params |= {"sort": "created_at", "sort_direction": "DESC"}
            if before_at is not None:
                params["before"] = shapes.zulu(before_at)
            if since_at is not None:
                params["after"] = shapes.zulu(since_at)
        else:
            raise ValueError(f"SeeClickFix is not asked by {type(asked).__name__}.")
        with asking_for_the_list():
            answer = self._get(f"{self.address}/issues", params)
        rows = answer.get("issues")
        if not isinstance(rows, list):
            raise ServerNonsense("The 311 server answered without a list of issues.")
        return read_page(rows, answer.get("metadata"), self._where)

    def request(self, request_id: str) -> ServiceRequest | None:
        try:
            return read_request(self._get(f"{self.address}/issues/{quote(request_id)}"), self._where)
        except ServerRefused as error:
            if error.status in (404, 410):
                return None
            raise
        except (KeyError, TypeError, ValueError) as error:
            raise ServerNonsense(
                f"The 311 server's answer for request {request_id} cannot be read."
            ) from error

    def messages(self, request_id: str) -> list[Message]:
        lines = self._public(request_id) if self.address == self._root else self._inside(request_id)
        return sorted(lines, key=lambda line: line.at)

    def post(self, item: Outgoing) -> Posted:
        match item.kind:
            case OutboxKind.MESSAGE:
                return self._say(f"{self.address}/issues/{quote(item.request_id)}/comments", item)
            case OutboxKind.NEW_REQUEST:
                return self._enter(item)
            case OutboxKind.INTERNAL_NOTE:
                return self._say(self._found(item, INTERNAL_COMMENTS), item, is_internal=True)
            case OutboxKind.ASSIGN:
                return self._assign(item)
            case _:
                return self._say(self._found(item, TRANSITIONS[item.kind]), item)

    def categories(self) -> list[OfferedCategory]:
        """The whole list where the server has one for members, as the exercise's own; else what it offers to
        who reports from the middle of the city, where nothing can be switched."""
        try:
            rows = self._get(f"{self.address}/request_types").get("request_types")
        except ServerRefused as error:
            if error.status not in (404, 405) or (point := self._where.middle) is None:
                raise
            lng, lat = point
            rows = self._get(f"{self._root}/issues/new", {"lat": lat, "lng": lng}).get("request_types")
        self._switch_urls = switch_urls(rows)
        return read_categories(rows)

    def offer(self, category_id: str, is_offered: bool) -> None:
        """By the address that the server's own list gives for it, never one put together here."""
        if category_id not in self._switch_urls:
            self.categories()
        if not (url := self._switch_urls.get(category_id, "")):
            raise ServerRefused("The 311 server lets nobody switch this category.", status=NOT_OFFERED)
        _, answer = self._door.post_json(self._checked(url), {"active": is_offered}, token=self._token)
        if not isinstance(answer, dict) or answer.get("active") is not is_offered:
            raise ServerNonsense("The 311 server answered without the category as it was to be.")

    def token_status(self, token: str) -> str:
        """It gives none."""
        return ""

    # -- notices: no vendor's, of the exercise's server and of such as do as it does --------------------

    def notices(self) -> Mapping[str, str] | None:
        try:
            rows = self._get(f"{self.address}/notices").get("notices")
        except ServerRefused as error:
            if error.status in (403, 404, 405, 410):
                return None
            raise
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ServerNonsense("The 311 server answered without a list of notices.")
        return {shapes.text(row.get("external_id")): shapes.text(row.get("id")) for row in rows}

    def post_notice(self, body: Mapping[str, Any]) -> str:
        _, answer = self._door.post_json(f"{self.address}/notices", dict(body), token=self._token)
        if not isinstance(answer, dict) or answer.get("external_id") != body["external_id"]:
            raise ServerNonsense("The 311 server answered without the notice it was sent.")
        return shapes.text(answer.get("id"))

    def end_notice(self, server_id: str) -> None:
        self._door.post_json(f"{self.address}/notices/{quote(server_id)}/cancel", {}, token=self._token)

    # -- threads ----------------------------------------------------------------------------------------

    def _public(self, request_id: str) -> list[Message]:
        return read_messages(self._get(f"{self.address}/issues/{quote(request_id)}/comments").get("comments"))

    def _inside(self, request_id: str) -> list[Message]:
        """Both threads; with details they come with the issue, in one call where the server does so."""
        issue = self._issue(request_id, {"details": "true"})
        rows, internal = issue.get("comments"), issue.get(INTERNAL_COMMENTS)
        public = read_messages(rows) if isinstance(rows, list) else self._public(request_id)
        if isinstance(internal, list):
            return public + read_messages(internal, is_internal=True)
        url = issue.get(f"{INTERNAL_COMMENTS}_url")
        if not url:
            return public
        return public + read_messages(self._get(self._checked(url)).get("comments"), is_internal=True)

    # -- saying -------------------------------------------------------------------------------------------

    def _say(self, url: str, item: Outgoing, *, is_internal: bool = False) -> Posted:
        status, answer = self._door.post_json(url, {"comment": item.text}, token=self._token)
        if status == 202:
            return Posted(is_held=True)
        if not isinstance(answer, dict) or "comment" not in answer:
            # A proxy's page is no proof that anything was done.
            raise ServerNonsense("The 311 server answered without the comment it was sent.")
        return Posted(read_message(answer, is_internal=is_internal))

    def _assign(self, item: Outgoing) -> Posted:
        sent = {"assignee_id": item.detail.get("assignee_id", "")}
        if item.text:
            sent["comment"] = item.text
        status, answer = self._door.post_json(self._found(item, ASSIGNMENT), sent, token=self._token)
        if status == 202:
            return Posted(is_held=True)
        if not isinstance(answer, dict) or shapes.text(answer.get("id")) != item.request_id:
            raise ServerNonsense("The 311 server answered without the issue it was to assign.")
        return Posted()

    def _enter(self, item: Outgoing) -> Posted:
        """A new issue; its place and category stand in the detail by GeoReport's names."""
        said, known = item.detail, shapes.number
        answers = {"summary": said.get("summary") or item.text[:SUMMARY_CHARS], "description": item.text}
        sent = {
            "lat": known(said.get("lat")),
            "lng": known(said.get("long")),
            "address": said.get("address_string", ""),
            "request_type_id": said.get("service_code") or OTHER,
            "answers": answers,
        }
        status, answer = self._door.post_json(f"{self.address}/issues", sent, token=self._token)
        if status == 202:
            return Posted(is_held=True)
        if not isinstance(answer, dict) or not shapes.text(answer.get("id")):
            raise ServerNonsense("The 311 server answered without the new issue's number.")
        return Posted(request_id=shapes.text(answer["id"]))

    def _issue(self, request_id: str, params: dict[str, str | int | float] | None = None) -> dict[str, Any]:
        """The issue itself: what is missing in it is not there, and not just a poor answer."""
        issue = self._get(f"{self.address}/issues/{quote(request_id)}", params)
        if shapes.text(issue.get("id")) != request_id:
            raise ServerNonsense(f"The 311 server answered with something else than request {request_id}.")
        return issue

    def _found(self, item: Outgoing, name: str) -> str:
        """The address of an action as the issue itself gives it now; it is never put together here."""
        issue = self._issue(item.request_id)
        transitions = issue.get("transitions")
        if name in TRANSITIONS.values():
            url = transitions.get(name) if isinstance(transitions, dict) else None
        else:
            url = issue.get(f"{name}_url")
        if not url:
            words = item.kind.value.replace("_", " ")
            status = shapes.text(issue.get("status")).lower() or "as it is"
            sentence = (
                f"The 311 server offers no {words} on request {item.request_id}, which is {status} there."
            )
            raise ServerRefused(sentence, status=NOT_OFFERED)
        url = self._checked(url)
        if name == INTERNAL_COMMENTS and url.rstrip("/").endswith("/comments"):
            # What is for the city alone must not go where the public reads.
            raise ServerRefused(
                "The 311 server's address for internal comments looks like the public one: nothing was sent.",
                status=NOT_OFFERED,
            )
        return url

    def _checked(self, url: Any) -> str:
        """An address the server gave, if it is the server's own: nothing else ever gets our token."""
        try:
            ours, given = urlsplit(self._root), urlsplit(shapes.text(url))
            is_ours = (given.scheme, given.hostname, given.port) == (ours.scheme, ours.hostname, ours.port)
        except ValueError:
            is_ours = False
        if not is_ours:
            sentence = "The 311 server points to another server for this: nothing was sent there."
            raise ServerRefused(sentence, status=NOT_OFFERED)
        return shapes.text(url)

    def _get(self, url: str, params: dict[str, str | int | float] | None = None) -> dict[str, Any]:
        _, answer = self._door.get_json(url, params, token=self._token)
        if not isinstance(answer, dict):
            raise ServerNonsense("The 311 server answered with something that is not an object.")
        return answer


def _bounds(asked: Newest | Window) -> tuple[Millis | None, Millis | None]:
    """(before, not before)"""
    if isinstance(asked, Newest):
        return asked.before_at, asked.since_at
    return asked.to_at, asked.from_at
