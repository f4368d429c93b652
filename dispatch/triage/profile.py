"""The storm profile: which categories count now and for how much, and what it would have hidden (S1).

A city's category table is the beginning; the profile of a storm says where it differs. Pure: the store keeps
its text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from dispatch.errors import SettingsBroken
from dispatch.records import Assessment, Band
from dispatch.triage.categories import Category, CategoryTable

# A report with a photo and no words: nobody knows what it shows until somebody looks.
PHOTO_NOT_LOOKED_AT = "photo_not_looked_at"
# Somebody calls it dangerous: in a category with few points of its own that makes no band, and must be seen.
DANGER = "danger"

MOST_POINTS = 40.0  # of a category alone (points.toml: more would drown what residents say)
MOST_FIRST_LOOK_MIN = 24 * 60
MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class CategoryChange:
    """What a profile says of one category; None leaves the city's table as it is."""

    is_essential: bool | None = None
    default_band: Band | None = None
    base_points: float | None = None
    first_look_min: int | None = None
    storm_days: int | None = None

    def problem(self) -> str:
        """What is wrong with it, in a sentence; empty when nothing is."""
        if self.base_points is not None and not 0 <= self.base_points <= MOST_POINTS:
            return f"Points are from 0 to {MOST_POINTS:.0f}."
        if self.first_look_min is not None and not 1 <= self.first_look_min <= MOST_FIRST_LOOK_MIN:
            return f"The first look is within 1 to {MOST_FIRST_LOOK_MIN} minutes."
        if self.storm_days is not None and not 1 <= self.storm_days <= MOST_DAYS:
            return f"Residents are told 1 to {MOST_DAYS} days."
        return ""

    def applied_to(self, category: Category) -> Category:
        said = {name: value for name, value in _values(self).items() if value is not None}
        return replace(category, **said)


CategoryChanges = Mapping[str, CategoryChange]


def difference(before: Category, after: Category) -> CategoryChange:
    """What would have to be said of the first to make it the second."""
    old, new = (_values_of(category) for category in (before, after))
    return CategoryChange(**{name: new[name] for name in new if new[name] != old[name]})


def to_text(changes: CategoryChanges) -> str:
    """For the store; the same changes always give the same text."""
    said = {
        key: {name: value for name, value in _values(change).items() if value is not None}
        for key, change in changes.items()
    }
    return orjson.dumps({k: v for k, v in said.items() if v}, option=orjson.OPT_SORT_KEYS).decode()


def from_text(text: str) -> dict[str, CategoryChange]:
    """Raises SettingsBroken for what is no profile."""
    try:
        return {key: _change(said) for key, said in orjson.loads(text).items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise SettingsBroken(f"The stored storm profile cannot be read: {error}.") from error


def _change(said: Mapping[str, Any]) -> CategoryChange:
    band = said.get("default_band")
    return CategoryChange(**{**said, "default_band": None if band is None else Band(band)})


def _values(change: CategoryChange) -> dict[str, Any]:
    return asdict(change)


def _values_of(category: Category) -> dict[str, Any]:
    return {name: getattr(category, name) for name in CategoryChange.__dataclass_fields__}


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
        or not assessment.cues.isdisjoint((PHOTO_NOT_LOOKED_AT, DANGER))
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
