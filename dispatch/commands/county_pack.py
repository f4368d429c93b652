"""`county-pack`: a snapshot in every format as one zip for the county; the store stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dispatch.commands.snapshot import made_of, of_one_snapshot, tell_of
from dispatch.reports.county_pack import write_pack


@click.command()
@of_one_snapshot
@click.option("--out", "path", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A .zip.")
def county_pack(path: Path, **wanted: Any) -> None:
    """One zip with every format of a snapshot, what it means and its checksums."""
    made = made_of(**wanted)
    lies_at, files = write_pack(made, path)
    tell_of(made, files, zip=str(lies_at))
