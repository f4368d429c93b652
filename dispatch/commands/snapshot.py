"""`snapshot`: how many, where, how severe, of one period, in every format, counted now or as it was once
published; the store stays as it is."""

from __future__ import annotations

import json
import signal
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from dispatch.commands.log import opened
from dispatch.commands.store_address import StoreAddress
from dispatch.commands.sync import Moment
from dispatch.jurisdiction import load_jurisdiction
from dispatch.records import Millis
from dispatch.reports.formats import FORMATS, write
from dispatch.snapshot.asked import Asked, Wanted
from dispatch.snapshot.making import make
from dispatch.snapshot.published import by_number
from dispatch.triage.categories import load_categories

ALL, STORM = "all", "storm"


class Formats(click.ParamType[tuple[str, ...]]):
    """Names of formats with commas between; one that nobody knows is a wrong argument."""

    name = "a,b"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        names = value if isinstance(value, tuple) else tuple(name.strip() for name in value.split(","))
        for name in names:
            if name not in FORMATS:
                self.fail(f"{name!r} is no format; there are {', '.join(FORMATS)}.", param, ctx)
        return names


@click.command()
@click.option("--store", "store_url", type=StoreAddress(), required=True, help="SQLAlchemy URL.")
@click.option("--from", "from_at", type=Moment(), help="Entered at this time or later.")
@click.option("--to", "to_at", type=Moment(), help="Entered before this time.")
@click.option("--out", "folder", type=click.Path(path_type=Path), required=True, help="Made as needed.")
@click.option("--formats", type=Formats(), default=tuple(FORMATS), help=f"Of {', '.join(FORMATS)}.")
@click.option("--area", default="", help="Only sites in this neighborhood.")
@click.option(
    "--profile",
    type=click.Choice((ALL, STORM)),
    default=ALL,
    help="storm: only the storm's categories; what that leaves out is counted.",
)
@click.option("--city", default="st-petersburg", help="Whose time and names to use.")
@click.option(
    "--version-number",
    type=click.IntRange(min=1),
    help="Instead of a period: the files of this published version, as it was frozen.",
)
def snapshot(
    store_url: str,
    from_at: Millis | None,
    to_at: Millis | None,
    folder: Path,
    formats: tuple[str, ...],
    area: str,
    profile: str,
    city: str,
    version_number: int | None,
) -> None:
    """Count every request entered from --from until before --to, and their sites: reported, not assessed."""
    # Stopped like this, too, what is half written goes.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if version_number is not None:
        if from_at is not None or to_at is not None or area or profile != ALL:
            raise click.UsageError("A published version has its period and filter: leave out all but --out.")
        with opened(store_url, "read") as store:
            made = by_number(store, version_number)
    else:
        if from_at is None or to_at is None:
            raise click.UsageError("Say the period with --from and --to, or a published --version-number.")
        asked = Asked(from_at, to_at, Wanted(area, only_storm=profile == STORM))
        with opened(store_url, "counted") as store:
            made = make(store, asked, load_jurisdiction(city), load_categories())
    written = write(made, folder, formats)
    click.echo(
        json.dumps(
            {
                "version": made.version,
                "number": made.edition.number if made.edition else None,
                "reports": len(made.reports),
                "sites": len(made.sites),
                "files": [asdict(each) for each in written],
            }
        )
    )
