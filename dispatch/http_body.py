"""What stands in an answer: lenient JSON, and the server's own words about a refusal in whatever shape."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import orjson

MAX_WORDS = 200
MAX_PARTS = 6
MAX_DEPTH = 6
MARKUP_BYTES = 20_000

# What is said under these keys is a sentence by itself; under any other, the key is the field it is about.
SENTENCES = frozenset(
    {"message", "description", "error_description", "detail", "request", "error", "errors", "base"}
)
SILENT = frozenset({"code", "status", "documentation_url", "type", "id", "jurisdiction_id"})

# Not behind an odd number of backslashes: then it is a text that spells it out.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


def parse_json(body: bytes) -> Any:
    """Raises ValueError when it is no JSON at all.

    A NUL becomes U+FFFD: PostgreSQL's texts cannot hold one, and one resident's would stop a whole room. One
    broken emoji (half a surrogate), one NaN or one byte of Latin-1 must not cost the whole page either, as a
    strict parser would have it.
    """
    body = body.removeprefix(b"\xef\xbb\xbf")
    if b"\\u0000" in body:
        body = _NUL.sub(rb"\1\\ufffd", body)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        try:
            lenient = json.loads(body.decode("utf-8", "replace"), parse_constant=lambda _: None)
            return orjson.loads(json.dumps(lenient, ensure_ascii=False).encode("utf-8", "replace"))
        except RecursionError:
            raise ValueError("nested too deep") from None


def server_words(body: bytes) -> str:
    """What the server says went wrong, as one short line of plain text; empty when it says nothing."""
    text = body.decode("utf-8", "replace").strip()
    if text.startswith("<"):
        parts = _markup_says(text[:MARKUP_BYTES])
    else:
        try:
            parts = _json_says(parse_json(body))
        except ValueError:
            parts = iter([text])
    return _one_line("; ".join(dict.fromkeys(islice(parts, MAX_PARTS))))


def _json_says(value: Any, field: str = "", depth: int = 0) -> Iterator[str]:
    """Lists of sentences, {code, description}, a map of fields to one or several sentences, and mixtures."""
    if depth > MAX_DEPTH:
        return
    match value:
        case str() if value.strip():
            words = value.strip()
            names_it = not field or words.lower().startswith(field.lower())
            yield words if names_it else f"{field}: {words}"
        case list():
            for part in value:
                yield from _json_says(part, field, depth + 1)
        case dict():
            for key, part in value.items():
                if key not in SILENT:
                    yield from _json_says(part, "" if key in SENTENCES else key, depth + 1)


def _markup_says(text: str) -> Iterator[str]:
    """GeoReport's XML errors, a bare <error>, or the title of a proxy's web page."""
    for tag in ("description", "message", "error", "title", "h1"):
        found = re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", text, re.DOTALL | re.IGNORECASE)
        if words := [plain for part in found if (plain := _without_tags(part))]:
            yield from words
            return
    yield _without_tags(text)


def _without_tags(text: str) -> str:
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    return html.unescape(text).strip()


def _one_line(text: str) -> str:
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in text[: 4 * MAX_WORDS]).split())
    return text if len(text) <= MAX_WORDS else text[: MAX_WORDS - 1].rstrip() + "…"
