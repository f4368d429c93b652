"""The parts of a seat for a command that acts in its person's name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from dispatch import assembly
from dispatch import settings as seat_settings
from dispatch.clock import WallClock
from dispatch.commands.store_address import beside
from dispatch.store.store import check_address


@contextmanager
def seat_parts(store_url: str, data: Path | None, person: str = "") -> Iterator[assembly.Parts]:
    """Of a store that must be there already; `data` is the seat's folder, by default beside SQLite.
    `person` acts where nobody signs in; by default whoever the seat was set up for."""
    path = check_address(store_url).database
    if store_url.startswith("sqlite") and not (path and Path(path).is_file()):
        raise click.ClickException(f"There is no database at {path}: nothing was done.")
    folder = data or beside(store_url)
    settings = seat_settings.load(folder)
    parts = assembly.build(
        folder=folder,
        settings=replace(settings, person=person) if person else settings,
        clock=WallClock(),
        storm=None,
        store_url=store_url,
    )
    try:
        yield parts
    finally:
        parts.close()
