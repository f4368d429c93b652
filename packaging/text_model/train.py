"""Makes resources/triage/text_model.json from labelled messages.

    PYTHONPATH=. python packaging/text_model/train.py MESSAGES.csv [--half first] [--into FILE]

Two weights for each stem of whole words: for danger, and for any need. They come from logistic regressions
that count a stem by how differently urgent and other messages use it, or by the stems beside it. The same
messages give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import messages
import numpy as np
from logistic import Spread, Texts, Vector, fit
from messages import Message

from dispatch.triage.cues import load_cues
from dispatch.triage.phrases import Words
from dispatch.triage.stems import stem_of
from dispatch.triage.text_model import Learned, TextModel, read_text_model

MODEL = Path(__file__).resolve().parents[2] / "resources" / "triage" / "text_model.json"
SOURCE = "R. Munro 2012, Disaster Response Messages, CC BY 4.0"

# Chosen by cross-validation in the first half; TEXT_MODEL.md tells what else was tried.
SEEN_IN_TEXTS = 2
STRENGTH, STRENGTH_OF_COMPANY = 1.0, 5e-6  # of the pull of every weight to nothing
BY_COMPANY = 0.3
FOLDS = 5
# Shares of unseen messages: those that get nothing, and those that do not get all.
MARKS = {"danger": (0.6, 0.975), "need": (0.4, 0.975)}

# It learns from the words it will be shown: none that a message denies.
GRAMMAR = load_cues().grammar

_ALPHABETIC = re.compile(r"[a-z]+")
_TOKEN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|[.!?;:\n]")
_NAME = re.compile(r"[A-Z][a-z]+")


def train(learned_from: Sequence[Message]) -> dict[str, Any]:
    """The table of a model. Where its points begin and end is set by messages it had not seen: trained on the
    others, for each part of the time in turn."""
    unseen: dict[str, list[float]] = {name: [] for name in MARKS}
    for part in np.array_split(np.arange(len(learned_from)), FOLDS):
        out = set(part.tolist())
        weights = weigh([each for at, each in enumerate(learned_from) if at not in out])
        meant = [GRAMMAR.meant(Words.of(learned_from[at].text)) for at in part]
        for name, totals in unseen.items():
            learned = Learned(0.0, 1.0, weights[name])
            totals += [learned.total(words) or 0.0 for words in meant]
    weights = weigh(learned_from)
    return {
        "language": "en",
        "trained_on": SOURCE,
        "messages": len(learned_from),
        **{name: _between(unseen[name], MARKS[name]) | {"weights": weights[name]} for name in MARKS},
    }


def _between(totals: Sequence[float], shares: tuple[float, float]) -> dict[str, Any]:
    none_up_to, all_from = np.quantile(totals, shares)
    return {"none_up_to": round(float(none_up_to), 3), "all_from": round(float(all_from), 3)}


def model_of(learned_from: Sequence[Message]) -> TextModel:
    return read_text_model(train(learned_from))


def weigh(learned_from: Sequence[Message]) -> dict[str, dict[str, float]]:
    """What each stem weighs for danger and for need, under the form that stands in most messages."""
    names = names_in(learned_from)
    words_of = [_words(each.text, names) for each in learned_from]
    seen = Counter(stem for words in words_of for stem in {stem_of(word) for word in words})
    column_of = {stem: at for at, stem in enumerate(sorted(s for s, n in seen.items() if n >= SEEN_IN_TEXTS))}
    texts = _matrix(
        [[stem for word in words if (stem := stem_of(word)) in column_of] for words in words_of], column_of
    )
    is_danger = np.array([float(each.is_danger) for each in learned_from])
    urgency = np.array([each.urgency for each in learned_from])
    gravity = np.array([each.gravity for each in learned_from])
    weights = {
        "danger": by_contrast(texts, is_danger) + BY_COMPANY * by_company(texts, urgency),
        "need": by_company(texts, gravity),
    }
    forms = Counter(word for words in words_of for word in words)
    form_of = {stem_of(word): word for word in sorted(forms, key=lambda word: (forms[word], word))}
    form_at = sorted((form_of[stem], at) for stem, at in column_of.items())
    return {
        name: {form: round(float(each[at]), 3) + 0.0 for form, at in form_at}
        for name, each in weights.items()
    }


def by_contrast(texts: Texts, is_danger: Vector) -> Vector:
    """Each stem counts by how far apart messages of danger and others use it: the logarithm of the ratio of
    its shares of their words, one added to each count, whichever way it points; about 1 over all. A stem that
    both use alike hardly gets a weight."""
    urgent, other = (texts.turned_sums(share) + 1 for share in (is_danger, 1 - is_danger))
    ratio = np.log((urgent / urgent.sum()) / (other / other.sum()))
    telling: Vector = np.abs(ratio) / np.sqrt((ratio * ratio).mean())
    return telling * fit(texts.louder(telling), is_danger, STRENGTH)[:-1]


def by_company(texts: Texts, urgency: Vector) -> Vector:
    """Each stem counts by its company: stems that stand in the same messages share what they weigh, so that
    a rare one is not judged by its own few messages alone. Rare stems count more."""
    seen = np.bincount(texts.columns, minlength=texts.shape[1])  # a stem's forms in one text count apart
    rare = np.log(texts.shape[0] / (seen + 1))
    spread = Spread.of(texts.louder(rare))
    return rare * spread.shared(fit(spread, urgency, STRENGTH_OF_COMPANY)[:-1])


def _matrix(stems_of: Sequence[Sequence[str]], column_of: dict[str, int]) -> Texts:
    rows = [row for row, stems in enumerate(stems_of) for _ in stems]
    columns = [column_of[stem] for stems in stems_of for stem in stems]
    values = [len(stems) ** -0.5 for stems in stems_of for _ in stems]
    return Texts(np.array(rows), np.array(columns), np.array(values), (len(stems_of), len(column_of)))


def _words(text: str, names: frozenset[str]) -> list[str]:
    return sorted(word for word in GRAMMAR.meant(Words.of(text)) - names if _ALPHABETIC.fullmatch(word))


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
