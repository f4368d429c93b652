"""What every kind of 311 server must be able to do for us. Calls block; the network lane makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dispatch.records import Message, Millis, OutboxKind, Page, ServiceRequest


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
class Account:
    """Who we are on the server; `account_id` is empty when it does not know us and writing cannot work."""

    account_id: str
    name: str


class Server(Protocol):
    """Raises the errors of `dispatch.errors` and nothing else; raw answers never leave it."""

    kind: str
    address: str

    def account(self) -> Account: ...

    def page(self, asked: Newest | Updated, number: int) -> Page:
        """One page of the request list, numbered from 1; bad rows stand apart, the page goes on."""
        ...

    def request(self, request_id: str) -> ServiceRequest | None:
        """One request as it stands now; None when the server says it has no such."""
        ...

    def messages(self, request_id: str) -> list[Message]:
        """The public thread, oldest first."""
        ...

    def post(self, kind: OutboxKind, request_id: str, text: str) -> Message | None:
        """Say or change something; the line it left in the thread, None while it is held for moderation.

        After ServerUnreachable or ServerFailed it is unknown whether it happened.
        """
        ...
