"""How long a tile counts as new: as its server says (RFC 9111), else seven days, as tile servers ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

DAY_S = 86_400.0
# OpenStreetMap's tile usage policy: as the server says, else seven days at least.
UNSAID_S = 7 * DAY_S
# Whatever a server says, the same tile is not asked for again while somebody looks at one place.
LEAST_S = 600.0
MOST_S = 366 * DAY_S
_MAX_AGE = re.compile(r'(?:^|[\s,])max-age\s*=\s*"?(\d+)', re.I)


@dataclass(frozen=True, slots=True)
class Freshness:
    """`is_passing`: the server allows no keeping beyond the use (no-store)."""

    fresh_s: float
    is_passing: bool


def freshness(headers: Mapping[str, str]) -> Freshness:
    said = headers.get("Cache-Control", "")
    words = {word.strip().partition("=")[0].lower() for word in said.split(",")}
    if "no-store" in words:
        return Freshness(LEAST_S, True)
    if "no-cache" in words:
        return Freshness(LEAST_S, False)
    if match := _MAX_AGE.search(said):
        seconds = float(match[1][:12]) - _number(headers.get("Age", ""))
    elif expires := headers.get("Expires", ""):
        seconds = _between(headers.get("Date", ""), expires)
    else:
        seconds = UNSAID_S
    return Freshness(min(max(seconds, LEAST_S), MOST_S), False)


def _number(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0.0


def _between(date: str, expires: str) -> float:
    """Both by the server's clock, as ours may be wrong; what is no date has passed (RFC 9111, 5.3)."""
    try:
        return (parsedate_to_datetime(expires) - parsedate_to_datetime(date)).total_seconds()
    except (ValueError, TypeError):
        return 0.0
