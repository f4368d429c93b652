"""The line an HTTP call goes over: where a redirect may lead, no cookies, and a time after which it is given
up however slowly somebody goes on talking."""

from __future__ import annotations

import http.client
import io
import logging
import time
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

# It writes whole addresses into the log, those that hold a key as well, at a server's wish even as a warning:
# every failure becomes a sentence of ours.
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)


class LeadsAstray(requests.RequestException):
    """A redirect from a safe line to an open one, or from elsewhere to this computer."""


class Line(requests.Session):
    """A session that remembers nothing of a server but the connection to it."""

    def __init__(self) -> None:
        super().__init__()
        # A server neither knows us again nor fills us up.
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter())
        self.deadline = _Deadline()

    def rebuild_auth(self, prepared_request: Any, response: Any) -> None:
        """Called before each redirect is followed; raises LeadsAstray."""
        came_from, goes_to = response.request.url, prepared_request.url
        if goes_to.lower().startswith("http://") and came_from.lower().startswith("https://"):
            raise LeadsAstray("to an open line", response=response)
        if is_loopback(goes_to) and not is_loopback(came_from):
            raise LeadsAstray("to this computer", response=response)
        # Nothing is looked up in the account's .netrc for wherever a server sends us.
        if self.should_strip_auth(came_from, goes_to):  # type: ignore[no-untyped-call]
            prepared_request.headers.pop("Authorization", None)

    def send(self, request: Any, **kwargs: Any) -> requests.Response:
        adapter = cast("_Adapter", self.get_adapter(request.url))
        adapter.deadline = self.deadline
        return super().send(request, **kwargs)


class _Deadline:
    """By time.monotonic(); of the call that is under way on this line."""

    def __init__(self) -> None:
        self.at = float("inf")


class _Raw(io.RawIOBase):
    """A socket's file that gives up at the deadline. Its time-out counts from byte to byte: whoever drips
    the head of an answer would hold the line for days."""

    def __init__(self, file: Any, deadline: _Deadline) -> None:
        self._file, self._deadline = file, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if time.monotonic() > self._deadline.at:
            raise TimeoutError("the answer was not whole in time")
        return cast("int | None", self._file.readinto(buffer))

    def fileno(self) -> int:
        return int(self._file.fileno())

    def close(self) -> None:
        self._file.close()
        super().close()


class _Adapter(HTTPAdapter):
    deadline = _Deadline()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self._timely(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        return self._timely(super().proxy_manager_for(*args, **kwargs))

    def _timely(self, manager: Any) -> Any:
        adapter = self

        class Answer(http.client.HTTPResponse):
            def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
                super().__init__(sock, *args, **kwargs)
                self.fp.close()
                self.fp = io.BufferedReader(_Raw(sock.makefile("rb", buffering=0), adapter.deadline))

        def of(kind: type[HTTPConnection]) -> Any:
            return type(f"Timely{kind.__name__}", (kind,), {"response_class": Answer})

        def pool(kind: type[HTTPConnectionPool], connection: type[HTTPConnection]) -> Any:
            return type(f"Timely{kind.__name__}", (kind,), {"ConnectionCls": of(connection)})

        manager.pool_classes_by_scheme = {
            "http": pool(HTTPConnectionPool, HTTPConnection),
            "https": pool(HTTPSConnectionPool, HTTPSConnection),
        }
        return manager


def host_and_port(url: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port
    except ValueError:
        return "", None


def is_loopback(url: str) -> bool:
    host, _ = host_and_port(url)
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False  # a name, and be it 127.example.org
