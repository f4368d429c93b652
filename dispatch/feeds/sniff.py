"""Whose a file is that somebody brought, told by its content: a weather service's, or none of theirs."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from dispatch.errors import FeedRefused
from dispatch.feeds.storms_list import MARK as STORMS_MARK

NWS, NHC = "nws", "nhc"
# The whole country's alerts in a bad hour are half of it.
MOST_BYTES = 16_000_000
CAP = b"urn:oasis:names:tc:emergency:cap:"
ALERTS = (b'"messageType"', b"api.weather.gov/alerts", b"api.weather.gov/ontology")
PRODUCT = re.compile(rb"FORECAST/ADVISORY NUMBER|NATIONAL HURRICANE CENTER", re.IGNORECASE)
PACKAGE = re.compile(r"_5day_(lin|pgn|pts)\.shp$|_5day_\w+\.zip$|adv_(CONE|TRACK)\.km[lz]$", re.IGNORECASE)


def whose(path: Path) -> str:
    """`nws`, `nhc`, or nothing. Raises FeedRefused for a weather file that is too large to be one."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            body = file.read(min(size, MOST_BYTES))
    except OSError as error:
        raise FeedRefused(f"{path.name} cannot be read: {error.strerror or error}.") from error
    found = _packed(path) if body.startswith(b"PK") else _plain(path, body)
    if found and size > MOST_BYTES:
        raise FeedRefused(
            f"{path.name} has {size // 1_000_000} MB, weather may have {MOST_BYTES // 1_000_000}: "
            "it was left where it is."
        )
    return found


def _plain(path: Path, body: bytes) -> str:
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"<":
        return NWS if CAP in body else NHC if PACKAGE.search(path.name) else ""
    if start in (b"{", b"["):
        if STORMS_MARK in body:
            return NHC
        return NWS if any(mark in body for mark in ALERTS) else ""
    if b"\x00" in body[:4096]:
        return NHC if PACKAGE.search(path.name) else ""
    return NHC if PRODUCT.search(body) else ""


def _packed(path: Path) -> str:
    names = [path.name]
    try:
        with zipfile.ZipFile(path) as packed:
            names += packed.namelist()[:200]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        pass  # its own name may tell; who reads it will say that it is damaged
    return NHC if any(PACKAGE.search(name) for name in names) else ""
