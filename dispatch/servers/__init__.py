"""One file for each kind of 311 server; a new kind is one file and one line here."""

from __future__ import annotations

from collections.abc import Callable

from dispatch.http import HttpDoor
from dispatch.servers.base import Account, Asked, ById, Newest, Outgoing, Posted, Server, Updated, Window
from dispatch.servers.georeport import GeoReport
from dispatch.servers.seeclickfix import SeeClickFix
from dispatch.servers.shapes import Where

__all__ = [
    "SERVERS",
    "Account",
    "Asked",
    "ById",
    "Newest",
    "Outgoing",
    "Posted",
    "Server",
    "Updated",
    "Where",
    "Window",
]


# kind -> how to make one: the door, the base address, the jurisdiction (organization), the token, and what
# its rows are read by.
SERVERS: dict[str, Callable[[HttpDoor, str, str, str, Where], Server]] = {
    "georeport": GeoReport,
    "seeclickfix": SeeClickFix,
}
