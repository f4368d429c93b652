"""NHC's list of active storms (CurrentStorms.json): which there are, and where each one's files lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import orjson

from dispatch.errors import FeedRefused
from dispatch.feeds.times import from_iso
from dispatch.geo.imports.words import plain
from dispatch.records import Millis

# Never were so many at once.
MOST_STORMS = 12
MARK = b'"activeStorms"'


@dataclass(frozen=True, slots=True)
class ActiveStorm:
    """`number` and `issued_at` of the advisory that its track and cone were made with; `url` the zip of both,
    empty where NHC gives none (yet)."""

    storm_id: str
    name: str
    number: str
    issued_at: Millis
    url: str


def read_storms(body: bytes, *, url: str) -> tuple[ActiveStorm, ...]:
    """Links to other hosts than the list's own are not followed. Raises FeedRefused."""
    try:
        rows = orjson.loads(body)["activeStorms"]
        return tuple(_storm(row, url) for row in rows[:MOST_STORMS])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FeedRefused(
            "The list of storms is not as the National Hurricane Center writes it: check feeds.nhc_url."
        ) from error


def _storm(row: dict[str, Any], url: str) -> ActiveStorm:
    package = row.get("trackCone") or row.get("forecastTrack") or {}
    link = urljoin(url, str(package.get("zipFile") or package.get("kmzFile") or ""))
    here, there = urlsplit(url), urlsplit(link)
    is_theirs = bool(package) and (here.scheme, here.netloc) == (there.scheme, there.netloc)
    number = plain(package.get("advNum") or "").lstrip("0")
    return ActiveStorm(
        plain(row["id"]).lower(),
        plain(row["name"]),
        number,
        from_iso(package.get("issuance")),
        link if is_theirs else "",
    )
