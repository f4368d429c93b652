"""Gets the bytes of a photo, unchanged, or a sentence that says why not."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from dispatch.errors import LandfallError, RateLimited, ServerFailed, ServerUnreachable
from dispatch.http import HttpDoor
from dispatch.http_line import host_and_port, is_loopback

MB = 1 << 20
WHO = "The photo's server"
GIVEN_UP = 3
_SIGNS = (
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
)
_BRANDS = {b"heic": "heic", b"heix": "heic", b"mif1": "heic", b"avif": "avif"}


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one package: how many photos, how large one and all of them, how long one and all may take."""

    photos: int = 5_000
    photo_bytes: int = 25 * MB
    all_bytes: int = 4_000 * MB
    photo_s: float = 30.0
    all_s: float = 3_600.0


class NotHad(LandfallError):
    """Why a photo could not be had, as the index says it."""


@dataclass(frozen=True, slots=True)
class Photo:
    content: bytes
    kind: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class Photos:
    """Within the limits of one package. `clock` counts seconds."""

    def __init__(
        self, folder: Path, *, limits: Limits, contact: str = "", clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder = folder
        self._limits = limits
        self._clock = clock
        self._end = clock() + limits.all_s
        self._many = self._bytes = 0
        self._failed: Counter[tuple[str, int | None]] = Counter()
        self._door = HttpDoor(
            name=WHO, contact=contact, max_bytes=limits.photo_bytes, whole_s=limits.photo_s, read_s=10.0
        )

    def close(self) -> None:
        self._door.close()

    def from_web(self, url: str, server_address: str) -> Photo:
        """As it stands there now; raises NotHad. Addresses inside the city's network are asked for only
        where the 311 server itself is: whoever reports could name any."""
        if not url.lower().startswith(("http://", "https://")):
            raise NotHad("Its address does not begin with http or https: it is not followed.")
        host = host_and_port(url)
        if not host[0]:
            raise NotHad("Its address is no web address.")
        if _is_inside(url) and host != host_and_port(server_address):
            raise NotHad("Its address leads inside this network: it is not followed.")
        if self._failed[host] >= GIVEN_UP:
            raise NotHad(f"{WHO} did not answer {GIVEN_UP} times: it was not asked again.")
        self._check_limits()
        try:
            answer = self._door.get(url)
        except (ServerUnreachable, ServerFailed, RateLimited) as error:
            self._failed[host] += 1
            raise NotHad(str(error)) from error
        except LandfallError as error:
            raise NotHad(str(error)) from error
        self._failed[host] = 0
        if _is_inside(answer.url) and host_and_port(answer.url) != host_and_port(server_address):
            raise NotHad("Its address leads inside this network: it is not followed.")
        return self._photo(answer.body)

    def from_folder(self, name: str) -> Photo:
        """A survey's, where it lies in the data folder; raises NotHad."""
        inside = self._folder.resolve()
        try:
            path = (inside / name).resolve()
            if "\\" in name or not path.is_relative_to(inside):
                raise NotHad("It does not lie in the data folder.")
            if not path.is_file():
                raise NotHad("No file of this name lies in the data folder: put it there and try again.")
            if path.stat().st_size > self._limits.photo_bytes:
                raise NotHad(f"It is larger than {self._limits.photo_bytes // MB} MB.")
            self._check_limits()
            return self._photo(path.read_bytes())
        except (OSError, ValueError) as error:
            raise NotHad("It cannot be read from the data folder.") from error

    def _check_limits(self) -> None:
        limits = self._limits
        if self._many >= limits.photos:
            raise NotHad(
                f"The package holds {limits.photos:,} photos already: make one for a shorter period."
            )
        if self._bytes >= limits.all_bytes:
            raise NotHad(
                f"The package holds {limits.all_bytes // MB:,} MB already: make one for a shorter period."
            )
        if self._clock() > self._end:
            raise NotHad("Time was up: make a package for a shorter period.")

    def _photo(self, content: bytes) -> Photo:
        kind = kind_of(content)
        if not kind:
            raise NotHad("What came is no photo.")
        self._many += 1
        self._bytes += len(content)
        return Photo(content, kind)


def kind_of(content: bytes) -> str:
    """How such a file ends, by its first bytes; empty where it is no photo. What a server or a name says of
    it counts nothing."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "")
    return next((kind for sign, kind in _SIGNS if content.startswith(sign)), "")


def _is_inside(url: str) -> bool:
    host, _ = host_and_port(url)
    try:
        address = ip_address(host)
    except ValueError:
        return is_loopback(url) or "." not in host.strip(".")
    return not address.is_global
