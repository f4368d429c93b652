"""A resident's words with their measures kept whole: `1.5`, `1 1/2`, `2'4"`, `6-8in`, each one word."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from dispatch.triage.phrases import Words, fold

# What `fold` would turn into blanks or clause marks though it belongs to a number; one sign for one.
_RANGE = re.compile(r"(?<=[\d½¼¾\"'”″])(\s*)[-–—~](?=\s*[\d½¼¾])")
_TOKEN = re.compile(
    r"(?P<number>\d+\s*[½¼¾]|[½¼¾]|\d+\s+[1-9]/[2-9](?!\d)|[1-9]/[2-9](?!\d)|\d{1,3}[.,]\d{1,2}(?!\d)|\d+)"
    r"(?:\s*(?P<inches>''|[\"”“″])|\s*(?P<feet>')(?![a-z]))?"
    r"|(?P<word>[a-z]+(?:'[a-z]+)*)|(?P<mark>[.,])|(?P<range>~)"
)
_PARTS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
# What a report says it says before: what is longer is a pasted paper.
MOST_CHARS = 20_000
# A number as one word of plain letters and digits, its point written `p`.
POINT = "p"
# What a slash parts is a fraction only before these; else it is a date or a house.
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|ra|ro|da|do)\b")


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


@dataclass(frozen=True)
class HomeWords:
    """`words` is what phrases and the grammar are looked for in; a place in it is a place in `tokens`."""

    text: str
    tokens: tuple[_Token, ...]

    @classmethod
    def of(cls, text: str) -> HomeWords:
        marked = _RANGE.sub(r"\1~", text[:MOST_CHARS])
        folded = _keep_measures(marked)
        tokens: list[_Token] = []
        for found in _TOKEN.finditer(folded):
            tokens += _tokens(found, folded)
        tokens = [each for at, each in enumerate(tokens) if not _is_abbreviation(text, tokens, at)]
        return cls(text, (*tokens, _Token(".", len(text), len(text))))

    @cached_property
    def words(self) -> Words:
        cleaned = f" {' '.join(token.word for token in self.tokens)} "
        return Words(self.text, cleaned, frozenset(token.word for token in self.tokens))

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each token begins in the cleaned text."""
        at, found = 1, []
        for token in self.tokens:
            found.append(at)
            at += len(token.word) + 1
        return tuple(found)

    def at(self, place: int) -> int:
        """The token that begins at or behind a place of the cleaned text."""
        return bisect_left(self.starts, place)

    def original(self, first: int, last: int) -> str:
        """What the resident wrote, from a token up to but not of another."""
        return " ".join(self.text[self.tokens[first].start : self.tokens[last - 1].end].split())


def _is_abbreviation(text: str, tokens: Sequence[_Token], at: int) -> bool:
    """The dot of "6 in. of water", which ends no sentence."""
    if tokens[at].word != "." or at < 2 or tokens[at - 1].word not in ("in", "ft", "cm", "pulg"):
        return False
    behind = text[tokens[at].end :].lstrip()
    return number_of(tokens[at - 2].word) is not None and behind[:1].islower()


def number_of(word: str) -> float | None:
    """Of a token: `12`, `1p5`; None for a word."""
    whole, _, part = word.partition(POINT)
    if not whole.isdecimal() or (part and not part.isdecimal()):
        return None
    return float(f"{whole}.{part or 0}")


def _keep_measures(text: str) -> str:
    """Folded, with the slash of a fraction and the marks of inches still there."""
    kept = list(fold(text))
    for at, sign in enumerate(text):
        if sign in '/~½¼¾"”“″':
            kept[at] = sign
    return "".join(kept)


def _tokens(found: re.Match[str], folded: str) -> list[_Token]:
    start, end = found.span()
    if word := found["word"]:
        return [_Token(word.replace("'", ""), start, end)]
    if found["mark"]:
        return [_Token(found["mark"], start, end)]
    if found["range"]:
        return [_Token("to", start, end)]
    number_end = found.end("number")
    if not (found["inches"] or found["feet"]) and _ORDINAL.match(folded, number_end):
        # "22nd": one word, as the address has it.
        return [_Token(f"{found['number'].replace(' ', '')}x", start, number_end)]
    tokens = [_Token(_number(found["number"]), start, number_end)]
    if found["inches"]:
        tokens.append(_Token("inches", number_end, end))
    if found["feet"]:
        tokens.append(_Token("feet", number_end, end))
    return tokens


def _number(said: str) -> str:
    value = 0.0
    for part in re.findall(r"[½¼¾]|\d/\d|\d+[.,]\d+|\d+", said):
        if part in _PARTS:
            value += _PARTS[part]
        elif "/" in part:
            value += int(part[0]) / int(part[2])
        else:
            value += float(part.replace(",", "."))
    return f"{value:g}".replace(".", POINT) if value < 1e5 else "0"
