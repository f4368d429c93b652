"""What a tile server sent: a picture of a map, or something else, and what that is in one sentence."""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import dataclass
from typing import Any

from dispatch.errors import TilesRefused
from dispatch.geo.raster.about import PICTURES, VECTOR

SIDES = (256, 512)
# Within so many steps of 255 a picture has one color: water, or land without anything on it.
ONE_COLOR = 8
_KINDS = ("image/", "application/octet-stream", "binary/octet-stream")


@dataclass(frozen=True, slots=True)
class Picture:
    """`digest` tells pictures apart; a plain one has one color only, and is right for many places."""

    data: bytes
    digest: str
    is_plain: bool


def is_picture(data: bytes) -> bool:
    """By its first bytes."""
    return data.startswith(tuple(PICTURES))


def check_picture(data: bytes, content_type: str, who: str) -> Picture:
    """The tile, read to its last byte. TilesRefused says what is wrong with what `who` sends."""
    said = content_type.partition(";")[0].strip().lower()
    if data.lstrip()[:1] == b"<" or "html" in said:
        raise TilesRefused(
            f"{who} answers with a web page instead of map pictures: this network may want a sign-in first,"
            " or the address is wrong."
        )
    if data.startswith(VECTOR) or "vector" in said or "protobuf" in said:
        raise TilesRefused(f"{who} sends vector tiles: enter its address for pictures (PNG, JPEG or WebP).")
    if not is_picture(data) or (said and not said.startswith(_KINDS)):
        raise TilesRefused(
            f"{who} sends something that is no picture (PNG, JPEG or WebP): check its address."
        )
    return Picture(data, hashlib.blake2b(data, digest_size=12).hexdigest(), _is_plain(data, who))


def _is_plain(data: bytes, who: str) -> bool:
    """Whether it has one color; it is read whole for that."""
    # Only the process that fetches needs it.
    from PIL import Image

    # It would only warn of large ones; ours are measured before they are unpacked.
    Image.MAX_IMAGE_PIXELS = None
    try:
        if data.startswith(b"RIFF"):
            _check_side(_webp_size(data), who)  # its reader makes room for the picture when it opens it
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
            _check_side(image.size, who)
            ranges: Any = image.convert("RGBA").getextrema()
    except TilesRefused:
        raise
    except Exception as error:
        # An edge: the library gives its own errors for every way a picture may be damaged.
        raise TilesRefused(f"{who} sends damaged pictures.") from error
    *_, alpha = ranges
    return alpha[1] == 0 or all(high - low <= ONE_COLOR for low, high in ranges)


def _check_side(size: tuple[int, int], who: str) -> None:
    if size[0] != size[1] or size[0] not in SIDES:
        raise TilesRefused(
            f"{who} sends pictures of {size[0]} by {size[1]} pixels: tiles have 256 or 512 each way."
        )


def _webp_size(data: bytes) -> tuple[int, int]:
    match data[12:16]:
        case b"VP8X":
            return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case _:
            width, height = struct.unpack_from("<HH", data, 26)
            return width & 0x3FFF, height & 0x3FFF
