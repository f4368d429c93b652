"""A backup, or another database, into an empty store: what `restore` and `move` do."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, MetaData

from dispatch.clock import Clock
from dispatch.errors import BackupRefused
from dispatch.store import log, migrate
from dispatch.store.backup.fill import check, fill, is_empty
from dispatch.store.backup.manifest import Manifest
from dispatch.store.backup.rows import LEFT_BEHIND, Count, Part, parts, read
from dispatch.store.backup.unpack import Packed
from dispatch.store.revision import REVISION
from dispatch.store.store import Store, open_store

NOT_EMPTY = "the database holds something already; name a new one, or an empty one"


def restore(packed: Packed, store: Store) -> None:
    """Everything or nothing, proved against the list of contents before it commits. `packed` was checked.

    Raises BackupRefused when the store is not empty, or when what arrives is not what was backed up.
    """
    if packed.manifest.revision == REVISION:
        with _emptiness(store) as connection:
            _restore(connection, packed, _ours(packed.manifest))
        return
    with _brought_forward(packed, store.clock) as old:
        move(old, store)


def move(source: Store, target: Store) -> Mapping[str, Count]:
    """The same from another database, of one moment of it; what each table comes to."""
    with source.reading() as before, _emptiness(target) as connection:
        ours = parts()
        counts = fill(connection, ours, lambda part: read(before, part))
        check(connection, ours, counts, log.verify(before))
    return counts


def refuse_unknown(manifest: Manifest) -> None:
    """Raises BackupRefused for a backup of tables that this version does not know yet."""
    if not migrate.knows(manifest.revision):
        raise BackupRefused(
            "it was made by a newer version of Landfall "
            f"(revision {manifest.revision}, here {REVISION}). Restore it with that version"
        )


@contextmanager
def _emptiness(store: Store) -> Iterator[Connection]:
    with store.loading() as connection:
        if not is_empty(connection, parts()):
            raise BackupRefused(NOT_EMPTY)
        yield connection


def _restore(connection: Connection, packed: Packed, found: tuple[Part, ...]) -> None:
    counts = fill(connection, found, lambda part: packed.lines(part.name))
    check(connection, found, counts, packed.manifest.log)


@contextmanager
def _brought_forward(packed: Packed, clock: Clock) -> Iterator[Store]:
    """A store of our form, for as long: the old tables take the rows in and are proved, then they go the way
    of every old database."""
    with tempfile.TemporaryDirectory(prefix="landfall-") as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'old.db'}", clock=clock)
        try:
            with store.loading() as connection:
                migrate.take_back(connection, packed.manifest.revision)
                _restore(connection, packed, _as_they_stand(connection, packed.manifest))
                migrate.bring_forward(connection)
            yield store
        finally:
            store.close()


def _ours(manifest: Manifest) -> tuple[Part, ...]:
    return _in_its_order(parts(), manifest)


def _as_they_stand(connection: Connection, manifest: Manifest) -> tuple[Part, ...]:
    tables = MetaData()
    tables.reflect(connection, only=lambda name, _: not name.startswith(("request_words", "alembic_")))
    kept = [table for table in tables.sorted_tables if table.name not in LEFT_BEHIND]
    return _in_its_order(tuple(Part(table, tuple(table.c)) for table in kept), manifest)


def _in_its_order(found: tuple[Part, ...], manifest: Manifest) -> tuple[Part, ...]:
    """Each table with its columns as the backup lists them. Raises BackupRefused when they are others."""
    if {part.name for part in found} != set(manifest.tables):
        raise BackupRefused(f"its tables are not those of revision {manifest.revision}")
    ordered = []
    for part in found:
        names = manifest.tables[part.name].columns
        if sorted(names) != sorted(part.column_names):
            raise BackupRefused(f"the columns of its table {part.name} are not ours")
        ordered.append(Part(part.table, tuple(part.table.c[name] for name in names)))
    return tuple(ordered)
