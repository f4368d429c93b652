"""Many rows by one prepared statement through the driver: near raw speed, the same on both databases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Insert

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The statement, and how its values stand in a row; None as they come."""

    words: str
    order: Callable[[tuple[Any, ...]], tuple[Any, ...]] | None


# Compiling takes longer than inserting a page; the set of statements is small and fixed.
_prepared: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], _Prepared] = {}


def upsert(connection: Connection, table: Table, rows: Sequence[Row], *, key: tuple[str, ...] = ()) -> None:
    """Insert rows; where `key` names columns, a row that is there already takes the new values."""
    if rows:
        names = tuple(rows[0])
        write(connection, table, names, list(map(itemgetter(*names), rows)), key=key)


def write(
    connection: Connection,
    table: Table,
    names: tuple[str, ...],
    rows: list[tuple[Any, ...]],
    *,
    key: tuple[str, ...] = (),
) -> None:
    """The same, the values of each row in the order of `names`, two at least: for rows by the thousand."""
    if not rows:
        return
    at = (connection.dialect.name, table.name, names, key)
    prepared = _prepared.get(at)
    if prepared is None:
        prepared = _prepared[at] = _prepare(connection, table, names, key)
    values = rows if prepared.order is None else list(map(prepared.order, rows))
    connection.exec_driver_sql(prepared.words, values)


def listed(
    connection: Connection, words: str, before: tuple[Any, ...], ids: Iterable[str]
) -> list[tuple[Any, ...]]:
    """Rows that name one of these ids. The statement ends where the list is to stand, the values `before` it
    marked by `{}`. A list of hundreds takes longer to be bound by Core than to be looked up."""
    values = (*before, *ids)
    count = len(values) - len(before)
    return asked(connection, f"{words} ({','.join(['{}'] * count)})", values) if count else []


def asked(connection: Connection, words: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Rows that a statement gives, through the driver; each value is marked by `{}`."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    found = connection.exec_driver_sql(words.format(*[mark] * len(values)), values)
    assert found.cursor is not None
    return list(found.cursor.fetchall())


def among(column: Column[Any], ids: Collection[int]) -> ColumnElement[bool]:
    """Whether a column of numbers holds one of these. What came in together has numbers in a row, and two
    ends are bound in no time where hundreds of numbers take longer than reading their rows."""
    if len(ids) > 2 and max(ids) - min(ids) == len(set(ids)) - 1:
        return column.between(min(ids), max(ids))
    return column.in_(ids)


def _prepare(connection: Connection, table: Table, names: tuple[str, ...], key: Sequence[str]) -> _Prepared:
    compiled = _compile(connection, table, names, key)
    assert compiled.positiontup is not None
    places = [names.index(name) for name in compiled.positiontup]
    in_order = places == list(range(len(names)))
    return _Prepared(str(compiled), None if in_order else itemgetter(*places))


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
    # By position on both: a tuple is cheaper made than a dictionary.
    own: Any = type(connection.dialect)
    style = "qmark" if connection.dialect.name == "sqlite" else "format"
    compiled = statement.compile(dialect=own(paramstyle=style), column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)
    return compiled
