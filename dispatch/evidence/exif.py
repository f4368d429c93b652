"""What a photo says of itself: when and where, by the camera's own clock and receiver. Its picture is never
unpacked, and whatever is broken in there says nothing."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image

_KINDS = ("JPEG", "PNG", "WEBP")
_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
_OFFSET = re.compile(r"[+-]\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Taken:
    """`at` is ISO 8601, with its distance from UTC only where the camera told it. Degrees in WGS 84."""

    at: str = ""
    latitude: float | None = None
    longitude: float | None = None


def taken(content: bytes) -> Taken:
    """Empty where there is nothing, or nothing that can be read."""
    # The library raises nearly anything over a broken block: that must stop no other photo.
    with suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(BytesIO(content), formats=_KINDS) as image:
            block = image.info.get("exif")
        if isinstance(block, bytes):
            found = Image.Exif()
            found.load(block)
            return _read(found)
    return Taken()


def _read(found: Image.Exif) -> Taken:
    detail: Mapping[int, Any] = {}
    with suppress(Exception):
        detail = found.get_ifd(ExifTags.IFD.Exif)
    place: tuple[float, float] | None = None
    with suppress(Exception):
        place = _place(found.get_ifd(ExifTags.IFD.GPSInfo))
    own = detail.get(ExifTags.Base.DateTimeOriginal)
    at = _time(own, detail.get(ExifTags.Base.OffsetTimeOriginal)) or _time(
        found.get(ExifTags.Base.DateTime), detail.get(ExifTags.Base.OffsetTime)
    )
    return Taken(at, *(place or (None, None)))


def _time(said: Any, offset: Any) -> str:
    match = _TIME.fullmatch(str(said).strip("\x00 "))
    if not match or match[1] == "0000":
        return ""
    far = str(offset).strip("\x00 ")
    return f"{match[1]}-{match[2]}-{match[3]}T{match[4]}{far if _OFFSET.fullmatch(far) else ''}"


def _place(said: Mapping[int, Any]) -> tuple[float, float] | None:
    """Degrees, minutes and seconds with N, S, E or W (EXIF 2.3, 4.6.6)."""
    gps = ExifTags.GPS
    north, east = (
        _degrees(said.get(value), str(said.get(side)).strip("\x00 ").upper()[:1], ends)
        for value, side, ends in (
            (gps.GPSLatitude, gps.GPSLatitudeRef, "NS"),
            (gps.GPSLongitude, gps.GPSLongitudeRef, "EW"),
        )
    )
    # A receiver that had no fix writes zeros.
    if north is None or east is None or (north == 0 and east == 0) or abs(north) > 90 or abs(east) > 180:
        return None
    return round(north, 6), round(east, 6)


def _degrees(parts: Any, side: str, ends: str) -> float | None:
    if side not in ends or not side or len(parts) != 3:
        return None
    value = sum(float(part) / 60**at for at, part in enumerate(parts))
    return (-value if side == ends[1] else value) if math.isfinite(value) else None
