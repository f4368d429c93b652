"""Requests for public records as rows: what was collected is added whole and never changed, a redaction is
withdrawn and never taken away."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, Row, func, insert, select, update

from dispatch.errors import ActRefused
from dispatch.records import Millis, PublicRecord, RecordKind, RecordsQuery, RecordsRequest, Redaction
from dispatch.store.schema import records_request, redaction
from dispatch.store.transaction import Transaction

OTHERS = "records"
_HEAD = [column for column in records_request.c if column.name not in ("content", "seat")]


def add(
    tx: Transaction,
    query: RecordsQuery,
    found: Sequence[PublicRecord],
    *,
    requester: str,
    received_at: Millis,
) -> RecordsRequest:
    newest = tx.connection.execute(select(func.max(records_request.c.number))).scalar()
    made = RecordsRequest(
        records_id=str(uuid4()),
        number=(newest or 0) + 1,
        activation_id=tx.actor.activation_id,
        requester=requester,
        received_at=received_at,
        query=query,
        person=tx.actor.person,
        position=tx.actor.position,
        at=tx.now,
        records=len(found),
    )
    values = asdict(made) | {
        "query": orjson.dumps(asdict(query)).decode(),
        "content": zlib.compress(orjson.dumps([asdict(each) for each in found]), 6),
        "seat": tx.actor.seat,
    }
    tx.connection.execute(insert(records_request), values)
    tx.others.add(OTHERS)
    return made


def requests(connection: Connection) -> tuple[RecordsRequest, ...]:
    """All of the store, the newest first."""
    rows = connection.execute(select(*_HEAD).order_by(records_request.c.number.desc()))
    return tuple(map(_request, rows))


def by_number(connection: Connection, number: int) -> RecordsRequest:
    """Raises ActRefused."""
    row = connection.execute(select(*_HEAD).where(records_request.c.number == number)).first()
    if row is None:
        raise ActRefused(f"There is no records request {number}: `records list` shows those there are.")
    return _request(row)


def collected(connection: Connection, records_id: str) -> tuple[PublicRecord, ...]:
    """As it was when it was collected."""
    asked = select(records_request.c.content).where(records_request.c.records_id == records_id)
    content = zlib.decompress(bytes(connection.execute(asked).scalar_one()))
    return tuple(_record(each) for each in orjson.loads(content))


def redact(
    tx: Transaction,
    records_id: str,
    record_id: str,
    field: str,
    span: tuple[int, int],
    statute: str,
    reason: str,
) -> Redaction:
    """An empty `field` withholds the whole record."""
    made = Redaction(
        redaction_id=str(uuid4()),
        records_id=records_id,
        record_id=record_id,
        field=field,
        start=span[0],
        end=span[1],
        statute=statute,
        reason=reason,
        person=tx.actor.person,
        position=tx.actor.position,
        at=tx.now,
    )
    values = asdict(made)
    for name in ("withdrawn_at", "withdrawn_by", "withdrawn_why"):
        del values[name]
    values |= {"start_char": values.pop("start"), "end_char": values.pop("end"), "seat": tx.actor.seat}
    tx.connection.execute(insert(redaction), values)
    tx.others.add(OTHERS)
    return made


def withdraw(tx: Transaction, redaction_id: str, why: str) -> None:
    """Raises ActRefused where it does not stand."""
    mine = (redaction.c.redaction_id == redaction_id) & redaction.c.withdrawn_at.is_(None)
    values = {"withdrawn_at": tx.now, "withdrawn_by": tx.actor.person, "withdrawn_why": why}
    if not tx.connection.execute(update(redaction).where(mine).values(values)).rowcount:
        raise ActRefused("No such redaction stands: `records show` names those that do.")
    tx.others.add(OTHERS)


def redactions(connection: Connection, records_id: str) -> tuple[Redaction, ...]:
    """In the order in which they were made, those withdrawn among them."""
    asked = select(redaction).where(redaction.c.records_id == records_id)
    rows = connection.execute(asked.order_by(redaction.c.at, redaction.c.redaction_id))
    return tuple(map(_redaction, rows))


def _request(row: Row[Any]) -> RecordsRequest:
    query = orjson.loads(row.query)
    query["request_numbers"] = tuple(query["request_numbers"])
    return RecordsRequest(**{**row._mapping, "query": RecordsQuery(**query)})


def _record(each: dict[str, Any]) -> PublicRecord:
    fields = tuple((str(name), str(words)) for name, words in each["fields"])
    return PublicRecord(**{**each, "kind": RecordKind(each["kind"]), "fields": fields})


def _redaction(row: Row[Any]) -> Redaction:
    renamed = {"start_char": "start", "end_char": "end"}
    return Redaction(**{renamed.get(n, n): value for n, value in row._mapping.items() if n != "seat"})
