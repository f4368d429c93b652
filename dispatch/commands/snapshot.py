"""`snapshot`: how many, where, how severe, of one period, in every format, counted now or as it was once
published; the store stays as it is."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from dispatch.commands.log import opened
from dispatch.commands.store_address import StoreAddress
from dispatch.commands.sync import Moment
from dispatch.jurisdiction import load_jurisdiction
from dispatch.records import Millis
from dispatch.reports.formats import FORMATS, Written, write
from dispatch.snapshot.asked import Asked, Wanted
from dispatch.snapshot.making import make
from dispatch.snapshot.published import by_number
from dispatch.snapshot.records import Snapshot
from dispatch.triage.categories import load_categories
from dispatch.whole_zip import Zipped

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


def of_one_snapshot(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what is counted, or which published version is meant."""
    for option in (
        click.option("--store", "store_url", type=StoreAddress(), required=True, help="SQLAlchemy URL."),
        click.option("--from", "from_at", type=Moment(), help="Entered at this time or later."),
        click.option("--to", "to_at", type=Moment(), help="Entered before this time."),
        click.option("--area", default="", help="Only sites in this neighborhood."),
        click.option(
            "--profile",
            type=click.Choice((ALL, STORM)),
            default=ALL,
            help="storm: only the storm's categories; what that leaves out is counted.",
        ),
        click.option("--city", default="st-petersburg", help="Whose time and names to use."),
        click.option(
            "--version-number",
            type=click.IntRange(min=1),
            help="Instead of a period: this published version, as it was frozen.",
        ),
    )[::-1]:
        command = option(command)
    return command


@click.command()
@of_one_snapshot
@click.option("--out", "folder", type=click.Path(path_type=Path), required=True, help="Made as needed.")
@click.option("--formats", type=Formats(), default=tuple(FORMATS), help=f"Of {', '.join(FORMATS)}.")
def snapshot(folder: Path, formats: tuple[str, ...], **wanted: Any) -> None:
    """Count every request entered from --from until before --to, and their sites: reported, not assessed."""
    made = made_of(**wanted)
    tell_of(made, write(made, folder, formats))


def made_of(
    *,
    store_url: str,
    from_at: Millis | None,
    to_at: Millis | None,
    area: str,
    profile: str,
    city: str,
    version_number: int | None,
) -> Snapshot:
    """Counted now, or as it was frozen; raises LandfallError."""
    # Stopped like this, too, what is half written goes.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if version_number is not None:
        if from_at is not None or to_at is not None or area or profile != ALL:
            raise click.UsageError("A published version has its period and filter: leave out all but --out.")
        with opened(store_url, "read") as store:
            return by_number(store, version_number)
    if from_at is None or to_at is None:
        raise click.UsageError("Say the period with --from and --to, or a published --version-number.")
    asked = Asked(from_at, to_at, Wanted(area, only_storm=profile == STORM))
    with opened(store_url, "counted") as store:
        return make(store, asked, load_jurisdiction(city), load_categories())


def tell_of(made: Snapshot, files: Iterable[Written | Zipped], **more: str) -> None:
    """One line of JSON for whoever called."""
    said = {
        "version": made.version,
        "number": made.edition.number if made.edition else None,
        "reports": len(made.reports),
        "sites": len(made.sites),
        **more,
        "files": [asdict(each) for each in files],
    }
    click.echo(json.dumps(said))
