"""What the store knows of the console itself: what may have called, who acted, channels, what waits, its own
size. Reads only; everything that the database can count is counted there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select, text

from dispatch.records import (
    Band,
    Database,
    DeliveryState,
    Escalation,
    EscalationState,
    FirstAct,
    Flag,
    Line311,
    LogMark,
    Millis,
    OutboxState,
    RoomRows,
    SeatActs,
    Standing,
    Way,
)
from dispatch.store import escalations, schema
from dispatch.store.forms import started_at
from dispatch.store.outbox import ON_THE_WAY
from dispatch.store.presence import SILENT_MS
from dispatch.store.schema import (
    activity_log,
    delivery,
    escalation,
    membership,
    outbox,
    presence,
    quarantine,
    request,
    server,
    site,
    syncing,
)
from dispatch.store.sites import CHUNK, CLOSED

WINDOW_MS = 10 * 60_000
HOUR_MS = 3_600_000
MINUTE_S = 60
# What the console writes by itself, in the name of whoever sits where it was noticed.
BY_ITSELF = (
    *("closed", "reopened", "sent", "received", "expired", "not_handed_over", "undelivered"),
    *("gone", "back", "server", "refused", "answer_to_read", "signed_in", "activation"),
)
# These leave a site as it was: who only looks or links has not acted on it.
NO_ACT = ("opened", "unmasked", "note", "link", "not_the_same", "take_back", "ask_for", "keep", "merged")
COUNTED = ("request", "message", "site", "activity_log", "escalation", "outbox", "quarantine")
_STILL_THERE = (EscalationState.SENT, EscalationState.RECEIVED, EscalationState.EXPIRED)
_NOW = text("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")


def read(connection: Connection, activation_id: str, now: Millis) -> RoomRows:
    started = started_at(connection, activation_id)
    return RoomRows(
        started_at=started,
        first_acts=_first_acts(connection, activation_id),
        came_back=_came_back(connection, activation_id),
        operators=_operators(connection, activation_id, started),
        ways=_ways(connection),
        waiting=_standing(connection, outbox.c.state.in_(ON_THE_WAY)),
        refused=_standing(connection, outbox.c.state == OutboxState.FAILED),
        held=_standing(connection, outbox.c.state == OutboxState.HELD),
        quarantine=_quarantine(connection),
        seats=_seats(connection, activation_id, now),
        here=_here(connection),
        line=_line(connection),
        database=_database(connection),
    )


def hand_overs(connection: Connection, activation_id: str) -> tuple[Escalation, ...]:
    """Of the activation, P1 and P2: the ones whose clocks call."""
    every = escalations.every(connection)
    return tuple(e for e in every if e.activation_id == activation_id and e.band <= Band.P2)


def acts_at(connection: Connection, site_ids: Collection[int]) -> dict[int, list[tuple[Millis, int]]]:
    """Time and number of each act on these sites, in their order."""
    log, found = activity_log.c, {site_id: list[tuple[Millis, int]]() for site_id in site_ids}
    ids = sorted(site_ids)
    for start in range(0, len(ids), CHUNK):
        rows = connection.execute(
            select(log.site_id, log.at, log.number)
            .where(
                log.site_id.in_(ids[start : start + CHUNK]),
                # Closed on the server is no act, but nobody waits any more.
                log.act.not_in(tuple(act for act in BY_ITSELF if act != "closed") + NO_ACT),
            )
            .order_by(log.number)
        )
        for site_id, at, number in rows:
            found[site_id].append((at, number))
    return found


def _first_acts(connection: Connection, activation_id: str) -> tuple[FirstAct, ...]:
    """A band that an operator set is an act by itself: what its reports come to is what called."""
    closed_at = (
        select(func.max(request.c.closed_at))
        .join(membership, membership.c.request_key == request.c.request_key)
        .where(membership.c.site_id == site.c.site_id)
        .scalar_subquery()
    )
    asked = select(
        site.c.site_id,
        site.c.first_at,
        site.c.acted_at,
        case((site.c.state == CLOSED, func.coalesce(site.c.closed_at, closed_at, site.c.last_at)), else_=0),
    ).where(
        site.c.activation_id == activation_id,
        site.c.assessed_band == int(Band.P1),
        site.c.flags.bitwise_or(site.c.own_flags).bitwise_and(int(Flag.MERGED)) == 0,
    )
    return tuple(FirstAct(*map(int, row)) for row in connection.execute(asked.order_by(site.c.site_id)))


def _came_back(connection: Connection, activation_id: str) -> tuple[LogMark, ...]:
    """Hand-overs that were returned, or that nobody took or could be given: when."""
    log = activity_log.c
    rows = connection.execute(
        select(log.number, log.at, log.act, log.site_id)
        .where(
            log.activation_id == activation_id,
            log.site_id.is_not(None),
            or_(
                log.act.in_(("return", "expired")),
                # One more channel that failed is no more than a line.
                and_(log.act == "not_handed_over", log.detail.contains('"after"')),
            ),
        )
        .order_by(log.number)
    )
    return tuple(LogMark(*row) for row in rows)


def by_people(activation_id: str) -> ColumnElement[bool]:
    """Lines of the log that are acts of somebody at a seat."""
    log = activity_log.c
    return and_(
        log.activation_id == activation_id, log.person != "", log.seat != "", log.act.not_in(BY_ITSELF)
    )


def _operators(connection: Connection, activation_id: str, started: Millis) -> dict[int, int]:
    log = activity_log.c
    window = (log.at // WINDOW_MS).label("ten_minutes")
    rows = connection.execute(
        select(window, func.count(func.distinct(log.seat)))
        .where(by_people(activation_id), log.at >= started)
        .group_by(window)
    )
    return {int(at): int(seats) for at, seats in rows}


def _seats(connection: Connection, activation_id: str, now: Millis) -> tuple[SeatActs, ...]:
    log = activity_log.c
    rows = connection.execute(
        select(
            log.seat,
            func.count(),
            func.sum(case((log.at > now - HOUR_MS, 1), else_=0)),
            func.max(log.at),
        )
        .where(by_people(activation_id))
        .group_by(log.seat)
        .order_by(log.seat)
    )
    return tuple(SeatActs(seat, int(acts), int(hour), int(last)) for seat, acts, hour, last in rows)


def _here(connection: Connection) -> frozenset[str]:
    """A store of one seat keeps no presence: nobody else is there to be told."""
    if connection.dialect.name == "sqlite":
        return frozenset()
    now = int(connection.execute(_NOW).scalar_one())
    rows = connection.execute(select(presence.c.seat).where(presence.c.at > now - SILENT_MS))
    return frozenset(rows.scalars())


def _ways(connection: Connection) -> tuple[Way, ...]:
    rows = connection.execute(
        select(
            delivery.c.channel,
            delivery.c.state,
            delivery.c.at,
            delivery.c.attempts,
            escalation.c.site_id,
            escalation.c.created_at,
            escalation.c.state,
        )
        .join(escalation, escalation.c.escalation_id == delivery.c.escalation_id)
        .order_by(delivery.c.channel, delivery.c.at)
    )
    # Nobody waits for a receipt of what was answered by another road.
    return tuple(Way(*row[:6], row[6] in _STILL_THERE and row[1] != DeliveryState.ANSWERED) for row in rows)


def _standing(connection: Connection, where: ColumnElement[bool]) -> Standing:
    rows = connection.execute(
        select(outbox.c.at, membership.c.site_id)
        .join(membership, membership.c.request_key == outbox.c.request_key)
        .where(where)
    ).all()
    return _stands((row.at for row in rows), (row.site_id for row in rows))


def _stands(times: Iterable[Millis], site_ids: Iterable[int]) -> Standing:
    at = list(times)
    return Standing(len(at), min(at, default=None), frozenset(site_ids))


def _quarantine(connection: Connection) -> Standing:
    count, oldest = connection.execute(select(func.count(), func.min(quarantine.c.at))).one()
    return Standing(int(count), oldest)


def _line(connection: Connection) -> Line311:
    current: Select[Any] = select(server.c.watermark_at, server.c.swept_at).order_by(
        server.c.is_current.desc(), server.c.server_id
    )
    row = connection.execute(current.limit(1)).first()
    newest, swept = (row.watermark_at, row.swept_at) if row else (None, None)
    if connection.dialect.name == "sqlite":
        return Line311(newest, swept)
    now = int(connection.execute(_NOW).scalar_one())
    held = connection.execute(select(syncing.c.seat, syncing.c.beat_at, syncing.c.calls)).first()
    if held is None or now - held.beat_at > SILENT_MS:
        return Line311(newest, swept, "", 0)
    ages = orjson.loads(held.calls) if held.calls else ()
    return Line311(newest, swept, held.seat, sum(age <= MINUTE_S for age in ages))


def _database(connection: Connection) -> Database:
    rows = {
        name: int(
            connection.execute(select(func.count()).select_from(schema.metadata.tables[name])).scalar_one()
        )
        for name in COUNTED
    }
    if connection.dialect.name == "sqlite":
        pages, size = (
            int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
            for name in ("page_count", "page_size")
        )
        return Database("SQLite", pages * size, rows)
    of_all = select(func.pg_database_size(func.current_database()))
    return Database("PostgreSQL", int(connection.execute(of_all).scalar_one()), rows)
