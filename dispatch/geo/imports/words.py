"""Text out of a stranger's file, made fit to be shown as plain text on one line."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from dispatch.geo.imports.limits import TEXT_CHARS

# Control characters, and those that turn the direction of the words after them.
_HIDDEN = re.compile("[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def plain(value: Any) -> str:
    """At most `TEXT_CHARS` characters on one line; whole numbers without a point, nothing for nothing."""
    if value is None or value != value:  # the second: not a number, as tables write an empty cell
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFC", str(value).encode(errors="replace").decode(errors="replace"))
    return " ".join(_HIDDEN.sub(" ", text).split())[:TEXT_CHARS]
