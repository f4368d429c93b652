"""`log verify`: proves that nobody changed a line of the activity log."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from dispatch.clock import WallClock
from dispatch.commands.store_address import StoreAddress
from dispatch.store import log as activity_log
from dispatch.store.store import check_address, open_store


@click.group()
def log() -> None:
    """The activity log."""


@log.command()
@click.option("--store", "store_url", type=StoreAddress(), required=True, help="SQLAlchemy URL.")
@click.option("--head", default="", help="A hash printed earlier: that line must still stand in the chain.")
def verify(store_url: str, head: str) -> None:
    """Recompute the hash chain; exit 1 when it is broken."""
    path = check_address(store_url).database
    if store_url.startswith("sqlite") and not (path and Path(path).is_file()):
        raise click.ClickException(f"There is no database at {path}: nothing was verified.")
    store = open_store(store_url, clock=WallClock())
    try:
        with store.reading() as connection:
            proof = activity_log.verify(connection, head=head)
    finally:
        store.close()
    click.echo(
        json.dumps(
            {
                "entries": proof.entries,
                "intact": proof.is_intact,
                "first_broken": proof.first_broken,
                "head": proof.head,
            }
        )
    )
    if not proof.is_intact:
        sys.exit(1)
