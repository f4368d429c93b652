"""What came back down the channels, as rows; what it does is `dispatch.em_desk`."""

from __future__ import annotations

import orjson
from sqlalchemy import Connection, insert, select, update

from dispatch.records import Incoming, IncomingState, ToRead
from dispatch.store.schema import escalation, incoming
from dispatch.store.transaction import Transaction

OTHERS = "incoming"


def is_known(connection: Connection, key: str) -> bool:
    """Whether this answer came before: a mailbox gives it again until it is told that we have it."""
    found = connection.execute(select(incoming.c.incoming_key).where(incoming.c.incoming_key == key))
    return found.first() is not None


def save(tx: Transaction, item: Incoming, state: IncomingState, *, escalation_id: str | None) -> None:
    tx.connection.execute(
        insert(incoming).values(
            incoming_key=item.key,
            escalation_id=escalation_id,
            state=state.value,
            at=item.at,
            body=orjson.dumps(item).decode(),
            who="",
        )
    )
    tx.others.add(OTHERS)


def mark_read(tx: Transaction, key: str, who: str) -> bool:
    """False when somebody else was first."""
    done = tx.connection.execute(
        update(incoming)
        .where(incoming.c.incoming_key == key, incoming.c.state == IncomingState.TO_READ)
        .values(state=IncomingState.READ.value, who=who)
    )
    tx.others.add(OTHERS)
    return bool(done.rowcount)


def to_read(connection: Connection) -> tuple[ToRead, ...]:
    """Oldest first."""
    rows = connection.execute(
        select(incoming.c.body, escalation.c.number, escalation.c.site_id)
        .join(escalation, escalation.c.escalation_id == incoming.c.escalation_id, isouter=True)
        .where(incoming.c.state == IncomingState.TO_READ)
        .order_by(incoming.c.at, incoming.c.incoming_key)
    )
    return tuple(ToRead(Incoming(**orjson.loads(row.body)), row.number or "", row.site_id) for row in rows)
