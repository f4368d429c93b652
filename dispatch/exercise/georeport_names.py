"""What requests, services and tokens are called on the GeoReport face, there and back."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.exercise.script import RequestType

# Reports filed under no category of the city's: the specification has no request without a service.
OTHER_CODE, OTHER_NAME = "other", "Other"
_TOKEN_MASK = 0x5EED_0311_5EED_0311


@dataclass(frozen=True, slots=True)
class Service:
    code: str
    name: str
    request_type: RequestType | None


def services(types: Iterable[RequestType]) -> list[Service]:
    known = [Service(str(each.type_id), each.title, each) for each in types]
    return [*known, Service(OTHER_CODE, OTHER_NAME, None)]


def issue_id(request_id: str) -> int | None:
    """None for what is no id of ours."""
    return int(request_id) if request_id.isascii() and request_id.isdigit() else None


def token(number: int) -> str:
    """24 digits and letters that give the request away to nobody but this server."""
    secret = f"{number ^ _TOKEN_MASK:016x}"
    return secret + f"{zlib.crc32(secret.encode()):08x}"


def of_token(text: str) -> int | None:
    secret, check = text[:16], text[16:]
    if len(text) != 24 or check != f"{zlib.crc32(secret.encode()):08x}":
        return None
    return int(secret, 16) ^ _TOKEN_MASK
