"""Which language a short text is in, as far as cue lists need to know: one of ours or another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dispatch.resources import resource
from dispatch.triage.cues import CueList
from dispatch.triage.lists import reading
from dispatch.triage.phrases import Words

UNKNOWN = "und"
TOO_SHORT_WORDS = 4


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """Stop words by language, which languages have a cue list, and words our residents would write."""

    stop_words: Mapping[str, frozenset[str]]
    with_list: frozenset[str]
    vocabulary: frozenset[str]
    # Where two are level: a cue list that reads a text in vain does no harm.
    _ours_first: Sequence[tuple[str, frozenset[str]]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        languages = sorted(self.stop_words, key=lambda name: (name not in self.with_list, name != "en"))
        object.__setattr__(self, "_ours_first", [(name, self.stop_words[name]) for name in languages])

    def guess(self, words: Words) -> str:
        """A language's code, `und` for none we know, "" for no words at all. Short texts count as English."""
        if not words.text.isascii() and _is_other_script(words):
            return UNKNOWN
        if len(words.distinct) == 1:  # the mark that ends every text
            return ""
        best, most = "", 0
        for name, stops in self._ours_first:
            if (hits := len(words.distinct & stops)) > most:
                best, most = name, hits
        if most:
            return best
        if len(words.distinct) <= TOO_SHORT_WORDS or not words.distinct.isdisjoint(self.vocabulary):
            return "en"
        return UNKNOWN

    def is_assessed(self, language: str) -> bool:
        return language == "" or language in self.with_list


def _is_other_script(words: Words) -> bool:
    """Whether most letters are none that the cue lists could read."""
    letters = sum(letter.isalpha() for letter in words.text)
    return letters > 2 * sum(len(word) for word in words.cleaned.split() if word.isalpha())


def load_languages(cues: CueList, vocabulary: frozenset[str], path: Path | None = None) -> LanguageGuess:
    path = path or resource("triage", "languages.toml")
    with reading("language list", path) as said:
        others = {name: frozenset(words) for name, words in said["without_list"].items()}
    return LanguageGuess(others | dict(cues.stop_words), cues.languages, cues.vocabulary | vocabulary)
