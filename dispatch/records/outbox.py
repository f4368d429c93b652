"""What waits to be sent, and the calls to a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.records.facts import Told911
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
    server's, empty where it has none for what was chosen; `landmark` goes to the server with the words.

    Who called, the unit, the people and the note stay here. `place_quality` is exact, street, area or none.
    """

    text: str
    service_code: str = ""
    service_name: str = ""
    address: str = ""
    place: Place | None = None
    caller: str = ""
    call_back: str = ""
    landmark: str = ""
    unit: str = ""
    gate: str = ""
    place_quality: str = ""
    people: int | None = None
    is_injured: bool = False
    is_trapped: bool = False
    mobility: str = ""
    language: str = ""
    # None: nobody asked whether they may be called back.
    may_call: bool | None = None
    note: str = ""
    # When it happened, where that is not now.
    happened_at: Millis | None = None
    told_911: Told911 | None = None
