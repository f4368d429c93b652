"""One pattern for thousands of words: each place in a text is tried by their beginnings, not by each
word (5,000 names as plain alternatives took 24 s for 20,000 records)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import takewhile

# Deeper than this no regular expression is nested: what is left stands as alternatives.
_DEEPEST = 20


def any_of(words: Collection[str], *, whole_words: bool) -> re.Pattern[str] | None:
    """Finds the longest of them, in any case; None where there are none."""
    lowered = {_lower(word) for word in words if word}
    if not lowered:
        return None
    before, after = (r"(?<!\w)", r"(?!\w)") if whole_words else ("", "")
    return re.compile(f"{before}{_pattern(lowered, 0)}{after}", re.IGNORECASE)


def _pattern(words: Iterable[str], depth: int) -> str:
    rest = sorted(set(words))
    may_end = rest[0] == ""
    if may_end:
        rest = rest[1:]
    if not rest:
        return ""
    if depth == _DEEPEST:
        pieces = [re.escape(word) for word in sorted(rest, key=len, reverse=True)]
    else:
        pieces = [_branch(group, depth) for group in _by_first(rest)]
    return f"(?:{'|'.join(pieces)}){'?' if may_end else ''}"


def _by_first(words: list[str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[0], []).append(word)
    return list(groups.values())


def _branch(words: list[str], depth: int) -> str:
    start = _common_start(words[0], words[-1])  # of words in their order the first and last differ most
    return re.escape(start) + _pattern([word[len(start) :] for word in words], depth + 1)


def _common_start(first: str, last: str) -> str:
    shared = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(sign for sign, _ in shared)


def _lower(word: str) -> str:
    """Some letters are two when they are small: they stay as they are."""
    lowered = word.lower()
    return lowered if len(lowered) == len(word) else word
