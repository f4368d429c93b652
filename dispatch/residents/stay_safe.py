"""While field response is suspended (S7): no time and no arrival is told, and a P1 is answered with a
stay-safe text whose first sentence stands as it is."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

NO_TIME = (
    "Field response is suspended: no time and nobody's coming is told until it goes out again."
    " Take “{words}” out."
)
STAY_SAFE_ONLY = (
    "Field response is suspended: a P1 is answered with a stay-safe text, its first sentence as it stands."
    " Choose one from the texts."
)
_UNITS = r"(?:min(?:ute|uto)?s?|h(?:ou)?rs?|horas?|days?|d[ií]as?|weeks?|semanas?)"
_COUNT = r"(?:\d+|an?|one|two|three|four|a few|a couple of|un[ao]?|dos|tres|unas?|pocas?|algunas?)"
_BEFORE = r"(?:with)?in|about|around|by|takes?|another|next|up to|en|dentro de|unas?|toma|tarda\w*|hasta"
_COMES = "|".join(
    (
        rf"\b(?:{_BEFORE}) (?:about |around |the next |las pr[oó]ximas )?"
        rf"{_COUNT}(?: (?:to|or|a|o|-) {_COUNT}|-\d+)? {_UNITS}\b",
        rf"\b\d+\s?(?:to|-|–|a)\s?\d+ {_UNITS}\b",
        r"\bETA\b|\bon (?:the|its|their|our|her|his) way\b|\ben camino\b",
        r"\bhelp is coming\b|\b(?:crews?|teams?|they|we|somebody|someone|help) (?:is|are|will)(?: be)? "
        r"(?:com(?:e|ing)|arriv(?:e|ing)|there|with you)\b",
        r"\bby (?:noon|tonight|tomorrow|morning|\d{1,2}(?::\d\d)?\s?(?:am|pm)?)\b",
        r"\b(?:tomorrow|tonight|soon|shortly|pronto|ma[ñn]ana por la ma[ñn]ana|esta noche)\b",
    )
)
_TOLD = re.compile(_COMES, re.IGNORECASE)


def refusal(text: str, *, is_p1: bool, sentences: AbstractSet[str]) -> str:
    """Why this may not be said now; empty where it may. `sentences` are the first ones of the stay-safe texts
    that came with the program or that the city has approved."""
    if match := _TOLD.search(text):
        return NO_TIME.format(words=match[0])
    plain = " ".join(text.split())
    if is_p1 and not any(sentence in plain for sentence in sentences):
        return STAY_SAFE_ONLY
    return ""
