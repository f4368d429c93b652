"""A share of few says little: each stands with the interval in which it may well lie."""

from __future__ import annotations

import math

from dispatch.records import Share

Z_95 = 1.959963984540054


def share(count: int, of: int) -> Share:
    """With Wilson's score interval (1927) at 95 %, which keeps within 0 and 1 and holds for few, too."""
    if not of:
        return Share(0, 0, 0.0, 1.0)
    rate, z2 = count / of, Z_95**2
    middle = (rate + z2 / (2 * of)) / (1 + z2 / of)
    half = Z_95 * math.sqrt(rate * (1 - rate) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Share(count, of, max(0.0, middle - half), min(1.0, middle + half))
