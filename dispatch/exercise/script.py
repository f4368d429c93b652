"""What a storm is made of: people, categories, and rows that each live through a few steps in storm time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from dispatch.records import Millis

SECOND_MS = 1000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

# What the vendor's members did within a minute of a report, in the rows we know: a second write of the
# fresh row, and an acknowledgement by rule.
TOUCHED_AFTER_S = (1, 30)
ACKNOWLEDGED_AFTER_S = (2, 60)


@dataclass(frozen=True, slots=True)
class Person:
    person_id: int
    name: str
    role: str


ANONYMOUS = Person(0, "An anonymous SeeClickFix user", "Registered User")
ANONYMOUS_SHARE = 0.25
# The accounts that type in what callers say.
STAFF = tuple(Person(1_200_001 + n, f"Call Taker {n + 1}", "Verified Official") for n in range(4))
RESIDENTS = 5000


def some_resident(random: Random) -> Person:
    number = random.randrange(RESIDENTS)
    name = "Neighbor" if number % 10 == 0 else f"Resident {number:04x}"
    return Person(3_000_001 + number, name, "Registered User")


@dataclass(frozen=True, slots=True)
class RequestType:
    type_id: int
    title: str
    key: str = ""
    # Some are offered to the public only in a storm: a city switches them on.
    starts_offered: bool = True


class Kind(StrEnum):
    """What can happen to a report after it was made."""

    TOUCH = "touch"
    ACKNOWLEDGE = "acknowledge"
    CLOSE = "close"
    OPEN = "open"
    COMMENT = "comment"
    ARCHIVE = "archive"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Step:
    at: Millis
    kind: Kind
    text: str = ""
    author: Person | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One report as the storm will make it, with all that will happen to it unless somebody acts first."""

    request_id: int
    created_at: Millis
    summary: str
    description: str
    address: str
    lat: float | None
    lng: float | None
    type_id: int | None
    reporter: Person
    source_id: str | None = None
    raw_status: str | None = None
    rating: int = 1
    has_photo: bool = False
    steps: tuple[Step, ...] = ()
    # A row of a file is a record: what it calls closed is not archived later by our rule.
    is_record: bool = False
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Storm:
    name: str
    organization: str
    organization_id: int
    zone: ZoneInfo
    types: tuple[RequestType, ...]
    # Where its clock stands when the exercise opens.
    starts_at: Millis
    rows: tuple[Row, ...] = ()
    # The share of pages that begin with the last row of the page before, as when a list grows between reads.
    repeats: float = 0.0

    @property
    def office(self) -> Person:
        """The city itself, which writes the lines of closings and assignments."""
        return Person(1_354_845, self.organization, "Verified Official")

    @property
    def member(self) -> Person:
        """The account the token belongs to: what a console writes comes from here."""
        return Person(2_000_001, f"{self.organization} EOC", "Verified Official")


def first_minute(random: Random, created_at: Millis) -> tuple[Step, Step]:
    """What happens to every fresh report: it is written a second time, and acknowledged by rule."""
    return (
        Step(created_at + random.randint(*TOUCHED_AFTER_S) * SECOND_MS, Kind.TOUCH),
        Step(created_at + random.randint(*ACKNOWLEDGED_AFTER_S) * SECOND_MS, Kind.ACKNOWLEDGE),
    )


def whole_second(at: Millis) -> Millis:
    """The server stamps whole seconds."""
    return at - at % SECOND_MS
