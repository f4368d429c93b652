"""Words that no spreadsheet takes for a formula (OWASP, "CSV Injection")."""

from __future__ import annotations

import re

# The wide forms are what a Japanese keyboard types.
SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
STARTS = (*SIGNS, "\t", "\r")
# Before them in a cell: shown as nothing, and it makes the rest words.
SAFE = "'"
# Where the comma parts decimals, a spreadsheet parts cells at the semicolon, quotes or no quotes.
_AFTER_SEMICOLON = re.compile(f'(;[ "]*)(?=[{re.escape("".join(SIGNS))}])')


def harmless(words: str) -> str:
    """The same words with a mark before what would be calculated, at their start and behind semicolons."""
    if ";" in words:
        words = _AFTER_SEMICOLON.sub(rf"\1{SAFE}", words)
    return f"{SAFE}{words}" if words.startswith(STARTS) else words
