"""The advisories of the days before, for an exercise that begins in the middle of its storm."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from dispatch.feeds.arrival import Place
from dispatch.feeds.records import Advisory, ForecastPoint
from dispatch.feeds.times import from_iso
from dispatch.geo.areas import Bounds
from dispatch.records import Millis
from dispatch.resources import resource

LOOK_BACK_MS = 5 * 86_400_000


def no_advisories(_now: Millis) -> Iterable[Advisory]:
    """Outside an exercise only what the feeds hold counts."""
    return ()


def rehearsed_advisories(now: Millis) -> Iterable[Advisory]:
    """Of the storms that are bundled, those of the days before `now`, the newest first."""
    found = []
    for path in sorted(resource("storms").glob("*-advisories.json")):
        said = orjson.loads(path.read_bytes())
        found += [_advisory(said, row) for row in said["advisories"]]
    return sorted(
        (each for each in found if now - LOOK_BACK_MS <= each.issued_at <= now),
        key=lambda each: -each.issued_at,
    )


def middle_of(box: Bounds) -> Place:
    """Latitude and longitude."""
    west, south, east, north = box
    return (south + north) / 2, (west + east) / 2


def _advisory(said: dict[str, Any], row: dict[str, Any]) -> Advisory:
    points = tuple(
        ForecastPoint(each["lat"], each["lon"], from_iso(each["time"]), each["wind_kt"])
        for each in (row, *row["forecast"])
    )
    return Advisory(said["storm"].lower(), said["name"], str(row["adv"]), from_iso(row["time"]), points)
