"""What is on its way to the 311 server. Rows of one request leave strictly in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, insert, or_, select, update

from dispatch.records import Millis, OutboxItem, OutboxKind, OutboxState
from dispatch.store.schema import membership, outbox, request
from dispatch.store.transaction import Transaction

ON_THE_WAY = (OutboxState.WAITING, OutboxState.SENDING)
# In this order they leave: what a person writes at one site, what is said to many at once, what a rule says.
FIRST, TO_MANY, BY_RULE = range(3)
# Under which key of a row's detail its rule stands, where one sends it.
BY = "rule"


def put(
    transaction: Transaction,
    kind: OutboxKind,
    request_keys: Iterable[int],
    text: str,
    *,
    due_at: Millis,
    ids: Sequence[str] = (),
    detail: Mapping[str, str] | None = None,
    lane: int = FIRST,
) -> list[str]:
    """Queue one row for each request; `due_at` is wall time. With `ids` given a row that is there stays."""
    return put_texts(
        transaction,
        kind,
        [(key, text) for key in request_keys],
        due_at=due_at,
        ids=ids,
        detail=detail,
        lane=lane,
    )


def put_texts(
    transaction: Transaction,
    kind: OutboxKind,
    texts: Iterable[tuple[int, str]],
    *,
    due_at: Millis,
    ids: Sequence[str] = (),
    detail: Mapping[str, str] | None = None,
    lane: int = FIRST,
) -> list[str]:
    """The same with words of its own for each request."""
    said = list(texts)
    keys = [key for key, _ in said]
    placed = list(ids) if ids else [str(uuid4()) for _ in keys]
    values = {
        "kind": kind.value,
        "lane": lane,
        "detail": to_text(detail or {}),
        "state": OutboxState.WAITING.value,
        "at": transaction.now,
        "due_at": due_at,
        "person": transaction.actor.person,
        "seat": transaction.actor.seat,
    }
    rows = [
        {"outbox_id": outbox_id, "request_key": key, "text": text, **values}
        for outbox_id, (key, text) in zip(placed, said, strict=True)
        if not (ids and _exists(transaction.connection, outbox_id))
    ]
    if rows:
        transaction.connection.execute(insert(outbox), rows)
    transaction.others.add("outbox")
    return placed


def due(connection: Connection, wall_now: Millis) -> list[OutboxItem]:
    """What may leave now: for each request only its oldest unsent row; and what the city holds, to be looked
    for. By lanes, so that what a person writes waits for no rule; in each who has waited longest for a try
    comes first, so that one the server stumbles over does not hold up all others."""
    rows = connection.execute(
        _items().where(_may_go(), outbox.c.due_at <= wall_now).order_by(outbox.c.due_at, outbox.c.position)
    )
    lanes = _lanes(connection)
    items = [_item(row) for row in rows]
    return sorted(
        (replace(item, lane=lanes.get(item.request_key, item.lane)) for item in items),
        key=lambda each: each.lane,
    )


def _lanes(connection: Connection) -> dict[int, int]:
    """Of each request the foremost lane of what waits for it: what others wait behind goes with them."""
    rows = connection.execute(
        select(outbox.c.request_key, func.min(outbox.c.lane))
        .where(outbox.c.state.in_(ON_THE_WAY))
        .group_by(outbox.c.request_key)
    )
    return {int(key): int(lane) for key, lane in rows}


def is_due_before(connection: Connection, lane: int, wall_now: Millis) -> bool:
    """Whether something may leave now that goes before this lane. Mostly nothing waits there at all, and that
    is told at once."""
    waits = select(outbox.c.position).where(
        outbox.c.state.in_(ON_THE_WAY), outbox.c.lane < lane, outbox.c.due_at <= wall_now
    )
    if connection.execute(waits.limit(1)).first() is None:
        return False
    before = (
        select(outbox.c.position)
        .join(request, request.c.request_key == outbox.c.request_key)
        .where(_may_go(), outbox.c.lane < lane, outbox.c.due_at <= wall_now)
        .limit(1)
    )
    return connection.execute(before).first() is not None


def next_due_at(connection: Connection) -> Millis | None:
    """Wall time at which the first of those is due."""
    earliest: Millis | None = connection.execute(
        select(func.min(outbox.c.due_at))
        .join(request, request.c.request_key == outbox.c.request_key)
        .where(_may_go())
    ).scalar_one()
    return earliest


def _may_go() -> ColumnElement[bool]:
    """First of its request; and of one that was typed in here only once the server has given it an id,
    unless it never will."""
    first = (
        select(func.min(outbox.c.position))
        .where(outbox.c.state.in_(ON_THE_WAY))
        .group_by(outbox.c.request_key)
    )
    call = outbox.alias("call")
    is_underway = (
        select(call.c.position)
        .where(
            call.c.request_key == outbox.c.request_key,
            call.c.kind == OutboxKind.NEW_REQUEST,
            call.c.state.in_((*ON_THE_WAY, OutboxState.HELD, OutboxState.SENT)),
        )
        .exists()
    )
    is_known = or_(outbox.c.kind == OutboxKind.NEW_REQUEST, request.c.remote_id.is_not(None), ~is_underway)
    return or_(outbox.c.state == OutboxState.HELD, and_(outbox.c.position.in_(first), is_known))


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
            outbox.c.state.in_((*ON_THE_WAY, OutboxState.HELD, OutboxState.SENT)),
        )
    )
    return {int(key) for key in rows.scalars()}


def held_before(connection: Connection, item: OutboxItem) -> OutboxItem | None:
    """An equal one of the same request that a moderator holds: which of the two shows, nobody could tell."""
    mine = select(outbox.c.position).where(outbox.c.outbox_id == item.outbox_id).scalar_subquery()
    rows = connection.execute(
        _items()
        .where(*_equal(item), outbox.c.state == OutboxState.HELD, outbox.c.position < mine)
        .order_by(outbox.c.position.desc())
    )
    row = rows.first()
    return None if row is None else _item(row)


def sent_after(connection: Connection, item: OutboxItem) -> int:
    """How many equal ones of the same request were sent after this one."""
    mine = select(outbox.c.position).where(outbox.c.outbox_id == item.outbox_id).scalar_subquery()
    found = select(func.count()).where(
        *_equal(item), outbox.c.state == OutboxState.SENT, outbox.c.position > mine
    )
    return int(connection.execute(found).scalar_one())


def _equal(item: OutboxItem) -> tuple[ColumnElement[bool], ...]:
    is_inside = outbox.c.kind == OutboxKind.INTERNAL_NOTE
    return (
        outbox.c.request_key == item.request_key,
        outbox.c.text == item.text,
        is_inside if item.kind is OutboxKind.INTERNAL_NOTE else ~is_inside,
    )


def calls_without_id(connection: Connection, server_id: int) -> list[OutboxItem]:
    """Reports typed in here that were tried and have no id of the server yet, in the order of their calls."""
    return [_item(row) for row in connection.execute(_calls_without_id(), {"server_id": server_id})]


@cache
def _calls_without_id() -> Any:
    """Asked with each page: putting it together takes longer than running it."""
    return (
        _items()
        .where(
            request.c.server_id == bindparam("server_id"),
            request.c.remote_id.is_(None),
            outbox.c.kind == OutboxKind.NEW_REQUEST,
            outbox.c.state.in_((OutboxState.SENDING, OutboxState.HELD, OutboxState.SENT)),
        )
        .order_by(outbox.c.position)
    )


def new_requests(connection: Connection, request_keys: Sequence[int]) -> list[str]:
    """By which rows these reports, typed in here, go to the server."""
    found: list[str] = []
    for start in range(0, len(request_keys), 500):
        chunk = request_keys[start : start + 500]
        rows = select(outbox.c.outbox_id).where(
            outbox.c.request_key.in_(chunk), outbox.c.kind == OutboxKind.NEW_REQUEST
        )
        found += connection.execute(rows).scalars()
    return found


def is_call(connection: Connection, request_key: int) -> bool:
    """Was it typed in here?"""
    found = select(outbox.c.position).where(
        outbox.c.request_key == request_key, outbox.c.kind == OutboxKind.NEW_REQUEST
    )
    return connection.execute(found).first() is not None


def to_text(detail: Mapping[str, str]) -> str:
    """As the column holds it."""
    return orjson.dumps(dict(detail)).decode() if detail else ""


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
        select(outbox, request.c.remote_id, request.c.token, membership.c.site_id)
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
        detail=orjson.loads(row.detail) if row.detail else {},
        token=row.token,
        lane=row.lane,
    )
