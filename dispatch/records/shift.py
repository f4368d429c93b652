"""A shift's hand-over pack as it is kept: frozen numbers, what a person wrote, who gave and who took it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dispatch.records.states import Millis


class PackState(StrEnum):
    DRAFT = "draft"
    HANDED_OVER = "handed_over"  # signed by who goes
    CONFIRMED = "confirmed"  # signed by who comes: it is frozen


class Section(StrEnum):
    """The parts of a pack that are lists, in their order."""

    P1 = "p1"
    P2 = "p2"
    UNANSWERED = "unanswered"
    PROMISES = "promises"
    UTILITY = "utility"
    FAULTS = "faults"
    ROOM = "room"
    WEATHER = "weather"
    DESKS = "desks"
    SEATS = "seats"


@dataclass(frozen=True, slots=True)
class PackLine:
    """One line of a section. `key` is what a remark hangs on: `site 18234`, `EOC-0041`. Of a restricted site
    `what` and `where` say no more than S15 lets onto paper; `due_at` 0: at no time."""

    key: str
    what: str
    number: str = ""
    where: str = ""
    who: str = ""
    next: str = ""
    band: int = 0
    site_id: int = 0
    due_at: Millis = 0
    is_restricted: bool = False
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """Sites and reports at a time, without spam and what stands in another site; `open` by band, P1 first."""

    reports: int
    sites: int
    open: tuple[int, int, int, int, int]
    closed: int


@dataclass(frozen=True, slots=True)
class PackTotals:
    """Open sites `now` are those `then` + `came` + `reopened` - `closed` - `merged`: what came and was closed
    in the same shift is in both. `counts` has the whole length of each section, of which a pack may keep
    less."""

    then: Tally
    now: Tally
    came: int
    closed: int
    reopened: int
    merged: int
    untouched_p1: int
    oldest_p1_at: Millis | None
    live_wires: int
    unknown_closings: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PackRemarks:
    """What a person wrote; `items` by the key of a line."""

    objectives: str = ""
    weather: str = ""
    remarks: str = ""
    items: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """A name, a position and when; an empty name is nobody yet."""

    person: str = ""
    position: str = ""
    at: Millis = 0


@dataclass(frozen=True, slots=True)
class ShiftPack:
    """`edit` grows with each change of a draft. `briefing` is the ICS 201 of the same moment, as JSON knows
    it. `since_is_hand_over`: the numbers are compared with the last hand-over's, else with the period's
    beginning. `is_masked`: who asked sees no lists and no words (S15)."""

    pack_id: str
    number: int
    version: int
    edit: int
    state: PackState
    since_at: Millis
    since_is_hand_over: bool
    at: Millis
    until_at: Millis
    made_by: Signed
    outgoing: Signed
    incoming: Signed
    confirmed: Signed
    totals: PackTotals
    sections: Mapping[str, tuple[PackLine, ...]]
    remarks: PackRemarks
    briefing: Mapping[str, object] = field(default_factory=dict)
    log_number: int = 0
    log_hash: str = ""
    is_masked: bool = False

    def lines(self, section: Section) -> tuple[PackLine, ...]:
        return self.sections.get(section.value, ())
