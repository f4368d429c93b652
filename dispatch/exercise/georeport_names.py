"""What requests, services and tokens are called on the GeoReport face, there and back."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dispatch.exercise.script import RequestType

# Reports filed under no category of the city's: the specification has no request without a service.
OTHER_CODE, OTHER_NAME = "other", "Other"
# Cities number as they like; what is a number here stays readable in each of them.
IDS: dict[str, Callable[[int], str | int]] = {
    "text": str,
    "number": int,
    "dashed": "A-{}".format,
    "hex": "{:024x}".format,
    "padded": "{:012d}".format,
}
LARGEST_ID = 2**63 - 1
_TOKEN_MASK = 0x5EED_0311_5EED_0311


@dataclass(frozen=True, slots=True)
class Service:
    code: str
    name: str
    request_type: RequestType | None


def services(types: Iterable[RequestType], codes: str = "number") -> list[Service]:
    known = [Service(_code(each, place, codes), each.title, each) for place, each in enumerate(types)]
    return [*known, Service(OTHER_CODE, OTHER_NAME, None)]


def _code(each: RequestType, place: int, codes: str) -> str:
    forms = {
        "number": str(each.type_id),
        "hex": f"{each.type_id:024x}",
        "title": each.title,
        "odd": (f"00{each.type_id}", f"3.{each.type_id}", f"Public Works: {each.title}", f"S{place:02d}")[
            place % 4
        ],
    }
    return forms[codes]


def request_id(number: int, ids: str) -> str | int:
    return IDS[ids](number)


def issue_id(text: str, ids: str = "text") -> int | None:
    """None for what is no id of this server's."""
    digits = text.removeprefix("A-") if ids == "dashed" else text
    try:
        number = int(digits, 16 if ids == "hex" else 10)
    except ValueError:
        return None
    return number if number <= LARGEST_ID and str(request_id(number, ids)) == text else None


def token(number: int) -> str:
    """24 digits and letters that give the request away to nobody but this server."""
    secret = f"{number ^ _TOKEN_MASK:016x}"
    return secret + f"{zlib.crc32(secret.encode()):08x}"


def of_token(text: str) -> int | None:
    secret, check = text[:16], text[16:]
    if len(text) != 24 or check != f"{zlib.crc32(secret.encode()):08x}":
        return None
    return int(secret, 16) ^ _TOKEN_MASK
