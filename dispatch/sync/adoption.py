"""Which rows of the server are reports that were typed in here: known by who, what and when.

No server we know keeps a key of ours with a new request. So the ids of equal rows that were there before the
first try are noted, and the n-th equal row beyond them belongs to the n-th equal call: two calls in the same
words stay two, and none is entered twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dispatch.records import Millis, OutboxItem, ServiceRequest
from dispatch.servers.georeport_rows import NO_ENTRY_TIME
from dispatch.servers.shapes import ZONE_ASSUMED
from dispatch.store import adopt, mirror, outbox
from dispatch.store.transaction import Transaction

# The server's clock and ours differ by less.
SLACK_MS = 15 * 60_000


def adopt_listed(tx: Transaction, server_id: int, fresh: Sequence[ServiceRequest]) -> set[str]:
    """Of rows the mirror does not know, those that are calls of ours: they have their requests now."""
    calls = outbox.calls_without_id(tx.connection, server_id)
    if not calls:
        return set()
    account_id = mirror.server_row(tx.connection, server_id).account_id
    rows = sorted(fresh, key=in_order)
    taken: set[str] = set()
    for item in calls:
        if "tried_at" not in item.detail:
            continue
        since_at = int(item.detail["tried_at"]) - SLACK_MS
        equal = [each for each in rows if is_equal(item, each, account_id, since_at)]
        for request in beyond(item, equal, taken):
            adopt.adopt(tx, server_id, item.request_key, request.request_id)
            adopt.arrived(tx, item.request_key)
            taken.add(request.request_id)
            break
    return taken


def is_equal(item: OutboxItem, request: ServiceRequest, account_id: str, since_at: Millis) -> bool:
    """In the call's words, by our account where the server names one, entered since then where it says."""
    reporter = request.reporter
    names_nobody = reporter.is_anonymous and not reporter.name
    is_late = request.created_at >= since_at or bool(request.doubts & {NO_ENTRY_TIME, ZONE_ASSUMED})
    is_by_us = names_nobody or reporter.reporter_id == account_id
    return is_by_us and is_late and request.description.split() == item.text.split()


def beyond(item: OutboxItem, rows: Iterable[ServiceRequest], taken: set[str]) -> Iterator[ServiceRequest]:
    """Those that were not there before the first try, and that no other call is known by."""
    was_there = set(item.detail.get("before", "").split(","))
    return (each for each in rows if each.request_id not in was_there and each.request_id not in taken)


def in_order(request: ServiceRequest) -> tuple[Millis, int, str]:
    """Of entry; ids that are numbers count as numbers."""
    return request.created_at, len(request.request_id), request.request_id
