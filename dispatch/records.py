"""Frozen records and enums that travel everywhere. No behavior beyond what a record can say of itself.

Times are whole milliseconds since 1970 UTC (`Millis`), as both databases store them; a name that ends
in `_at` is such a time. Places are WGS84 degrees.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, TypeAlias

Millis: TypeAlias = int


class Band(IntEnum):
    """How bad: P1 life safety, P2 hazard or access, P3 damage or service, P4 can wait, INFO question."""

    P1 = 1
    P2 = 2
    P3 = 3
    P4 = 4
    INFO = 5

    @property
    def level(self) -> int:
        """Rank for the command line's `level` column: P1 = 3, P2 = 2, P3 = 1, P4 and INFO = 0."""
        return max(0, 4 - self.value)


class CrmStatus(StrEnum):
    """What the resident sees on the 311 server; changed only there."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    ARCHIVED = "archived"

    @property
    def is_open(self) -> bool:
        return self in (CrmStatus.OPEN, CrmStatus.ACKNOWLEDGED)


class SiteState(StrEnum):
    NEW = "new"
    TRIAGED = "triaged"
    WAITING = "waiting"
    CLOSED = "closed"


class WaitReason(StrEnum):
    OWNER = "owner"
    UTILITY_FIRST = "utility_first"
    ACCESS = "access"
    MORE_FACTS = "more_facts"
    WEATHER = "weather"


class CloseReason(StrEnum):
    FIXED_CONFIRMED = "fixed_confirmed"
    FIXED_UNCONFIRMED = "fixed_unconfirmed"
    PASSED_TO_OWNER = "passed_to_owner"
    NOT_OURS = "not_ours"
    AREA_SWEEP = "area_sweep"
    CANNOT_ACT = "cannot_act"
    NO_LONGER_NEEDED = "no_longer_needed"
    SPAM = "spam"
    SERVER = "server"


class EscalationState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    HELD = "held"
    UNDER_WAY = "under_way"
    RETURNED = "returned"
    EXPIRED = "expired"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        return self not in (EscalationState.DRAFT, EscalationState.CLOSED)


class ReturnCode(StrEnum):
    WRONG_DESK = "wrong_desk"
    ALREADY_KNOWN = "already_known"
    OUTSIDE_AREA = "outside_area"
    NO_RESOURCE = "no_resource"


class DeliveryState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


class OutboxState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    TAKEN_BACK = "taken_back"


class OutboxKind(StrEnum):
    """What goes to the 311 server."""

    MESSAGE = "message"
    ACKNOWLEDGE = "acknowledge"
    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees WGS84; never 0,0: an unknown place is None."""

    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reported or wrote, as the server says. `reporter_id` "0" is anonymous and shared by many."""

    reporter_id: str
    name: str
    role: str = ""

    @property
    def is_anonymous(self) -> bool:
        return self.reporter_id in ("", "0")


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """One resident's report as the server holds it. We never edit its text."""

    request_id: str
    status: CrmStatus
    raw_status: str
    summary: str
    description: str
    service_code: str
    service_name: str
    address: str
    place: Place | None
    created_at: Millis
    updated_at: Millis
    acknowledged_at: Millis | None = None
    closed_at: Millis | None = None
    reopened_at: Millis | None = None
    reporter: Reporter = field(default_factory=lambda: Reporter("0", ""))
    photo_url: str = ""
    page_url: str = ""
    transitions: frozenset[str] = frozenset()
    followers: int = 1

    @property
    def is_open(self) -> bool:
        return self.status.is_open

    @property
    def text(self) -> str:
        """Summary and description as one text to read and to score."""
        if not self.description:
            return self.summary
        return f"{self.summary}. {self.description}" if self.summary else self.description


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a request's public thread on the server."""

    message_id: str
    author: Reporter
    text: str
    at: Millis
    is_moderated: bool = False


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A row that could not be understood: kept raw with the reason, counted, never dropped."""

    reason: str
    raw: bytes
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the request list. `next_page` is None on the last one."""

    requests: tuple[ServiceRequest, ...]
    bad: tuple[BadRecord, ...]
    next_page: int | None
    entries: int | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a score, in words an operator can say aloud: "Says 'sparking': raised to P1" +20."""

    part: str
    text: str
    points: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """What triage makes of one request. Stored parts never depend on the clock."""

    band: Band
    score: float
    reasons: tuple[Reason, ...]
    category: str
    is_assessed: bool = True
    language: str = "en"
    is_set_aside: bool = False
    cues: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: every act carries all four from the first day."""

    activation_id: str
    person: str
    position: str
    seat: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What a write changed; `number` is the feed's number of the transaction, 0 when nothing changed."""

    number: int = 0
    sites: frozenset[int] = frozenset()
    escalations: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.sites or self.escalations or self.others)

    def __or__(self, other: Changes) -> Changes:
        return Changes(
            max(self.number, other.number),
            self.sites | other.sites,
            self.escalations | other.escalations,
            self.others | other.others,
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a channel can prove: `sent` (handed to the road) or `delivered` (the other side has it)."""

    state: DeliveryState
    at: Millis
    proof: str


@dataclass(frozen=True, slots=True)
class Told911:
    """The 911 step of S3: told (when, whom, incident number) or not reached."""

    is_told: bool
    at: Millis
    spoken_to: str = ""
    incident_number: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of emergency management (S16): what, by whom, how it came, who wrote it down."""

    kind: str
    at: Millis
    by_name: str
    by_position: str
    how: str
    recorded_by: str
    text: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Escalation:
    """A site handed to emergency management, with everything the hand-over carries."""

    escalation_id: str
    number: str
    site_id: int
    activation_id: str
    activation_name: str
    is_exercise: bool
    band: Band
    subject: str
    summary: str
    details: str
    address: str
    neighborhood: str
    place: Place | None
    place_quality: str
    desk: str
    esf: str
    effect_needed: str
    need_by_at: Millis | None
    why_now: str
    people: str
    mobility: str
    safe_approach: str
    call_back: str
    language: str
    utility: str
    already_done: str
    told_911: Told911 | None
    needs_911: bool
    request_ids: tuple[str, ...]
    reports: int
    first_reported_at: Millis
    last_confirmed_at: Millis
    channels: tuple[str, ...]
    from_person: str
    from_position: str
    from_seat: str
    created_at: Millis
    state: EscalationState
    state_at: Millis
    timer_from_at: Millis
    is_restricted: bool = False
    tell_residents: bool = False
    sent_at: Millis | None = None
    received_at: Millis | None = None
    accepted_at: Millis | None = None
    closed_at: Millis | None = None
    return_code: str = ""
    resource: str = ""
    eta_at: Millis | None = None
    on_scene_at: Millis | None = None
    outcome: str = ""
    confirmed_by: str = ""
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One way of one escalation."""

    delivery_id: str
    escalation_id: str
    channel: str
    state: DeliveryState
    at: Millis
    attempts: int = 0
    next_at: Millis = 0
    proof: str = ""
    error: str = ""
