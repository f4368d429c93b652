"""`evidence`: the photos of a period's sites as one zip; the store stays as it is."""

from __future__ import annotations

import json
import signal
from dataclasses import replace
from pathlib import Path

import click

from dispatch.commands.log import opened
from dispatch.commands.store_address import StoreAddress, beside
from dispatch.commands.sync import Moment
from dispatch.evidence.cases import gather
from dispatch.evidence.pack import pack
from dispatch.evidence.photos import MB, Limits, Photos
from dispatch.jurisdiction import load_jurisdiction
from dispatch.records import Millis
from dispatch.snapshot.asked import Asked, Wanted
from dispatch.triage.categories import load_categories

_LIMITS = Limits()


@click.command()
@click.option("--store", "store_url", type=StoreAddress(), required=True, help="SQLAlchemy URL.")
@click.option("--from", "from_at", type=Moment(), required=True, help="Entered at this time or later.")
@click.option("--to", "to_at", type=Moment(), required=True, help="Entered before this time.")
@click.option("--out", "path", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A .zip.")
@click.option("--area", default="", help="Only sites in this neighborhood.")
@click.option("--city", default="st-petersburg", help="Whose time and names to use.")
@click.option(
    "--data", type=click.Path(path_type=Path), help="Where surveys' photos lie; default: beside SQLite."
)
@click.option("--most-photos", type=click.IntRange(min=1), default=_LIMITS.photos, show_default=True)
@click.option(
    "--most-mb",
    type=click.IntRange(min=1),
    default=_LIMITS.all_bytes // MB,
    show_default=True,
    help="Of all.",
)
@click.option(
    "--most-minutes", type=click.IntRange(min=1), default=round(_LIMITS.all_s / 60), show_default=True
)
def evidence(
    store_url: str,
    from_at: Millis,
    to_at: Millis,
    path: Path,
    area: str,
    city: str,
    data: Path | None,
    most_photos: int,
    most_mb: int,
    most_minutes: int,
) -> None:
    """Photos of residents and surveys with their checksums; restricted sites are left out."""
    # Stopped like this, too, what is half written goes.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with opened(store_url, "read") as store:
        asked = Asked(from_at, to_at, Wanted(area))
        cases = gather(store, asked, load_jurisdiction(city), load_categories())
    limits = replace(_LIMITS, photos=most_photos, all_bytes=most_mb * MB, all_s=most_minutes * 60.0)
    photos = Photos(data or beside(store_url), limits=limits)
    try:
        packed = pack(cases, photos, path)
    finally:
        photos.close()
    found = {each.key: each.value for each in packed.numbers}
    click.echo(json.dumps({"zip": str(packed.path), "storm_id": cases.storm_id, **found}))
