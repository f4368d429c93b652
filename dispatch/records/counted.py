"""What is counted of the room itself and of what residents heard: plain columns of the store, and shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from dispatch.records.states import Millis

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]


class FirstAct(NamedTuple):
    """A site whose reports come to P1: first reported, first act, closed (0: not yet)."""

    site_id: int
    first_at: Millis
    acted_at: Millis
    closed_at: Millis


class LogMark(NamedTuple):
    """A line of the activity log about a site, without its words."""

    number: int
    at: Millis
    act: str
    site_id: int


class Way(NamedTuple):
    """One delivery of a hand-over; `created_at` is the hand-over's; `is_open` says whether it waits still."""

    channel: str
    state: str
    at: Millis
    attempts: int
    site_id: int
    created_at: Millis
    is_open: bool


class SeatActs(NamedTuple):
    """Acts of people at a seat, all of them and in the last hour, and when the last one was."""

    seat: str
    acts: int
    last_hour: int
    last_at: Millis


@dataclass(frozen=True, slots=True)
class Standing:
    """How many wait, since when the oldest does, and about which sites they are."""

    count: int = 0
    oldest_at: Millis | None = None
    site_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Line311:
    """The 311 server as the store knows it. `calls` were made in the last minute, None where no store of many
    seats keeps them; `synced_by` is the seat that does it for the room."""

    newest_at: Millis | None
    swept_at: Millis | None
    synced_by: str = ""
    calls: int | None = None


@dataclass(frozen=True, slots=True)
class Database:
    kind: str
    size: int  # bytes
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RoomRows:
    """Everything the store says of the console itself, read at one moment.

    `operators` has, for each ten minutes since 1970 in which somebody acted, how many seats did.
    """

    started_at: Millis
    first_acts: tuple[FirstAct, ...]
    came_back: tuple[LogMark, ...]
    operators: Mapping[int, int]
    ways: tuple[Way, ...]
    waiting: Standing
    refused: Standing
    held: Standing
    quarantine: Standing
    seats: tuple[SeatActs, ...]
    here: frozenset[str]
    line: Line311
    database: Database


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports side by side, by rising `key`. Times are 0 where there is none; `department`, `category` and
    `source` number the names; `reporter` is 0 for who gave no account."""

    key: Whole
    site_id: Whole
    created_at: Whole
    closed_at: Whole
    updated_at: Whole
    department: Whole
    departments: tuple[str, ...]
    category: Whole
    categories: tuple[str, ...]
    source: Whole
    reporter: Whole


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of their threads: of which report, when, and whether a person of the city wrote it to the
    public."""

    key: Whole
    at: Whole
    is_ours: Whole


SOURCES = ("typed_here", "staff", "account", "anonymous")


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`, with the ends of its Wilson interval at 95 %; 0 to 1 where there is none."""

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        return self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Heard:
    """What the people of some reports heard. All shares but `read` are of those whose thread is read;
    `along`, `done` and `silent` of the closed ones among them. Of the first answer: `half` and `nine_in_ten`
    with those that still wait counted in, None where they cannot be told. `sites` are those that a share
    lacks, of `silent` and `reports` those that it holds. `kept` is of those whose told range is decided:
    closed by its end, or past it."""

    reports: int
    read: Share
    answered: Share
    along: Share
    done: Share
    silent: Share
    half: Millis | None
    nine_in_ten: Millis | None
    sources: tuple[int, ...]
    reporters: int
    sites: Mapping[str, frozenset[int]]
    kept: Share = Share(0, 0, 0.0, 1.0)
