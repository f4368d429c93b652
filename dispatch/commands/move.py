"""`move`: a seat's own database to the shared one with everything, proved on arrival."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from dispatch.commands.log import opened
from dispatch.commands.restore import made
from dispatch.commands.store_address import StoreAddress
from dispatch.errors import BackupRefused
from dispatch.locks import seat_lock, sync_lock
from dispatch.store import log
from dispatch.store.backup import carry
from dispatch.store.store import check_address

STAYS = (
    "The seat's settings, map layers and weather stay in its folder. Say the new address there "
    "([store] url in settings.toml); what is done on the old database from now on stays behind."
)


@click.command()
@click.option("--from", "from_url", type=StoreAddress(), required=True, help="Where everything is now.")
@click.option("--to", "to_url", type=StoreAddress(), required=True, help="A new or empty database.")
def move(from_url: str, to_url: str) -> None:
    """Copy a store into another database, mostly a seat's SQLite file into the room's PostgreSQL.

    The old database stays as it is; nobody may work with it meanwhile.
    """
    with _at_rest(from_url), opened(from_url, "moved") as source:
        try:
            with made(to_url) as target:
                counts = carry.move(source, target)
                with target.reading() as connection:
                    head = log.newest(connection).hash
        except BackupRefused as error:
            raise BackupRefused(f"Nothing was moved: {error}.") from error
    click.echo(STAYS, err=True)
    rows = sum(count.rows for count in counts.values())
    click.echo(json.dumps({"tables": len(counts), "rows": rows, "log_head": head, "checked": True}))


@contextmanager
def _at_rest(store_url: str) -> Iterator[None]:
    """While no console and no syncing goes on in the folder of a SQLite file: what they did after its moment
    would be left behind. Raises AlreadyRunning."""
    database = check_address(store_url).database
    if not store_url.startswith("sqlite") or not (database and Path(database).is_file()):
        yield
        return
    held = []
    try:
        for lock in (seat_lock(Path(database).parent), sync_lock(Path(database).parent)):
            lock.take()
            held.append(lock)
        yield
    finally:
        for lock in held:
            lock.let_go()
