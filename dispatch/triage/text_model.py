"""The small linear text model beside the cues: two weights for each word, read from `text_model.json`.

It adds points to a resident's words and says which words brought them; it takes none away and moves no band.
What a text denies, or tells of another year or as news, does not count: `grammar.py` reads that for the cues
as well.
How it was made, how it scores and where it must not be trusted: `resources/triage/TEXT_MODEL.md`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from math import fsum, sqrt
from pathlib import Path
from typing import Any

from dispatch.errors import SettingsBroken
from dispatch.records import Reason
from dispatch.resources import resource
from dispatch.triage.stems import stem_of

PART = "text_model"
# As many as the strongest cue brings: a word for the hurt that no cue hears can stand beside one it hears.
AT_MOST = 20.0
# Orders what is in no danger, and fades where danger speaks: both together stay within `AT_MOST`.
NEED_AT_MOST = 2.0
SHOWN_WORDS = 3
# They weigh, but say nothing to an operator: by themselves they bring no points.
_EVERYDAY_WORDS = """
    a about all also an and any are as at be been but by can could do does for from get had has have he her
    here him his how i if in into is it its just me more my no not of on only or our out she so some than
    that the their them then there these they this to too up us very was we were what when where which who
    will with would you your"""
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split())
KNOWN_WORDS = 20_000


class _WeightOf(dict[str, float | None]):
    """The weight of any word: its own, else that of its stem's known form, else None."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        super().__init__(weights)
        self._by_stem = {stem_of(word): weight for word, weight in weights.items()}

    def __missing__(self, word: str) -> float | None:
        weight = self._by_stem.get(stem_of(word))
        # Remembered, as residents use the same words; but not every misspelling of a long storm.
        if len(self) < KNOWN_WORDS:
            self[word] = weight
        return weight


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights by word as `Words` cleans it; up to one mark a text's sum brings nothing, from another all.

    A word without a weight of its own has that of a word with the same stem.
    """

    none_up_to: float
    all_from: float
    weights: Mapping[str, float]
    _weight_of: _WeightOf = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_weight_of", _WeightOf(self.weights))

    def total(self, meant: Iterable[str]) -> float | None:
        """The weights of the words it knows, by the square root of how many; None where it knows none."""
        weight_of = self._weight_of
        found = [weight for word in meant if (weight := weight_of[word]) is not None]
        # Sets have no order: the exact sum is the same in each.
        return fsum(found) / sqrt(len(found)) if found else None

    def share(self, meant: Collection[str]) -> float:
        """0 up to the first mark or where it could name no word, 1 from the second mark."""
        total = self.total(meant)
        if total is None or total <= self.none_up_to or not self._speaks(meant):
            return 0.0
        return min((total - self.none_up_to) / (self.all_from - self.none_up_to), 1.0)

    def _speaks(self, meant: Collection[str]) -> bool:
        weight_of = self._weight_of
        return any((weight_of[word] or 0.0) > 0 and word not in _EVERYDAY for word in meant)

    def strongest(self, meant: Iterable[str]) -> list[str]:
        """The words that speak for it most; everyday ones tell an operator nothing."""
        weight_of = self._weight_of
        ranked = sorted([(-weight, word) for word in meant if (weight := weight_of[word] or 0.0) > 0])
        return [word for _, word in ranked if word not in _EVERYDAY][:SHOWN_WORDS]


@dataclass(frozen=True, slots=True)
class TextModel:
    """What was learned of danger, and of any need, from texts of one language."""

    language: str
    danger: Learned
    need: Learned

    def reason(self, meant: frozenset[str]) -> Reason | None:
        """Points for the words that a text means, and the strongest of them; None with nothing to add."""
        danger, need = self.danger.share(meant) ** 2, self.need.share(meant)
        of_danger, of_need = AT_MOST * danger, NEED_AT_MOST * need * (1 - danger)
        points = round(of_danger + of_need, 1)
        if not points:
            return None
        led_by, where = self.danger, "urgent messages"
        if of_need > of_danger:
            led_by, where = self.need, "calls for help"
        words = "', '".join(led_by.strongest(meant))
        return Reason(PART, f"Words like '{words}' in {where}", points)


NOTHING = Learned(0.0, 1.0, {})
NO_MODEL = TextModel("", NOTHING, NOTHING)


def load_text_model(path: Path | None = None) -> TextModel:
    path = path or resource("triage", "text_model.json")
    try:
        return read_text_model(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsBroken(f"The text model {path.name} cannot be read: {error}.") from error


def read_text_model(table: Mapping[str, Any]) -> TextModel:
    return TextModel(str(table["language"]), _learned(table["danger"]), _learned(table["need"]))


def _learned(table: Mapping[str, Any]) -> Learned:
    weights = table["weights"]
    if not isinstance(weights, dict):
        raise TypeError("its weights are no table of words")
    learned = Learned(
        none_up_to=_number(table["none_up_to"]),
        all_from=_number(table["all_from"]),
        weights={word: _number(weight) for word, weight in weights.items()},
    )
    if not learned.none_up_to < learned.all_from:
        raise ValueError("its points must begin below where they end")
    return learned


def _number(value: object) -> float:
    # Compared this way, "not a number" and the infinite ones are out as well.
    if not isinstance(value, int | float) or not -1e6 < value < 1e6:
        raise TypeError(f"{value!r} is no number it could count with")
    return float(value)
