"""Lines into an empty database: everything in one transaction, and looked at again before it commits."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import Connection, delete, exists, func, select, text
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, ProgrammingError

from dispatch.errors import BackupRefused
from dispatch.store import log, schema, search
from dispatch.store.backup.rows import Batch, Count, Counting, Part, count, read, values, without_nul
from dispatch.store.bulk import write
from dispatch.store.log import Proof

# Where a table's lines come from: a file, or another database.
Source = Callable[[Part], Generator[Batch]]
# What a database says to rows that are no rows of these tables. PostgreSQL's ProgrammingError may be about a
# right that somebody lacks.
MISFITS = {
    "sqlite": (IntegrityError, DataError, InterfaceError, ProgrammingError),
    "postgresql": (IntegrityError, DataError, InterfaceError),
}


def is_empty(connection: Connection, parts: Sequence[Part]) -> bool:
    """Whether nothing was ever done in it, nor will be until this transaction ends."""
    if connection.execute(select(schema.feed.c.n).with_for_update()).scalar_one():
        return False
    others = [part.table for part in parts if part.table is not schema.feed]
    return not any(connection.execute(select(exists().select_from(table))).scalar() for table in others)


def fill(connection: Connection, parts: Sequence[Part], source: Source) -> Mapping[str, Count]:
    """Put the rows in, in the order of `parts`; what went in, counted.

    Raises BackupRefused when they do not fit together.
    """
    feed = next(part.table for part in parts if part.name == schema.feed.name)
    connection.execute(delete(feed))
    try:
        counts = {part.name: _fill(connection, part, source) for part in parts}
    except MISFITS[connection.dialect.name] as error:
        raise BackupRefused("its rows do not fit together") from error
    if counts[schema.feed.name].rows != 1:
        raise BackupRefused("its rows do not fit together")
    if connection.dialect.name == "postgresql":
        for part in parts:
            _go_on_counting(connection, part)
    search.rebuild(connection)
    return counts


def check(connection: Connection, parts: Sequence[Part], counts: Mapping[str, Count], proof: Proof) -> None:
    """Read everything again, within the transaction. Raises BackupRefused when it is not what went in, or
    when the activity log does not prove itself as it did where it came from."""
    for part in parts:
        if count(read(connection, part)) != counts[part.name]:
            raise BackupRefused(f"its table {part.name} did not arrive as it was")
    if log.verify(connection) != proof:
        raise BackupRefused("its activity log did not arrive as it was")


def _fill(connection: Connection, part: Part, source: Source) -> Count:
    counting = Counting()
    is_strict = connection.dialect.name == "postgresql"
    with closing(source(part)) as batches:
        for lines in batches:
            batch = list(map(without_nul, lines)) if is_strict else lines
            counting.take(batch)
            write(connection, part.table, part.column_names, values(part, batch))
    return counting.count()


def _go_on_counting(connection: Connection, part: Part) -> None:
    """Where PostgreSQL numbers rows itself, after those that came with their numbers."""
    column: Any = part.table.autoincrement_column
    if column is None:
        return
    place = {"table": part.name, "column": column.name}
    sequence = connection.execute(text("SELECT pg_get_serial_sequence(:table, :column)"), place).scalar()
    newest = connection.execute(select(func.max(column))).scalar()
    if sequence and newest:
        connection.execute(
            text("SELECT setval(:sequence, :newest)"), {"sequence": sequence, "newest": newest}
        )
