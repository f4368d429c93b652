"""What the city said about requests: the updates extension, kept by request, and notes in the rows."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from datetime import tzinfo
from typing import Any

from dispatch.records import NOTE_OF_ROW, Message, Millis, Reporter
from dispatch.servers import shapes

# The city itself: GeoReport names nobody in particular.
CITY = "city"
OFFICIAL = "Verified Official"
# An update may be stamped before the last look and arrive after it.
OVERLAP_MS = 2 * 3_600_000
# Nobody's clock is exact.
AHEAD_MS = 3_600_000
FARTHEST_BACK_MS = 90 * 86_400_000


class Threads:
    """Every update met, by request. The server gives all of a span of time or none: so what was asked once
    is kept, and each look asks only for what may be new. Safe from every thread."""

    def __init__(self, ask: Callable[[Millis, Millis], list[tuple[str, Message]]]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._from_at: Millis | None = None
        self._to_at: Millis = 0
        self._met: dict[str, dict[str, Message]] = {}

    def thread(self, request_id: str, since_at: Millis, now: Millis) -> list[Message]:
        """Oldest first, of a request entered at `since_at`."""
        since_at = max(since_at, now - FARTHEST_BACK_MS)
        with self._lock:
            if self._from_at is None:
                self._take(since_at, now + AHEAD_MS)
                self._from_at = since_at
            else:
                if since_at < self._from_at:
                    self._take(since_at, self._from_at)
                    self._from_at = since_at
                self._take(max(self._from_at, self._to_at - OVERLAP_MS), now + AHEAD_MS)
            self._to_at = max(self._to_at, now)
            return sorted(self._met.get(request_id, {}).values(), key=lambda message: message.at)

    def keep(self, request_id: str, message: Message) -> None:
        with self._lock:
            self._met.setdefault(request_id, {})[message.message_id] = message

    def _take(self, from_at: Millis, to_at: Millis) -> None:
        for request_id, message in self._ask(from_at, to_at):
            self._met.setdefault(request_id, {})[message.message_id] = message


def read_update(row: Any, zone: tzinfo) -> tuple[str, Message] | None:
    """(request, line) of one update; None for one that says nothing or cannot be placed."""
    if not isinstance(row, dict):
        return None
    update_id, request_id = shapes.name(row.get("update_id")), shapes.name(row.get("service_request_id"))
    words = shapes.text(row.get("description"))
    try:
        at, _ = shapes.moment(row.get("updated_datetime"), zone)
    except ValueError:
        return None
    if not (update_id and request_id and words) or at is None:
        return None
    return request_id, Message(update_id, _author(row), words, at)


def notes_of(row: dict[str, Any], request_id: str, at: Millis, zone: tzinfo) -> list[Message]:
    """What a row itself carries of the city's words: the notes extension and the last status note."""
    lines = [line for line in _notes(row.get("notes"), request_id, zone) if line.text]
    last = shapes.text(row.get("status_notes"))
    if last and last not in {line.text for line in lines}:
        lines.append(_line(request_id, last, at))
    return sorted(lines, key=lambda line: line.at)


def _notes(value: Any, request_id: str, zone: tzinfo) -> Iterable[Message]:
    for note in value if isinstance(value, list) else [value]:
        if isinstance(note, dict):
            try:
                at, _ = shapes.moment(note.get("datetime"), zone)
            except ValueError:
                continue
            if at is not None:
                yield _line(request_id, shapes.text(note.get("description")), at, f"{at}")


def _line(request_id: str, words: str, at: Millis, more: str = "") -> Message:
    """Such a line has no id of its own: a print of it stands in. The time of a status note is that of the
    row, which moves with other changes too, and is no part of the print."""
    print_ = hashlib.sha256(f"{request_id}|{more}|{words}".encode()).hexdigest()[:24]
    return Message(NOTE_OF_ROW + print_, by_city(), words, at)


def _author(row: dict[str, Any]) -> Reporter:
    """Updates are the city's, but for those that name who reported them."""
    person = " ".join(filter(None, (shapes.name(row.get(key)) for key in ("first_name", "last_name"))))
    return Reporter("0", person) if person else by_city()


def by_city() -> Reporter:
    return Reporter(CITY, "City", OFFICIAL)
