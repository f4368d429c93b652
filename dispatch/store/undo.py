"""What can be taken back: the newest act of a person at a seat that kept what was before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import or_, select

from dispatch.store.schema import activity_log
from dispatch.store.transaction import Transaction

WITHIN_MS = 30 * 60_000
LOOK_BACK = 200


@dataclass(frozen=True, slots=True)
class Undoable:
    number: int
    act: str
    site_id: int | None  # none of an act at many sites
    text: str
    detail: dict[str, Any]


def last(tx: Transaction) -> Undoable | None:
    """The newest act of this person and seat in the last half hour that was not undone yet."""
    rows = tx.connection.execute(
        select(activity_log)
        .where(
            activity_log.c.person == tx.actor.person,
            activity_log.c.seat == tx.actor.seat,
            activity_log.c.at >= tx.now - WITHIN_MS,
            # The lines of a bulk act's sites are a thousand at times, and cannot be undone one by one.
            or_(activity_log.c.detail.like('%"undo":%'), activity_log.c.detail.like('%"undoes":%')),
        )
        .order_by(activity_log.c.number.desc())
        .limit(LOOK_BACK)
    )
    undone: set[int] = set()
    for row in rows:
        detail = orjson.loads(row.detail)
        if "undoes" in detail:
            undone.add(detail["undoes"])
        elif "undo" in detail and row.number not in undone:
            return Undoable(row.number, row.act, row.site_id, row.text, detail)
    return None
