"""Every format of a snapshot: one file and one line here. Each file is written whole or not at all; the
manifest, with the checksums of all others, comes last."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson

from dispatch.forms.common import file_mark
from dispatch.reports import (
    csv_file,
    geojson_file,
    geopackage_file,
    ics209_file,
    json_file,
    pdf_file,
    xlsx_file,
)
from dispatch.snapshot.records import NOT_ASSESSED, Snapshot
from dispatch.whole_file import make_folder, write_whole

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Written:
    name: str
    sha256: str
    bytes: int


# The files of a format: each file's name, and what writes it there.
Files = Iterable[tuple[str, Callable[[Path], None]]]


def _csv(snapshot: Snapshot) -> Files:
    zone = ZoneInfo(snapshot.head.zone)
    return [(f"{rows.name}.csv", partial(csv_file.write, rows, zone)) for rows in snapshot.files]


def _one(name: str, write_one: Callable[[Snapshot, Path], None]) -> Callable[[Snapshot], Files]:
    return lambda snapshot: [(name, partial(write_one, snapshot))]


# In the order in which whoever gets them opens them.
FORMATS: dict[str, Callable[[Snapshot], Files]] = {
    "pdf": _one("snapshot.pdf", pdf_file.write),
    "ics209": _one("ics209.pdf", ics209_file.write),
    "xlsx": _one("snapshot.xlsx", xlsx_file.write),
    "csv": _csv,
    "geopackage": _one("snapshot.gpkg", geopackage_file.write),
    "geojson": _one("sites.geojson", geojson_file.write),
    "json": _one("snapshot.json", json_file.write),
}


def file_count(snapshot: Snapshot, names: Iterable[str]) -> int:
    """How many files these formats are, with the manifest."""
    return 1 + sum(len(list(FORMATS[each](snapshot))) for each in dict.fromkeys(names))


def write(
    snapshot: Snapshot,
    folder: Path,
    names: Iterable[str],
    *,
    tell: Callable[[str], None] = lambda _name: None,
) -> tuple[Written, ...]:
    """These formats into a folder that is made as needed; `tell` hears each file's name before it is written.
    Raises FileNotWritten."""
    make_folder(folder)
    # An older one would say what no longer lies beside it, should this be stopped on the way.
    with suppress(OSError):
        (folder / _named(MANIFEST, snapshot)).unlink()
    written = [
        _put(folder, _named(name, snapshot), write_one, tell)
        for each in dict.fromkeys(names)
        for name, write_one in FORMATS[each](snapshot)
    ]
    content = _manifest(snapshot, written)
    manifest = _put(folder, _named(MANIFEST, snapshot), lambda path: write_whole(path, content), tell)
    return (*written, manifest)


def _put(folder: Path, name: str, write_one: Callable[[Path], None], tell: Callable[[str], None]) -> Written:
    tell(name)
    path = folder / name
    write_one(path)
    with path.open("rb") as file:
        return Written(name, hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def _named(name: str, snapshot: Snapshot) -> str:
    """S18: the word stands in the name of every file."""
    return f"{file_mark(snapshot.head.is_exercise)}{name}"


def _manifest(snapshot: Snapshot, written: Iterable[Written]) -> bytes:
    return orjson.dumps(
        {
            "version": snapshot.version,
            "edition": json_file.edition(snapshot),
            "note": NOT_ASSESSED,
            "head": json_file.head(snapshot.head),
            "rows": {rows.name: len(rows) for rows in snapshot.files},
            "files": [{"name": each.name, "sha256": each.sha256, "bytes": each.bytes} for each in written],
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )
