"""Gets the bytes of a photo, unchanged, or a sentence that says why not."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urljoin

from dispatch.errors import LandfallError, ServerUnreachable
from dispatch.http import Answer, HttpDoor
from dispatch.http_line import host_and_port, is_loopback

MB = 1 << 20
WHO = "The photo's server"
GIVEN_UP = 3
MOST_STEPS = 5
HERE, BUSY, MOVED = 200, 429, (301, 302, 303, 307, 308)
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
        where the 311 server itself is: whoever reports could name any, or one that leads on to any."""
        for _ in range(MOST_STEPS):
            self._check_address(url, server_address)
            self._check_limits()
            answer = self._asked(url)
            leads_to = answer.headers.get("Location", "")
            if answer.status not in MOVED or not leads_to:
                return self._photo(answer.body)
            came_from, url = url, _joined(url, leads_to)
            if came_from.lower().startswith("https://") and not url.lower().startswith("https://"):
                raise NotHad("Its address leads from a safe line to an open one: it is not followed.")
        raise NotHad("Its address leads on and on: it is not followed.")

    def _asked(self, url: str) -> Answer:
        """What a server answers who has it, or knows where it is."""
        host = host_and_port(url)
        try:
            answer = self._door.get_unjudged(url, {"Accept": "image/*,*/*;q=0.1"})
        except LandfallError as error:
            self._failed[host] += isinstance(error, ServerUnreachable)
            raise NotHad(str(error)) from error
        is_away = answer.status >= 500 or answer.status == BUSY
        self._failed[host] = self._failed[host] + 1 if is_away else 0
        if answer.status != HERE and answer.status not in MOVED:
            raise NotHad(f"{self._door.who(url)} did not give it ({answer.status}).")
        return answer

    def _check_address(self, url: str, server_address: str) -> None:
        if not url.lower().startswith(("http://", "https://")):
            raise NotHad("Its address does not begin with http or https: it is not followed.")
        host = host_and_port(url)
        if not host[0]:
            raise NotHad("Its address is no web address.")
        if _is_inside(url) and host != host_and_port(server_address):
            raise NotHad("Its address leads inside this network: it is not followed.")
        if self._failed[host] >= GIVEN_UP:
            raise NotHad(f"{WHO} did not answer {GIVEN_UP} times: it was not asked again.")

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


def _joined(url: str, leads_to: str) -> str:
    try:
        return urljoin(url, leads_to)
    except ValueError as error:
        raise NotHad("Its address leads to what is no web address.") from error


def _is_inside(url: str) -> bool:
    host, _ = host_and_port(url)
    try:
        address = ip_address(host)
    except ValueError:
        return is_loopback(url) or "." not in host.strip(".")
    return not address.is_global
