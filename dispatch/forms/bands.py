"""What a band is called elsewhere: resources/priority_map.toml, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from dispatch.records import Band
from dispatch.resources import resource


@dataclass(frozen=True, slots=True)
class BandElsewhere:
    """One row of the map. Several values: the operator or the category picks, the first is offered."""

    words: str
    cap_urgency: tuple[str, ...]
    cap_severity: tuple[str, ...]
    ics_213rr: tuple[str, ...]
    email_subject: str
    email_importance: str
    first_look_min: tuple[int, int]
    eido_priority: int | None = None


@cache
def band_map() -> Mapping[Band, BandElsewhere]:
    rows = tomllib.loads(resource("priority_map.toml").read_text(encoding="utf-8"))
    return MappingProxyType({band: BandElsewhere(**_tuples(rows[band.name])) for band in Band})


def band_words(band: Band) -> str:
    """P1 life safety: never the letter alone."""
    return f"{band.name} {band_map()[band].words}"


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
