"""We send nobody into danger (S9): where residents may not be asked for a photo or a better place."""

from __future__ import annotations

import re

DANGEROUS_FAMILIES = frozenset({"wires", "flooding", "sewer_water"})
DANGEROUS_CATEGORIES = frozenset({"gas_leak", "fire", "carbon_monoxide", "hazmat_spill", "looting_security"})
SAFE_START = "only from where you are safe"

_ASKS = re.compile(
    r"\b(photos?|pictures?|fotos?|closer look|better (place|location|spot)|exact (place|location|spot)"
    r"|(go|take a) look|check (on|if|whether)|ubicaci[oó]n exacta)\b",
    re.IGNORECASE,
)


def refusal(text: str, *, category: str, family: str, has_wire: bool, is_suspended: bool) -> str:
    """Why this message must not ask what it asks; empty where it may.

    Elsewhere such a request begins with "only from where you are safe".
    """
    if not _ASKS.search(text):
        return ""
    if is_suspended:
        return "Field response is suspended: nobody is asked to go outside for a photo or a better place."
    if has_wire or family in DANGEROUS_FAMILIES or category in DANGEROUS_CATEGORIES:
        return "Nobody is asked to go near this for a photo or a better place: it may be dangerous."
    if SAFE_START not in text.lower():
        return "Begin with “Only from where you are safe” when you ask for a photo or a better place."
    return ""
