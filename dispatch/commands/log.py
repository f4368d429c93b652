"""`log verify`: proves that nobody changed a line of the activity log; `log export`: all of it as a file."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from dispatch.clock import WallClock
from dispatch.commands.store_address import StoreAddress
from dispatch.store import log as activity_log
from dispatch.store.log_file import READERS, WRITERS
from dispatch.store.store import Store, check_address, open_store
from dispatch.whole_file import write_whole

HOW_TO_NAME = "Name it with the ending .jsonl or .csv."


class LogFile(click.Path):
    """A file of the log, told apart by its ending."""

    name = "FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(str(super().convert(value, param, ctx)))
        if path.suffix.lower() not in WRITERS:
            raise click.UsageError(f"{path.name} is no name for the log. {HOW_TO_NAME}")
        return path


@click.group()
def log() -> None:
    """The activity log."""


@log.command()
@click.option("--store", "store_url", type=StoreAddress(), help="SQLAlchemy URL.")
@click.option("--file", "path", type=LogFile(exists=True, dir_okay=False), help="Or a file of `log export`.")
@click.option("--head", default="", help="A hash printed earlier: that entry must still stand in the chain.")
def verify(store_url: str | None, path: Path | None, head: str) -> None:
    """Recompute the hash chain; exit 1 when it is broken."""
    if (store_url is None) == (path is None):
        raise click.UsageError("Say what to verify: --store URL, or --file FILE.")
    if path is not None:
        proof = activity_log.prove(READERS[path.suffix.lower()](path.read_bytes()), head=head)
    else:
        with opened(store_url or "", "verified") as store, store.reading() as connection:
            proof = activity_log.verify(connection, head=head)
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


@log.command()
@click.option("--store", "store_url", type=StoreAddress(), required=True, help="SQLAlchemy URL.")
@click.option("--out", "path", type=LogFile(dir_okay=False), required=True, help="FILE.jsonl or FILE.csv.")
def export(store_url: str, path: Path) -> None:
    """Write every entry with every column; the file can be verified by itself."""
    with opened(store_url, "exported") as store, store.reading() as connection:
        content = WRITERS[path.suffix.lower()](activity_log.every_row(connection))
        head = activity_log.newest(connection)
    write_whole(path, content)
    click.echo(
        json.dumps(
            {
                "entries": head.number,
                "head": head.hash,
                "file": str(path),
                "sha256": hashlib.sha256(content).hexdigest(),
                "bytes": len(content),
            }
        )
    )


@contextmanager
def opened(store_url: str, done: str) -> Iterator[Store]:
    """A store that must be there already; `done` is what otherwise was not done."""
    path = check_address(store_url).database
    if store_url.startswith("sqlite") and not (path and Path(path).is_file()):
        raise click.ClickException(f"There is no database at {path}: nothing was {done}.")
    store = open_store(store_url, clock=WallClock())
    try:
        yield store
    finally:
        store.close()
