"""Which tables go along, and how a row stands in its line: the same on both databases, to the byte."""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import re
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Column, Connection, Float, LargeBinary, Table, Text, func, select

from dispatch.errors import BackupRefused
from dispatch.store import schema

# Who looks at what just now and who syncs: gone with the seats that said so, and a seat that starts on the
# restored database must not wait for them. What was asked for and which acts are done go along: an act
# that a seat's journal sends again is still done once.
LEFT_BEHIND = ("presence", "syncing")
# Rows in hand at a time; some hold what hundreds of sites had before an act.
AT_ONCE = 500
# What stands for a sign that cannot be shown.
REPLACEMENT = "\ufffd".encode()
# Not behind an odd number of backslashes: then it is a text that spells it out.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")

Batch = list[bytes]  # lines, each without its end


@dataclass(frozen=True, slots=True)
class Part:
    """One table and its columns in the order in which their values stand in a line."""

    table: Table
    columns: tuple[Column[Any], ...]

    @property
    def name(self) -> str:
        return str(self.table.name)

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(str(column.name) for column in self.columns)


@dataclass(frozen=True, slots=True)
class Count:
    """What a table's lines come to; `bytes` and `sha256` (hex) with the end of each line."""

    rows: int
    bytes: int
    sha256: str


class Counting:
    """Counts lines as they go by."""

    def __init__(self) -> None:
        self._rows, self._bytes, self._digest = 0, 0, hashlib.sha256()

    def take(self, batch: Batch) -> bytes:
        """The batch as it is written, counted."""
        written = b"".join(line + b"\n" for line in batch)
        self._rows += len(batch)
        self._bytes += len(written)
        self._digest.update(written)
        return written

    def count(self) -> Count:
        return Count(self._rows, self._bytes, self._digest.hexdigest())


def parts() -> tuple[Part, ...]:
    """Ours, each after those it points to."""
    tables = schema.metadata.sorted_tables
    return tuple(Part(table, tuple(table.c)) for table in tables if table.name not in LEFT_BEHIND)


def read(connection: Connection, part: Part) -> Generator[Batch]:
    """A table's lines in the order of its key, some at a time."""
    is_plain = not any(_border(column) for column in part.columns)
    wanted = select(*part.columns).order_by(*_key(connection, part.table))
    found = connection.execute(wanted.execution_options(stream_results=True, yield_per=AT_ONCE))
    for some in found.partitions():
        if is_plain:
            yield [orjson.dumps(tuple(row)) for row in some]
        else:
            yield [orjson.dumps([_out(value) for value in row]) for row in some]


def values(part: Part, batch: Batch) -> list[tuple[Any, ...]]:
    """The rows that lines stand for. Raises BackupRefused for one that is no row of this table."""
    borders = [(at, column) for at, column in enumerate(part.columns) if _border(column)]
    try:
        rows = [orjson.loads(line) for line in batch]
        for row in rows:
            if not isinstance(row, list) or len(row) != len(part.columns):
                raise ValueError
            for at, column in borders:
                row[at] = _in(column, row[at])
    except (ValueError, TypeError, binascii.Error) as error:
        raise BackupRefused(f"a line of its table {part.name} cannot be read") from error
    return [tuple(row) for row in rows]


def without_nul(line: bytes) -> bytes:
    """The line as PostgreSQL can hold it: its texts have no NUL, which a resident's words on SQLite may."""
    return _NUL.sub(rb"\1" + REPLACEMENT, line) if b"\\u0000" in line else line


def count(batches: Iterable[Batch]) -> Count:
    counting = Counting()
    for batch in batches:
        counting.take(batch)
    return counting.count()


def _key(connection: Connection, table: Table) -> Sequence[Any]:
    """By bytes, as SQLite does: a city's PostgreSQL may order texts by the rules of its language."""
    columns = table.primary_key.columns
    if connection.dialect.name == "sqlite":
        return list(columns)
    return [func.convert_to(c, "UTF8") if isinstance(c.type, Text) else c for c in columns]


def _border(column: Column[Any]) -> bool:
    """Whether JSON has no word for some of its values."""
    return isinstance(column.type, LargeBinary | Float)


def _out(value: Any) -> Any:
    """Bytes as base64; a number that JSON does not know by its name: orjson would say null."""
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    return value


def _in(column: Column[Any], value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value, validate=True)
    return float(value)
