"""What is on its way to the 311 server. Rows of one request leave strictly in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, func, insert, select, update

from dispatch.records import Millis, OutboxItem, OutboxKind, OutboxState
from dispatch.store.schema import membership, outbox, request
from dispatch.store.transaction import Transaction

ON_THE_WAY = (OutboxState.WAITING, OutboxState.SENDING)


def put(
    transaction: Transaction,
    kind: OutboxKind,
    request_keys: Iterable[int],
    text: str,
    *,
    due_at: Millis,
    ids: Sequence[str] = (),
) -> list[str]:
    """Queue one row for each request; `due_at` is wall time. With `ids` given a row that is there stays."""
    placed = []
    for position, key in enumerate(request_keys):
        outbox_id = ids[position] if ids else str(uuid4())
        placed.append(outbox_id)
        if ids and _exists(transaction.connection, outbox_id):
            continue
        transaction.connection.execute(
            insert(outbox).values(
                outbox_id=outbox_id,
                kind=kind.value,
                request_key=key,
                text=text,
                state=OutboxState.WAITING.value,
                at=transaction.now,
                due_at=due_at,
                person=transaction.actor.person,
                seat=transaction.actor.seat,
            )
        )
    transaction.others.add("outbox")
    return placed


def due(connection: Connection, wall_now: Millis) -> list[OutboxItem]:
    """What may leave now: for each request only its oldest unsent row. Who has waited longest for a try comes
    first, so that one the server stumbles over does not hold up all others."""
    first = (
        select(func.min(outbox.c.position))
        .where(outbox.c.state.in_(ON_THE_WAY))
        .group_by(outbox.c.request_key)
    )
    rows = connection.execute(
        _items()
        .where(outbox.c.position.in_(first), outbox.c.due_at <= wall_now)
        .order_by(outbox.c.due_at, outbox.c.position)
    )
    return [_item(row) for row in rows]


def next_due_at(connection: Connection) -> Millis | None:
    """Wall time of the earliest row that waits."""
    earliest: Millis | None = connection.execute(
        select(func.min(outbox.c.due_at)).where(outbox.c.state.in_(ON_THE_WAY))
    ).scalar_one()
    return earliest


def of_site(connection: Connection, site_id: int) -> list[OutboxItem]:
    rows = connection.execute(_items().where(membership.c.site_id == site_id).order_by(outbox.c.position))
    return [_item(row) for row in rows]


def get(connection: Connection, outbox_ids: Iterable[str]) -> list[OutboxItem]:
    rows = connection.execute(
        _items().where(outbox.c.outbox_id.in_(list(outbox_ids))).order_by(outbox.c.position)
    )
    return [_item(row) for row in rows]


def change(transaction: Transaction, item: OutboxItem, **values: Any) -> None:
    transaction.connection.execute(
        update(outbox).where(outbox.c.outbox_id == item.outbox_id).values(**values)
    )
    transaction.others.add("outbox")
    transaction.sites.add(item.site_id)


def already_told(connection: Connection, request_keys: Iterable[int], text: str) -> set[int]:
    """Of these requests the ones whose residents have these very words, or will have them."""
    rows = connection.execute(
        select(outbox.c.request_key).where(
            outbox.c.request_key.in_(list(request_keys)),
            outbox.c.text == text,
            outbox.c.state.in_((*ON_THE_WAY, OutboxState.SENT)),
        )
    )
    return {int(key) for key in rows.scalars()}


def take_back(transaction: Transaction, outbox_ids: Iterable[str]) -> list[OutboxItem]:
    """Stop what has not been tried yet; which rows were stopped in time."""
    items = [item for item in get(transaction.connection, outbox_ids) if item.state == OutboxState.WAITING]
    stopped = []
    for item in items:
        gone = transaction.connection.execute(
            update(outbox)
            .where(
                outbox.c.outbox_id == item.outbox_id,
                outbox.c.state == OutboxState.WAITING,
                outbox.c.attempts == 0,
            )
            .values(state=OutboxState.TAKEN_BACK.value)
        ).rowcount
        if gone:
            stopped.append(item)
            transaction.sites.add(item.site_id)
    transaction.others.add("outbox")
    return stopped


def counts(connection: Connection) -> tuple[int, int]:
    """(on the way, refused by the server and waiting for a person)."""
    rows = connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
    by_state = {row[0]: int(row[1]) for row in rows}
    on_the_way = sum(by_state.get(state.value, 0) for state in ON_THE_WAY)
    return on_the_way, by_state.get(OutboxState.FAILED.value, 0)


def _exists(connection: Connection, outbox_id: str) -> bool:
    return (
        connection.execute(select(outbox.c.position).where(outbox.c.outbox_id == outbox_id)).first()
        is not None
    )


def _items() -> Any:
    return (
        select(outbox, request.c.remote_id, membership.c.site_id)
        .join(request, request.c.request_key == outbox.c.request_key)
        .join(membership, membership.c.request_key == outbox.c.request_key)
    )


def _item(row: Row[Any]) -> OutboxItem:
    return OutboxItem(
        outbox_id=row.outbox_id,
        kind=OutboxKind(row.kind),
        request_key=row.request_key,
        request_id=row.remote_id or "",
        site_id=row.site_id,
        text=row.text,
        state=OutboxState(row.state),
        at=row.at,
        due_at=row.due_at,
        attempts=row.attempts,
        equal_before=row.equal_before,
        error=row.error,
        person=row.person,
    )
