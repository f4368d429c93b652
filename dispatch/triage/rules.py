"""Everything a score is made from, read once: categories, cues, points, languages, the text
model, the storm profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from dispatch.errors import SettingsBroken
from dispatch.records import Assessment
from dispatch.resources import resource
from dispatch.triage.categories import CategoryMap, CategoryTable, load_categories, load_category_map
from dispatch.triage.cues import CueList, load_cues
from dispatch.triage.language import LanguageGuess, load_languages
from dispatch.triage.lists import reading
from dispatch.triage.offers import OfferList, load_offers
from dispatch.triage.profile import StormProfile
from dispatch.triage.text_model import TextModel, load_text_model


@dataclass(frozen=True, slots=True)
class PartPoints:
    """Points of the first cue of a part, and of each further distinct one."""

    first: float
    further: float


@dataclass(frozen=True, slots=True)
class Points:
    """`points.toml`: the table of what each part of a score counts."""

    parts: Mapping[str, PartPoints]
    p2_from: float
    place: float
    not_assessed: float
    reporters_at_most: float
    waiting_at_most: float


@dataclass(frozen=True, slots=True)
class Rules:
    """What `assess` needs; made once, replaced when the profile or a table changes."""

    table: CategoryTable
    categories: CategoryMap
    cues: CueList
    points: Points
    languages: LanguageGuess
    text_model: TextModel
    profile: StormProfile
    # Beside the score: what is found by them brings neither points nor a band.
    offers: OfferList
    # What texts came to by these very rules, by (text, category, has a place); other rules begin anew.
    known: dict[tuple[str, str, bool], Assessment] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )


def load_points(path: Path | None = None) -> Points:
    path = path or resource("triage", "points.toml")
    with reading("points table", path) as table:
        parts = {
            name: PartPoints(row["points"], row["points"] * row["further"])
            for name, row in table.pop("parts").items()
        }
        return Points(parts=parts, **table)


@cache
def load_rules(jurisdiction: str, *, storm_mode: bool = True, text_model: Path | None = None) -> Rules:
    """Everything for one city, read once in a process; `text_model` is a file of weights to try instead of
    ours."""
    table = load_categories()
    cues = load_cues()
    points = load_points()
    for name, cue in cues.cues.items():
        if cue.part and cue.part not in points.parts:
            raise SettingsBroken(f"The cue '{name}' counts for '{cue.part}', which points.toml lacks.")
    return Rules(
        table=table,
        categories=load_category_map(jurisdiction, table),
        cues=cues,
        points=points,
        languages=load_languages(cues, table.words),
        text_model=load_text_model(text_model),
        profile=StormProfile.of(table, is_on=storm_mode),
        offers=load_offers(cues),
    )
