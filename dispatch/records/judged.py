"""What triage says of a report or a site, and why."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.records.states import Band, Millis


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
class OwnBand:
    """An operator's decision on a band: it wins over the score, is logged, is shown as theirs."""

    band: Band
    reason: str
    who: str
    at: Millis


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another site that one may repeat, and why. `is_link`: about persons, to be linked only (S10)."""

    site_id: int
    why: str
    likeness: float
    is_link: bool = False
