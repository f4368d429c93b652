"""What the city can tell residents, as rows: added, never changed. Of one kind and name the newest stands."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, func, insert, select

from dispatch.errors import ActRefused
from dispatch.records import CityFact, CityFactDraft, FactKind
from dispatch.store.schema import city_fact
from dispatch.store.transaction import Transaction

OTHERS = "city_fact"


def add(tx: Transaction, said: CityFactDraft, *, is_gone: bool = False) -> str:
    """The id of the new row; with `is_gone` it takes what stands under its name from the list."""
    fact_id = str(uuid4())
    row = {
        "fact_id": fact_id,
        "activation_id": tx.actor.activation_id,
        "kind": said.kind.value,
        "name": said.name,
        "value": said.value,
        "room": said.room,
        "note": said.note,
        "source": said.source,
        "until_at": said.until_at,
        "is_gone": int(is_gone),
        "person": tx.actor.person,
        "position": tx.actor.position,
        "seat": tx.actor.seat,
        "at": tx.now,
    }
    _put(tx, row)
    return fact_id


def standing(connection: Connection, activation_id: str) -> tuple[CityFact, ...]:
    """By kind and name, each as it was said last."""
    newest = {_name(row): row for row in _rows(connection, activation_id)}
    rows = sorted(newest.items())
    return tuple(_fact(row) for _, row in rows if not row.is_gone)


def take_back(tx: Transaction, fact_id: str) -> None:
    """What stood under its name before stands again, as old as it is and by whom it was; what nobody had said
    before is gone."""
    rows = _rows(tx.connection, tx.actor.activation_id)
    mine = next((row for row in rows if row.fact_id == fact_id), None)
    alike = [row for row in rows if mine is not None and _name(row) == _name(mine)]
    if mine is None or _words(alike[-1]) != _words(mine):
        raise ActRefused("Somebody has said something newer of it since: that stays.")
    before = next((row for row in reversed(alike) if row.number < mine.number), None)
    row = dict(before._mapping) if before is not None else {**mine._mapping, "is_gone": 1}
    _put(tx, {**row, "fact_id": str(uuid4())})


def _put(tx: Transaction, row: dict[str, Any]) -> None:
    here = city_fact.c.activation_id == tx.actor.activation_id
    last = tx.connection.execute(select(func.max(city_fact.c.number)).where(here)).scalar() or 0
    tx.connection.execute(insert(city_fact), {**row, "number": last + 1})
    tx.others.add(OTHERS)


def _rows(connection: Connection, activation_id: str) -> list[Row[Any]]:
    asked = select(city_fact).where(city_fact.c.activation_id == activation_id)
    return list(connection.execute(asked.order_by(city_fact.c.number)))


def _name(row: Row[Any]) -> tuple[str, str]:
    return row.kind, row.name.casefold()


def _words(row: Row[Any]) -> dict[str, Any]:
    """Without what tells a row from one that brought it back."""
    return {name: value for name, value in row._mapping.items() if name not in ("fact_id", "number")}


def _fact(row: Row[Any]) -> CityFact:
    said = CityFactDraft(
        kind=FactKind(row.kind),
        name=row.name,
        value=row.value,
        room=row.room,
        note=row.note,
        source=row.source,
        until_at=row.until_at,
    )
    return CityFact(row.fact_id, said, row.person, row.position, row.at)
