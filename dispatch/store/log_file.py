"""The activity log as a file that proves itself: every column of every entry, as JSON lines or as CSV.

An entry's `hash` is the SHA-256, in hex, of the JSON array of its other columns in their order (no spaces,
UTF-8, nothing escaped that need not be); `previous_hash` is the hash of the entry before it, of the first one
64 zeros. Whoever has the file can so check it with any tool, `log verify --file` among them.
In CSV an empty `site_id` is null, and a cell that a spreadsheet might take for a formula begins with an
apostrophe more than the entry has.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson

from dispatch.store.log import COLUMNS

Row = Mapping[str, Any]

NUMBERS = ("number", "at", "site_id")
_GUARDED = tuple("'=+-@＝＋－＠\t\r\n")


def json_lines(rows: Iterable[Row]) -> bytes:
    return b"".join(_line(dict(row)) + b"\n" for row in rows)


def comma_separated(rows: Iterable[Row]) -> bytes:
    """With a mark of its encoding, so that a spreadsheet shows the accents."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in COLUMNS])
    return file.getvalue().encode("utf-8-sig", "surrogateescape")


def read_json_lines(content: bytes) -> Iterator[Row]:
    """The entries of an export; one that cannot be read any more is an empty one, which fits nowhere."""
    for line in content.split(b"\n"):
        if line.strip():
            yield _entry(line)


def read_comma_separated(content: bytes) -> Iterator[Row]:
    text = content.decode("utf-8-sig", "surrogateescape")
    csv.field_size_limit(sys.maxsize)  # what many sites had before an act stands in one cell
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        names = next(rows, [])
        for row in rows:
            yield dict(map(_read_cell, names, row)) if len(row) == len(names) else {}
    except csv.Error:
        yield {}


# By the ending of the file's name: how entries are written and read.
WRITERS: Mapping[str, Callable[[Iterable[Row]], bytes]] = {".jsonl": json_lines, ".csv": comma_separated}
READERS: Mapping[str, Callable[[bytes], Iterator[Row]]] = {
    ".jsonl": read_json_lines,
    ".csv": read_comma_separated,
}


def _line(row: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(row)
    except TypeError:
        # Damaged text: what stands there is written as it is; it will not fit its hash.
        return json.dumps(row).encode()


def _entry(line: bytes) -> Row:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {}
    # What is not hashed has no place in it.
    is_whole = isinstance(found, dict) and set(found) == set(COLUMNS)
    return {name: found[name] for name in COLUMNS} if is_whole else {}


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_GUARDED) else value


def _read_cell(name: str, cell: str) -> tuple[str, Any]:
    if name not in NUMBERS:
        return name, cell.removeprefix("'")
    try:
        return name, int(cell) if cell else None
    except ValueError:
        return name, cell
