"""Notices: what the city says to the public, for an area and a time, and who stands for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.records.states import Millis


class NoticeKind(StrEnum):
    EVACUATION = "evacuation"
    SHELTER = "shelter"
    REENTRY = "reentry"
    PROTECTIVE = "protective"
    SERVICE = "service"
    INFORMATION = "information"
    THANKS = "thanks"

    @property
    def is_order(self) -> bool:
        """An order of an authority: it names that and the order, and a second person approves it."""
        return self in (NoticeKind.EVACUATION, NoticeKind.SHELTER, NoticeKind.REENTRY)


class NoticeState(StrEnum):
    """`approved` is what the first one has approved; whether that is enough is the notice's to say."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    LIVE = "live"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"


IN_PREPARATION = (NoticeState.DRAFT, NoticeState.SUBMITTED, NoticeState.APPROVED)
ENDED = (NoticeState.EXPIRED, NoticeState.CANCELLED, NoticeState.SUPERSEDED)

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class NoticePart:
    """One area as its layer has it: `layer` is `neighborhoods`, `evacuation_zones` or an imported layer's
    id. Each ring of (lat, lon) in degrees is the outer line of one piece, closed: its last is its first."""

    layer: str
    name: str
    rings: tuple[Ring, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeArea:
    """Without parts the whole city, whose own outline `city` then holds."""

    parts: tuple[NoticePart, ...] = ()
    city: tuple[Ring, ...] = ()

    @property
    def is_whole_city(self) -> bool:
        return not self.parts

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(part.name for part in self.parts)

    @property
    def rings(self) -> tuple[Ring, ...]:
        """The outer lines of all of it, for maps and CAP."""
        return tuple(ring for part in self.parts for ring in part.rings) or self.city


@dataclass(frozen=True, slots=True)
class NoticeText:
    """`language` as in BCP 47, of the city's own languages."""

    language: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDraft:
    """What a person writes. `area` names what is copied from the layers: (layer, name) each, none for the
    whole city. `updates` is the notice it stands in for once it is published, empty for a first one.
    `from_draft` is the city's text it began from; `storm_as_of_at` of when the storm's figures in it are, 0
    where it has none."""

    kind: NoticeKind
    texts: tuple[NoticeText, ...]
    area: tuple[tuple[str, str], ...] = ()
    starts_at: Millis = 0
    expires_at: Millis = 0
    authority: str = ""
    order: str = ""
    updates: str = ""
    from_draft: str = ""
    storm_as_of_at: Millis = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice as it stands. Persons are named as the log names them; times are the storm's.

    `version` counts what was done to it. `sent_back_why` is why it came back to its author, `ended_why` why
    it was cancelled; `cancel_texts` is what the public is told then. `chain` are the ids of the notices it
    updates, the first one first."""

    notice_id: str
    number: str
    kind: NoticeKind
    state: NoticeState
    texts: tuple[NoticeText, ...]
    area: NoticeArea
    starts_at: Millis
    expires_at: Millis
    authority: str = ""
    order: str = ""
    drafted_by: str = ""
    edited_by: str = ""
    created_at: Millis = 0
    submitted_at: Millis = 0
    approved_by: str = ""
    approved_at: Millis = 0
    second_by: str = ""
    second_at: Millis = 0
    published_by: str = ""
    published_at: Millis = 0
    ended_at: Millis = 0
    ended_why: str = ""
    sent_back_why: str = ""
    cancel_texts: tuple[NoticeText, ...] = ()
    updates: str = ""
    chain: tuple[str, ...] = ()
    version: int = 1
    from_draft: str = ""
    storm_as_of_at: Millis = 0

    @property
    def is_approved(self) -> bool:
        """By as many as its kind needs."""
        return self.state is NoticeState.APPROVED and bool(self.second_by or not self.kind.is_order)

    def is_live(self, now: Millis) -> bool:
        """In force or about to be: published, and not over by its own time."""
        return self.state is NoticeState.LIVE and now < self.expires_at

    def text_in(self, language: str) -> NoticeText:
        """In that language; in the first one where it has none."""
        return next((each for each in self.texts if each.language == language), self.texts[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePlace:
    """Where a notice stands, or is to: `place` is `server` or one of the hand-off's (website, app, social,
    radio), in one language of the hand-off's. `state` is `waiting`, `sending`, `done`, `failed`, `stopped`
    or, taken down there again, `ended`. `link` is what was pasted back, or the server's own id."""

    notice_id: str
    place: str
    language: str = ""
    state: str = "done"
    at: Millis = 0
    person: str = ""
    link: str = ""
    error: str = ""
    due_at: Millis = 0
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class NoticeStep:
    """One version in the history of a notice: what it became, by whom."""

    version: int
    state: NoticeState
    at: Millis
    person: str
    position: str
