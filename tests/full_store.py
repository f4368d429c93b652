"""Rows in every table of a store, with all that a column can hold: what must come through whole."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, Float, LargeBinary, Text

from dispatch.records import Actor
from dispatch.store import schema, search
from dispatch.store.store import Store

OPERATOR = Actor("irma", "José Ñandú", "Operator", "Seat 1")
WORDS = ('oak on "5th Ave N"\r\n', "\\u0000 spelt out, 🔥", "'; DROP TABLE site; --")
NUMBERS = (0.1 + 0.2, -82.63850000000001, 5e-324)
ROWS = 3
# Their rows come from transactions.
OWN = ("activity_log", "change", "feed")


def fill(store: Store) -> None:
    """Three rows a table, pointing to each other; the log proves itself."""
    for number in range(ROWS):
        with store.transaction(OPERATOR) as tx:
            tx.log("note", WORDS[number], site_id=number or None, subject="s", detail={"band": number})
            tx.sites.add(number)
            if number == 0:
                fill_tables(tx.connection)


def fill_tables(connection: Connection) -> None:
    for table in schema.metadata.sorted_tables:
        if table.name not in OWN:
            connection.execute(table.delete())  # a new store may have a row of its own
            rows = [{c.name: value(c, number) for c in table.c} for number in range(ROWS)]
            connection.execute(table.insert(), rows)
    search.rebuild(connection)


def value(column: Column[Any], number: int) -> Any:
    for key in column.foreign_keys:
        return value(key.column, number)
    if column.nullable and number == 2:
        return None
    if isinstance(column.type, Text):
        return f"{column.table.name}.{column.name} {number} {WORDS[number]}"
    if isinstance(column.type, LargeBinary):
        return bytes(range(256)) * number
    return NUMBERS[number] if isinstance(column.type, Float) else number + 1
