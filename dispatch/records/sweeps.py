"""An area sweep: a crew that goes through an area and clears what lies there, report or no report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dispatch.records.states import Millis

# As GeoJSON has them: (lng, lat) in degrees, the first corner once more as the last.
DrawnRing = tuple[tuple[float, float], ...]


class SweepState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether its crew still comes."""
        return self in (SweepState.PLANNED, SweepState.RUNNING)


class LeftOut(StrEnum):
    """Why a site inside a sweep's area is not the sweep's: each of these a person looks at by itself."""

    LIFE_SAFETY = "life_safety"  # P1 and P2
    WIRE = "wire"  # not made safe (S13)
    HANDED_OVER = "handed_over"  # emergency management has it
    PERSON = "person"  # about people, never about a place alone (S10)
    NEW_FACT = "new_fact"  # something joined that nobody has looked at (S10)
    NOT_ASSESSED = "not_assessed"  # in a language no list was read for (S1)


@dataclass(frozen=True, slots=True)
class SweepArea:
    """Neighborhoods by name, or rings drawn on the map; `name` is what people call it."""

    name: str
    neighborhoods: tuple[str, ...] = ()
    rings: tuple[DrawnRing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepDraft:
    """What a person enters. `families` and `categories` are keys of the category table, whichever names it;
    `from_at` and `until_at` are when the crew is there."""

    area: SweepArea
    families: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    crew: str = ""
    from_at: Millis
    until_at: Millis
    who: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sweep:
    """As it stands: its `version` goes up with each change, and `said` is what it was planned or changed to
    last. `person`, `position` and `at` are of the last change."""

    sweep_id: str
    number: int
    version: int
    state: SweepState
    said: SweepDraft
    person: str
    position: str
    at: Millis

    @property
    def label(self) -> str:
        """As the log and the forms name it."""
        return f"SW-{self.number}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Open sites inside a sweep's area with a category of it: those it covers, those left out by why.

    `quiet` are covered ones whose residents get no message, because their words are restricted (S8)."""

    sites: tuple[int, ...] = ()
    left: Mapping[int, LeftOut] = field(default_factory=dict)
    quiet: frozenset[int] = frozenset()
    told: frozenset[int] = frozenset()  # of those covered: whose residents have been told of this sweep


@dataclass(frozen=True, slots=True)
class SweepLine:
    """A sweep in the list of all: what it covers now, and of how many sites the residents were told, how many
    were closed by it."""

    sweep: Sweep
    coverage: Coverage
    told: int = 0
    closed: int = 0
