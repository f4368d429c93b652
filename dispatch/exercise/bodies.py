"""What callers send: forms and JSON alike become one mapping of names to values."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request

from dispatch.exercise import wire


class Refused(Exception):
    """The call is answered with this status and body."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"{status} {body.decode()}")
        self.status, self.body = status, body


def invalid(name: str, complaint: str) -> Refused:
    return Refused(422, orjson.dumps({"errors": {name: [complaint]}}))


def not_possible(complaint: str, status: int = 422) -> Refused:
    return Refused(status, orjson.dumps({"base": complaint}))


def not_found() -> Refused:
    return Refused(404, wire.refusal("Not Found"))


async def values(http_request: Request) -> dict[str, Any]:
    body = await http_request.body()
    kind = http_request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "multipart/form-data":
        raise invalid("image", "files are not taken by the exercise's server")
    if kind != "application/json":
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    try:
        sent = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError:
        sent = None
    if not isinstance(sent, dict):
        raise Refused(400, b'{"request":"Unable to parse JSON"}')
    return sent


def text(sent: dict[str, Any], name: str, *, is_needed: bool = False) -> str:
    value = sent.get(name)
    found = "" if value is None else str(value)
    if is_needed and not found.strip():
        raise invalid(name, "can't be blank")
    return found


def degrees(sent: dict[str, Any], name: str, most: float) -> float | None:
    value = sent.get(name)
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise invalid(name, "is not a number") from None
    if not abs(number) <= most:
        raise invalid(name, f"must be from -{most:g} to {most:g}")
    return number
