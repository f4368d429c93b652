"""A small real HTTP server that says what the test says, and remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson


@dataclass(frozen=True)
class Call:
    """One call as it arrived: fields of the address or the form, each with its last value."""

    method: str
    path: str
    fields: dict[str, str]
    headers: dict[str, str]
    several: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Say:
    body: Any = b""
    status: int = 200
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else orjson.dumps(self.body)


class Playing:
    """`says` answers each call; anything but a Say is a body with status 200."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.says: Callable[[Call], Any] = lambda _: []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer._answer(self)

            def do_POST(self) -> None:
                outer._answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.address = f"{self.url}/open311/v2"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        form = handler.rfile.read(int(handler.headers.get("Content-Length") or 0)).decode()
        several = parse_qs(form or parts.query, keep_blank_values=True)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        last = {name: values[-1] for name, values in several.items()}
        call = Call(handler.command, parts.path, last, headers, several)
        self.calls.append(call)
        said = self.says(call)
        say = said if isinstance(said, Say) else Say(said)
        handler.send_response(say.status)
        for name, value in {
            "Content-Type": say.kind,
            "Content-Length": str(len(say.raw)),
            **say.headers,
        }.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(say.raw)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
