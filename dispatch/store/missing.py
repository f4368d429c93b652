"""Requests the server no longer shows: absence is noted, believed late, and taken back when it was wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, func, select, update

from dispatch.records import CrmStatus, Millis
from dispatch.store.schema import membership, request
from dispatch.store.transaction import Transaction

# Lists lose rows and find them again within a day (776 in 48 days of one city, two of three came back): one
# "no" to a question by id is no proof either, the same hours later is.
SURE_AFTER_MS = 2 * 3_600_000
# Ids a statement may name at once.
CHUNK = 900


def open_here(connection: Connection, server_id: int) -> dict[str, Millis]:
    """Every request that is open as far as we know, with its entry; those known to be gone left out."""
    rows = connection.execute(select(request.c.remote_id, request.c.created_at).where(*_open_at(server_id)))
    return {str(row.remote_id): int(row.created_at) for row in rows}


def open_between(
    connection: Connection, server_id: int, from_at: Millis | None, to_at: Millis | None
) -> set[str]:
    """The same of those entered in [from_at, to_at); None is no bound."""
    bounds = [] if from_at is None else [request.c.created_at >= from_at]
    bounds += [] if to_at is None else [request.c.created_at < to_at]
    rows = connection.execute(select(request.c.remote_id).where(*_open_at(server_id), *bounds))
    return {str(request_id) for request_id in rows.scalars()}


def count_between(connection: Connection, server_id: int, from_at: Millis) -> int:
    """All requests entered since, open or not: so many rows a look through them brings."""
    found = select(func.count()).where(request.c.server_id == server_id, request.c.created_at >= from_at)
    return int(connection.execute(found).scalar_one())


def noted(connection: Connection, server_id: int) -> set[str]:
    """Not found when last read by id, gone or not yet."""
    found = select(request.c.remote_id).where(
        request.c.server_id == server_id, request.c.missing_at.is_not(None)
    )
    return {str(request_id) for request_id in connection.execute(found).scalars()}


def not_there(tx: Transaction, server_id: int, request_id: str) -> bool:
    """A read by id found nothing. True when it counts as gone now: the record stays, and so does its site."""
    found = tx.connection.execute(
        select(request.c.request_key, request.c.missing_at, request.c.gone_at, membership.c.site_id)
        .join(membership, membership.c.request_key == request.c.request_key)
        .where(request.c.server_id == server_id, request.c.remote_id == request_id)
    ).first()
    if found is None or found.gone_at is not None:
        return False
    this = update(request).where(request.c.request_key == found.request_key)
    if found.missing_at is None:
        tx.connection.execute(this.values(missing_at=tx.now))
        return False
    if tx.now - found.missing_at < SURE_AFTER_MS:
        return False
    tx.connection.execute(this.values(gone_at=tx.now))
    tx.log("gone", f"the 311 server no longer has report {request_id}", site_id=found.site_id)
    tx.sites.add(found.site_id)
    return True


def there_again(tx: Transaction, server_id: int, request_ids: Sequence[str]) -> None:
    """What an answer of the server holds is not missing, whatever was noted before."""
    for start in range(0, len(request_ids), CHUNK):
        found = tx.connection.execute(
            select(request.c.request_key, request.c.remote_id, request.c.gone_at, membership.c.site_id)
            .join(membership, membership.c.request_key == request.c.request_key)
            .where(
                request.c.server_id == server_id,
                request.c.missing_at.is_not(None),
                request.c.remote_id.in_(request_ids[start : start + CHUNK]),
            )
        ).all()
        for row in found:
            tx.connection.execute(
                update(request)
                .where(request.c.request_key == row.request_key)
                .values(missing_at=None, gone_at=None)
            )
            if row.gone_at is not None:
                tx.log("back", f"the 311 server has report {row.remote_id} again", site_id=row.site_id)
                tx.sites.add(row.site_id)


def gone(connection: Connection, request_keys: Iterable[int]) -> tuple[tuple[str, Millis], ...]:
    """(the server's id, since when it was not found there) of those that count as gone."""
    rows = connection.execute(
        select(request.c.remote_id, request.c.missing_at)
        .where(
            request.c.request_key.in_(list(request_keys)),
            request.c.gone_at.is_not(None),
        )
        .order_by(request.c.request_key)
    )
    return tuple((str(row.remote_id), int(row.missing_at)) for row in rows)


def _open_at(server_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        request.c.server_id == server_id,
        request.c.remote_id.is_not(None),
        request.c.gone_at.is_(None),
        request.c.status.in_((CrmStatus.OPEN, CrmStatus.ACKNOWLEDGED)),
    )
