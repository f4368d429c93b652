"""What a public message should not hold (S8): medical words, phone and unit numbers. Finds, never decides."""

from __future__ import annotations

import re
from enum import StrEnum


class Private(StrEnum):
    PHONE = "phone"
    UNIT = "unit"
    MEDICAL = "medical"


_PATTERNS = {
    Private.PHONE: re.compile(
        r"(?<!\d)(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}(?!\d)|(?<![\d-])\d{3}-\d{4}(?![\d-])"
    ),
    Private.UNIT: re.compile(
        r"\b(?:apt|apartment|unit|suite|ste|lot|room|rm|apto|apartamento)\b\.?\s*#?\s*\w*\d\w*|#\s?\d+\w*",
        re.IGNORECASE,
    ),
    Private.MEDICAL: re.compile(
        r"\b(?:oxygen|dialysis|insulin|diabet\w+|ventilator|cpap|concentrator|medicat\w+|medicine|wheelchair|"
        r"disab\w+|bedbound|bedridden|pregnan\w+|dementia|alzheimer\w*|seizure\w*|stroke|cancer|hospice|"
        r"heart (?:attack|condition)|ox[ií]geno|di[aá]lisis|insulina|embaraz\w+|silla de ruedas)\b",
        re.IGNORECASE,
    ),
}


def private_words(text: str) -> dict[Private, str]:
    """The first of each kind, as it stands in the text."""
    found = {kind: pattern.search(text) for kind, pattern in _PATTERNS.items()}
    return {kind: match[0].strip() for kind, match in found.items() if match}
