"""What a tile server sends, told apart before anything of it is kept."""

from __future__ import annotations

import struct
import zlib

import pytest

from dispatch.errors import TilesRefused
from dispatch.tile_server.picture import check_picture
from tests.tile_server import BLOCKED, WATER, drawn, picture


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("side", [256, 512])
def test_pictures_of_every_kind_and_of_both_sizes_are_taken(kind: str, side: int) -> None:
    data = picture((10, 200, 30), "street", side=side, kind=kind)
    taken = check_picture(data, f"image/{kind.lower()}", "The tile server")
    assert taken.data == data and not taken.is_plain


def test_water_and_what_is_clear_are_plain_and_a_notice_is_not() -> None:
    assert check_picture(WATER, "image/png", "S").is_plain
    assert check_picture(picture((9, 9, 9, 0)), "", "S").is_plain
    assert check_picture(picture((170, 211, 223), kind="JPEG"), "image/jpeg; q=1", "S").is_plain
    assert not check_picture(BLOCKED, "image/png", "S").is_plain


def bomb() -> bytes:
    """30,000 by 30,000 pixels in some kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    lines = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def webp_bomb() -> bytes:
    side = (16_383).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + side + side
    return b"RIFF" + struct.pack("<I", len(body)) + body


WRONG = {
    "a web page": (b"<!DOCTYPE html><html>Sign in</html>", "image/png", "a web page"),
    "a web page that says so": (drawn((1, 0, 0)), "text/html", "a web page"),
    "XML": (b"\n<?xml version='1.0'?><Error/>", "application/xml", "a web page"),
    "a vector tile": (b"\x1a\x20abc", "application/x-protobuf", "vector tiles"),
    "a packed vector tile": (b"\x1f\x8b\x08abc", "application/octet-stream", "vector tiles"),
    "text": (b"no tile", "text/plain", "no picture"),
    "a GIF": (b"GIF89a" + bytes(20), "image/gif", "no picture"),
    "a picture that says it is text": (drawn((1, 0, 0)), "text/plain", "no picture"),
    "half a PNG": (drawn((1, 0, 0))[:300], "image/png", "damaged"),
    "half a JPEG": (picture((1, 2, 3), "x", kind="JPEG")[:700], "image/jpeg", "damaged"),
    "the head of a PNG": (b"\x89PNG\r\n\x1a\n", "image/png", "damaged"),
    "the head of a WebP": (b"RIFF\x00\x00", "image/webp", "damaged"),
    "a bomb": (bomb(), "image/png", "30000 by 30000"),
    "a bomb as WebP": (webp_bomb(), "image/webp", "16384 by 16384"),
    "a small one": (picture((1, 2, 3), side=16), "image/png", "16 by 16"),
    "one that is not square": (picture((1, 2, 3), side=(512, 256)), "image/png", "512 by 256"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_tile_is_refused_in_one_sentence(case: str) -> None:
    data, kind, words = WRONG[case]
    with pytest.raises(TilesRefused) as refused:
        check_picture(data, kind, "The tile server at tile.example")
    assert words in str(refused.value) and str(refused.value).startswith("The tile server at tile.example")
