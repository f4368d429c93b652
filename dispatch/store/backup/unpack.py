"""A backup read with mistrust: it may be cut off, damaged on its way, or made to do harm."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from dispatch.errors import BackupRefused
from dispatch.store.backup import manifest as contents
from dispatch.store.backup.manifest import Manifest
from dispatch.store.backup.pack import MANIFEST, place_of
from dispatch.store.backup.rows import Batch, Counting

MANIFEST_BYTES = 1 << 20
CHUNK_BYTES = 1 << 18
# One row: a broken page of a server, or what an act over thousands of sites has to take back.
LINE_BYTES = 1 << 26
# Lines of rows come to a tenth or a twentieth; a file made to fill a disk to a thousandth.
MOST_PACKED = 200
ALWAYS_FITS = 64 << 20

# What Python's reader of zip files says of a damaged one.
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, UnicodeError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError, KeyError, MemoryError),
)


class Packed:
    """An open backup: its list of contents, and the lines of each table."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def lines(self, table: str) -> Generator[Batch]:
        """Raises BackupRefused where they are not what the list of contents says."""
        told = self.manifest.tables[table].count
        counting = Counting()
        with _damage(table), self._archive.open(place_of(table)) as file:
            for batch in _batches(file, told.bytes):
                counting.take(batch)
                yield batch
        if counting.count() != told:
            raise BackupRefused(f"its table {table} is not what its list of contents says")

    def check(self) -> None:
        """Read all of it once, before anything is touched for it."""
        for table in self.manifest.tables:
            for _ in self.lines(table):
                pass


@contextmanager
def opened(path: Path) -> Iterator[Packed]:
    """The backup at `path`, its outside looked at. Raises BackupRefused with the reason, as one sentence
    that names the file; so does whatever is read from it within."""
    try:
        with _damage():
            archive = zipfile.ZipFile(path)
        with archive:
            with _damage():
                manifest = _manifest(archive)
                _look_at(archive, manifest)
            yield Packed(archive, manifest)
    except BackupRefused as error:
        raise BackupRefused(f"{path.name} was not restored: {error}. Nothing was changed.") from error


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    if archive.namelist().count(MANIFEST) != 1:
        raise BackupRefused("it is no backup of Landfall")
    with archive.open(MANIFEST) as file:
        content = file.read(MANIFEST_BYTES + 1)
    if len(content) > MANIFEST_BYTES:
        raise BackupRefused("its list of contents is too long")
    return contents.read(content)


def _look_at(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Exactly the tables that are listed, each once and under its own name: nothing is ever written to a
    place that the file names."""
    found = sorted(archive.namelist())
    wanted = sorted([MANIFEST, *map(place_of, manifest.tables)])
    if missing := sorted(set(wanted) - set(found)):
        raise BackupRefused(f"{missing[0]} is missing from it")
    if found != wanted:
        raise BackupRefused("it holds files that belong to no backup")
    packed = sum(entry.compress_size for entry in archive.infolist())
    if manifest.bytes > max(ALWAYS_FITS, MOST_PACKED * packed):
        raise BackupRefused("it would swell to many times what a backup holds")


def _batches(file: IO[bytes], most_bytes: int) -> Iterator[Batch]:
    rest, read = b"", 0
    while chunk := file.read(CHUNK_BYTES):
        read += len(chunk)
        if read > most_bytes:
            raise BackupRefused("one of its tables is longer than its list of contents says")
        *whole, rest = (rest + chunk).split(b"\n")
        if len(rest) > LINE_BYTES:
            raise BackupRefused("one of its rows is too long")
        if whole:
            yield whole
    if rest:
        raise BackupRefused("one of its tables ends in the middle of a row")


@contextmanager
def _damage(table: str = "") -> Iterator[None]:
    try:
        yield
    except BackupRefused:
        raise
    except DAMAGE as error:
        where = f" (in its table {table})" if table else ""
        raise BackupRefused(f"it is damaged or no backup of Landfall{where}") from error
