"""What turns a resident's words into nothing: a "no" before them, another year, a question or a story.

The words are the lists': `[negation]` in each `cues_<language>.toml`, all languages together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from dispatch.triage.phrases import PhraseBook, Words

CLAUSE_MARKS = " . "
NOWHERE: frozenset[int] = frozenset()

# What lists write in one or more words, by its first one.
Entries = Mapping[str, Sequence[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Grammar:
    """What turns a found phrase into nothing: a "no" before it, another year, a question or a story."""

    negators: frozenset[str]  # a text without any of them denies nothing
    denials: Entries
    fillers: Entries
    either: Entries
    subjects: tuple[str, ...]
    past: PhraseBook
    now: PhraseBook
    asides: PhraseBook

    def denied(self, words: Words) -> frozenset[int]:
        """Where in the cleaned text words begin that a "no" denies: the one after it, and on past fillers
        ("nobody is trapped") and past a word with its "or" ("no smoke or fire")."""
        if words.distinct.isdisjoint(self.negators):
            return NOWHERE
        text = words.cleaned
        tokens = text.split()
        reached: set[int] = set()
        ways = [end for at in range(len(tokens)) for end in _ends(self.denials, tokens, at)]
        while ways:
            at = ways.pop()
            if at in reached:
                continue
            reached.add(at)
            ways += _ends(self.fillers, tokens, at)
            if tokens[at].isalnum():
                ways += _ends(self.either, tokens, at + 1)
        begins = [start for start, _ in _starts(words)]
        # "No I am trapped" answers a question; "nobody is trapped" has no subject of its own.
        starts = (begins[at] for at in reached)
        return frozenset(start for start in starts if not text.startswith(self.subjects, start))

    def meant(self, words: Words) -> frozenset[str]:
        """The words that a text says at least once neither denied nor of another time nor as an aside; a "no"
        is none of them."""
        turned = self.denied(words) | self._told(words)
        if not turned:
            return words.distinct - self.negators
        said = {word for start, word in _starts(words) if start not in turned}
        return frozenset(said - self.negators)

    def _told(self, words: Words) -> frozenset[int]:
        """Where words begin that are about another time, or an aside."""
        end = len(words.cleaned)
        if not self.past.covers(words, 0, end) and not self.asides.covers(words, 0, end):
            return NOWHERE
        spans = [Span(start, start + len(word) + 1) for start, word in _starts(words)]
        return frozenset(
            span.start for span in spans if self.is_long_ago(words, span) or self.is_aside(words, span)
        )

    def is_long_ago(self, words: Words, span: Span) -> bool:
        text = words.cleaned
        if not self.past.covers(words, 0, len(text)):
            return False
        start = text.rfind(CLAUSE_MARKS, 0, span.start) + 1
        # A phrase may end with the mark itself: look for it from there, or the next sentence is read as well.
        sentence = text[max(start, 0) : text.find(CLAUSE_MARKS, span.end - len(CLAUSE_MARKS)) + 1]
        there = Words.of(sentence)
        return self.past.covers(there, 0, len(text)) and not self.now.covers(there, 0, len(text))

    def is_aside(self, words: Words, span: Span) -> bool:
        """Whether, up to here, the news or a song speaks, or somebody "asked if anyone"."""
        start = max(words.cleaned.rfind(mark, 0, span.start) for mark in (" . ", " , "))
        return self.asides.covers(words, max(start, 0), span.start + 1)


def grammar_of(lists: Sequence[dict[str, Any]]) -> Grammar:
    def every(name: str) -> list[str]:
        return [entry for words in lists for entry in words["negation"].get(name, ())]

    parts = Counter(part for entry in every("words") for part in entry.split())
    return Grammar(
        # "Is not" cannot do without its "not", which denies alone as well; its "is" says nothing.
        negators=frozenset(max(entry.split(), key=parts.__getitem__) for entry in every("words")),
        denials=_by_first(every("words")),
        fillers=_by_first(every("fillers")),
        either=_by_first(every("or")),
        subjects=tuple(f"{subject} " for subject in every("subjects")),
        past=PhraseBook(every("past"), {}),
        now=PhraseBook(every("now"), {}),
        asides=PhraseBook(every("asides"), {}),
    )


def _by_first(entries: Iterable[str]) -> Entries:
    by_first: dict[str, list[list[str]]] = {}
    for entry in entries:
        words = entry.split()
        by_first.setdefault(words[0], []).append(words)
    return by_first


def _starts(words: Words) -> Iterator[tuple[int, str]]:
    """The words and marks of a text, each with where it begins in the cleaned text."""
    tokens = words.cleaned.split()
    return zip(accumulate((len(token) + 1 for token in tokens), initial=1), tokens, strict=False)


def _ends(entries: Entries, tokens: Sequence[str], at: int) -> list[int]:
    """Where each entry ends that begins at this word; a text ends in a mark, which none of them holds."""
    if at >= len(tokens) or tokens[at] not in entries:
        return []
    return [at + len(entry) for entry in entries[tokens[at]] if tokens[at : at + len(entry)] == entry]
