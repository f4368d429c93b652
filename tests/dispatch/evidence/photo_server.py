"""A server of photos on this machine that answers each path as a test wants it to, and pictures to serve."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

from PIL import Image


class PhotoServer:
    """`files` are bodies by path, `status` what is answered instead of 200, `moved` where a path leads."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.files: dict[str, bytes] = {}
        self.status: dict[str, int] = {}
        self.moved: dict[str, str] = {}
        self.asked: list[str] = []


@contextmanager
def serving() -> Iterator[PhotoServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            body = found.files.get(self.path, b"")
            status = found.status.get(self.path, 200 if body else 404)
            if self.path in found.moved:
                status = 302
            self.send_response(status)
            if self.path in found.moved:
                self.send_header("Location", found.moved[self.path])
            # What it says of the content is a lie, as it may be.
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = PhotoServer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def jpeg(
    *, taken: str = "", offset: str = "", place: tuple[Any, ...] | None = None, kind: str = "JPEG"
) -> bytes:
    """A small picture; `place` are latitude, its side, longitude, its side as EXIF has them."""
    exif = Image.Exif()
    if taken or place:
        exif[0x010F] = "Camera"
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    if offset:
        exif.get_ifd(0x8769)[0x9011] = offset
    if place:
        exif.get_ifd(0x8825).update({2: place[0], 1: place[1], 4: place[2], 3: place[3]})
    file = BytesIO()
    Image.new("RGB", (8, 6), "gray").save(file, kind, exif=exif)
    return file.getvalue()
