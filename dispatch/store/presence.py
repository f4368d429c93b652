"""Which seat looks at which site just now. Not in the feed and not in the log: it is gone with the seat.

Times are the database's own, so that seats whose clocks differ agree on who has fallen silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Float, cast, delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from dispatch.errors import StoreUnusable
from dispatch.records import Actor, Millis, Onlooker
from dispatch.store.schema import presence
from dispatch.store.store import Store

CHANNEL = "landfall_presence"
SILENT_MS = 30_000  # who has not been heard of for so long has gone
_NOW = cast(cast(func.extract("epoch", func.clock_timestamp()), Float) * 1000, presence.c.at.type)


def put(store: Store, actor: Actor, site_id: int, *, is_writing: bool, since_at: Millis) -> None:
    """This seat is at the site, since the storm's time `since_at`. Raises StoreUnusable."""
    row: dict[str, Any] = {
        "person": actor.person,
        "position": actor.position,
        "site_id": site_id,
        "doing": "writes" if is_writing else "looks",
        "since_at": since_at,
        "at": _NOW,
    }
    statement = insert(presence).values(seat=actor.seat, **row)
    with _writing(store) as connection:
        connection.execute(statement.on_conflict_do_update(index_elements=["seat"], set_=row))


def drop(store: Store, seat: str) -> None:
    """This seat looks at nothing. Raises StoreUnusable."""
    with _writing(store) as connection:
        connection.execute(delete(presence).where(presence.c.seat == seat))


def others(store: Store, seat: str) -> tuple[Onlooker, ...]:
    """Where the other seats are, those that have fallen silent left out; by seat. Raises StoreUnusable."""
    with store.reading() as connection:
        rows = connection.execute(
            select(presence)
            .where(presence.c.seat != seat, presence.c.site_id.is_not(None), presence.c.at > _NOW - SILENT_MS)
            .order_by(presence.c.seat)
        )
        return tuple(
            Onlooker(row.site_id, row.person, row.position, row.seat, row.doing == "writes", row.since_at)
            for row in rows
        )


@contextmanager
def _writing(store: Store) -> Iterator[Connection]:
    """Past the feed, whose row every act holds, and without a wait for the disk: a row lost in a crash is
    written anew within seconds."""
    try:
        with store.engine.begin() as connection:
            connection.execute(text("SET LOCAL synchronous_commit = off"))
            yield connection
            connection.execute(select(func.pg_notify(CHANNEL, "")))
    except DBAPIError as error:
        raise StoreUnusable("Who looks at what cannot be kept just now.") from error
