"""`backup`: all of a store into one file, proved by restoring it; whoever works with the store goes on."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import click

from dispatch.clock import WallClock
from dispatch.commands.log import opened
from dispatch.commands.store_address import StoreAddress
from dispatch.errors import BackupRefused
from dispatch.store.backup import carry, pack, unpack
from dispatch.store.store import open_store
from dispatch.whole_file import writing_whole

OWNER_ONLY = 0o600


@click.command()
@click.option("--store", "store_url", type=StoreAddress(), required=True, help="SQLAlchemy URL.")
@click.option(
    "--to", "path", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write."
)
@click.option("--check/--no-check", "is_checked", default=True, help="Prove it by restoring it aside.")
def backup(store_url: str, path: Path, is_checked: bool) -> None:
    """Write everything that a store holds, of one moment, into FILE.

    The file holds residents' words, phones and names: keep it where the database itself might lie.
    """
    with opened(store_url, "backed up") as store, writing_whole(path, mode=OWNER_ONLY) as file:
        manifest = pack.pack(store, file)
    if is_checked:
        _prove(path)
    if not manifest.log.is_intact:
        click.echo(
            f"The activity log of this store does not prove itself from entry {manifest.log.first_broken} "
            "on; it was backed up as it stands.",
            err=True,
        )
    click.echo(
        json.dumps(
            {
                "file": str(path),
                "bytes": path.stat().st_size,
                "tables": len(manifest.tables),
                "rows": manifest.rows,
                "log_head": manifest.log.head,
                "checked": is_checked,
            }
        )
    )


def _prove(path: Path) -> None:
    """Restore it into a database that is thrown away. Raises BackupRefused when that does not go."""
    with tempfile.TemporaryDirectory(prefix="landfall-") as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'proof.db'}", clock=WallClock())
        try:
            with unpack.opened(path) as packed:
                carry.restore(packed, store)
        except BackupRefused as error:
            raise BackupRefused(
                f"The backup was written to {path}, but it does not restore. Keep it apart, "
                f"and try again. ({error})"
            ) from error
        finally:
            store.close()
