"""Open311 GeoReport v2: asking for pages and single requests, posting. Which quirks a server has, its
capabilities say; what a row means, georeport_rows.py does. Raw dictionaries end here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from dispatch.errors import ServerNonsense, ServerRefused
from dispatch.http import HttpDoor
from dispatch.records import Message, Millis, OfferedCategory, OutboxKind, Page, ServiceRequest
from dispatch.servers import shapes
from dispatch.servers.base import (
    Account,
    Asked,
    ById,
    Newest,
    Outgoing,
    Posted,
    Updated,
    Window,
    asking_for_the_list,
)
from dispatch.servers.capabilities import Capabilities, Zone
from dispatch.servers.georeport_calls import Calls, Params
from dispatch.servers.georeport_rows import NO_CHANGE_TIME, NO_ENTRY_TIME, Drift, RowReader, id_of
from dispatch.servers.georeport_services import (
    Definition,
    Discovery,
    Service,
    read_definition,
    read_discovery,
    read_services,
)
from dispatch.servers.georeport_updates import CITY, Threads, by_city, notes_of, read_update
from dispatch.servers.shapes import ANYWHERE, Where

# The specification knows these two; left out, some servers show only what is open.
STATUSES = ("open", "closed")
DAY_MS = 86_400_000

# What our acts are called in an update; "unchanged" leaves the status alone.
UPDATE_STATUS = {
    OutboxKind.MESSAGE: "unchanged",
    OutboxKind.ACKNOWLEDGE: "investigating",
    OutboxKind.CLOSE: "closed",
    OutboxKind.REOPEN: "open",
}
# What a new request may carry beside its text and its `attribute[…]` answers.
REQUEST_FIELDS = frozenset(
    {
        *("service_code", "lat", "long", "address_string", "address_id", "media_url"),
        *("first_name", "last_name", "phone", "email", "device_id", "account_id"),
    }
)


class GeoReport:
    """`address` is the endpoint's base, as in https://…/open311/v2."""

    kind = "georeport"
    knows_keys = True

    def __init__(
        self,
        door: HttpDoor,
        address: str,
        jurisdiction: str = "",
        token: str = "",
        where: Where = ANYWHERE,
    ) -> None:
        self._calls = Calls(door, address, jurisdiction.strip(), token.strip())
        self.address = self._calls.address
        self.capabilities = Capabilities()
        self._zone = where.zone
        self._now = where.now
        self._reader = RowReader(where)
        self._threads = Threads(self.updates)
        # Of the requests whose threads were read.
        self._entered_at: dict[str, Millis] = {}
        self._drift = Drift(self._calls.who)

    # -- asking ---------------------------------------------------------------------------------------

    def account(self) -> Account:
        """GeoReport knows no accounts, only keys: with one we write as the city."""
        return Account(CITY, "City") if self._calls.token else Account("", "")

    def page(self, asked: Asked, number: int) -> Page:
        can = self.capabilities
        if number > 1 and not can.has_pages:
            raise ValueError("This server has no second page.")
        rows: list[Any] = []
        lengths: list[int] = []
        for statuses in self._statuses():
            params: Params = {"status": statuses, **self._filter(asked)}
            if can.page_size and not isinstance(asked, ById):
                params["page_size"] = can.page_size
            if can.has_pages and not isinstance(asked, ById):
                params["page"] = can.first_page + number - 1
            with asking_for_the_list():
                part = self._calls.list("requests", params, may_be_over=number > 1)
            rows += part
            lengths.append(len(part))
        self._drift.note(rows, self._now())
        requests, bad, pending = self._reader.read_all(rows)
        is_last = not can.has_pages or not rows or max(lengths) < can.page_size or isinstance(asked, ById)
        return Page(
            requests=tuple(request for request in requests if _belongs(request, asked)),
            bad=tuple(bad),
            next_page=None if is_last else number + 1,
            entries=None,
            received=len(rows),
            pending=pending,
            fullest=max(lengths),
        )

    def request(self, request_id: str) -> ServiceRequest | None:
        row = self._row(request_id)
        return None if row is None else self._reader.read(request_id, row)

    def messages(self, request_id: str) -> list[Message]:
        if self.capabilities.has_updates and request_id in self._entered_at:
            return self._threads.thread(request_id, self._entered_at[request_id], self._now())
        row = self._row(request_id)
        if row is None:
            return []
        request = self._reader.read(request_id, row)
        if not self.capabilities.has_updates:
            return notes_of(row, request_id, request.updated_at, self._zone)
        self._entered_at[request_id] = request.created_at
        return self._threads.thread(request_id, request.created_at, self._now())

    def updates(self, from_at: Millis, to_at: Millis) -> list[tuple[str, Message]]:
        """(request, line) of each update that says something, of that span of time."""
        params: Params = {"start_date": self._when(from_at), "end_date": self._when(to_at)}
        if self._calls.token:
            params["api_key"] = self._calls.token
        found = (read_update(row, self._zone) for row in self._calls.list("servicerequestupdates", params))
        return [update for update in found if update is not None]

    def discovery(self) -> Discovery:
        """What the server says of itself, to be shown: its addresses are not followed."""
        found = read_discovery(self._calls.get("discovery"))
        mine = [each for each in found.endpoints if each.address.rstrip("/") == self.address]
        if mine and not any("json" in name for each in mine for name in each.formats):
            self._calls.format = "xml"
        return found

    def services(self) -> tuple[Service, ...]:
        return read_services(self._calls.list("services"))

    def categories(self) -> list[OfferedCategory]:
        """What is off is not on GeoReport's list, and nothing on it can be switched."""
        found = [OfferedCategory(each.code, each.name) for each in self.services() if each.code]
        if not found:
            raise ServerNonsense(f"{self._calls.who} answered with a list of no services at all.")
        return found

    def offer(self, category_id: str, is_offered: bool) -> None:
        who = self._calls.who
        raise ServerRefused(f"{who} cannot do this: GeoReport knows no switching of services.", status=405)

    def definition(self, service_code: str) -> Definition:
        """What a service asks of whoever reports."""
        return read_definition(service_code, self._calls.get(f"services/{quote(service_code, safe='')}"))

    def token_status(self, token: str) -> str:
        """The id a new request has got by now; empty while it has none."""
        found = self._calls.found(f"tokens/{quote(token, safe='')}")
        return shapes.name(found.get("service_request_id")) if found else ""

    # -- saying ---------------------------------------------------------------------------------------

    def notices(self) -> Mapping[str, str] | None:
        """GeoReport v2 has none."""
        return None

    def post_notice(self, body: Mapping[str, Any]) -> str:
        raise ValueError("GeoReport v2 has no notices.")

    def end_notice(self, server_id: str) -> None:
        raise ValueError("GeoReport v2 has no notices.")

    def post(self, item: Outgoing) -> Posted:
        who = self._calls.who
        if item.kind is OutboxKind.NEW_REQUEST:
            return self._post_request(item)
        if item.kind not in UPDATE_STATUS:
            raise ServerRefused(f"{who} cannot do this: GeoReport knows no {_words(item.kind)}.", status=405)
        # Until it was asked what it can do, it may: then it refuses by itself.
        if self.capabilities.probed_at is not None and not self.capabilities.can_post_updates:
            sentence = f"{who} takes new requests only, no {_words(item.kind)} on one that is there."
            raise ServerRefused(sentence, status=405)
        return self._post_update(item)

    def _post_update(self, item: Outgoing) -> Posted:
        at = self._now()
        message = Message(item.key, by_city(), item.text, at // 1000 * 1000)
        fields: dict[str, str | Sequence[str]] = {
            "update_id": item.key,
            "service_request_id": item.request_id,
            "status": UPDATE_STATUS[item.kind],
            "updated_datetime": self._when(at),
            "description": item.text,
        }
        try:
            answer = self._calls.post("servicerequestupdates", fields)
        except ServerRefused as error:
            if "already exist" not in str(error):
                raise
            answer = {"update_id": item.key}  # an earlier try has arrived
        if not shapes.name(answer.get("update_id")):
            if token := shapes.name(answer.get("token")):
                return Posted(token=token, is_held=True)
            # Sent again under the same key it is done once, or told to be there already.
            raise ServerNonsense(f"{self._calls.who} took an update without naming it.")
        self._threads.keep(item.request_id, message)
        return Posted(message)

    def _post_request(self, item: Outgoing) -> Posted:
        fields: dict[str, str | Sequence[str]] = {
            key: value
            for key, value in item.detail.items()
            if value and (key in REQUEST_FIELDS or key.startswith("attribute["))
        }
        # A list of answers is one field several times.
        fields |= {key: str(value).split("\n") for key, value in fields.items() if key.endswith("[]")}
        try:
            answer = self._calls.post("requests", {**fields, "description": item.text})
        except ServerRefused as error:
            if "duplicate" not in str(error).lower():
                raise
            return self._twin(item)
        request_id, token = shapes.name(answer.get("service_request_id")), shapes.name(answer.get("token"))
        if not (request_id or token):
            raise ServerNonsense(f"{self._calls.who} took a new request without naming it.")
        return Posted(request_id=request_id, token=token)

    def _twin(self, item: Outgoing) -> Posted:
        """The server holds just this request already: which one, where it can be told."""
        now = self._now()
        words = item.text.split()
        page = self.page(Window(now - DAY_MS, now + DAY_MS), 1)
        same = [each.request_id for each in page.requests if each.description.split() == words]
        return Posted(request_id=same[0] if len(same) == 1 else "")

    # -- how it is asked --------------------------------------------------------------------------------

    def _statuses(self) -> tuple[str, ...]:
        """All in one, where a list is known or hoped to be understood; else one after the other."""
        can = self.capabilities
        is_list_refused = can.probed_at is not None and not can.has_lists
        return STATUSES if is_list_refused else (",".join(STATUSES),)

    def _filter(self, asked: Asked) -> Params:
        match asked:
            case Newest(before_at, since_at):
                return self._bounds(since_at, before_at)
            case Window(from_at, to_at):
                return self._bounds(from_at, to_at)
            case Updated(since_at):
                return {"updated_after": self._when(since_at)}
            case ById(request_ids):
                if len(request_ids) > 1 and not self.capabilities.has_lists:
                    raise ValueError("This server takes one id at a time.")
                return {"service_request_id": ",".join(request_ids)}

    def _bounds(self, from_at: Millis | None, to_at: Millis | None) -> Params:
        start, end = ("start_date", "end_date")
        if self.capabilities.has_swapped_bounds:
            start, end = end, start
        params: Params = {}
        if from_at is not None:
            params[start] = self._when(from_at)
        if to_at is not None:
            params[end] = self._when(-(-to_at // 1000) * 1000)
        return params

    def _when(self, at: Millis) -> str:
        """Whole seconds, in the way this server understands."""
        if self.capabilities.zone is Zone.UTC:
            return shapes.zulu(at)
        local = datetime.fromtimestamp(at // 1000, self._zone)
        return (local.replace(tzinfo=None) if self.capabilities.zone is Zone.OMIT else local).isoformat()

    def _row(self, request_id: str) -> dict[str, Any] | None:
        row = self._calls.found(f"requests/{quote(request_id, safe='')}")
        if row is not None and id_of(row) not in ("", request_id):
            who = self._calls.who
            raise ServerNonsense(f"{who} answered with another request than {request_id}.")
        return row


def _belongs(request: ServiceRequest, asked: Asked) -> bool:
    """Is it what was asked for? A time that had to be assumed proves nothing against the server's word."""
    is_entry_known = not request.doubts & {NO_ENTRY_TIME, shapes.ZONE_ASSUMED}
    match asked:
        case Newest(before_at, since_at):
            is_early = since_at is not None and request.created_at < since_at
            is_late = before_at is not None and request.created_at >= before_at
            return not (is_entry_known and (is_early or is_late))
        case Window(from_at, to_at):
            return not is_entry_known or from_at <= request.created_at < to_at
        case Updated(since_at):
            is_known = not request.doubts & {NO_CHANGE_TIME, NO_ENTRY_TIME, shapes.ZONE_ASSUMED}
            return not is_known or request.updated_at >= since_at
        case ById(request_ids):
            return request.request_id in request_ids


def _words(kind: OutboxKind) -> str:
    return kind.value.replace("_", " ")
