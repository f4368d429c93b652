"""Open311 GeoReport v2: asking for pages and single requests, posting. Which quirks a server has, its
capabilities say; what a row means, georeport_rows.py does. Raw dictionaries end here."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from dispatch.errors import ServerChallenges, ServerForbids, ServerNonsense, ServerRefused
from dispatch.http import HttpDoor
from dispatch.records import Message, Millis, OutboxKind, Page, ServiceRequest
from dispatch.servers import georeport_answers, shapes
from dispatch.servers.base import Account, Asked, ById, Newest, Outgoing, Posted, Updated, Window
from dispatch.servers.capabilities import Capabilities, Zone
from dispatch.servers.georeport_answers import WebPage
from dispatch.servers.georeport_rows import NO_CHANGE_TIME, NO_ENTRY_TIME, RowReader, id_of, unknown_keys
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

log = logging.getLogger(__name__)

# The specification knows these two; left out, some servers show only what is open.
STATUSES = ("open", "closed")
FORMATS = ("json", "xml")
# What a server answers that does not know a format.
NO_SUCH_FORMAT = (400, 404, 406, 415)
# How long nobody asks: after a first, a second, and every later page of a bot protection; after a 403.
CHALLENGE_WAITS_S = (10.0, 30.0, 60.0)
FORBIDDEN_HOLD_S = 900.0
DAY_MS = 86_400_000
MOST_KEYS, LONGEST_KEY = 20, 40

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

_RESOURCE = re.compile(r"/(?:requests|services|discovery)\.(json|xml)$")
Params = dict[str, str | int | float]


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
        self._door = door
        self._jurisdiction = jurisdiction.strip()
        self._token = token.strip()
        self._zone = where.zone
        self._now = where.now
        address = address.rstrip("/")
        # Somebody may have copied the address of a list.
        named = _RESOURCE.search(address)
        self.address = address[: named.start()] if named else address
        self.capabilities = Capabilities()
        # The format it has answered in; None until it has.
        self._format: str | None = named.group(1) if named else None
        self._wants_key_always = False
        self._challenges = 0
        self._reader = RowReader(where)
        self._threads = Threads(self.updates)
        # Of the requests whose threads were read.
        self._entered_at: dict[str, Millis] = {}
        self._drift = Drift(self._door.who(self.address))

    # -- asking ---------------------------------------------------------------------------------------

    def account(self) -> Account:
        """GeoReport knows no accounts, only keys: with one we write as the city."""
        return Account(CITY, "City") if self._token else Account("", "")

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
            part = self._list("requests", params, may_be_over=number > 1)
            rows += part
            lengths.append(len(part))
        self._drift.note(rows, self._now())
        requests, bad, pending = self._reader.read_all(rows)
        is_last = not can.has_pages or not rows or len(rows) < can.page_size or isinstance(asked, ById)
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
        if self._token:
            params["api_key"] = self._token
        found = (read_update(row, self._zone) for row in self._list("servicerequestupdates", params))
        return [update for update in found if update is not None]

    def discovery(self) -> Discovery:
        """What the server says of itself, to be shown: its addresses are not followed."""
        found = read_discovery(self._get("discovery"))
        mine = [each for each in found.endpoints if each.address.rstrip("/") == self.address]
        if mine and not any("json" in name for each in mine for name in each.formats):
            self._format = "xml"
        return found

    def services(self) -> tuple[Service, ...]:
        return read_services(self._list("services"))

    def definition(self, service_code: str) -> Definition:
        """What a service asks of whoever reports."""
        return read_definition(service_code, self._get(f"services/{quote(service_code, safe='')}"))

    def token_status(self, token: str) -> str:
        """The id a new request has got by now; empty while it has none."""
        found = self._found(f"tokens/{quote(token, safe='')}")
        return shapes.name(found.get("service_request_id")) if found else ""

    # -- saying ---------------------------------------------------------------------------------------

    def post(self, item: Outgoing) -> Posted:
        who = self._door.who(self.address)
        if item.kind is OutboxKind.NEW_REQUEST:
            return self._post_request(item)
        if item.kind not in UPDATE_STATUS:
            raise ServerRefused(f"{who} cannot do this: GeoReport knows no {_words(item.kind)}.", status=405)
        if not self.capabilities.can_post_updates:
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
            answer = self._one(self._post("servicerequestupdates", fields))
        except ServerRefused as error:
            if "already exist" not in str(error):
                raise
            answer = {}  # an earlier try has arrived
        if not shapes.name(answer.get("update_id")) and (token := shapes.name(answer.get("token"))):
            return Posted(token=token, is_held=True)
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
            answer = self._one(self._post("requests", {**fields, "description": item.text}))
        except ServerRefused as error:
            if "duplicate" not in str(error).lower():
                raise
            return self._twin(item)
        request_id, token = shapes.name(answer.get("service_request_id")), shapes.name(answer.get("token"))
        if not (request_id or token):
            raise ServerNonsense(f"{self._door.who(self.address)} took a new request without naming it.")
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
        row = self._found(f"requests/{quote(request_id, safe='')}")
        if row is not None and id_of(row) not in ("", request_id):
            who = self._door.who(self.address)
            raise ServerNonsense(f"{who} answered with another request than {request_id}.")
        return row

    def _found(self, path: str) -> dict[str, Any] | None:
        """One thing by its name: an array of one, an object, or nothing at all."""
        try:
            value = self._get(path)
        except ServerRefused as error:
            if error.status in (404, 410):
                return None
            raise
        rows = [row for row in georeport_answers.rows(value, self._door.who(self.address)) if row]
        if rows and not isinstance(rows[0], dict):
            raise ServerNonsense(f"{self._door.who(self.address)} answered without an object.")
        return rows[0] if rows else None

    def _one(self, value: Any) -> dict[str, Any]:
        rows = georeport_answers.rows(value, self._door.who(self.address))
        return rows[0] if rows and isinstance(rows[0], dict) else {}

    def _list(self, path: str, params: Params | None = None, *, may_be_over: bool = False) -> list[Any]:
        """A list; no answer at all is asked for once more, except past the last page, where it is the end."""
        try:
            value = self._get(path, params)
            if value is None and not may_be_over:
                value = self._get(path, params)
        except ServerRefused as error:
            if error.status != 403:
                raise
            sentence = f"{error} Nobody asks it again for {FORBIDDEN_HOLD_S / 60:.0f} minutes."
            raise ServerForbids(sentence, hold_s=FORBIDDEN_HOLD_S) from error
        who = self._door.who(self.address)
        if value is None and not may_be_over:
            raise ServerNonsense(f"{who} answered twice with nothing at all.")
        return georeport_answers.rows(value, who)

    def _get(self, path: str, params: Params | None = None) -> Any:
        """In the format it is known to speak; while none is known, in one after the other."""
        formats = (self._format,) if self._format else FORMATS
        refusals: list[ServerRefused] = []
        for suffix in formats:
            try:
                value = self._ask(f"{self.address}/{path}.{suffix}", params or {})
            except ServerRefused as error:
                refusals.append(error)
                if error.status not in NO_SUCH_FORMAT:
                    break
            else:
                self._format = suffix
                return value
        raise refusals[0]

    def _ask(self, url: str, params: Params) -> Any:
        try:
            return self._read(url, params)
        except ServerRefused as error:
            if self._wants_key_always or not self._token or not _asks_for_key(error):
                raise
            self._wants_key_always = True
            return self._read(url, params)

    def _read(self, url: str, params: Params) -> Any:
        params = {**self._own(), **params}
        if self._wants_key_always:
            params["api_key"] = self._token
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

    def _post(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> Any:
        url = f"{self.address}/{path}.{self._format or 'xml'}"
        sent = {**self._own(), **({"api_key": self._token} if self._token else {}), **fields}
        answer = self._door.post(url, sent, secret=self._token)
        who = self._door.who(url)
        try:
            return georeport_answers.parse(answer.body, who)
        except WebPage as page:
            if page.says_error:
                raise self._web_page(page, who) from page
            raise ServerNonsense(f"{who} answered with a web page: nobody knows if it was done.") from page

    def _own(self) -> dict[str, str]:
        # An empty one confuses servers.
        return {"jurisdiction_id": self._jurisdiction} if self._jurisdiction else {}


class Drift:
    """Keys nobody knows, told once a day with how often they came."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._told_at: Millis | None = None
        self.counts: Counter[str] = Counter()

    def note(self, rows: Sequence[Any], now: Millis) -> None:
        self.counts.update(key[:LONGEST_KEY] for key in unknown_keys(rows))
        if not self.counts or (self._told_at is not None and now < self._told_at + DAY_MS):
            return
        self._told_at = now
        told = ", ".join(f"{key!r} ({n})" for key, n in self.counts.most_common(MOST_KEYS))
        log.warning("%s sends keys nobody knows here: %s", self._who, told)
        self.counts.clear()


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


def _asks_for_key(error: ServerRefused) -> bool:
    words = str(error).lower()
    return error.status == 401 or (error.status in (400, 403) and ("api_key" in words or "api key" in words))


def _words(kind: OutboxKind) -> str:
    return kind.value.replace("_", " ")
