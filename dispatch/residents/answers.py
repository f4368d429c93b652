"""Whether it is still needed, read from what residents wrote after they were asked, by lists of phrases in
English and Spanish. Counts and proposes; it closes nothing (S9): no answer means unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum


class StillNeeded(StrEnum):
    GONE = "gone"
    STILL = "still"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"  # nobody answered


_STILL = re.compile(
    r"^\W*(?:yes|yep|yeah|s[ií])\b(?!\W*(?:it'?s|it is|was|has been)?\W*(?:gone|fixed|done|cleared))"
    r"|\bstill\b|\bnot (?:yet|fixed|done|cleared|removed|resolved)\b"
    r"|\b(?:has|have|is|was)n'?t (?:been|fixed|gone)"
    r"|\b(?:nobody|no one|noone) (?:has )?(?:came|come|showed)|\bneed(?:s|ed)? (?:it|help|this)\b"
    r"|\b(?:todav[ií]a|a[uú]n|sigue|siguen)\b|\bno (?:ha|han) (?:venido|llegado)|\bnadie (?:ha|vino|lleg)"
    r"|\bno (?:est[aá] )?(?:arreglad|resuelt|quitad|limpi)",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"^\W*no\W*(?:thanks?|thank you|gracias)?\W*$|\bno longer\b|\bnot (?:needed|necessary|any ?more)\b"
    r"|\bnot? need(?:ed)?\b|\b(?:already|been|is|was|got|it'?s|all) (?:been )?"
    r"(?:fixed|done|cleared|removed|resolved|gone|picked up|taken care of|cleaned)\b"
    r"|\b(?:we|i|neighbors?) (?:have )?(?:already )?(?:fixed|cleared|removed|took care|cleaned|cut it)"
    r"|\bya no\b|\bya (?:fue|lo|la|est[aá]|se|qued)|\bno (?:hace falta|es necesario|se necesita|lo necesit)"
    r"|\b(?:qued[oó]|est[aá]) (?:arreglad|resuelt|limpi)[oa]",
    re.IGNORECASE,
)
# What is said against itself: "not fixed", "has not been cleared", "no está arreglado".
_DENIED = re.compile(
    r"\b(?:not|n't|never|nobody|hasn'?t|isn'?t|wasn'?t) (?:yet )?(?:been )?"
    r"(?:fixed|done|cleared|removed|resolved|gone|picked up|cleaned)\b"
    r"|\bno (?:est[aá]|fue|ha sido|qued[oó])\b",
    re.IGNORECASE,
)


def read(text: str) -> StillNeeded:
    """What one answer says; unclear where it says both or neither."""
    is_still = bool(_STILL.search(text) or _DENIED.search(text))
    is_gone = bool(_GONE.search(_DENIED.sub(" ", text)))
    if is_still == is_gone:
        return StillNeeded.UNCLEAR
    return StillNeeded.STILL if is_still else StillNeeded.GONE


def read_all(texts: Iterable[str]) -> StillNeeded:
    """What all of them come to: two that contradict each other are for a person to read, and a clear one
    stands where the others are only thanks."""
    said = {read(text) for text in texts if text.strip()}
    if not said:
        return StillNeeded.UNKNOWN
    clear = said - {StillNeeded.UNCLEAR}
    return clear.pop() if len(clear) == 1 else StillNeeded.UNCLEAR
