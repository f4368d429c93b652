"""What holds for every seat: the activation, what is suspended, who looks at what."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.records.states import Millis


@dataclass(frozen=True, slots=True)
class Suspension:
    """Field response suspended by service (S7)."""

    service: str
    since_at: Millis
    why: str
    review_at: Millis
    who: str


@dataclass(frozen=True, slots=True)
class Activation:
    activation_id: str
    name: str
    is_exercise: bool
    started_at: Millis
    storm_mode: bool
    period_number: int
    period_from_at: Millis
    period_to_at: Millis


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Somebody at another seat who looks at a site or writes there, since the storm's time `since_at`."""

    site_id: int
    person: str
    position: str
    seat: str
    is_writing: bool
    since_at: Millis
