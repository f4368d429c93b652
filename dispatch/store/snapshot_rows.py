"""What a snapshot counts, as the store has it: the reports entered in a period, their sites and hand-overs.
Reads only; one statement a table, plain rows out."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, Select, func, select

from dispatch.records import Escalation, Millis, StormFacts
from dispatch.store import escalations, forms, storm_facts
from dispatch.store.schema import (
    activation,
    assessment,
    caller,
    membership,
    request,
    server,
    site,
)


class StoredReport(NamedTuple):
    request_key: int
    remote_id: str | None
    site_id: int | None
    created_at: Millis
    happened_at: Millis | None
    updated_at: Millis
    closed_at: Millis | None
    status: str
    reporter_role: str
    band: int | None
    category: str | None
    address: str
    lat: float | None
    lng: float | None
    photo_url: str
    is_call: bool = False  # typed in here for somebody who called


class StoredSite(NamedTuple):
    """`closed_at` is ours; `server_closed_at` the last of its reports'. `opened_by` is the number of the
    request that opened it, None until the server has given one."""

    site_id: int
    opened_by: str | None
    state: int
    state_reason: str
    band: int
    category: str
    neighborhood: str
    lat: float | None
    lng: float | None
    where_words: str
    flags: int
    closed_at: Millis | None
    server_closed_at: Millis | None


class StoredVoice(NamedTuple):
    """A report with what its site has of a place."""

    created_at: Millis
    neighborhood: str
    flags: int
    has_place: bool


class StoredActivation(NamedTuple):
    activation_id: str
    started_at: Millis
    name: str
    is_exercise: bool


def reports(connection: Connection, from_at: Millis, to_at: Millis) -> list[StoredReport]:
    """Every request with from ≤ entry < to, whatever its state or category, in the order of entry."""
    asked = (
        select(
            *(request.c.request_key, request.c.remote_id, membership.c.site_id, request.c.created_at),
            *(membership.c.happened_at, request.c.updated_at, request.c.closed_at, request.c.status),
            *(request.c.reporter_role, assessment.c.band, assessment.c.category, request.c.address),
            *(request.c.lat, request.c.lng, request.c.photo_url, caller.c.request_key.is_not(None)),
        )
        .outerjoin(caller, caller.c.request_key == request.c.request_key)
        .outerjoin(membership, membership.c.request_key == request.c.request_key)
        .outerjoin(assessment, assessment.c.request_key == request.c.request_key)
        .where(request.c.created_at >= from_at, request.c.created_at < to_at)
        .order_by(request.c.created_at, request.c.request_key)
    )
    return [StoredReport._make(row) for row in connection.execute(asked)]


def sites(connection: Connection, from_at: Millis, to_at: Millis) -> list[StoredSite]:
    """The sites of those reports, by their key."""
    closed = (
        select(membership.c.site_id, func.max(request.c.closed_at).label("at"))
        .join(request, request.c.request_key == membership.c.request_key)
        .group_by(membership.c.site_id)
        .subquery()
    )
    asked = (
        select(
            *(site.c.site_id, request.c.remote_id, site.c.state, site.c.state_reason, site.c.band),
            *(site.c.category, site.c.neighborhood, site.c.lat, site.c.lng, site.c.where_words),
            *(site.c.flags.bitwise_or(site.c.own_flags), site.c.closed_at, closed.c.at),
        )
        .outerjoin(request, request.c.request_key == site.c.site_id)
        .outerjoin(closed, closed.c.site_id == site.c.site_id)
        .where(site.c.site_id.in_(_in_period(from_at, to_at)))
        .order_by(site.c.site_id)
    )
    return [StoredSite._make(row) for row in connection.execute(asked)]


def hand_overs(connection: Connection, from_at: Millis, to_at: Millis) -> tuple[Escalation, ...]:
    """The hand-overs of those sites, oldest first."""
    return escalations.of_the_sites(connection, _in_period(from_at, to_at))


def voices(connection: Connection, to_at: Millis) -> list[StoredVoice]:
    """Every report of a site entered before that time, also long ago."""
    flags = site.c.flags.bitwise_or(site.c.own_flags)
    asked = (
        select(request.c.created_at, site.c.neighborhood, flags, site.c.lng.is_not(None))
        .join(membership, membership.c.request_key == request.c.request_key)
        .join(site, site.c.site_id == membership.c.site_id)
        .where(request.c.created_at < to_at)
    )
    return [StoredVoice._make(row) for row in connection.execute(asked)]


def as_of(connection: Connection) -> Millis | None:
    """The newest change that was taken over from the server; None where nothing ever was."""
    found = connection.execute(select(func.max(server.c.watermark_at))).scalar()
    # Before the first report there is a watermark, and nothing behind it.
    has_any = connection.execute(select(request.c.request_key).limit(1)).first() is not None
    return int(found) if found is not None and has_any else None


def current_activation(connection: Connection) -> StoredActivation | None:
    """The one that goes on now, or went on last."""
    current = activation.c.activation_id == forms.current_activation(connection)
    asked = select(
        *(activation.c.activation_id, activation.c.started_at, activation.c.name, activation.c.is_exercise)
    )
    row = connection.execute(asked.where(current)).first()
    return None if row is None else StoredActivation(*row[:3], bool(row.is_exercise))


def heads(connection: Connection, of: StoredActivation | None) -> StormFacts:
    """What people have entered of it for the head."""
    return storm_facts.standing(connection, of.activation_id) if of else StormFacts()


def _in_period(from_at: Millis, to_at: Millis) -> Select[tuple[int]]:
    return (
        select(membership.c.site_id)
        .join(request, request.c.request_key == membership.c.request_key)
        .where(request.c.created_at >= from_at, request.c.created_at < to_at)
    )
