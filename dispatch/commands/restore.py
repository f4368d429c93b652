"""`restore`: a backup into a new or empty database of either kind, all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from dispatch.clock import WallClock
from dispatch.commands.store_address import StoreAddress
from dispatch.errors import BackupRefused
from dispatch.store.backup import carry, unpack
from dispatch.store.store import Store, check_address, open_store


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--store", "store_url", type=StoreAddress(), required=True, help="A new or empty database.")
def restore(file: Path, store_url: str) -> None:
    """Put everything in FILE, a file of `backup`, into the database at URL."""
    if not file.is_file():
        raise click.UsageError(f"There is no file {file}.")
    with unpack.opened(file) as packed:
        carry.refuse_unknown(packed.manifest)
        packed.check()
        with made(store_url) as store:
            carry.restore(packed, store)
    manifest = packed.manifest
    click.echo(
        json.dumps(
            {
                "file": str(file),
                "tables": len(manifest.tables),
                "rows": manifest.rows,
                "revision": manifest.revision,
                "made_at": datetime.fromtimestamp(manifest.made_at / 1000, UTC).isoformat(),
                "log_head": manifest.log.head,
                "log_intact": manifest.log.is_intact,
            }
        )
    )


@contextmanager
def made(store_url: str) -> Iterator[Store]:
    """A database to put everything into. A file that was not there before is gone again when that fails."""
    database = check_address(store_url).database if store_url.startswith("sqlite") else None
    if store_url.startswith("sqlite") and not database:
        raise BackupRefused("a database in memory keeps nothing; name a file")
    path = Path(database) if database else None
    is_new = path is not None and not path.exists()
    try:
        store = open_store(store_url, clock=WallClock())
        try:
            yield store
        finally:
            store.close()
    except BaseException:
        if is_new and path is not None:
            for ending in ("", "-wal", "-shm", "-journal", "-acts"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
        raise
