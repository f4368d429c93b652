"""What turns a resident's words into nothing: a "no" before them, another year, a question or a story.

The words are the lists': `[negation]` in each `cues_<language>.toml`, all languages together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dispatch.triage.phrases import PhraseBook, Words

CLAUSE_MARKS = " . "


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Grammar:
    """What turns a found phrase into nothing: a "no" before it, another year, a question or a story."""

    negators: frozenset[str]
    negated: re.Pattern[str]
    subjects: tuple[str, ...]
    past: PhraseBook
    now: PhraseBook
    asides: PhraseBook

    def denies(self, text: str, span: Span) -> bool:
        # "No I am trapped" answers a question; "nobody is trapped" has no subject of its own.
        if text.startswith(self.subjects, span.start):
            return False
        return self.negated.search(text, 0, span.start) is not None

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

    negators = "|".join(every("words"))
    fillers = "|".join(every("fillers"))
    either = "|".join(every("or"))
    return Grammar(
        negators=frozenset(word for entry in every("words") for word in entry.split()),
        negated=re.compile(rf" (?:{negators}) (?:(?:{fillers}) |[a-z0-9]+ (?:{either}) )*$"),
        subjects=tuple(f"{subject} " for subject in every("subjects")),
        past=PhraseBook(every("past"), {}),
        now=PhraseBook(every("now"), {}),
        asides=PhraseBook(every("asides"), {}),
    )
