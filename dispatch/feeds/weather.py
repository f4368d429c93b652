"""What is known of the weather at one moment, as screens show it: alerts with shapes, advisories, feeds."""

from __future__ import annotations

from dataclasses import dataclass, field

from dispatch.feeds.in_force import InForce
from dispatch.feeds.records import Advisory
from dispatch.feeds.zones import Cover
from dispatch.records import Millis

MINUTE_MS = 60_000
# An advisory comes every six hours, every three with a storm near the coast; half an hour for being late.
ADVISORY_STALE_MS = 390 * MINUTE_MS
# New warnings come at any minute.
ALERTS_STALE_MS = 10 * MINUTE_MS
# Of these an operator hears when they are new: life is at risk within minutes or hours.
EXTREME_EVENTS = frozenset({"Tornado Warning", "Extreme Wind Warning", "Hurricane Warning"})


@dataclass(frozen=True, slots=True)
class AlertShown:
    """An alert in force and where that is. `is_here`: it touches the jurisdiction's own area."""

    in_force: InForce
    cover: Cover
    is_here: bool

    @property
    def is_extreme(self) -> bool:
        return self.in_force.alert.event in EXTREME_EVENTS or self.in_force.alert.is_emergency


@dataclass(frozen=True, slots=True)
class FeedState:
    """How one feed does. Times are the wall's, 0 for never. `held_at` is when what is shown was listed or
    issued, by the clock of the storm. `complaint` is the sentence of what fails since `failed_at`."""

    is_set: bool = False
    is_loaded: bool = False
    read_at: Millis = 0
    held_at: Millis = 0
    failed_at: Millis = 0
    complaint: str = ""
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Weather:
    alerts: tuple[AlertShown, ...] = ()
    advisories: tuple[Advisory, ...] = ()  # the nearest storm first
    nws: FeedState = field(default_factory=FeedState)
    nhc: FeedState = field(default_factory=FeedState)


def is_stale_advisory(advisory: Advisory, now: Millis) -> bool:
    """`now` by the clock of the storm."""
    return now - advisory.issued_at > ADVISORY_STALE_MS


def alerts_stale_ms(state: FeedState, now: Millis, wall_now: Millis) -> int:
    """How old the list of alerts is, where that is too old to rely on; else 0. A list asked for is as old as
    its last good answer, a file as old as it says of itself."""
    if not state.is_loaded:
        return 0
    age = wall_now - state.read_at if state.read_at else now - state.held_at
    return age if age > ALERTS_STALE_MS else 0
