"""What was reported in some neighborhoods since a time, and what became of it: for the printed sheet."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, select

from dispatch.records import Flag, Millis
from dispatch.store.schema import membership, request, site

_FLAGS = site.c.flags.bitwise_or(site.c.own_flags)


class KindCount(NamedTuple):
    """`is_restricted`: who lives at one of these places is nobody's business (S15)."""

    category: str
    reports: int
    is_restricted: bool


class SiteEnd(NamedTuple):
    """`closed_at` is 0 where nobody knows when."""

    state: int
    reason: str
    first_at: Millis
    closed_at: Millis


def by_kind(connection: Connection, areas: Collection[str], since_at: Millis) -> tuple[KindCount, ...]:
    """Reports entered since that time by the category of their site; bulk entries are no voices."""
    restricted = func.max(_FLAGS.bitwise_and(int(Flag.RESTRICTED)))
    asked = (
        select(site.c.category, func.count(), restricted)
        .join(membership, membership.c.site_id == site.c.site_id)
        .join(request, request.c.request_key == membership.c.request_key)
        .where(_counted(areas, since_at))
        .group_by(site.c.category)
    )
    return tuple(
        KindCount(key, int(many), bool(is_restricted))
        for key, many, is_restricted in connection.execute(asked)
    )


def ends(connection: Connection, areas: Collection[str], since_at: Millis) -> tuple[SiteEnd, ...]:
    """Each site that was reported since that time, and how it stands; closed by us, else by the server's own
    time."""
    closed_at = func.coalesce(site.c.closed_at, func.max(request.c.closed_at), 0)
    asked = (
        select(site.c.state, site.c.state_reason, site.c.first_at, closed_at)
        .join(membership, membership.c.site_id == site.c.site_id)
        .join(request, request.c.request_key == membership.c.request_key)
        .where(_counted(areas, since_at), _FLAGS.bitwise_and(int(Flag.MERGED)) == 0)
        .group_by(site.c.site_id)
    )
    return tuple(
        SiteEnd(int(state), reason, int(first), int(at))
        for state, reason, first, at in connection.execute(asked)
    )


def _counted(areas: Collection[str], since_at: Millis) -> ColumnElement[bool]:
    """A report without a time of entry is of no period."""
    return and_(
        site.c.neighborhood.in_(list(areas)),
        request.c.created_at >= max(since_at, 1),
        _FLAGS.bitwise_and(int(Flag.BULK)) == 0,
    )
