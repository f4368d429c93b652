"""What heads a snapshot, as rows: added, never changed. The newest stands."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from dispatch.errors import ActRefused
from dispatch.records import Signed, StormFacts
from dispatch.store.schema import storm_fact
from dispatch.store.transaction import Transaction

OTHERS = "snapshot"
TEXTS = tuple(each.name for each in fields(StormFacts) if each.name != "said")


def standing(connection: Connection, activation_id: str) -> StormFacts:
    """As it was entered last; all empty where nobody has entered anything."""
    rows = _rows(connection, activation_id)
    return _facts(rows[-1]) if rows else StormFacts()


def add(tx: Transaction, facts: StormFacts) -> int:
    """The number of the new row."""
    number = len(_rows(tx.connection, tx.actor.activation_id)) + 1
    _put(tx, number, facts, Signed(tx.actor.person, tx.actor.position, tx.now), tx.actor.seat)
    return number


def take_back(tx: Transaction, number: int) -> None:
    """What stood before stands again, as old as it is and by whom it was."""
    rows = _rows(tx.connection, tx.actor.activation_id)
    mine = next(row for row in rows if row.number == number)
    # What an undo has brought back since is the same, at another number.
    if _facts(rows[-1]) != _facts(mine):
        raise ActRefused("Somebody has entered something newer since: that stays.")
    before = next((row for row in reversed(rows) if row.number < number), None)
    facts = _facts(before) if before else StormFacts()
    _put(tx, len(rows) + 1, facts, facts.said, before.seat if before else "")


def _put(tx: Transaction, number: int, facts: StormFacts, said: Signed, seat: str) -> None:
    row = {"activation_id": tx.actor.activation_id, "number": number}
    row |= {name: getattr(facts, name) for name in TEXTS}
    row |= {"person": said.person, "position": said.position, "seat": seat, "at": said.at}
    tx.connection.execute(insert(storm_fact), row)
    tx.others.add(OTHERS)


def _rows(connection: Connection, activation_id: str) -> list[Row[Any]]:
    asked = select(storm_fact).where(storm_fact.c.activation_id == activation_id)
    return list(connection.execute(asked.order_by(storm_fact.c.number)))


def _facts(row: Row[Any]) -> StormFacts:
    texts = {name: getattr(row, name) for name in TEXTS}
    return StormFacts(**texts, said=Signed(row.person, row.position, row.at))
