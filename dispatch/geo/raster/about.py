"""What every raster file says of itself, and what the map asks of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from dispatch.errors import MapFileBroken

# Tiles count from zoom 0, one for the world; beyond 24 a tile is smaller than a hand.
MOST_ZOOM = 24
# A tile that is not there is cut from one so many zooms coarser at most.
MOST_COARSER = 5
# No tile of 512 px weighs more, in any of the formats.
MOST_BYTES = 4_000_000
LONGEST = 160
PICTURES = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"RIFF": "webp"}
VECTOR = (b"\x1f\x8b", b"\x1a")  # gzip, or a layer of a vector tile


@dataclass(frozen=True, slots=True)
class About:
    """`attribution` is plain text, fit to be shown; zooms are those of 256 px web tiles (XYZ)."""

    name: str
    attribution: str
    least_zoom: int
    most_zoom: int
    kind: str


class RasterFile(Protocol):
    about: About

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """The picture of a tile, rows counted from the north; None where the file has none.

        Raises MapFileBroken when the file cannot be read any more.
        """
        ...

    def close(self) -> None: ...


def plain(said: object) -> str:
    """One short line of plain text: attributions come with links and marks in them."""
    text = str(said or "")[:4000]
    if "<" in text or "&" in text:
        from lxml import html  # for the few that have marks
        from lxml.etree import LxmlError

        try:
            text = "".join(map(str, html.fromstring(f"<p>{text}</p>").itertext()))
        except (LxmlError, ValueError):
            text = re.sub(r"<[^>]*>", " ", text)
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def zooms(name: str, least: object, most: object) -> tuple[int, int]:
    """Whole numbers in order and in range, or MapFileBroken."""
    try:
        low, high = int(str(least)), int(str(most))
    except ValueError:
        low, high = 1, 0
    if not 0 <= low <= high <= MOST_ZOOM:
        raise MapFileBroken(f"{name} does not say which zooms it holds: it may be damaged. Export it again.")
    return low, high


def kind_of(name: str, picture: bytes) -> str:
    """png, jpeg or webp, by the first bytes; MapFileBroken for what the map cannot show."""
    for head, kind in PICTURES.items():
        if picture.startswith(head):
            return kind
    if picture.startswith(VECTOR):
        raise MapFileBroken(f"{name} holds vector tiles. Export it as pictures (PNG, JPEG or WebP).")
    raise MapFileBroken(f"{name} holds pictures of an unknown kind. Export them as PNG or JPEG.")
