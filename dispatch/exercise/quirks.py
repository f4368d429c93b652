"""How this server's GeoReport face behaves where servers differ."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Order(StrEnum):
    """In which order a list comes; the protocol promises none."""

    ENTERED_DOWN = "entered_down"
    ENTERED_UP = "entered_up"
    UPDATED_DOWN = "updated_down"
    UPDATED_UP = "updated_up"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Settings:
    """The specification's server, with the two extensions most servers have: pages and updated_after."""

    # Most rows of one answer, whatever is asked for.
    cap: int = 1000
    # Does `page` move on? Then the number of the first page, and the rows of one nobody gave a size for.
    pages: bool = True
    first_page: int = 1
    page_size: int = 1000
    order: Order = Order.ENTERED_DOWN
    updated_after: bool = True
    # start_date is taken as the later bound and end_date as the earlier one.
    swapped_bounds: bool = False
    # Lists with commas in service_request_id, service_code and status.
    lists: bool = True
    # What a list holds when no status is asked for: open, closed, or both with "".
    default_status: str = ""
    # The longest span between the bounds, and the one taken without bounds; 0: no such rule.
    latest_days: int = 90
