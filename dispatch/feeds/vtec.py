"""VTEC, the line by which NWS says which event a message is about and what becomes of it (NWSI 10-1703)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dispatch.feeds.times import from_vtec
from dispatch.records import Millis

_LINE = re.compile(
    r"/([OTEX])\.([A-Z]{3})\.([A-Z0-9]{4})\.([A-Z]{2})\.([A-Z])\.(\d{4})\.(\d{6}T\d{4}Z)-(\d{6}T\d{4}Z)/"
)
# Cancelled, expired, upgraded to another event: here it ends.
ENDS = frozenset({"CAN", "EXP", "UPG"})
TEST = "T"


@dataclass(frozen=True, slots=True)
class Vtec:
    """One event. `ends_at` 0: until further notice."""

    product: str
    action: str
    key: str  # office, phenomenon, significance, number: KTBW.HU.W.1014
    begins_at: Millis
    ends_at: Millis

    @property
    def goes_on(self) -> bool:
        return self.action not in ENDS


def read_vtec(lines: Iterable[str]) -> tuple[Vtec, ...]:
    """What can be read of them; a line that is no VTEC says nothing."""
    found = []
    for line in lines:
        for product, action, office, phenomenon, significance, number, begins, ends in _LINE.findall(line):
            try:
                times = from_vtec(begins), from_vtec(ends)
            except ValueError:
                continue
            found.append(Vtec(product, action, f"{office}.{phenomenon}.{significance}.{number}", *times))
    return tuple(found)
