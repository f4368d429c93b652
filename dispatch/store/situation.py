"""Counts of how things stand, for briefings and status forms."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select

from dispatch.records import Band, CloseReason, Flag, Millis, Situation, Suspension
from dispatch.store.schema import membership, request, site, suspension
from dispatch.store.sites import CLOSED

AREAS = 8


def read(connection: Connection, activation_id: str, from_at: Millis, to_at: Millis) -> Situation:
    """Spam, and sites that stand in another one, count nowhere."""
    real = and_(
        site.c.activation_id == activation_id,
        site.c.own_flags.bitwise_and(int(Flag.MERGED)) == 0,
        site.c.state_reason != CloseReason.SPAM.value,
    )
    is_open = and_(real, site.c.state != CLOSED)
    flags = site.c.flags.bitwise_or(site.c.own_flags)
    wire, safe = (flags.bitwise_and(int(each)) for each in (Flag.WIRE, Flag.MADE_SAFE))
    bands = dict(_pairs(connection, is_open, site.c.band))
    oldest = select(func.min(site.c.first_at)).where(is_open, site.c.band == int(Band.P1))
    areas = (
        select(site.c.neighborhood, func.count())
        .where(is_open, site.c.band <= int(Band.P2), site.c.neighborhood != "")
        .group_by(site.c.neighborhood)
        .order_by(func.count().desc(), site.c.neighborhood)
        .limit(AREAS)
    )
    in_period = dict(_pairs(connection, and_(real, site.c.first_at >= from_at, site.c.first_at < to_at)))
    to_date = dict(_pairs(connection, and_(real, site.c.first_at < to_at)))
    return Situation(
        open_by_band={band: bands.get(int(band), 0) for band in Band},
        untouched_p1=_count(connection, and_(is_open, site.c.band == int(Band.P1), site.c.acted_at == 0)),
        oldest_p1_at=connection.execute(oldest).scalar(),
        reports_in_period=_reports(connection, real, from_at, to_at),
        reports_to_date=_reports(connection, real, 0, to_at),
        by_category={key: (in_period.get(key, 0), count) for key, count in to_date.items()},
        worst_areas=tuple((name, count) for name, count in connection.execute(areas)),
        live_wires=_count(connection, and_(is_open, wire != 0, safe == 0)),
    )


def suspended(connection: Connection, activation_id: str) -> tuple[Suspension, ...]:
    """Whose field response is suspended now (S7)."""
    rows = connection.execute(
        select(suspension).where(suspension.c.activation_id == activation_id).order_by(suspension.c.service)
    )
    return tuple(Suspension(r.service, r.since_at, r.why, r.review_at, r.who) for r in rows)


def _pairs(connection: Connection, where: ColumnElement[bool], by: Any = site.c.category) -> list[Any]:
    return [tuple(row) for row in connection.execute(select(by, func.count()).where(where).group_by(by))]


def _count(connection: Connection, where: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(site).where(where)).scalar_one())


def _reports(connection: Connection, real: ColumnElement[bool], from_at: Millis, to_at: Millis) -> int:
    counted = (
        select(func.count())
        .select_from(request)
        .join(membership, membership.c.request_key == request.c.request_key)
        .join(site, site.c.site_id == membership.c.site_id)
        .where(real, request.c.created_at >= from_at, request.c.created_at < to_at)
    )
    return int(connection.execute(counted).scalar_one())
