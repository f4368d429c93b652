"""A mail's headers and parts as plain text, whatever a sender put there; nothing in here trusts a length."""

from __future__ import annotations

from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from dispatch.text_from_outside import plain

MOST_PARTS = 60


def parts(message: Message) -> Iterator[Message]:
    """In order, without recursion; a mail inside a mail is somebody else's words and is not gone into."""
    waiting, seen = [message], 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop(0)
        seen += 1
        yield part
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting = [each for each in inner if isinstance(each, Message)] + waiting


def text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        words = content.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        words = content.decode("utf-8", "replace")
    return plain(words)


def header(message: Message, name: str) -> str:
    """Decoded and in one line; all of them where a header stands there twice."""
    said = []
    for value in message.get_all(name, []):
        try:
            pieces = decode_header(str(value))
            words = "".join(_decoded(*part) for part in pieces)
        except (HeaderParseError, ValueError):
            words = str(value)
        said.append(" ".join(plain(words).split()))
    return " ".join(said)


def _decoded(content: bytes | str, charset: str | None) -> str:
    if isinstance(content, str):
        return content
    try:
        return content.decode(charset or "latin-1", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def addresses(message: Message, name: str) -> list[tuple[str, str]]:
    """(name, address) of each; what is inside a name never counts as an address."""
    raw = [str(value) for value in message.get_all(name, [])]
    found = [(who, address) for who, address in getaddresses(raw) if "@" in address]
    return [
        (plain("".join(_decoded(*part) for part in decode_header(who))), address) for who, address in found
    ]


def one_line(words: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())[:160]
