"""What residents wrote of sites that are about homes: for the assessor's work list. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, or_, select

from dispatch.records import Millis
from dispatch.store.schema import assessment, membership, request, site


class StoredWords(NamedTuple):
    """One report of such a site. `category` is its own, not the site's."""

    request_key: int
    site_id: int
    category: str
    summary: str
    description: str
    service_name: str
    reporter_role: str
    is_private: int
    address: str
    lat: float | None
    lng: float | None


def words(
    connection: Connection, from_at: Millis, to_at: Millis, categories: Sequence[str]
) -> list[StoredWords]:
    """The reports with from ≤ entry < to of every site that is itself, or of which one of them is, of these
    categories; in the order of entry."""
    in_period = (request.c.created_at >= from_at, request.c.created_at < to_at)
    own = (
        select(membership.c.site_id)
        .join(request, request.c.request_key == membership.c.request_key)
        .join(assessment, assessment.c.request_key == membership.c.request_key)
        .where(*in_period, assessment.c.category.in_(categories))
    )
    asked = (
        select(
            *(request.c.request_key, membership.c.site_id, assessment.c.category, request.c.summary),
            *(request.c.description, request.c.service_name, request.c.reporter_role, request.c.is_private),
            *(request.c.address, request.c.lat, request.c.lng),
        )
        .join(membership, membership.c.request_key == request.c.request_key)
        .join(site, site.c.site_id == membership.c.site_id)
        .outerjoin(assessment, assessment.c.request_key == request.c.request_key)
        .where(*in_period, or_(site.c.category.in_(categories), site.c.site_id.in_(own)))
        .order_by(request.c.created_at, request.c.request_key)
    )
    return [StoredWords._make(row)._replace(category=row.category or "") for row in connection.execute(asked)]
