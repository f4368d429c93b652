"""What a GeoReport server answered, made plain: JSON or XML by its looks, lists out of their envelopes, and
web pages told apart from data."""

from __future__ import annotations

import re
from typing import Any

from dispatch.errors import ServerNonsense, ServerRefused
from dispatch.http_body import parse_json, server_words
from dispatch.servers import shapes
from dispatch.servers.georeport_xml import parse_xml

# Around a list, one inside the other in old servers; the outermost is tried first.
ENVELOPES = (
    *("service_requests", "requests", "request", "service_request", "issues", "services", "service"),
    *("service_requests_updates", "service_request_updates", "request_updates", "request_update"),
    *("endpoints", "data", "result", "results"),
)
DEEPEST = 6
ERROR_KEYS = frozenset({"code", "description", "message", "error", "errors", "status"})

_WEB_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body|script|h1|center)\b", re.IGNORECASE)
_ERROR_PAGE = re.compile(r"(?:^|\s)ERROR:\s*\S", re.IGNORECASE)
# The specification's own sample prints codes so, which is no JSON.
_BARE_CODE = re.compile(rb"([:\[,]\s*)(0\d+)(?=\s*[,}\]])")


class WebPage(Exception):
    """A page for people where data was asked for; `says_error` when it tells what was wrong with the call."""

    def __init__(self, words: str, *, says_error: bool) -> None:
        super().__init__(words)
        self.words = words
        self.says_error = says_error


def parse(body: bytes, who: str) -> Any:
    """The data in an answer of either format, None for an empty one.

    Raises WebPage, ServerNonsense for what is neither, and ServerRefused for errors told with status 200.
    """
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body:
        return None
    if _WEB_PAGE.match(body) or body[:6].upper() == b"ERROR:":
        raise _web_page(body)
    try:
        root, value = parse_xml(body) if body.startswith(b"<") else ("", _json(body))
    except ValueError as error:
        if body.startswith(b"<") and b"<html" in body[:2000].lower():
            raise _web_page(body) from None
        what = "broken XML" if body.startswith(b"<") else "something that is neither JSON nor XML"
        raise ServerNonsense(f"{who} answered with {what} instead of data.") from error
    if root.lower() == "html":
        raise _web_page(body)
    if root in ("errors", "error") or _is_error(value):
        words = server_words(body) or "it does not say why"
        raise ServerRefused(f"{who} refused: {words}", status=_status_of(value))
    return value


def rows(value: Any, who: str, depth: int = 0) -> list[Any]:
    """The list in an answer: bare, in an envelope, or one object where a list belongs."""
    match value:
        case None:
            return []
        case list():
            return [row for part in value for row in _unwrapped(part, who, depth)]
        case dict() if (key := _envelope(value)) and depth < DEEPEST:
            return rows(value[key], who, depth + 1)
        case dict() if value:
            return [value]
    raise ServerNonsense(f"{who} answered without a list.")


def one(value: Any, who: str) -> dict[str, Any]:
    """The first object of an answer; empty where there is none."""
    found = rows(value, who)
    return found[0] if found and isinstance(found[0], dict) else {}


def _unwrapped(part: Any, who: str, depth: int) -> list[Any]:
    """`[{"request": [...]}]`, as old servers nest it; any other member is a row by itself."""
    if isinstance(part, dict) and len(part) == 1 and _envelope(part) and depth < DEEPEST:
        return rows(part, who, depth + 1)
    return [part]


def _envelope(value: dict[str, Any]) -> str:
    """The key whose value is the list, where the object is no row itself."""
    if "service_request_id" in value or "token" in value or "update_id" in value or "service_code" in value:
        return ""
    return next((key for key in ENVELOPES if isinstance(value.get(key), list | dict)), "")


def _is_error(value: Any) -> bool:
    """`[{"code": 403, "description": "…"}]`, `{"errors": …}` and mixtures; never an empty list."""
    if isinstance(value, list) and value:
        return all(isinstance(part, dict) and _is_error(part) for part in value)
    if not isinstance(value, dict) or not value:
        return False
    return value.keys() <= ERROR_KEYS and bool(value.keys() & {"code", "error", "errors", "message"})


def _status_of(error: Any) -> int:
    """What an error told with status 200 ought to have come with."""
    found = shapes.scalar(error)
    code = shapes.number(found.get("code")) if isinstance(found, dict) else None
    return int(code) if code in (401, 403, 404, 410) else 400


def _json(body: bytes) -> Any:
    try:
        return parse_json(body)
    except ValueError:
        return parse_json(_BARE_CODE.sub(rb'\1"\2"', body))


def _web_page(body: bytes) -> WebPage:
    words = server_words(body)
    whole = body[:20_000].decode("utf-8", "replace")
    found = _ERROR_PAGE.search(re.sub(r"<[^>]*>", " ", whole))
    if found:
        words = server_words(re.sub(r"<[^>]*>", " ", whole)[found.start() :].strip().encode())
    return WebPage(words, says_error=found is not None)
