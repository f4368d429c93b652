"""What was handed over, to whom, and what came back or is being read out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dispatch.records.facts import Told911
from dispatch.records.rows import Place
from dispatch.records.states import Band, DeliveryState, EscalationState, Millis, ReturnCode


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
    token: str = field(default="", repr=False)
    asked_at: Millis | None = None  # "still needed?" was asked of what was held for weather (S7)

    @property
    def site_ids(self) -> tuple[int, ...]:
        return (self.site_id, *self.other_site_ids)

    @property
    def is_unmet(self) -> bool:
        """Nothing is there to send: it stands on the EM desk and in every report until something is."""
        is_refused = self.state == EscalationState.RETURNED and self.return_code == ReturnCode.NO_RESOURCE
        return is_refused or self.state == EscalationState.MUTUAL_AID


DUTY_OFFICER = "Duty officer"


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who is on a desk of emergency management; an empty `person` is a vacant one."""

    desk: str
    person: str
    contact: str
    since_at: Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What came back down a channel. `key` is the same however often the same answer comes; `act` is an act
    of `dispatch.escalation.states`, empty where it is not clear what is meant; `why_unclear` says why not.
    `undelivered` says that nobody answered: the letter whose id is the text came back."""

    key: str
    channel: str
    at: Millis
    escalation_id: str = ""  # or its number, where a person's answer names no more
    token: str = field(default="", repr=False)
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
