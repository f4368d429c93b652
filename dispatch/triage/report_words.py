"""The words that tell two reports apart or together: without the address, common words and numbers."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Iterable

from dispatch.triage.phrases import clean

# A long text tells by its first words what it is about; the rest is history.
MOST_WORDS = 24

_COMMON_WORDS = """
    about after again all also and any are been but can city could did does for from get got had has have her
    here him his how into its just like more near need needs not now off one our out over please report said
    see she should since some still than that the their them then there they this too under very was were what
    when where which who will with would you your street avenue road ave blvd drive lane house home thank
    thanks north south east west
    algo ante aqui como con cuando del desde donde ella ellos esta este esto estan hay las los mas muy nos
    para pero por porque que ser sin sobre son sus una uno calle casa favor gracias"""
_COMMON = frozenset(_COMMON_WORDS.split())


def stem(word: str) -> str:
    """Without the plural's s: "wires" and "wire" are one word."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def telling_words(text: str, address: str = "") -> tuple[str, ...]:
    """The first words of a text that can tell what it is about, each once."""
    placed = set(clean(address).split()) if address else set()
    words = (
        stem(word)
        for word in clean(text).split()
        if len(word) > 2 and word.isalpha() and word not in _COMMON and word not in placed
    )
    # Interned: a hundred thousand reports say the same few thousand words.
    return tuple(map(sys.intern, list(dict.fromkeys(words))[:MOST_WORDS]))


def kind_of(title: str) -> str:
    """A title as a kind: a city's "Contractor Complaints" and "Contractors Complaint" are one."""
    words = {stem(word) for word in clean(title).split() if word.isalnum()}
    return " ".join(sorted(words))


class WordCounts:
    """In how many reports each word stands: what is rare says more."""

    def __init__(self) -> None:
        self._reports = 0
        self._counts: Counter[str] = Counter()

    def add(self, words: Iterable[str]) -> None:
        self._reports += 1
        self._counts.update(words)

    def remove(self, words: Iterable[str]) -> None:
        self._reports -= 1
        self._counts.subtract(words)

    def shared(self, one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
        """Words that stand in both, the rarest first."""
        both = set(one).intersection(other)
        return tuple(sorted(both, key=lambda word: (-self._weight(word), word)))

    def likeness(self, one: tuple[str, ...], other: tuple[str, ...]) -> float:
        """0: no word in common, or no words; 1: the same words."""
        both = self.shared(one, other)
        if not both:
            return 0.0
        alike, here, there = (sum(map(self._weight, words)) for words in (both, one, other))
        return alike / math.sqrt(here * there)

    def _weight(self, word: str) -> float:
        return math.log(1 + (self._reports + 1) / (max(0, self._counts[word]) + 1))
