"""What a seat holds of the server, and what it ought to hold, in a shape that can be compared."""

from __future__ import annotations

from sqlalchemy import func, select, update

from dispatch.store import schema
from tests.city import City
from tests.rooms import Room


def stored(room: Room) -> dict[str, str]:
    """Every request of the store with its status; each stands in one site, and none is there twice."""
    with room.store.reading() as connection:
        rows = connection.execute(select(schema.request.c.remote_id, schema.request.c.status)).all()
        memberships = connection.execute(
            select(func.count(), func.count(func.distinct(schema.membership.c.request_key)))
        ).one()
    assert len({row.remote_id for row in rows}) == len(rows)
    assert memberships == (len(rows), len(rows))
    return {row.remote_id: row.status for row in rows}


def truth(city: City) -> dict[str, str]:
    return {str(each["id"]): str(each["status"]).lower() for each in city.truth()["requests"]}


def open_or_closed(city: City) -> dict[str, str]:
    """As GeoReport tells it: two words for all that a city may say."""
    return {request_id: _coarse(status) for request_id, status in truth(city).items()}


def stored_open_or_closed(room: Room) -> dict[str, str]:
    return {request_id: _coarse(status) for request_id, status in stored(room).items()}


def _coarse(status: str) -> str:
    return "closed" if status in ("closed", "archived") else "open"


def hurry(room: Room) -> None:
    """Let the waits after a failure be over."""
    with room.store.engine.begin() as connection:
        connection.execute(update(schema.outbox).values(due_at=0))
        connection.execute(update(schema.delivery).values(next_at=0))
