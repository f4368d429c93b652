"""What the process that fetches is told to do, and what it tells: the same on both sides of the pipe."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

import orjson

from dispatch.records import Millis

FIRST_PAUSE_S = 5.0
# A city at all the zooms that somebody looks at; beyond it the least used make room.
MOST_BYTES = 256 << 20


@dataclass(frozen=True, slots=True)
class Orders:
    """`file` is where the tiles are kept; `contact` stands in the User-Agent."""

    template: str
    key: str = field(repr=False)
    contact: str
    file: str
    most_bytes: int = MOST_BYTES
    first_pause_s: float = FIRST_PAUSE_S

    def line(self) -> bytes:
        return orjson.dumps(asdict(self)) + b"\n"


@dataclass(frozen=True, slots=True)
class State:
    """What the map says beside the credit. `oldest_at` is the time of the oldest tile on the screen, None
    where there is none; `missing` counts places without any; `trouble` is "", "offline", "failing", "pause"
    or "key"."""

    oldest_at: Millis | None
    missing: int
    trouble: str
