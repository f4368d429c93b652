"""What is shown of one site, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dispatch.records.escalations import Delivery, Escalation
from dispatch.records.facts import BY_HAND, Fact, OwnPlace
from dispatch.records.judged import OwnBand, Reason, Suggestion
from dispatch.records.offers import Offer
from dispatch.records.reports import ServiceRequest
from dispatch.records.residents import Recipient
from dispatch.records.rows import SiteRow
from dispatch.records.states import Band, Millis


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One line of a site's thread: a report, a resident's or the city's message, ours on its way, a note.

    `kind` is report, resident, city, rule (the city's, written by a rule as the report came in), system,
    internal (for the organization alone), ours or note; `state` is an OutboxState, and `act` an OutboxKind,
    of what is on its way. `first_text` is what it said before the server changed it, seen at `edited_at`.
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
    is_moderated: bool = False
    first_text: str = ""
    edited_at: Millis = 0


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
    # What neighbors offer in its words, oldest first; why nobody is pointed there, empty where they may be.
    offers: tuple[Offer, ...] = ()
    no_neighbor: str = ""
    # Who would read a message, one for each report in their order.
    recipients: tuple[Recipient, ...] = ()
    # Words in brackets stand for phone and unit numbers and e-mail addresses (S15).
    is_covered: bool = False

    def fact(self, name: str) -> Fact | None:
        """The newest fact of that name."""
        return next((fact for fact in reversed(self.facts) if fact.name == name), None)

    @property
    def own_place(self) -> OwnPlace | None:
        fact = self.fact(BY_HAND)
        return OwnPlace.of_fact(fact) if fact else None


@dataclass(frozen=True, slots=True)
class LookUp:
    """`by_number` is the site of the report with that number, 0 when none has it; `site_ids` hold the words,
    best first; `as_typed` hold them one behind the other, as an address does."""

    by_number: int = 0
    site_ids: tuple[int, ...] = ()
    as_typed: tuple[int, ...] = ()
