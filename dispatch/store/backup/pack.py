"""Everything a store holds, of one moment, into one file: a zip with the lines of each table and a list of
contents. Whoever writes meanwhile is not held up."""

from __future__ import annotations

import zipfile
from typing import BinaryIO

from sqlalchemy import Connection

from dispatch.store import log
from dispatch.store.backup import manifest as contents
from dispatch.store.backup.manifest import Listed, Manifest
from dispatch.store.backup.rows import Count, Counting, Part, parts, read
from dispatch.store.revision import REVISION
from dispatch.store.store import Store

MANIFEST = "manifest.json"


def place_of(table: str) -> str:
    """Where a table's lines lie in the file."""
    return f"tables/{table}.jsonl"


def pack(store: Store, file: BinaryIO) -> Manifest:
    """Write a backup into an open, empty file; a few hundred rows are in hand at a time."""
    kind = "sqlite" if store.is_sqlite else "postgresql"
    with (
        store.reading() as connection,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        made = Manifest(
            revision=REVISION,
            made_at=store.clock.now(),
            kind=kind,
            log=log.verify(connection),
            tables={
                part.name: Listed(part.column_names, _write(connection, part, archive)) for part in parts()
            },
        )
        archive.writestr(MANIFEST, contents.write(made))
    return made


def _write(connection: Connection, part: Part, archive: zipfile.ZipFile) -> Count:
    counting = Counting()
    entry = zipfile.ZipInfo(place_of(part.name))
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as lines:
        for batch in read(connection, part):
            lines.write(counting.take(batch))
    return counting.count()
