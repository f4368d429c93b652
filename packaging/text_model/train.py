"""Makes resources/triage/text_model.json from labelled messages.

    PYTHONPATH=. python packaging/text_model/train.py MESSAGES.csv [--half first] [--into FILE]

Logistic regression over whole words, each counted by how differently urgent and other messages use it, by
numpy alone. It is driven so far that the three decimals do not
depend on the machine: the same messages give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import messages
import numpy as np
from messages import Message
from numpy.typing import NDArray

from dispatch.triage.phrases import Words
from dispatch.triage.text_model import TextModel, read_text_model

MODEL = Path(__file__).resolve().parents[2] / "resources" / "triage" / "text_model.json"
SOURCE = "R. Munro 2012, Disaster Response Messages, CC BY 4.0"

# Chosen by cross-validation in the first half; TEXT_MODEL.md tells what else was tried.
SEEN_IN_TEXTS = 2
STRENGTH = 1.0  # of the pull of every weight to nothing
FOLDS = 5
NONE_UP_TO, ALL_FROM = 0.4, 0.95  # shares of unseen messages

ENOUGH = 1e-9
STEPS = 50
_ALPHABETIC = re.compile(r"[a-z]+")
_TOKEN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|[.!?;:\n]")
_NAME = re.compile(r"[A-Z][a-z]+")

Vector = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Texts:
    """Which text holds which stem, and how much: a sparse matrix, its last column for all texts alike."""

    rows: Indices
    columns: Indices
    values: Vector
    shape: tuple[int, int]

    def times(self, weights: Vector) -> Vector:
        return np.bincount(self.rows, self.values * weights[self.columns], self.shape[0]) + weights[-1]

    def turned_times(self, per_text: Vector) -> Vector:
        sums = np.bincount(self.columns, self.values * per_text[self.rows], self.shape[1] + 1)
        sums[-1] = per_text.sum()
        return sums


def train(learned_from: Sequence[Message]) -> dict[str, Any]:
    """The table of a model. Where its points begin and end is set by messages it had not seen: trained on the
    others, for each part of the time in turn."""
    unseen: list[float] = []
    for part in np.array_split(np.arange(len(learned_from)), FOLDS):
        out = set(part.tolist())
        weights = weigh([each for at, each in enumerate(learned_from) if at not in out])
        model = TextModel("en", 0.0, 1.0, weights)
        unseen += [model.total(Words.of(learned_from[at].text)) or 0.0 for at in out]
    none_up_to, all_from = np.quantile(unseen, [NONE_UP_TO, ALL_FROM])
    return {
        "language": "en",
        "trained_on": SOURCE,
        "messages": len(learned_from),
        "none_up_to": round(float(none_up_to), 3),
        "all_from": round(float(all_from), 3),
        "weights": weigh(learned_from),
    }


def model_of(learned_from: Sequence[Message]) -> TextModel:
    return read_text_model(train(learned_from))


def weigh(learned_from: Sequence[Message]) -> dict[str, float]:
    """A weight for each word. Words of one stem share theirs: a rare form counts as its common one."""
    names = names_in(learned_from)
    words_of = [_words(each.text, names) for each in learned_from]
    seen = Counter(stem for words in words_of for stem in {stem_of(word) for word in words})
    column_of = {stem: at for at, stem in enumerate(sorted(s for s, n in seen.items() if n >= SEEN_IN_TEXTS))}
    known = [[word for word in words if stem_of(word) in column_of] for words in words_of]
    texts = _matrix(known, column_of)
    target = np.array([each.target for each in learned_from])
    telling = _telling(texts, target)
    weights = telling * fit(replace(texts, values=texts.values * telling[texts.columns]), target)[:-1]
    every = sorted({word for words in known for word in words})
    return {word: round(float(weights[column_of[stem_of(word)]]), 3) + 0.0 for word in every}


def _telling(texts: Texts, target: Vector) -> Vector:
    """How far apart urgent and other messages use each stem: the logarithm of the ratio of its shares of
    their words, one added to each count, whichever way it points; about 1 over all. A stem that both use
    alike hardly gets a weight."""
    urgent, other = (
        np.bincount(texts.columns, share[texts.rows], texts.shape[1]) + 1 for share in (target, 1 - target)
    )
    ratio = np.log((urgent / urgent.sum()) / (other / other.sum()))
    telling: Vector = np.abs(ratio) / np.sqrt((ratio * ratio).mean())
    return telling


def fit(texts: Texts, target: Vector) -> Vector:
    """Newton's method, each step by conjugate gradients. What all texts share is not pulled to nothing."""
    pull = np.full(texts.shape[1] + 1, STRENGTH)
    pull[-1] = 0.0
    weights = np.zeros(texts.shape[1] + 1)
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-texts.times(weights)))
        slope = texts.turned_times(likely - target) + pull * weights
        if np.abs(slope).max() < ENOUGH:
            return weights
        bend = likely * (1 - likely)
        weights = weights - _solved(
            lambda step, bend=bend: texts.turned_times(bend * texts.times(step)) + pull * step, slope
        )
    raise ArithmeticError("The weights did not settle.")


def _solved(times: Callable[[Vector], Vector], right: Vector) -> Vector:
    found = np.zeros_like(right)
    rest = right.copy()
    way = rest.copy()
    size = float((rest * rest).sum())
    goal = size * 1e-16
    while size > goal and size > ENOUGH**4:
        turned = times(way)
        length = size / float((way * turned).sum())
        found += length * way
        rest -= length * turned
        before, size = size, float((rest * rest).sum())
        way = rest + size / before * way
    return found


def _matrix(known: Sequence[Sequence[str]], column_of: dict[str, int]) -> Texts:
    rows = [row for row, words in enumerate(known) for _ in words]
    columns = [column_of[stem_of(word)] for words in known for word in words]
    values = [len(words) ** -0.5 for words in known for _ in words]
    return Texts(np.array(rows), np.array(columns), np.array(values), (len(known), len(column_of)))


def _words(text: str, names: frozenset[str]) -> list[str]:
    return sorted(word for word in Words.of(text).distinct - names if _ALPHABETIC.fullmatch(word))


def names_in(learned_from: Sequence[Message]) -> frozenset[str]:
    """Words that mostly begin with a capital inside sentences: people and places of another disaster."""
    inside: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for each in learned_from:
        starts = True
        for token in _TOKEN.findall(each.text):
            if not starts and token[0].isalpha():
                word = token.lower().replace("'", "").replace("’", "")
                inside[word] += 1
                capital[word] += _NAME.fullmatch(token) is not None
            starts = not token[0].isalpha()
    return frozenset(word for word, count in inside.items() if 2 * capital[word] > count)


def stem_of(word: str) -> str:
    """Plural, past and -ing off an English word, roughly: "injuries" and "injury" come to one."""
    if len(word) > 4 and word.endswith(("ies", "ied")):
        return f"{word[:-3]}y"
    for ending, left in (("ing", 4), ("ed", 4), ("s", 3)):
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= left:
            word = word.removesuffix(ending)
            if ending != "s" and word[-1] == word[-2]:
                return word[:-1]
            break
    return word.removesuffix("e") if len(word) > 4 else word


def write(table: dict[str, Any], path: Path) -> None:
    path.write_text(json.dumps(table, indent=0) + "\n", encoding="utf-8", newline="\n")


def main() -> None:
    asked = argparse.ArgumentParser(description="Train the text model.")
    asked.add_argument("messages", type=Path, metavar="MESSAGES.csv")
    asked.add_argument("--half", choices=["all", "first"], default="all", help="of the messages, by arrival")
    asked.add_argument("--into", type=Path, default=MODEL, metavar="FILE")
    options = asked.parse_args()
    every = messages.read(options.messages)
    chosen = messages.first_half(every) if options.half == "first" else every
    write(train(messages.kept(chosen)), options.into)


if __name__ == "__main__":
    main()
