"""The small language of phrases that cue lists are written in, and finding them in residents' words.

A phrase is words with blanks between them; texts match by whole words, in any case, with or without accents.
`a|b` is either word, `word?` may be missing, `{group}` is any entry of a group, `...` is up to four other
words of the same clause, `.` is the end of a clause, and a group entry `65..110` is every number in between.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

Groups = Mapping[str, Sequence[str]]

# The shortest way to the next word: "smell gas near the gas station" is found as "smell gas".
# A "no" on the way would turn the meaning, so that no gap crosses one.
GAP = r"(?:(?!(?:no|not|nobody|never|without|isnt|arent|sin|nadie|nunca|pesonn) )[a-z0-9]+ ){0,4}?"
# How far before and after a match, in characters, words can still change what it means.
REACH = 80
_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z0-9]+)*|[.,]")

# Words too frequent to look a phrase up by.
_FREQUENT_WORDS = """
    a an the i we he she it they you my our his her their is are was were am be been being has have had in on
    at of to for from by with and or not no us me one can do tree street road water house home
    el la los las un una de del en y con por para se mi su es esta estan hay que"""
_FREQUENT = frozenset(_FREQUENT_WORDS.split())


def _fold_table() -> dict[int, str]:
    """One character to one: a place in the folded text is the same place in the original."""
    table = {ord(sign): "'" for sign in "’‘ʼ´`′"}
    table |= {ord(sign): " " for sign in "-‐‑_/¡¿"}
    table |= {ord(sign): "." for sign in ";!?\n\r…"}
    table |= {ord(sign): "," for sign in ":()[]–—"}
    # "Đ" is no D with an accent to Unicode, but it is to everybody who types one.
    table |= {ord(sign): plain for sign, plain in zip("ĐđØøŁł", "ddooll", strict=True)}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFKD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base.lower()
    return table


_FOLD = _fold_table()
# The same for texts of plain letters, as most are, and for `clean`: what is no part of a word is a blank.
_FOLD_ASCII = bytes(
    ord(sign) if (sign := chr(code).translate(_FOLD).lower()).isalnum() or sign in "'.," else ord(" ")
    for code in range(128)
) + bytes(128)


def fold(text: str) -> str:
    """Lower case, no accents, straight apostrophes; the same length as the text."""
    return text.translate(_FOLD).lower()


def clean(text: str) -> str:
    """Words and clause marks with one blank around each, apostrophes gone: " we cant get out , help . "."""
    return f" {' '.join(_tokens(text))} . "


def _tokens(text: str) -> list[str]:
    if not text.isascii() or "''" in (plain := text.encode().translate(_FOLD_ASCII).decode()):
        return " ".join(_TOKEN.findall(fold(text))).replace("'", "").split()
    return plain.replace("'", "").replace(".", " . ").replace(",", " , ").split()


@dataclass(frozen=True, slots=True)
class Words:
    """A resident's text, cleaned once for everything that reads it."""

    text: str
    cleaned: str
    distinct: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Words:
        tokens = _tokens(text)
        return cls(text, f" {' '.join(tokens)} . ", frozenset([*tokens, "."]))

    def spelled(self, spelling: Mapping[str, str]) -> Words:
        """The same words with known misspellings mended, one for one."""
        if spelling.keys().isdisjoint(self.distinct):
            return self
        mended = [spelling.get(word, word) for word in self.cleaned.split()]
        return Words(self.text, f" {' '.join(mended)} ", frozenset(mended))

    def original(self, start: int, end: int) -> str:
        """What the resident wrote where a match lies in the cleaned text."""
        first = self.cleaned.count(" ", 0, start) - 1
        last = first + len(self.cleaned[start:end].split()) - 1
        spans = [match.span() for match in islice(_TOKEN.finditer(fold(self.text)), first, last + 1)]
        return " ".join(self.text[spans[0][0] : spans[-1][1]].split())


@dataclass(frozen=True, slots=True)
class _Element:
    pattern: str
    words: frozenset[str]

    @property
    def cost(self) -> int:
        """How often a text would be looked at in vain if the phrase is found by this element."""
        return sum(100 if word in _FREQUENT else 1 for word in self.words)


def _entries(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        first, dots, last = name.partition("..")
        if dots and first.isdigit() and last.isdigit():
            yield from map(str, range(int(first), int(last) + 1))
        else:
            yield clean(name).strip(" .")


def expand(groups: Groups) -> Groups:
    """Groups as lists write them, ready for phrases: cleaned, number ranges spelled out."""
    return {name: tuple(_entries(entries)) for name, entries in groups.items()}


def _choice(choice: str, groups: Groups) -> Sequence[str]:
    if not choice.startswith("{"):
        return list(_entries([choice]))
    if choice[1:-1] not in groups:
        raise ValueError(f"the group {choice} is not in the list")
    return groups[choice[1:-1]]


def _element(token: str, groups: Groups) -> _Element:
    if token == "...":
        return _Element(GAP, frozenset())
    if token == ".":
        return _Element("[.,] ", frozenset())
    body = token.removesuffix("?")
    entries = [entry for choice in body.split("|") for entry in _choice(choice, groups)]
    if not all(entries):
        raise ValueError(f"'{token}' holds no word")
    pattern = f"(?:{'|'.join(entries)}) " if len(entries) > 1 else f"{entries[0]} "
    if token.endswith("?"):
        return _Element(f"(?:{pattern})?", frozenset())
    return _Element(pattern, frozenset(max(entry.split(), key=len) for entry in entries))


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase as a pattern over cleaned text, and the words of which one must be there."""

    pattern: str
    anchors: frozenset[str]

    @classmethod
    def parse(cls, phrase: str, groups: Groups) -> Phrase:
        elements = [_element(token, groups) for token in phrase.split()]
        needed = [element for element in elements if element.words]
        if not needed:
            raise ValueError(f"'{phrase}' has no word that must be there")
        anchor = min(needed, key=lambda element: element.cost)
        return cls("".join(element.pattern for element in elements), anchor.words)


class Pattern:
    """Phrases that are looked for together, compiled when a text first needs them."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._phrases = phrases

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        # A blank to begin with is found faster than looked back at from every place.
        return re.compile(f" (?:{'|'.join(phrase.pattern for phrase in self._phrases)})")

    def spans(self, cleaned: str, start: int = 0, end: int = sys.maxsize) -> Iterator[tuple[int, int]]:
        """Where they stand, one after the other: from the first letter to behind the last one's blank."""
        at = start
        while match := self._regex.search(cleaned, at, end):
            yield match.start() + 1, match.end()
            at = match.end() - 1  # the next one's blank

    def begins_at(self, cleaned: str, start: int) -> bool:
        return self._regex.match(cleaned, start - 1) is not None


class PhraseBook:
    """Phrases by the words they cannot do without: a text is searched only for those it can hold."""

    def __init__(self, phrases: Iterable[str], groups: Groups) -> None:
        by_anchors: dict[frozenset[str], list[Phrase]] = {}
        for phrase in phrases:
            parsed = Phrase.parse(phrase, groups)
            by_anchors.setdefault(parsed.anchors, []).append(parsed)
        self.by_anchors = {anchors: Pattern(parsed) for anchors, parsed in by_anchors.items()}
        self._by_word: dict[str, list[Pattern]] = {}
        for anchors, pattern in self.by_anchors.items():
            for word in anchors:
                self._by_word.setdefault(word, []).append(pattern)

    def covers(self, words: Words, start: int, end: int) -> bool:
        """Whether any of the phrases overlaps this place of the cleaned text."""
        near = (max(0, start - REACH - 1), end + REACH)
        return any(
            first < end and start < last
            for word in words.distinct & self._by_word.keys()
            for pattern in self._by_word[word]
            for first, last in pattern.spans(words.cleaned, *near)
        )
