"""A real tile server on 127.0.0.1 that draws each tile in its own colors and fails as a test tells it to."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from PIL import Image, ImageDraw

from dispatch.geo.web_tiles import WebTile

PATIENCE_S = 30.0


def picture(
    color: tuple[int, ...], words: str = "", *, side: int | tuple[int, int] = 256, kind: str = "PNG"
) -> bytes:
    size = (side, side) if isinstance(side, int) else side
    image = Image.new("RGBA" if len(color) == 4 else "RGB", size, color)
    if words:
        ImageDraw.Draw(image).text((40, 100), words, fill=(0, 0, 0))
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def color_of(tile: WebTile) -> tuple[int, int, int]:
    zoom, column, row = tile
    return 60 + 8 * zoom, 40 + column * 37 % 180, 40 + row * 53 % 180


def drawn(tile: WebTile) -> bytes:
    return picture(color_of(tile), f"{tile}")


BLOCKED = picture((230, 230, 230), "Access blocked")
WATER = picture((170, 211, 223))


class TileServer:
    """`play(tile)` gives status, body and headers for a tile, None to drop the line; `asked` keeps what came,
    with its headers."""

    def __init__(self) -> None:
        self.asked: list[tuple[WebTile, dict[str, str]]] = []
        self.paths: list[str] = []
        self.play: Callable[[WebTile], tuple[int, bytes, dict[str, str]] | None] = self.as_it_should
        self.delay_s = 0.0
        self.at_once = self.most_at_once = 0
        self.is_closed = False
        self._lock = threading.Lock()
        server = self

        class Door(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.answer(self)

            def log_message(self, *_said: Any) -> None:
                pass

        self._listening = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self._listening.daemon_threads = True
        self.host = f"127.0.0.1:{self._listening.server_address[1]}"
        self.template = f"http://{self.host}/map/{{z}}/{{x}}/{{y}}.png"
        threading.Thread(target=self._listening.serve_forever, args=(0.02,), daemon=True).start()

    @staticmethod
    def as_it_should(tile: WebTile) -> tuple[int, bytes, dict[str, str]]:
        return 200, drawn(tile), {"ETag": f'"{tile[0]}-{tile[1]}-{tile[2]}"', "Cache-Control": "max-age=3600"}

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            zoom, column, row = asked.path.partition("?")[0].removesuffix(".png").split("/")[-3:]
            tile = (int(zoom), int(column), int(row))
            with self._lock:
                self.asked.append((tile, {name.lower(): value for name, value in asked.headers.items()}))
                self.paths.append(asked.path)
            time.sleep(self.delay_s)
            said = self.play(tile)
            if said is None or self.is_closed:
                asked.close_connection = True
                return
            status, body, headers = said
            etag = headers.get("ETag")
            if status == 200 and etag and asked.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            asked.send_response(status)
            for name, value in {"Content-Type": "image/png", **headers}.items():
                asked.send_header(name, value)
            asked.send_header("Content-Length", str(len(body)))
            asked.end_headers()
            asked.wfile.write(body)
        except OSError:
            asked.close_connection = True
        finally:
            with self._lock:
                self.at_once -= 1

    def tiles(self) -> list[WebTile]:
        with self._lock:
            return [tile for tile, _ in self.asked]

    def always(self, status: int, body: bytes, **headers: str) -> None:
        """The same for every tile, whichever it is."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        self.play = lambda _tile: (status, body, said)

    def close(self) -> None:
        """Takes no more calls: whoever asks now finds nobody."""
        self.is_closed = True  # also on the lines that stand already
        self._listening.shutdown()
        self._listening.server_close()
