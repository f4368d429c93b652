"""The positions of a room: where somebody sits, which is not how far they may go."""

from __future__ import annotations

from dispatch.jurisdiction import Jurisdiction
from dispatch.settings import DEFAULTS

# Of the room itself; each desk of emergency management that the city names is a position as well.
POSITIONS = (DEFAULTS.position, "Supervisor", "Emergency manager", "Planning", "Logistics")


def positions_of(jurisdiction: Jurisdiction, position: str) -> tuple[str, ...]:
    """Those there are, `position` among them wherever it came from."""
    names = (*POSITIONS, *(desk.label for desk in jurisdiction.desks), position)
    return tuple(dict.fromkeys(name for name in names if name))
