"""What is set aside for a while, by a person or because nobody could read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.records.states import Millis


class ShelfReason(StrEnum):
    """Why an alarm is set aside for a while."""

    IN_HAND = "in_hand"  # somebody is on it, outside this console
    KNOWN_FAULT = "known_fault"
    FALSE = "false"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Shelf:
    """An alarm set aside by a person with reason and end. `kind` is one of `alarms.Kind`; `site_id` is 0 for
    what concerns no site. Times are wall time: people wait by it, also in an exercise."""

    kind: str
    site_id: int
    reason: ShelfReason
    note: str
    who: str
    position: str
    seat: str
    at: Millis
    until: Millis


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row of the 311 server that nobody could read, kept raw in quarantine."""

    request_id: str
    reason: str
    at: Millis
