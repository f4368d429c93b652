"""Every format of a snapshot: one file and one line here. Each file is written whole or not at all; the
manifest, with the checksums of all others, comes last."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson

from dispatch.forms.common import EXERCISE
from dispatch.reports import csv_file, geojson_file, json_file
from dispatch.snapshot.records import NOT_ASSESSED, Snapshot
from dispatch.whole_file import write_into

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Written:
    name: str
    sha256: str
    bytes: int


Files = Iterable[tuple[str, bytes]]


def _csv(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    zone = ZoneInfo(snapshot.head.zone)
    return ((f"{rows.name}.csv", csv_file.content(rows, zone)) for rows in snapshot.files)


FORMATS: dict[str, Callable[[Snapshot], Files]] = {
    "csv": _csv,
    "geojson": lambda snapshot: [("sites.geojson", geojson_file.content(snapshot))],
    "json": lambda snapshot: [("snapshot.json", json_file.content(snapshot))],
}


def write(snapshot: Snapshot, folder: Path, names: Iterable[str]) -> tuple[Written, ...]:
    """These formats into a folder that is made as needed; raises FileNotWritten."""
    written = [
        _put(folder, _named(name, snapshot), content)
        for each in dict.fromkeys(names)
        for name, content in FORMATS[each](snapshot)
    ]
    manifest = _put(folder, _named(MANIFEST, snapshot), _manifest(snapshot, written))
    return (*written, manifest)


def _put(folder: Path, name: str, content: bytes) -> Written:
    write_into(folder, name, content)
    return Written(name, hashlib.sha256(content).hexdigest(), len(content))


def _named(name: str, snapshot: Snapshot) -> str:
    """S18: the word stands in the name of every file."""
    return f"{EXERCISE}_{name}" if snapshot.head.is_exercise else name


def _manifest(snapshot: Snapshot, written: Iterable[Written]) -> bytes:
    return orjson.dumps(
        {
            "version": snapshot.version,
            "note": NOT_ASSESSED,
            "head": json_file.head(snapshot.head),
            "rows": {rows.name: len(rows) for rows in snapshot.files},
            "files": [{"name": each.name, "sha256": each.sha256, "bytes": each.bytes} for each in written],
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )
