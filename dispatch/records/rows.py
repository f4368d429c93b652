"""A place, and a site and a report as the board's columns take them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from dispatch.records.states import Millis


@dataclass(frozen=True, slots=True)
class Place:
    """Degrees WGS84; never 0,0: an unknown place is None."""

    lat: float
    lng: float


class SiteRow(NamedTuple):
    """What the board keeps of a site; one row of the store's one board query."""

    site_id: int
    band: int
    score: float
    first_at: Millis
    last_at: Millis
    acted_at: Millis
    reports: int
    state: int
    state_reason: str
    category: str
    neighborhood: str
    lat: float | None
    lng: float | None
    flags: int
    snoozed_until: Millis
    what: str
    where: str
    why: str
    claimed_by: str
    claimed_seat: str
    claimed_at: Millis
    escalation_state: str
    escalation_number: str
    escalation_desk: str
    escalation_state_at: Millis
    # Who asks the claim's holder for it.
    asked_by: str = ""
    asked_seat: str = ""
    asked_at: Millis = 0


class ReportRow(NamedTuple):
    """One report's entry time and the site it stands in, for counting reports per hour."""

    request_key: int
    created_at: Millis
    site_id: int
