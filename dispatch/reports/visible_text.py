"""Words of a snapshot as files of other programs can hold them: everything stays, and what cannot be kept or
would mislead is named in its place."""

from __future__ import annotations

import re

# XML 1.0 (section 2.2) knows no controls, halves of a pair and noncharacters; NUL ends a text for many.
# Embeddings and overrides turn the words behind them; the plain marks that Arabic and Hebrew need stay.
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]",
)


def visible(words: str) -> str:
    """Unfit characters as [U+XXXX], line ends as one line feed."""
    if words.isprintable():
        return words
    return _UNFIT.sub(lambda found: f"[U+{ord(found[0]):04X}]", words.replace("\r\n", "\n"))


def within_units(words: str, most: int, mark: str) -> str:
    """At most so many UTF-16 units, as spreadsheets count: of longer words the beginning, then `mark`."""
    # No character takes more than two units.
    if len(words) * 2 <= most:
        return words
    units = words.encode("utf-16-le")
    if len(units) <= most * 2:
        return words
    kept = units[: (most - len(mark.encode("utf-16-le")) // 2) * 2]
    # A pair that is cut in two goes as a whole.
    return kept.decode("utf-16-le", "ignore") + mark
