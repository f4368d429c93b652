"""Who is on which desk of emergency management now, as rows."""

from __future__ import annotations

from sqlalchemy import Connection, select

from dispatch.records import DUTY_OFFICER, OnDuty
from dispatch.store.bulk import upsert
from dispatch.store.schema import roster
from dispatch.store.transaction import Transaction

OTHERS = "roster"


def on_duty(connection: Connection, activation_id: str) -> dict[str, OnDuty]:
    """By desk; a desk that nobody ever took is not among them."""
    rows = connection.execute(select(roster).where(roster.c.activation_id == activation_id))
    return {row.desk: OnDuty(row.desk, row.person, row.contact, row.since_at) for row in rows}


def who_has(on: dict[str, OnDuty], desk: str) -> str:
    """Whose it is on this desk; the duty officer's where nobody is on it, empty where no duty officer is."""
    if (there := on.get(desk)) and there.person:
        return there.person
    officer = on.get(DUTY_OFFICER)
    return f"{officer.person}, {DUTY_OFFICER.lower()}" if officer and officer.person else ""


def put(tx: Transaction, item: OnDuty) -> None:
    upsert(
        tx.connection,
        roster,
        [
            {
                "activation_id": tx.actor.activation_id,
                "desk": item.desk,
                "person": item.person,
                "contact": item.contact,
                "since_at": item.since_at,
            }
        ],
        key=("activation_id", "desk"),
    )
    tx.others.add(OTHERS)
