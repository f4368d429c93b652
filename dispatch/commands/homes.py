"""`homes`: the assessor's work list of one period; it carries addresses, so it goes to assessors alone."""

from __future__ import annotations

import json
import signal
from dataclasses import asdict
from pathlib import Path

import click

from dispatch.commands.log import opened
from dispatch.commands.store_address import StoreAddress
from dispatch.commands.sync import Moment
from dispatch.jurisdiction import load_jurisdiction
from dispatch.records import Millis
from dispatch.reports.homes_file import write
from dispatch.snapshot.asked import Asked, Wanted
from dispatch.snapshot.homes import make_homes
from dispatch.triage.categories import load_categories


@click.command()
@click.option("--store", "store_url", type=StoreAddress(), required=True, help="SQLAlchemy URL.")
@click.option("--from", "from_at", type=Moment(), required=True, help="Entered at this time or later.")
@click.option("--to", "to_at", type=Moment(), required=True, help="Entered before this time.")
@click.option("--out", "folder", type=click.Path(path_type=Path), required=True, help="Made as needed.")
@click.option("--area", default="", help="Only sites in this neighborhood.")
@click.option("--city", default="st-petersburg", help="Whose time and names to use.")
def homes(store_url: str, from_at: Millis, to_at: Millis, folder: Path, area: str, city: str) -> None:
    """Homes that residents speak of and the level their words suggest: where to look first, not assessed."""
    # Stopped like this, too, what is half written goes.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    asked = Asked(from_at, to_at, Wanted(area))
    with opened(store_url, "listed") as store:
        made = make_homes(store, asked, load_jurisdiction(city), load_categories())
    written = write(made, folder)
    click.echo(
        json.dumps(
            {
                "version": made.version,
                "homes": len(made.rows),
                "numbers": {each.key: each.value for each in made.numbers},
                "files": [asdict(each) for each in written],
            }
        )
    )
