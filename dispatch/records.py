"""Frozen records and enums that travel everywhere. No behavior beyond what a record can say of itself.

Times are whole milliseconds since 1970 UTC (`Millis`), as both databases store them; a name that ends
in `_at` is such a time. Places are WGS84 degrees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag, StrEnum
from typing import Any, NamedTuple, TypeAlias

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
    FORWARDED = "forwarded"  # to the county, whose answer is waited for
    MUTUAL_AID = "mutual_aid"  # no resource of our own: one of somebody else's is asked for
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
    FAILED = "failed"  # tried again
    DEAD_LETTER = "dead_letter"  # not tried again until a person sends it again
    ANSWERED = "answered"  # somebody acknowledged the hand-over elsewhere before it could leave


class OutboxState(StrEnum):
    """`held`: the city has it and shows it once a moderator has read it, or not; it is never sent again."""

    WAITING = "waiting"
    SENDING = "sending"
    HELD = "held"
    SENT = "sent"
    FAILED = "failed"
    TAKEN_BACK = "taken_back"


class OutboxKind(StrEnum):
    """What goes to the 311 server."""

    MESSAGE = "message"
    ACKNOWLEDGE = "acknowledge"
    CLOSE = "close"
    REOPEN = "reopen"
    ASSIGN = "assign"
    INTERNAL_NOTE = "internal_note"
    NEW_REQUEST = "new_request"


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees WGS84; never 0,0: an unknown place is None."""

    lat: float
    lng: float


STAFF_ROLES = ("Verified Official", "Admin")


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reported or wrote, as the server says. `reporter_id` "0" is anonymous and shared by many."""

    reporter_id: str
    name: str
    role: str = ""

    @property
    def is_anonymous(self) -> bool:
        return self.reporter_id in ("", "0")

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF_ROLES


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
    # Of servers that say it: when it should be done, who does it, what they noted last.
    expected_at: Millis | None = None
    agency: str = ""
    status_notes: str = ""
    # The request this one repeats, where the server says so.
    duplicate_of: str = ""
    # The account on the server it is assigned to; `agency` has the name.
    assignee_id: str = ""
    # Shown to the organization only: masked wherever the public could look (S15).
    is_private: bool = False
    # What had to be assumed to read it ("zone assumed", "swapped place", "no time of entry" …).
    doubts: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        return self.status.is_open

    @property
    def text(self) -> str:
        """Summary and description as one text to read and to score."""
        if not self.description:
            return self.summary
        return f"{self.summary}. {self.description}" if self.summary else self.description


NOTE_OF_ROW = "note-"


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a request's thread on the server; an internal one is for the organization alone."""

    message_id: str
    author: Reporter
    text: str
    at: Millis
    is_moderated: bool = False
    is_internal: bool = False

    @property
    def is_note_of_row(self) -> bool:
        """Read off the request's own row, without an id: the same words may come again with one."""
        return self.message_id.startswith(NOTE_OF_ROW)


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A row that could not be understood: kept raw with the reason, counted, never dropped."""

    reason: str
    raw: bytes
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the request list. `next_page` is None on the last one. `received` counts the rows the
    server sent, those too that were bad or lay outside what was asked: a cap shows in it. `pending` counts
    rows with a token and no id yet, left for a later poll."""

    requests: tuple[ServiceRequest, ...]
    bad: tuple[BadRecord, ...]
    next_page: int | None
    entries: int | None
    received: int = 0
    pending: int = 0
    fullest: int = 0


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


NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Told911:
    """The 911 step of S3: told (when, whom, incident number) or not reached."""

    is_told: bool
    at: Millis
    spoken_to: str = ""
    incident_number: str = ""

    @property
    def words(self) -> str:
        """As the fact is kept and read: "no. 17-2231, Ana", or "not reached"."""
        told = f"no. {self.incident_number}".strip() if self.is_told else NOT_REACHED
        return f"{told}, {self.spoken_to}" if self.spoken_to else told

    @classmethod
    def of_fact(cls, fact: Fact) -> Told911:
        told, _, spoken_to = fact.value.partition(", ")
        number = told.removeprefix("no.").strip() if told != NOT_REACHED else ""
        return cls(told != NOT_REACHED, fact.at, spoken_to, number)


BY_HAND = "placed"


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """Where a person put a site (S11): the site's own, never the resident's or the server's. `words` is what
    it was found by, empty for a spot on the map; `seen` is the place the reports gave then."""

    place: Place
    words: str
    seen: Place | None
    who: str
    at: Millis

    @property
    def value(self) -> str:
        """As the fact keeps it: "27.74890,-82.67490|27.75100,-82.67000|2214 22nd Ave S"."""
        return f"{_degrees(self.place)}|{_degrees(self.seen)}|{self.words}"

    @classmethod
    def of_fact(cls, fact: Fact) -> OwnPlace | None:
        """None where it was taken away again."""
        if not fact.value:
            return None
        place, seen, words = fact.value.split("|", 2)
        put = _place_of(place)
        return cls(put, words, _place_of(seen), fact.who, fact.at) if put else None


def _degrees(place: Place | None) -> str:
    return f"{place.lat:.6f},{place.lng:.6f}" if place else ""


def _place_of(degrees: str) -> Place | None:
    lat, _, lng = degrees.partition(",")
    return Place(float(lat), float(lng)) if lng else None


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
    unit: str = ""
    cross_street: str = ""
    has_wire: bool = False  # a wire cue in any report: live until `made_safe` says by whom and when (S13)
    made_safe: str = ""
    is_update_of: str = ""
    placed_by: str = ""  # who put it on the map by hand, where the reports do not say it (S11)
    placed_at: Millis | None = None
    forwarded_to: str = ""  # who has it now, their mission number, since when
    forwarded_number: str = ""
    forwarded_at: Millis | None = None
    other_site_ids: tuple[int, ...] = ()  # handed over as one with `site_id`
    to_person: str = ""  # on the desk now; the duty officer's where nobody is
    # Goes out with every hand-over and comes back with an answer: who knows it was handed this one (S17).
    token: str = ""
    asked_at: Millis | None = None  # "still needed?" was asked of what was held for weather (S7)

    @property
    def site_ids(self) -> tuple[int, ...]:
        return (self.site_id, *self.other_site_ids)


DUTY_OFFICER = "Duty officer"


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is on a desk of emergency management; an empty `person` is a vacant one."""

    desk: str
    person: str
    contact: str
    since_at: Millis


class IncomingState(StrEnum):
    TAKEN = "taken"  # it answered its hand-over
    TO_READ = "to_read"  # a person decides what it means (S17)
    READ = "read"  # somebody did


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What came back down a channel. `key` is the same however often the same answer comes; `act` is an act
    of `dispatch.escalation.states`, empty where it is not clear what is meant; `why_unclear` says why not.
    `undelivered` says that nobody answered: the letter whose id is the text came back."""

    key: str
    channel: str
    at: Millis
    escalation_id: str = ""  # or its number, where a person's answer names no more
    token: str = ""
    act: str = ""
    text: str = ""
    by_name: str = ""
    by_position: str = ""
    desk: str = ""  # passed on or forwarded to
    number: str = ""  # that it has there
    return_code: str = ""
    resource: str = ""
    eta_at: Millis | None = None
    outcome: str = ""
    confirmed_by: str = ""
    why_unclear: str = ""
    undelivered: str = ""


@dataclass(frozen=True, slots=True)
class ToRead:
    """An answer that a person has to read; `number` of its hand-over where that could be told."""

    incoming: Incoming
    number: str
    site_id: int | None


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


class Flag(IntFlag):
    """Marks of a site that rows, markers, filters and rules ask for; one machine word a site."""

    WIRE = 1  # a wire cue in any report (S13)
    RESTRICTED = 2  # its words are masked outside queue and EM desk (S15)
    PLACE_DOUBT = 4  # pin, address and words disagree, or the pin is a default one (S11)
    NEW_FACT = 8  # a P1 or P2 cue joined after somebody had acted (S10)
    NOT_ASSESSED = 16  # a language we have no list for (S1)
    PERSON = 32  # about persons: linked by building, never merged (S10)
    SEND_911 = 64  # the 911 step comes first (S3)
    SERVER_CLOSED = 128  # closed on the server while an escalation or claim is open
    OUTSIDE_CITY = 256
    SET_ASIDE = 512  # until after the storm: out of sight, counted (S1)
    MERGED = 1024  # its reports stand in another site
    BULK = 2048  # came in a bulk entry
    REOPENED = 4096
    MADE_SAFE = 8192  # the utility says dead (S13)
    UTILITY_TOLD = 16384
    TOLD_911 = 32768
    NOT_REACHED_911 = 65536
    CALLER_911 = 131072  # the words ask for it now: send_to_911 = always
    OVERRIDDEN = 262144  # an operator's own band stands
    MAY_REPEAT = 1048576  # another site may be about the same thing; a person decides (S10)


class SiteRow(NamedTuple):
    """What the board keeps of a site; one row of the store's one board query."""

    site_id: int
    band: int
    score: float
    first_at: Millis
    last_at: Millis
    acted_at: Millis
    reports: int
    state: int
    state_reason: str
    category: str
    neighborhood: str
    lat: float | None
    lng: float | None
    flags: int
    snoozed_until: Millis
    what: str
    where: str
    why: str
    claimed_by: str
    claimed_seat: str
    claimed_at: Millis
    escalation_state: str
    escalation_number: str
    escalation_desk: str
    escalation_state_at: Millis


class ReportRow(NamedTuple):
    """One report's entry time and the site it stands in, for counting reports per hour."""

    request_key: int
    created_at: Millis
    site_id: int


SITE_STATES: tuple[SiteState, ...] = tuple(SiteState)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a person established about a site: name, words, who, when. Never changed, only added."""

    name: str
    value: str
    who: str
    at: Millis


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One line of a site's thread: a report, a resident's or the city's message, ours on its way, a note.

    `kind` is report, resident, city, rule (the city's, written by a rule as the report came in), system,
    internal (for the organization alone), ours or note; `state` is an OutboxState, and `act` an OutboxKind,
    of what is on its way.
    """

    kind: str
    request_id: str
    author: str
    text: str
    at: Millis
    photo_url: str = ""
    state: str = ""
    outbox_id: str = ""
    due_at: Millis = 0
    error: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class LogLine:
    number: int
    at: Millis
    person: str
    position: str
    seat: str
    act: str
    text: str


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry of the activity log, of a site or not. `is_part`: one of the many sites of an act at many,
    which has an entry of its own."""

    number: int
    at: Millis
    person: str
    position: str
    seat: str
    act: str
    site_id: int | None
    text: str
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """Counts for a briefing: what stands open now, and of each category the sites first reported (in the
    period, to date). Reported, not assessed."""

    open_by_band: Mapping[Band, int]
    untouched_p1: int
    oldest_p1_at: Millis | None
    reports_in_period: int
    reports_to_date: int
    by_category: Mapping[str, tuple[int, int]]
    worst_areas: tuple[tuple[str, int], ...]
    live_wires: int


@dataclass(frozen=True, slots=True)
class OwnBand:
    """An operator's decision on a band: it wins over the score, is logged, is shown as theirs."""

    band: Band
    reason: str
    who: str
    at: Millis


@dataclass(frozen=True, slots=True)
class SiteView:
    """Everything the detail shows of one site, fetched by id."""

    row: SiteRow
    category_label: str
    title: str
    address: str
    place_doubt: str
    assessed_band: Band
    own_band: OwnBand | None
    reasons: tuple[Reason, ...]
    requests: tuple[ServiceRequest, ...]
    thread: tuple[ThreadLine, ...]
    facts: tuple[Fact, ...]
    linked_sites: tuple[int, ...]
    escalations: tuple[Escalation, ...]
    log: tuple[LogLine, ...]
    followers: int
    can_message: bool
    cannot_message_why: str = ""
    # (report, since when) of those the 311 server no longer has; nothing closes by itself for that.
    gone: tuple[tuple[str, Millis], ...] = ()
    # What it may repeat, or what may repeat it, the likest first.
    suggestions: tuple[Suggestion, ...] = ()
    # Minutes from the first report until somebody must have looked, by the profile in force; 0: not known.
    first_look_min: int = 0
    # The ways of its hand-overs.
    deliveries: tuple[Delivery, ...] = ()

    def fact(self, name: str) -> Fact | None:
        """The newest fact of that name."""
        return next((fact for fact in reversed(self.facts) if fact.name == name), None)

    @property
    def own_place(self) -> OwnPlace | None:
        fact = self.fact(BY_HAND)
        return OwnPlace.of_fact(fact) if fact else None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another site that one may repeat, and why. `is_link`: about persons, to be linked only (S10)."""

    site_id: int
    why: str
    likeness: float
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class EscalationDraft:
    """What the escalate sheet holds: `desk.draft` fills it, the operator mends it, `desk.escalate` sends."""

    site_id: int
    desk: str
    esf: str
    effect_needed: str
    need_by_at: Millis | None
    why_now: str
    details: str
    people: str
    mobility: str
    place_quality: str
    unit: str
    safe_approach: str
    call_back: str
    language: str
    already_done: str
    channels: tuple[str, ...]
    tell_residents: bool
    told_911: Told911 | None
    needs_911: bool
    other_site_ids: tuple[int, ...] = ()
    # The open hand-overs of the site, number by desk; and one that came back, which is sent again.
    open_with: Mapping[str, str] = field(default_factory=dict)
    came_back: str = ""

    @property
    def is_update_of(self) -> str:
        """The number this is added to, or sent again under; empty for one of its own, beside others that
        may be open with other desks."""
        return self.open_with.get(self.desk) or self.came_back


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """What the status line says of the 311 server; ages by wall time, in seconds.

    `state` is starting, in_step, behind, waiting, refused, stopped, or elsewhere when another process syncs;
    `sentence` says the trouble in words.
    """

    state: str
    sentence: str
    in_step_at: float | None
    next_try_at: float | None
    to_send: int
    held_back: int
    quarantined: int
    requests: int
    # The backlog: how many there are with it, rows a minute, when it will be done; None what nobody can know.
    expected: int | None = None
    rows_per_minute: int | None = None
    done_at: float | None = None
    is_paused: bool = False
    # What comes next: the next look, the first message to leave, the rest after a page of the backlog (None
    # when there is none to fetch), until when the server holds us, threads to read, the agreed calls.
    next_look_at: float | None = None
    next_send_at: float | None = None
    page_every_s: float | None = None
    held_until: float | None = None
    to_read: int = 0
    calls_per_minute: int = 0


@dataclass(frozen=True, slots=True)
class Suspension:
    """Field response suspended by service (S7)."""

    service: str
    since_at: Millis
    why: str
    review_at: Millis
    who: str


class ShelfReason(StrEnum):
    """Why an alarm is set aside for a while."""

    IN_HAND = "in_hand"  # somebody is on it, outside this console
    KNOWN_FAULT = "known_fault"
    FALSE = "false"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Shelf:
    """An alarm set aside by a person with reason and end. `kind` is one of `alarms.Kind`; `site_id` is 0 for
    what concerns no site. Times are wall time: people wait by it, also in an exercise."""

    kind: str
    site_id: int
    reason: ShelfReason
    note: str
    who: str
    position: str
    seat: str
    at: Millis
    until: Millis


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row of the 311 server that nobody could read, kept raw in quarantine."""

    request_id: str
    reason: str
    at: Millis


@dataclass(frozen=True, slots=True)
class Activation:
    activation_id: str
    name: str
    is_exercise: bool
    started_at: Millis
    storm_mode: bool
    period_number: int
    period_from_at: Millis
    period_to_at: Millis


@dataclass(frozen=True, slots=True)
class SiteSummary:
    """What a site's reports come to together: made by triage, kept by the store, painted by the board."""

    band: Band
    score: float
    reasons: tuple[Reason, ...]
    first_at: Millis
    last_at: Millis
    reports: int
    category: str
    neighborhood: str
    place: Place | None
    flags: Flag
    what: str
    where: str
    place_doubt: str
    # Names of the reasons, each between commas, in alphabetical order.
    why: str = ""


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


@dataclass(frozen=True, slots=True)
class LookUp:
    """`by_number` is the site of the report with that number, 0 when none has it; `site_ids` hold the words,
    best first; `as_typed` hold them one behind the other, as an address does."""

    by_number: int = 0
    site_ids: tuple[int, ...] = ()
    as_typed: tuple[int, ...] = ()
