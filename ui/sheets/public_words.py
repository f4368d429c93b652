"""What a public message should not hold: medical words, phone and unit numbers (S8). Asks, never decides."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

_PHONE = re.compile(r"(?<!\d)(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}(?!\d)")
_UNIT = re.compile(
    r"\b(?:apt|apartment|unit|suite|ste|lot|room|rm|apto|apartamento)\b\.?\s*#?\s*\w*\d\w*|#\s?\d+\w*", re.I
)
_MEDICAL = re.compile(
    r"\b(?:oxygen|dialysis|insulin|diabet\w+|ventilator|cpap|concentrator|medicat\w+|medicine|wheelchair|"
    r"disab\w+|bedbound|bedridden|pregnan\w+|dementia|alzheimer\w*|seizure\w*|stroke|cancer|hospice|"
    r"heart (?:attack|condition)|ox[ií]geno|di[aá]lisis|insulina|embaraz\w+|silla de ruedas)\b",
    re.I,
)


def _tr(text: str) -> str:
    return QCoreApplication.translate("public_words", text)


def doubt_about(text: str) -> str:
    """One sentence that names what to look at again; empty when nothing stands out."""
    found = [
        (what, match[0].strip())
        for what, match in (
            (_tr("a phone number"), _PHONE.search(text)),
            (_tr("a unit number"), _UNIT.search(text)),
            (_tr("a medical word"), _MEDICAL.search(text)),
        )
        if match
    ]
    if not found:
        return ""
    named = ", ".join(f"{what} (“{words}”)" for what, words in found)
    return _tr("Anybody can read this. It holds {named}. Send it all the same?").format(named=named)
