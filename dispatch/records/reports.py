"""What residents told a server, and what it says of them: reports, messages, a page of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from dispatch.records.judged import Reason
from dispatch.records.rows import Place
from dispatch.records.states import Band, CrmStatus, Flag, Millis

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
    """One line of a request's thread on the server; an internal one is for the organization alone.

    `first_text` is what it said when it first came, where the server has changed it since; `edited_at` when
    that was seen."""

    message_id: str
    author: Reporter
    text: str
    at: Millis
    is_moderated: bool = False
    is_internal: bool = False
    first_text: str = ""
    edited_at: Millis = 0

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
