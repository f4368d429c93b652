"""What one 311 server can do: found by a probe, readable and correctable by a person, used by every call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.records import Millis


class Order(StrEnum):
    """In which order a list of requests comes; the protocol promises none."""

    ENTERED_DOWN = "entered_down"
    ENTERED_UP = "entered_up"
    UPDATED_DOWN = "updated_down"
    UPDATED_UP = "updated_up"
    NONE = "none"


class Zone(StrEnum):
    """How times must be written in a filter for the server to understand them."""

    UTC = "utc"
    OFFSET = "offset"
    OMIT = "omit"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The careful defaults hold for a server nobody has probed: no paging, no filter but by entry time."""

    probed_at: Millis | None = None
    # Does `page` move on? Then the number of the first page (0 or 1) and the rows a page really holds.
    has_pages: bool = False
    first_page: int = 1
    page_size: int = 0
    # Most rows one answer ever holds; 0 while none was met. An answer of exactly so many is incomplete.
    row_cap: int = 0
    order: Order = Order.NONE
    has_updated_after: bool = False
    has_swapped_bounds: bool = False
    has_lists: bool = False
    zone: Zone = Zone.UTC
    has_updates: bool = False
    can_post_updates: bool = False
    # Names of the fields above that a person has set: a later probe leaves them alone.
    corrected: frozenset[str] = frozenset()
