"""The storm profile: which categories count now, and what setting the others aside would have hidden (S1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dispatch.records import Assessment, Band
from dispatch.triage.categories import CategoryTable

# A report with a photo and no words: nobody knows what it shows until somebody looks.
PHOTO_NOT_LOOKED_AT = "photo_not_looked_at"


@dataclass(frozen=True, slots=True)
class StormProfile:
    """On or off, and the keys of the categories that stay in the queue while it is on."""

    is_on: bool
    essential: frozenset[str]

    @classmethod
    def of(cls, table: CategoryTable, *, is_on: bool) -> StormProfile:
        return cls(is_on, frozenset(category.key for category in table if category.is_essential))

    def puts_off(self, category_key: str) -> bool:
        """Whether the category can wait; what its reports say is decided after scoring."""
        return self.is_on and category_key not in self.essential

    def apply(self, assessment: Assessment) -> Assessment:
        """S1, after scoring: switching the profile needs no second look at the words."""
        is_set_aside = self.puts_off(assessment.category) and not must_stay(assessment)
        if is_set_aside == assessment.is_set_aside:
            return assessment
        return replace(assessment, is_set_aside=is_set_aside)


def must_stay(assessment: Assessment) -> bool:
    """What keeps a report in the queue whatever its category."""
    return (
        assessment.band in (Band.P1, Band.P2)
        or not assessment.is_assessed
        or PHOTO_NOT_LOOKED_AT in assessment.cues
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """What a profile does: how many it sets aside by category, and which reports S1 keeps in the queue."""

    kept: int
    set_aside: Mapping[str, int]
    would_have_hidden: tuple[str, ...]
    not_known: tuple[str, ...]

    @property
    def set_aside_count(self) -> int:
        return sum(self.set_aside.values())


def preview(profile: StormProfile, assessed: Iterable[tuple[str, Assessment]]) -> Preview:
    """Over (request_id, assessment). `would_have_hidden`: P1, then P2; `not_known`: language or photo."""
    rows = list(assessed)
    put_off = [(request_id, each) for request_id, each in rows if profile.puts_off(each.category)]
    staying = [(request_id, each) for request_id, each in put_off if must_stay(each)]
    dangerous = sorted((row for row in staying if row[1].band <= Band.P2), key=lambda row: row[1].band)
    hidden = Counter(each.category for _, each in put_off if not must_stay(each))
    return Preview(
        kept=len(rows) - hidden.total(),
        set_aside=dict(hidden),
        would_have_hidden=tuple(request_id for request_id, _ in dangerous),
        not_known=tuple(request_id for request_id, each in staying if each.band > Band.P2),
    )
