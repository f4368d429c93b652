"""What the store can say of times gone by: the activity log by site, hand-overs, closings it never saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from dispatch.records import Escalation, Millis
from dispatch.store import escalations
from dispatch.store.schema import activity_log, membership, request, site
from dispatch.store.sites import CLOSED

# Acts that leave a site as it is.
_SILENT = ("opened", "note", "link", "not_the_same", "gone", "back", "take_back", "sent", "received")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the activity log about a site, with what it kept for undo."""

    number: int
    at: Millis
    person: str
    seat: str
    act: str
    site_id: int
    text: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class History:
    """`closed_at` has the closed sites of which the log does not say when: the server's own time of closing,
    None where that is not known either."""

    lines: tuple[Line, ...]
    escalations: tuple[Escalation, ...]
    closed_at: Mapping[int, Millis | None]


def read(connection: Connection) -> History:
    log = activity_log.c
    rows = connection.execute(
        select(log.number, log.at, log.person, log.seat, log.act, log.site_id, log.text, log.detail)
        .where(log.site_id.is_not(None), log.act.not_in(_SILENT))
        .order_by(log.number)
    )
    lines = tuple(Line(*row[:7], orjson.loads(row[7])) for row in rows)
    closed = connection.execute(
        select(site.c.site_id, func.max(request.c.closed_at))
        .join(membership, membership.c.site_id == site.c.site_id)
        .join(request, request.c.request_key == membership.c.request_key)
        .where(site.c.state == CLOSED, site.c.closed_at.is_(None))
        .group_by(site.c.site_id)
    )
    return History(lines, escalations.every(connection), dict(map(tuple, closed)))
