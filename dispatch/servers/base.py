"""What every kind of 311 server must be able to do for us. Calls block; the network lane makes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from dispatch.errors import ServerForbids, ServerRefused
from dispatch.records import Message, Millis, OfferedCategory, OutboxKind, Page, ServiceRequest
from dispatch.servers.capabilities import Capabilities

# How long nobody asks a server that shuts us out.
FORBIDDEN_HOLD_S = 900.0


@dataclass(frozen=True, slots=True)
class Newest:
    """Newest entered first, for the first page and the backlog: entered before / not before these times."""

    before_at: Millis | None = None
    since_at: Millis | None = None


@dataclass(frozen=True, slots=True)
class Updated:
    """Last changed last, for keeping in step: changed at or after this time."""

    since_at: Millis


@dataclass(frozen=True, slots=True)
class Window:
    """Entered in [from_at, to_at), in whatever order the server likes."""

    from_at: Millis
    to_at: Millis


@dataclass(frozen=True, slots=True)
class ById:
    """These requests, where the server takes several ids at once."""

    request_ids: tuple[str, ...]


Asked = Newest | Updated | Window | ById


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Something to say or change. `key` was made here, once for all tries: a server that knows such keys
    does a repeat only once. `detail` holds what a kind needs beside its text (an assignee, a new request)."""

    kind: OutboxKind
    request_id: str
    text: str
    key: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of it: the line it left in the thread, the new request's id or its token, or that a
    moderator holds it."""

    message: Message | None = None
    request_id: str = ""
    token: str = ""
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are on the server; `account_id` is empty when it does not know us and writing cannot work."""

    account_id: str
    name: str


class Server(Protocol):
    """Raises the errors of `dispatch.errors` and nothing else; raw answers never leave it."""

    kind: str
    address: str
    # Is a repeat with the same key done only once?
    knows_keys: bool
    # Set after the probe; calls are made and answers read by it.
    capabilities: Capabilities

    def account(self) -> Account: ...

    def page(self, asked: Asked, number: int) -> Page:
        """One page of the request list, numbered from 1 whatever the server counts from; bad rows stand
        apart, the page goes on. Raises ValueError for a way of asking this kind of server does not know."""
        ...

    def request(self, request_id: str) -> ServiceRequest | None:
        """One request as it stands now; None when the server says it has no such."""
        ...

    def messages(self, request_id: str) -> list[Message]:
        """The thread, oldest first; what is for the organization alone is marked as internal."""
        ...

    def token_status(self, token: str) -> str:
        """The id a new request has got by now; empty while it has none."""
        ...

    def post(self, item: Outgoing) -> Posted:
        """Say or change something.

        After ServerUnreachable, ServerFailed or ServerNonsense it is unknown whether it happened.
        """
        ...

    def categories(self) -> list[OfferedCategory]:
        """The live list of what the public can report under; with those that are off, where the server shows
        them to us. ServerNonsense for a list without any: no city offers nothing."""
        ...

    def offer(self, category_id: str, is_offered: bool) -> None:
        """Switch a category for the public on or off. Setting what is set already is done again and harms
        nothing; ServerRefused where the server does not let us."""

    def notices(self) -> Mapping[str, str] | None:
        """Of the notices that stand there: the server's id by ours. None where the server has no notices."""
        ...

    def post_notice(self, body: Mapping[str, Any]) -> str:
        """Put one there; the server's id for it. The same is unknown after the same errors."""
        ...

    def end_notice(self, server_id: str) -> None:
        """Take it down; one that is down already stays so."""
        ...


@contextmanager
def asking_for_the_list() -> Iterator[None]:
    """A 403 here is no wrong key for one thing: servers blacklist so, and asking on makes it worse."""
    try:
        yield
    except ServerRefused as error:
        if error.status != 403:
            raise
        sentence = f"{error} Nobody asks it again for {FORBIDDEN_HOLD_S / 60:.0f} minutes."
        raise ServerForbids(sentence, hold_s=FORBIDDEN_HOLD_S) from error
