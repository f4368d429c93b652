"""The parts of a seat, and desks beside them, for commands that act in a person's name."""

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
from dispatch.records_request.desk import RecordsDesk
from dispatch.records_request.holds import HoldDesk
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


def records_desk(parts: assembly.Parts) -> RecordsDesk:
    """For whoever answers a records request: no seat needs it to open."""
    return RecordsDesk(store=parts.store, actor=parts.seat_desk.actor)


def hold_desk(parts: assembly.Parts) -> HoldDesk:
    """For whoever places a legal hold, or lifts it."""
    return HoldDesk(store=parts.store, actor=parts.seat_desk.actor)
