"""Many rows by one prepared statement through the driver: near raw speed, the same on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Insert

Row = dict[str, Any]

# Compiling takes longer than inserting a page; the set of statements is small and fixed.
_compiled: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], SQLCompiler] = {}


def upsert(connection: Connection, table: Table, rows: Sequence[Row], *, key: Sequence[str] = ()) -> None:
    """Insert rows; where `key` names columns, a row that is there already takes the new values."""
    if not rows:
        return
    names = tuple(rows[0])
    at = (connection.dialect.name, table.name, names, tuple(key))
    if at not in _compiled:
        _compiled[at] = _compile(connection, table, names, key)
    compiled = _compiled[at]
    if compiled.positiontup is None:
        connection.exec_driver_sql(str(compiled), list(rows))
    else:
        in_order = itemgetter(*compiled.positiontup)
        connection.exec_driver_sql(str(compiled), list(map(in_order, rows)))


def _compile(connection: Connection, table: Table, names: Sequence[str], key: Sequence[str]) -> SQLCompiler:
    # Only the dialect in use is imported: the other brings all its drivers with it.
    dialect = import_module(f"sqlalchemy.dialects.{connection.dialect.name}")
    statement: Any = dialect.insert(table)
    if key:
        rest = {name: statement.excluded[name] for name in names if name not in key}
        statement = (
            statement.on_conflict_do_update(index_elements=list(key), set_=rest)
            if rest
            else statement.on_conflict_do_nothing(index_elements=list(key))
        )
    assert isinstance(statement, Insert)
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)
    return compiled
