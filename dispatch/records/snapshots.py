"""What heads a snapshot and only people know, and which snapshots were kept, reviewed and published."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from dispatch.records.shift import Signed
from dispatch.records.states import Millis


@dataclass(frozen=True, slots=True, kw_only=True)
class StormFacts:
    """The head of a county's report as the city has entered it; empty: not entered. FEMA's incident period is
    kept apart from the period that is counted. `said` is who entered it, and when: nobody yet where nobody
    has."""

    contact: str = ""
    disaster_number: str = ""
    declared_area: str = ""
    incident_period: str = ""
    activation_level: str = ""
    local_emergency: str = ""
    said: Signed = field(default_factory=Signed)


class VersionState(StrEnum):
    WORKING = "working"
    REVIEWED = "reviewed"
    PUBLISHED = "published"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVersion:
    """A snapshot that somebody kept, without its rows. `number` is 0 until it is published, then 1, 2, …
    within the activation; `replaces` is the number of the one whose place it takes, 0 for none. `digest`
    follows from head and rows; `reports` and `sites` are how many it counts; `why` is what was corrected."""

    version_id: str
    state: VersionState
    number: int
    replaces: int
    from_at: Millis
    to_at: Millis
    area: str
    only_storm: bool
    digest: str
    reports: int
    sites: int
    why: str
    made: Signed
    reviewed: Signed = field(default_factory=Signed)
    published: Signed = field(default_factory=Signed)

    @property
    def is_reviewed_by_maker(self) -> bool:
        return bool(self.reviewed.person) and self.reviewed.person == self.made.person
