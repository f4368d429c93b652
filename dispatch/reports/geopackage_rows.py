"""The rows behind a number, read from a GeoPackage of ours: a few of very many."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from dispatch.errors import SnapshotBroken
from dispatch.reports.geopackage_file import WITHOUT_PLACE
from dispatch.reports.visible_text import visible
from dispatch.snapshot.records import SITES, Cell, Number, Where


def rows_behind(path: Path, number: Number, columns: Sequence[str], *, most: int) -> list[tuple[Cell, ...]]:
    """At most so many of the rows a number counts, in the order of the file; times as ISO 8601 in UTC. Raises
    SnapshotBroken."""
    tables = (SITES, WITHOUT_PLACE) if number.of == SITES else (number.of,)
    shown = ", ".join(_quoted(name) for name in columns)
    condition, values = _condition(number.where)
    parts = " UNION ALL ".join(f"SELECT {shown} FROM {_quoted(table)} WHERE {condition}" for table in tables)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as package:
            return package.execute(f"{parts} LIMIT {most:d}", values * len(tables)).fetchall()
    except sqlite3.Error as error:
        raise SnapshotBroken("The rows of this snapshot cannot be read: count it again.") from error


def _condition(where: Where) -> tuple[str, list[Cell]]:
    parts, values = ["1"], list[Cell]()
    for name, wanted in where:
        some = [visible(each) if isinstance(each, str) else each for each in wanted if each is not None]
        options = [f"{_quoted(name)} IN ({', '.join('?' * len(some))})"] if some else []
        if None in wanted:
            options.append(f"{_quoted(name)} IS NULL")
        parts.append(f"({' OR '.join(options) or '0'})")
        values += some
    return " AND ".join(parts), values


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
