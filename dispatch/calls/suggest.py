"""Which category words suggest while they are typed (S2): it moves nothing until it is accepted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from dispatch.triage.categories import CategoryTable
from dispatch.triage.families import Families
from dispatch.triage.phrases import Words
from dispatch.triage.report_words import stem

# A keyword of one word is looked for as it stands; of the longer ones the words may stand apart.
LEAST_WORDS = 2
_SMALL = frozenset(
    {
        *("a", "an", "the", "on", "in", "at", "of", "is", "are", "my", "our", "it", "to", "and", "over"),
        *("into", "with", "by", "from", "this", "that"),
    }
)
_WORD = re.compile(r"[^\W\d_]+")
# What the families' list has for a thing: an oak is a tree.
_NAMES = {"trees": "tree", "wires": "wire", "flooding": "flooded"}


class Suggested(NamedTuple):
    key: str
    keyword: str


def suggest(text: str, cues: Collection[str], table: CategoryTable, families: Families) -> Suggested | None:
    """By the table's keywords: as they stand, else with their words apart, the gravest of the longest first.
    `cues` are the names of what was found: "oak across both lanes" says road_blocked."""
    if by_keyword := table.suggest(Words.of(text)):
        return Suggested(by_keyword.category.key, by_keyword.keyword)
    said = set(_stems(text)) | set(_stems(" ".join(cues).replace("_", " ")))
    said |= {_NAMES[family] for word in said if (family := families.get(word)) in _NAMES}
    named = set(cues)
    hits = [
        # What a cue has found is surer than words that stand apart: a tree fell on the road, not on a house.
        (not named & category.marks, -len(words), int(category.default_band), category.key, keyword)
        for category in table
        for keyword in category.keywords
        if len(words := frozenset(_stems(keyword))) >= LEAST_WORDS and words <= said
    ]
    if not hits:
        return None
    *_, key, keyword = min(hits)
    return Suggested(key, keyword)


def _stems(text: str) -> Iterator[str]:
    return (stem(word) for word in _WORD.findall(text.casefold()) if word not in _SMALL)
