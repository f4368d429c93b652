"""The one door to HTTP: sessions, time-outs, size limits, and every failure once as a sentence.

No retries in here: how often a server is asked is the business of `sync/budget.py` alone. The one exception
is a server whose packing is broken: the same answer is asked for unpacked, and from then on always so.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

import orjson
import requests
from requests.auth import AuthBase
from urllib3.exceptions import (
    DecodeError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
)

from dispatch.agent import agent_of
from dispatch.errors import RateLimited, ServerFailed, ServerNonsense, ServerRefused, ServerUnreachable
from dispatch.http_body import parse_json, server_words
from dispatch.http_line import LeadsAstray, Line, host_and_port, is_loopback

log = logging.getLogger(__name__)

CONNECT_S = 5.0
READ_S = 20.0
WHOLE_S = 60.0
MAX_BYTES = 32 * 1024 * 1024
CHUNK_BYTES = 64 * 1024

RETRY_DEFAULT_S = 60.0
RETRY_LEAST_S, RETRY_MOST_S = 1.0, 300.0

# Servers close a line that was quiet for some seconds, and a call sent into that very moment is lost
# without an answer; a fresh line costs one round trip.
QUIET_LINE_S = 3.0

MAY_HEAL = (408, 425)  # refusals by number, but the same call may do better later
MOVED_FOR_GOOD = (301, 308)
NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, unread."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)  # whatever case their names are asked in
    url: str = ""  # from where in the end


class HttpDoor:
    """HTTP for the adapters: JSON calls give `(status, parsed)`, an empty body being None; others an Answer.

    Safe from every thread. A `token` travels in the Authorization header, a `secret` is one that the caller
    put among the fields; neither goes over an open line, and both are struck out of the server's words
    before they become a sentence.
    """

    def __init__(
        self,
        *,
        name: str = "The 311 server",
        contact: str = "",
        connect_s: float = CONNECT_S,
        read_s: float = READ_S,
        whole_s: float = WHOLE_S,
        max_bytes: int = MAX_BYTES,
        retry_most_s: float = RETRY_MOST_S,
    ) -> None:
        self._name = name
        self._agent = agent_of(contact)
        self._connect_s = connect_s
        self._read_s = read_s
        self._whole_s = whole_s
        self._max_bytes = max_bytes
        self._retry_most_s = retry_most_s
        self._lines = threading.local()
        self._sessions: list[Line] = []
        self._lock = threading.Lock()
        # Hosts that have answered well, that cannot pack, and that said they live elsewhere now.
        self._answered: set[str] = set()
        self._unpacked: set[str] = set()
        self._moved: dict[str, str] = {}
        # Called on the calling thread before each call; may wait.
        self.before_call: Callable[[], None] = lambda: None

    def who(self, url: str) -> str:
        """How sentences call the server of this address."""
        return f"{self._name} at {_address(url)}"

    def get(
        self, url: str, params: Mapping[str, str | int | float] | None = None, *, secret: str = ""
    ) -> Answer:
        """Whatever stands there, in any format."""
        return self._call("GET", url, "", secret, params=params, headers={"Accept": "*/*"})

    def get_unjudged(self, url: str, headers: Mapping[str, str], *, secret: str = "") -> Answer:
        """Whatever the server answers, refusals and redirects included: for who tells them apart by what they
        hold. `secret` is one that stands in the address."""
        if secret:
            _check_secret(secret, url, self.who(url))
        sent = {"headers": headers, "allow_redirects": False}
        try:
            response, body = self._exchange("GET", url, "", sent)
        except (requests.RequestException, HTTPError, ValueError) as error:
            self._translate(error, self.who(url))
        return Answer(response.status_code, body, response.headers)

    def get_newer(
        self, url: str, *, etag: str = "", modified: str = "", accept: str = "*/*"
    ) -> Answer | None:
        """What stands there, None while it is what `etag` or `modified` name: headers of an earlier answer.

        Only over https, or from this machine: what is read here is believed without a signature.
        """
        self._check_line(url)
        headers = {"Accept": accept}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        answer = self._call("GET", url, "", headers=headers)
        self._check_line(answer.url)
        return None if answer.status == NOT_MODIFIED else answer

    def post(self, url: str, fields: Mapping[str, str | Sequence[str]], *, secret: str = "") -> Answer:
        """A form as GeoReport wants it, a field with several values several times; an `api_key` stands among
        the fields and is the `secret`.

        After ServerUnreachable, ServerFailed or ServerNonsense nobody knows if it was done.
        """
        return self._call("POST", url, "", secret, data=dict(fields), headers={"Accept": "*/*"})

    def get_json(
        self,
        url: str,
        params: Mapping[str, str | int | float] | None = None,
        *,
        token: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any]:
        answer = self._call("GET", url, token, params=params, headers=headers)
        return answer.status, _parsed(answer.body, self.who(url), token)

    def post_json(
        self, url: str, body: Any = None, *, token: str = "", headers: Mapping[str, str] | None = None
    ) -> tuple[int, Any]:
        """After ServerUnreachable, ServerFailed or ServerNonsense nobody knows if it was done: read back."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        answer = self._call("POST", url, token, data=orjson.dumps(body), headers=sent)
        return answer.status, _parsed(answer.body, self.who(url), token)

    def post_bytes(self, url: str, content: bytes, *, headers: Mapping[str, str]) -> Answer:
        """Exactly these bytes, as somebody has signed them; the same is unknown after the same errors."""
        return self._call("POST", url, "", data=content, headers=dict(headers))

    def close(self) -> None:
        with self._lock:
            sessions, self._sessions = self._sessions, []
            self._lines = threading.local()
        for session in sessions:
            session.close()

    def _call(self, method: str, url: str, token: str, secret: str = "", **sent: Any) -> Answer:
        who = self.who(url)
        token = token.strip()
        for kept in filter(None, (token, secret)):
            _check_secret(kept, url, who)
        try:
            response, body = self._exchange(method, url, token, sent)
        except (requests.RequestException, HTTPError, ValueError) as error:
            self._translate(error, who)
        self._note_moves(response, who)
        is_same = response.status_code == NOT_MODIFIED and _asks_for_newer(sent)
        if 200 <= response.status_code < 300 or is_same:
            self._answered.add(_address(url))
            return Answer(response.status_code, body, response.headers, response.url)
        raise self._refusal(response, body, url, token, secret)

    def _exchange(
        self, method: str, url: str, token: str, sent: dict[str, Any]
    ) -> tuple[requests.Response, bytes]:
        host = _address(url)
        try:
            return self._once(method, url, token, sent, is_packed=host not in self._unpacked)
        except (requests.exceptions.ContentDecodingError, DecodeError):
            if method != "GET" or host in self._unpacked:
                raise
            self._unpacked.add(host)
            return self._once(method, url, token, sent, is_packed=False)

    def _once(
        self, method: str, url: str, token: str, sent: dict[str, Any], *, is_packed: bool
    ) -> tuple[requests.Response, bytes]:
        if not is_packed:
            sent = {**sent, "headers": {**(sent.get("headers") or {}), "Accept-Encoding": "identity"}}
        self.before_call()
        deadline = time.monotonic() + self._whole_s
        session = self._session(url)
        session.deadline.at = deadline
        with session.request(
            method,
            url,
            auth=_Token(token),
            timeout=(self._connect_s, self._read_s),
            stream=True,
            # A redirected POST would quietly become a GET.
            **{"allow_redirects": method == "GET", **sent},
        ) as response:
            return response, self._read(response, deadline, self.who(url))

    def _check_line(self, url: str) -> None:
        if not (url.lower().startswith("https://") or is_loopback(url)):
            whose = f"{self.who(url)} is not read over an open line"
            raise ServerRefused(f"{whose}: give its address with https in the settings.", status=0)

    def _note_moves(self, response: requests.Response, who: str) -> None:
        """A server that moved for good is followed, and told of once."""
        for step in response.history:
            host, target = _address(step.url), _address(response.url)
            if step.status_code in MOVED_FOR_GOOD and host != target and self._moved.get(host) != target:
                self._moved[host] = target
                log.warning("%s has moved to %s for good: enter that address in the settings.", who, target)

    def _session(self, url: str) -> Line:
        """One for each thread, since a Session is not made to be shared."""
        lines = self._lines
        session: Line | None = getattr(lines, "session", None)
        now = time.monotonic()
        if session is None:
            session = lines.session = Line()
            session.headers.update({"User-Agent": self._agent, "Accept": "application/json"})
            with self._lock:
                self._sessions.append(session)
        elif now - lines.used_at > QUIET_LINE_S:
            session.close()
        lines.used_at = now
        # The exercise on this machine is never behind the city's proxy.
        session.trust_env = not is_loopback(url)
        return session

    def _read(self, response: requests.Response, deadline: float, who: str) -> bytes:
        """The body, read as it comes: a server that drips is given up at the deadline, not byte by byte."""
        body = bytearray()
        while chunk := response.raw.read1(CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > self._max_bytes:
                raise ServerNonsense(f"{who} sent more than {self._max_bytes / 2**20:.3g} MB at once.")
            if time.monotonic() > deadline:
                raise requests.Timeout
        return bytes(body)

    def _translate(self, error: Exception, who: str) -> NoReturn:
        cause = getattr(error.args[0], "reason", None) if error.args else None
        match error:
            case requests.ConnectTimeout():
                sentence = f"{who} cannot be reached: no connection within {self._connect_s:g} s."
            case requests.Timeout() | ReadTimeoutError() if self._is_over():
                sentence = f"{who} is too slow: its answer was not whole after {self._whole_s:g} s."
            case requests.Timeout() | ReadTimeoutError():
                sentence = f"{who} is too slow to answer: nothing came for {self._read_s:g} s."
            case requests.exceptions.SSLError():
                trouble = (
                    "shows a certificate that cannot be trusted: check its address and this computer's clock"
                    if "CERTIFICATE" in str(error)
                    else "does not speak https: check its address in the settings"
                )
                sentence = f"{who} {trouble}. Nothing was sent."
            case requests.exceptions.ProxyError():
                sentence = f"{who} cannot be reached: this computer's proxy does not let the call through."
            case LeadsAstray():
                sentence = f"{who} sends the call on {error}: that is not followed"
                raise ServerNonsense(f"{sentence}. Check its address in the settings.") from error
            case requests.TooManyRedirects():
                raise ServerNonsense(f"{who} sends the call round in a circle of redirects.") from error
            case ValueError():  # how requests calls every address it cannot use
                sentence = f"{who} cannot be called: its address in the settings is no web address."
                raise ServerRefused(sentence, status=0) from error
            case requests.exceptions.ContentDecodingError() | DecodeError():
                raise ServerNonsense(f"{who} sent an answer that cannot be unpacked.") from error
            case _ if isinstance(cause, NameResolutionError):
                sentence = f"{who} cannot be found: check the network, and the address in the settings."
            case _ if isinstance(cause, NewConnectionError):
                sentence = f"{who} takes no connections: it is off, or its address in the settings is wrong."
            case _:
                sentence = f"{who} broke the line before its answer was whole."
        raise ServerUnreachable(sentence) from error

    def _is_over(self) -> bool:
        return bool(time.monotonic() > self._lines.session.deadline.at)

    def _refusal(
        self, response: requests.Response, body: bytes, url: str, token: str, secret: str
    ) -> Exception:
        status, who = response.status_code, self.who(url)
        said = _words(body, token or secret)
        later = response.headers.get("Retry-After", "")
        retry_s = retry_after_s(later, most_s=self._retry_most_s)
        if status == 429:
            return RateLimited(
                f"{who} takes no more calls for now; the next one goes in {retry_s:.0f} s.",
                retry_after_s=retry_s,
            )
        if status >= 500 or status in MAY_HEAL:
            return ServerFailed(f"{who} failed ({status}){said}", retry_after_s=retry_s if later else 0.0)
        if status >= 400:
            verdict = _verdict(status, bool(token or secret), _address(url) in self._answered)
            return ServerRefused(f"{who} {verdict} ({status}){said}", status=status)
        if target := response.headers.get("Location", ""):
            moved = f"{who} has moved to {_address(target)}: enter that address in the settings."
            return ServerRefused(moved, status=status)
        return ServerNonsense(f"{who} answered with status {status}, which means nothing here.")


class _Token(AuthBase):
    """Given to each call, also an empty one: without it a stray .netrc would log in as somebody."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, http_request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            http_request.headers["Authorization"] = f"Bearer {self._token}"
        return http_request


def _check_secret(kept: str, url: str, who: str) -> None:
    if not (kept.isascii() and kept.isprintable()):
        raise ServerRefused(f"{who} was not called: the token is damaged, enter it again.", status=0)
    if not (url.lower().startswith("https://") or is_loopback(url)):
        sentence = f"{who} was not called: without https anybody on the way could read the token."
        raise ServerRefused(sentence, status=0)


def _asks_for_newer(sent: dict[str, Any]) -> bool:
    return not {"If-None-Match", "If-Modified-Since"}.isdisjoint(sent.get("headers") or {})


def _parsed(body: bytes, who: str, token: str) -> Any:
    if not body.strip():
        return None
    try:
        return parse_json(body)
    except ValueError as error:
        what = "a web page" if body.lstrip()[:1] == b"<" else "something that is not JSON"
        sentence = f"{who} answered with {what} instead of data{_words(body, token)}"
        raise ServerNonsense(sentence) from error


def _words(body: bytes, token: str) -> str:
    words = server_words(body)
    if token:
        words = words.replace(token, "…")
    return f": {words}" if words else "."


def _verdict(status: int, has_token: bool, has_answered: bool) -> str:
    match status:
        case 401:
            return "does not take this token" if has_token else "wants a token"
        case 403:
            return "forbids this, though it has answered before" if has_answered else "forbids this"
        case 404 | 410:
            return "does not have this"
        case _:
            return "refused"


def retry_after_s(header: str, *, most_s: float = RETRY_MOST_S) -> float:
    """Seconds or a date, kept between 1 and `most_s`; 60 when the server does not say."""
    try:
        seconds = float(header)
    except ValueError:
        try:
            at = parsedate_to_datetime(header)
        except ValueError:
            return RETRY_DEFAULT_S
        seconds = (at - datetime.now(UTC)).total_seconds()
    if seconds != seconds:  # "nan" is a float, too
        return RETRY_DEFAULT_S
    return min(max(seconds, RETRY_LEAST_S), most_s)


def _address(url: str) -> str:
    """Host and port, without what else an address may carry (a password, words)."""
    host, port = host_and_port(url)
    if not host:
        return "an unreadable address"
    return f"{host}:{port}" if port else host
