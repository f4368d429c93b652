"""Drawn stand-ins for residents' photos and the vendor's category pictures: one small PNG for each number."""

from __future__ import annotations

import struct
import zlib
from random import Random

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

WIDTH, HEIGHT = 320, 240
SKIES = ((176, 190, 204), (150, 164, 178), (196, 200, 204))
GROUNDS = ((104, 118, 84), (120, 116, 108), (92, 104, 96))
TRUNK = (84, 64, 48)


def picture(number: int) -> bytes:
    """Sky, ground and a trunk across them; the same number gives the same picture."""
    random = Random(number)
    sky, ground = random.choice(SKIES), random.choice(GROUNDS)
    horizon, foot, top, thick = (
        random.randint(*span) for span in ((90, 150), (20, 120), (180, 300), (8, 22))
    )
    lines = []
    for y in range(HEIGHT):
        line = bytearray(bytes(sky if y < horizon else ground) * WIDTH)
        left = top + (foot - top) * y // HEIGHT
        line[left * 3 : (left + thick) * 3] = bytes(TRUNK) * thick
        lines.append(b"\0" + line)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(lines), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, content) for name, content in parts)


def _part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


async def _show(http_request: Request) -> Response:
    name = http_request.path_params["name"]
    return Response(picture(int(name) if name.isdigit() else len(name)), media_type="image/png")


async def _moved(http_request: Request) -> Response:
    return RedirectResponse(f"/files/issue_images/{http_request.path_params['name']}.png", 302)


async def _expired(http_request: Request) -> Response:
    return Response(b"The link has expired.", 403, media_type="text/plain")


ROUTES = [
    Route("/files/moved/{name}.png", _moved),
    Route("/files/expired/{name}.png", _expired),
    Route("/files/issue_images/{name}.png", _show),
    Route("/assets/categories/{name}.png", _show),
    Route("/assets/{name}.png", _show),
]
