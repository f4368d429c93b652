"""The address of a tile server as somebody types or pastes it; a key in it is taken out of it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from dispatch.errors import TilesRefused
from dispatch.geo.web_tiles import WebTile

LONGEST = 2000
_PLACES = ("{z}", "{x}", "{y}", "{-y}", "{key}")
_ANY_PLACE = re.compile(r"\{[^{}]*\}")
# How services call the key of their customers.
_KEY_NAME = re.compile(
    r"(api|access|subscription|client|auth)?[-_]?(key|token|secret|password|sig(nature)?)|auth|code", re.I
)
# What stands in a path and is no word: a customer's number.
_KEY_IN_PATH = re.compile(r"(?=[^/]*\d)(?=[^/]*[A-Za-z])[A-Za-z0-9_-]{24,}")
_KEY = re.compile(r"[A-Za-z0-9._~%+=:@!*-]+")


@dataclass(frozen=True, slots=True)
class TileAddress:
    """`template` has {z}, {x} and {y}, or {-y} where rows count from the south (TMS); {key} stands for a key,
    which is never in it."""

    template: str

    @property
    def host(self) -> str:
        """How sentences call the server: name and port, never the rest of the address."""
        parts = urlsplit(self.template)
        return parts.netloc

    @property
    def wants_key(self) -> bool:
        return "{key}" in self.template

    @property
    def secret_name(self) -> str:
        """Under which its key lies in the keyring: another server is never sent it."""
        return f"tiles-{self.host.replace(':', '-')}"

    def url(self, tile: WebTile, key: str = "") -> str:
        zoom, column, row = tile
        values = {"{z}": zoom, "{x}": column, "{y}": row, "{-y}": (1 << zoom) - 1 - row, "{key}": key}
        return _ANY_PLACE.sub(lambda place: str(values[place[0]]), self.template)


def read_address(text: str) -> tuple[TileAddress, str]:
    """The address and the key that stood in it, empty for none. TilesRefused says what to write instead."""
    text = text.strip().replace("${", "{").replace("{zoom}", "{z}")
    parts = urlsplit(_checked_start(text))
    path, query = parts.path, parts.query
    _check_places(text, parts.netloc)
    keys: list[str] = []

    def take(key: str) -> str:
        keys.append(key)
        return "{key}"

    path = "/".join(take(part) if _KEY_IN_PATH.fullmatch(part) else part for part in path.split("/"))
    pairs = [pair.partition("=") for pair in query.split("&")] if query else []
    query = "&".join(
        f"{name}{equals}{take(value) if _is_key(name, value) else value}" for name, equals, value in pairs
    )
    if len(keys) + text.count("{key}") > 1:
        raise TilesRefused("More than one part of this address is a key: this console can keep one only.")
    template = f"{parts.scheme.lower()}://{parts.netloc.lower()}{path}" + (f"?{query}" if query else "")
    return TileAddress(template), keys[0] if keys else ""


def check_key(key: str) -> str:
    """The key without what pasting brings along; TilesRefused when no address can hold it."""
    key = key.strip()
    if key and not _KEY.fullmatch(key):
        raise TilesRefused("This key has signs that no key has: paste it again.")
    return key


def _checked_start(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if not host or parts.scheme.lower() not in ("http", "https") or len(text) > LONGEST or " " in text:
        raise TilesRefused("This is no web address: it begins with https:// and a server's name.")
    if "@" in parts.netloc:
        raise TilesRefused("Leave name and password out of the address: write {key} where the key stands.")
    if parts.scheme.lower() == "http" and not _is_near(host):
        # On an open line anybody on the way could change the map that crews are sent by, and see where the
        # room is looking. Inside the building there may be no certificate; a name may lead anywhere.
        raise TilesRefused(
            f"Without https anybody on the way could change the map: write https://{host}. Only a server on"
            " this computer or in this building's network, named by its number, may do without."
        )
    return text.partition("#")[0]


def _check_places(text: str, host: str) -> None:
    found = _ANY_PLACE.findall(text)
    if {"{s}", "{r}"} & set(found) or "{" in host:
        raise TilesRefused(
            "Write one of the server's names instead of {s} (such as a), and @2x or nothing instead of {r}."
        )
    if unknown := [place for place in found if place not in _PLACES]:
        raise TilesRefused(f"{unknown[0]} means nothing here: an address may hold {', '.join(_PLACES)}.")
    has_row = ("{y}" in found) != ("{-y}" in found)
    if not ({"{z}", "{x}"} <= set(found) and has_row):
        raise TilesRefused("The address needs {z}, {x} and {y} (or {-y}) where zoom, column and row stand.")


def _is_key(name: str, value: str) -> bool:
    if not value or _ANY_PLACE.search(value):
        return False
    return bool(_KEY_NAME.fullmatch(name) or _KEY_IN_PATH.fullmatch(value))


def _is_near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    return number.is_loopback or (number.is_private and not number.is_unspecified)
