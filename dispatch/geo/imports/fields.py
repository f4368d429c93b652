"""Which fields of a layer likely hold its names and its zones, by how people call them."""

from __future__ import annotations

from collections.abc import Iterable

NAMES = ("name", "title", "label")
ZONES = ("zone", "evac", "surge", "level")


def likely_name(fields: Iterable[str]) -> str:
    """Empty where none is likely."""
    return _first(fields, NAMES)


def likely_zone(fields: Iterable[str]) -> str:
    return _first(fields, ZONES)


def _first(fields: Iterable[str], parts: tuple[str, ...]) -> str:
    known = list(fields)
    return next((name for part in parts for name in known if part in name.lower()), "")
