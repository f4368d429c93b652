"""What stands before the API: who may come in, how often, and what goes wrong on purpose."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Mapping
from typing import Protocol

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from dispatch.exercise import wire
from dispatch.exercise.faults import Fault, Faults
from dispatch.exercise.limiter import Limiter
from dispatch.exercise.quirks import Quirks
from dispatch.exercise.unrest import Unrest

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
LISTS = ("issues", "requests.json", "requests.xml")
RETRY_AFTER_S = 1
_PROXY_PAGE = b"<html>\r\n<head><title>%b</title></head>\r\n<body><h1>%b</h1></body>\r\n</html>\r\n"
_AWAY = b"503 Service Temporarily Unavailable"
# No reset may be mistaken for an orderly end of the line: linger for nought seconds sends RST.
_LINGER_NOT = struct.pack("ii", 1, 0)

_lines: dict[tuple[str, int], asyncio.Transport] = {}


class Line(H11Protocol):
    """Keeps the connection at hand under its peer's address, so that it can be torn."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._peer = transport.get_extra_info("peername")[:2]
        _lines[self._peer] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _lines.pop(self._peer, None)
        super().connection_lost(exc)


async def tear(scope: Scope) -> None:
    """Cut the line without a word."""
    if transport := _lines.get(_peer(scope)):
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        transport.abort()
        await _gone(scope)


async def hang_up(scope: Scope) -> None:
    """End the line after what was sent, though more was promised."""
    if transport := _lines.get(_peer(scope)):
        transport.close()
        await _gone(scope)


async def _gone(scope: Scope) -> None:
    """uvicorn takes an answer that never came for a fault of ours unless the line went first."""
    while _peer(scope) in _lines:
        await asyncio.sleep(0)


def _peer(scope: Scope) -> tuple[str, int]:
    host, port = scope["client"][:2]
    return host, port


def json(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status, headers, media_type="application/json; charset=utf-8")


class Words(Protocol):
    """How a face says no: each in the form its callers know."""

    def __call__(
        self, path: str, status: int, words: str, headers: Mapping[str, str] | None = None
    ) -> Response: ...


def in_the_vendors_words(
    path: str, status: int, words: str, headers: Mapping[str, str] | None = None
) -> Response:
    return json(wire.refusal(words), status, headers)


class Gate:
    """In this order: a name to call you by, the rate limit, then what was asked to go wrong."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        limiter: Limiter,
        faults: Faults,
        quirks: Quirks,
        unrest: Unrest,
        words: Words = in_the_vendors_words,
    ) -> None:
        self._app = app
        self._limiter = limiter
        self._faults = faults
        self._quirks = quirks
        self._unrest = unrest
        self._words = words
        self._writes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if not any(name == b"user-agent" and value.strip() for name, value in scope["headers"]):
            answer = self._words(scope["path"], 403, "Request forbidden by administrative rules.")
            await answer(scope, receive, send)
        elif self._quirks.has("Q16"):
            await self._words(scope["path"], 403, "This address is blocked.")(scope, receive, send)
        elif (retry_after_s := self._limiter.take()) is not None:
            await self._too_many(scope["path"], retry_after_s)(scope, receive, send)
        else:
            await self._answer(self._fault(scope), scope, receive, send)

    def _fault(self, scope: Scope) -> Fault | None:
        is_write = scope["method"] not in SAFE_METHODS
        is_list = not is_write and scope["path"].rsplit("/", 1)[-1] in LISTS
        self._writes += is_write
        if is_write and self._writes % 2 and self._quirks.has("Q69"):
            return Fault.LOSE_ANSWER
        return self._faults.draw(is_write=is_write, is_list=is_list)

    def _too_many(self, path: str, retry_after_s: int) -> Response:
        headers = {} if self._quirks.has("Q15") else {"Retry-After": str(retry_after_s)}
        return self._words(path, 429, "Too Many Requests", headers)

    def _instead(self, fault: Fault | None, path: str) -> Response | None:
        if fault is Fault.TOO_MANY:
            return self._too_many(path, RETRY_AFTER_S)
        if fault is Fault.BROKEN:
            return self._words(path, 500, "Internal Server Error")
        return _INSTEAD.get(fault)

    async def _answer(self, fault: Fault | None, scope: Scope, receive: Receive, send: Send) -> None:
        if fault is Fault.RESET:
            await tear(scope)
        elif instead := self._instead(fault, scope["path"]):
            await instead(scope, receive, send)
        elif fault is Fault.LOSE_ANSWER:
            await self._app(scope, receive, _swallow)
            await tear(scope)
        elif fault is Fault.TRUNCATED:
            await self._app(scope, receive, _HalfOf(scope, send))
        elif fault is Fault.SLOW:
            await self._app(scope, receive, _Late(send, self._faults.slow_s))
        else:
            if fault is Fault.SHIFT_PAGES:
                self._unrest.shift()
            state = scope.setdefault("state", {})
            state["is_moderated"] = fault is Fault.MODERATED or self._quirks.has("Q68")
            state["is_doubled"] = fault is Fault.DUPLICATE
            await self._app(scope, receive, send)


async def _swallow(message: Message) -> None:
    pass


class _Late:
    """The work is done at once and the answer held back: a caller who gave up and reads back finds it."""

    def __init__(self, send: Send, wait_s: float) -> None:
        self._send, self._wait_s = send, wait_s

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await asyncio.sleep(self._wait_s)
        await self._send(message)


class _HalfOf:
    """Promises the whole body, sends half of it and cuts the line."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._send(message)
        elif half := message.get("body", b"")[: len(message.get("body", b"")) // 2]:
            await self._send({"type": "http.response.body", "body": half, "more_body": True})
            await hang_up(self._scope)


def _instead() -> dict[Fault | None, Response]:
    page = Response(_PROXY_PAGE % (_AWAY, _AWAY), 503, media_type="text/html")
    portal = Response(_PROXY_PAGE % (b"Sign in", b"Sign in to this network"), 200, media_type="text/html")
    return {
        Fault.AWAY: page,
        Fault.HTML: portal,
        Fault.NONSENSE: json(b'{"status":"ok","result":[1,2,{"three":null}]}'),
        Fault.EMPTY: json(b""),
    }


_INSTEAD = _instead()
