"""Everything a weather service sent or somebody brought: the very bytes, packed, with the time they came."""

from __future__ import annotations

import gzip
import hashlib
import logging
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from dispatch.errors import FeedRefused
from dispatch.records import Millis
from dispatch.whole_file import write_whole

log = logging.getLogger(__name__)

INDEX = "arrivals.jsonl"
READ = ".read.json"
# Two weeks of a state's alerts in a storm, packed. Beyond it the oldest answers go; files brought stay.
MOST_BYTES = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """`feed` is nws or nhc, `source` url or file, `name` what it was called there. `at` is the clock's time,
    storm time in an exercise. `refused` says why it could not be used; empty when it was."""

    feed: str
    source: str
    name: str
    at: Millis
    file: str
    sha256: str
    size: int
    refused: str = ""


class KeptFiles:
    """One folder a seat. Used by one thread at a time."""

    def __init__(self, root: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self.root = root
        self._most_bytes = most_bytes
        self._bytes = -1

    def keep(
        self, body: bytes, *, feed: str, source: str, name: str, at: Millis, refused: str = ""
    ) -> Arrival:
        """Put it down and into the index. The same bytes twice are one file."""
        digest = hashlib.sha256(body).hexdigest()
        day = datetime.fromtimestamp(at / 1000, UTC)
        file = f"{feed}-{day:%Y%m%dT%H%M%SZ}-{digest[:12]}.gz"
        arrival = Arrival(feed, source, name, at, file, digest, len(body), refused)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._write(file, gzip.compress(body, 6, mtime=0))
            with (self.root / INDEX).open("ab") as index:
                index.write(orjson.dumps(asdict(arrival)) + b"\n")
        except OSError as error:
            raise FeedRefused(
                f"{name} could not be kept ({error.strerror}): free some disk space."
            ) from error
        return arrival

    def body(self, arrival: Arrival) -> bytes:
        """The bytes as they came. Raises FeedRefused when they are not there whole any more."""
        try:
            return gzip.decompress((self.root / Path(arrival.file).name).read_bytes())
        except (OSError, EOFError, ValueError) as error:
            raise FeedRefused(f"{arrival.name} is not kept whole any more.") from error

    def keep_read(self, arrival: Arrival, said: Any) -> None:
        """What reading it came to, so that the next start need not read it again."""
        write_whole(self.root / f"{arrival.file}{READ}", orjson.dumps(said))

    def read_form(self, arrival: Arrival) -> Any:
        """What `keep_read` put down; None when there is nothing."""
        try:
            return orjson.loads((self.root / f"{Path(arrival.file).name}{READ}").read_bytes())
        except (OSError, ValueError):
            return None

    def arrivals(self) -> list[Arrival]:
        """In the order they came; a line that cannot be read is passed over."""
        return list(self._lines())

    def _lines(self) -> Iterator[Arrival]:
        try:
            lines = (self.root / INDEX).read_bytes().splitlines()
        except OSError:
            return
        for line in lines:
            try:
                yield Arrival(**orjson.loads(line))
            except (ValueError, TypeError):
                continue  # the power went while it was written

    def _write(self, file: str, packed: bytes) -> None:
        if self._bytes < 0:
            self._bytes = sum(path.stat().st_size for path in self.root.glob("*.gz"))
        if (self.root / file).exists():
            return
        write_whole(self.root / file, packed)
        self._bytes += len(packed)
        if self._bytes > self._most_bytes:
            self._let_go()

    def _let_go(self) -> None:
        """The oldest answers, down to nine tenths of what may be kept."""
        log.warning("More weather is kept than %d MB: the oldest answers go.", self._most_bytes // 1_000_000)
        for arrival in self._lines():
            path = self.root / Path(arrival.file).name
            if self._bytes <= 0.9 * self._most_bytes:
                return
            if arrival.source == "url" and path.exists():
                self._bytes -= path.stat().st_size
                path.unlink()
