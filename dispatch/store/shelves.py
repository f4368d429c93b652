"""Alarms that are set aside, as rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, and_, delete, select

from dispatch.records import Millis, Shelf, ShelfReason, Unreadable
from dispatch.store.bulk import upsert
from dispatch.store.schema import alarm_shelf, quarantine
from dispatch.store.transaction import Transaction

OTHERS = "alarm_shelf"


def in_force(connection: Connection, activation_id: str, wall_now: Millis) -> tuple[Shelf, ...]:
    """Those whose end has not come, the next to come back first."""
    rows = connection.execute(
        select(alarm_shelf)
        .where(alarm_shelf.c.activation_id == activation_id, alarm_shelf.c.until > wall_now)
        .order_by(alarm_shelf.c.until)
    )
    return tuple(map(_shelf, rows))


def put(tx: Transaction, shelf: Shelf) -> None:
    row = {
        "activation_id": tx.actor.activation_id,
        "kind": shelf.kind,
        "site_id": shelf.site_id,
        "reason": shelf.reason.value,
        "note": shelf.note,
        "who": shelf.who,
        "position": shelf.position,
        "seat": shelf.seat,
        "at": shelf.at,
        "until": shelf.until,
    }
    upsert(tx.connection, alarm_shelf, [row], key=("activation_id", "kind", "site_id"))
    tx.others.add(OTHERS)


def drop(tx: Transaction, kind: str, site_id: int) -> None:
    tx.connection.execute(
        delete(alarm_shelf).where(
            and_(
                alarm_shelf.c.activation_id == tx.actor.activation_id,
                alarm_shelf.c.kind == kind,
                alarm_shelf.c.site_id == site_id,
            )
        )
    )
    tx.others.add(OTHERS)


def unreadable(connection: Connection, at_most: int) -> tuple[Unreadable, ...]:
    """The newest rows in quarantine."""
    rows = connection.execute(
        select(quarantine.c.remote_id, quarantine.c.reason, quarantine.c.at)
        .order_by(quarantine.c.at.desc(), quarantine.c.digest)
        .limit(at_most)
    )
    return tuple(Unreadable(row.remote_id, row.reason, row.at) for row in rows)


def _shelf(row: Row[Any]) -> Shelf:
    return Shelf(
        row.kind,
        row.site_id,
        ShelfReason(row.reason),
        row.note,
        row.who,
        row.position,
        row.seat,
        row.at,
        row.until,
    )
