"""How a storm has gone so far, as the store alone knows it: closings, who told us, hand-overs, acts by seat.
Reads only; everything that can be counted by the database is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import Connection, case, func, select

from dispatch.records import Flag, Millis
from dispatch.records.reports import STAFF_ROLES
from dispatch.store.room_rows import by_people
from dispatch.store.schema import activity_log, escalation, membership, request, site
from dispatch.store.sites import CLOSED

HOUR_MS = 3_600_000
RESIDENT, STAFF, UNKNOWN = "resident", "staff", "unknown"
Suspended = tuple[Millis, Millis | None, str]


def closings(connection: Connection) -> list[tuple[int, Millis]]:
    """Closed sites and when: by us, else by the server's own time; 0 where that is not known either."""
    asked = (
        select(site.c.site_id, func.coalesce(site.c.closed_at, func.max(request.c.closed_at), 0))
        .join(membership, membership.c.site_id == site.c.site_id)
        .join(request, request.c.request_key == membership.c.request_key)
        .where(site.c.state == CLOSED)
        .group_by(site.c.site_id, site.c.closed_at)
    )
    return [(int(key), int(at)) for key, at in connection.execute(asked)]


def told(connection: Connection) -> list[tuple[int, str, bool, int]]:
    """Reports by hour since 1970, by who told us, and whether they came in a bulk entry."""
    hour = (request.c.created_at // HOUR_MS).label("hour")
    teller = case(
        (request.c.reporter_role.in_(STAFF_ROLES), STAFF),
        (request.c.reporter_role == "", UNKNOWN),
        else_=RESIDENT,
    ).label("teller")
    bulk = (site.c.flags.bitwise_or(site.c.own_flags)).bitwise_and(int(Flag.BULK)).label("bulk")
    asked = (
        select(hour, teller, bulk, func.count())
        .join(membership, membership.c.request_key == request.c.request_key)
        .join(site, site.c.site_id == membership.c.site_id)
        .group_by("hour", "teller", "bulk")
    )
    return [(int(at), by, bool(flag), int(many)) for at, by, flag, many in connection.execute(asked)]


def hand_overs(connection: Connection) -> list[tuple[Millis, Millis, Millis, Millis]]:
    """First report of the site, handed over, accepted, ended (0: not yet), one row a hand-over."""
    asked = select(site.c.first_at, escalation.c.created_at, escalation.c.closed_at, escalation.c.body).join(
        site, site.c.site_id == escalation.c.site_id
    )
    found = []
    for first_at, created_at, closed_at, body in connection.execute(asked):
        accepted_at = orjson.loads(body).get("accepted_at") or 0
        found.append((int(first_at), int(created_at), int(accepted_at), int(closed_at or 0)))
    return found


def acts_by_seat(connection: Connection, activation_id: str, since: Millis) -> dict[str, int]:
    log = activity_log.c
    asked = select(log.seat, func.count()).where(by_people(activation_id), log.at > since).group_by(log.seat)
    return {seat: int(many) for seat, many in connection.execute(asked)}


def suspended(connection: Connection, activation_id: str) -> tuple[Suspended, ...]:
    """When which service's field response was suspended, and until when (None: still)."""
    log = activity_log.c
    asked = (
        select(log.at, log.act, log.text, log.detail)
        .where(log.activation_id == activation_id, log.act.in_(("suspend", "resume_service")))
        .order_by(log.number)
    )
    return tuple(_spans(connection.execute(asked)))


def figures(connection: Connection, activation_id: str) -> dict[str, list[tuple[Millis, int, str]]]:
    """What people noted from outside, by its name: (as of, value, source) in the order of the times. Of two
    words on one time the newer counts."""
    log = activity_log.c
    asked = (
        select(log.subject, log.detail)
        .where(log.activation_id == activation_id, log.act == "figure")
        .order_by(log.number)
    )
    found: dict[str, dict[Millis, tuple[int, str]]] = {}
    for name, detail in connection.execute(asked):
        said = orjson.loads(detail)
        found.setdefault(name, {})[int(said["at"])] = int(said["value"]), str(said["source"])
    return {name: [(at, *each[at]) for at in sorted(each)] for name, each in found.items()}


def _spans(lines: Iterable[Any]) -> list[Suspended]:
    open_since: dict[str, Millis] = {}
    found: list[Suspended] = []
    for at, act, text, detail in lines:
        service = text.partition(": ")[2].partition(";")[0]
        if act == "suspend":
            open_since[service] = int(orjson.loads(detail)["after"]["since_at"])
        elif (since := open_since.pop(service, None)) is not None:
            found.append((since, at, service))
    return [*found, *((since, None, service) for service, since in open_since.items())]
