"""What waits to be sent, and the calls to a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.records.rows import Place
from dispatch.records.states import Millis, OutboxKind, OutboxState


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One thing on its way to the 311 server. `due_at` is wall time."""

    outbox_id: str
    kind: OutboxKind
    request_key: int
    request_id: str
    site_id: int
    text: str
    state: OutboxState
    at: Millis
    due_at: Millis
    attempts: int
    equal_before: int | None
    error: str
    person: str
    # What the kind needs beside its text, and what is known of its way so far.
    detail: Mapping[str, str] = field(default_factory=dict)
    # Of a new request: what the server gave in place of an id.
    token: str = ""
    # Which of those that are due go before it (`store/outbox.py`).
    lane: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """What a caller said on the phone, for a service request in the city's name. `service_code` is the
    server's; caller and call-back stay here."""

    text: str
    service_code: str = ""
    service_name: str = ""
    address: str = ""
    place: Place | None = None
    caller: str = ""
    call_back: str = ""
