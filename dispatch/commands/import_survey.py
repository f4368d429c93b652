"""`import survey`: what a county or a crew surveyed, joined with our sites."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from dispatch import assembly
from dispatch import settings as seat_settings
from dispatch.clock import WallClock
from dispatch.commands.store_address import StoreAddress, beside
from dispatch.geo.imports.tables_apart import read_table
from dispatch.records import SurveyKind


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--store", "store_url", type=StoreAddress(), required=True, help="Created or migrated as needed."
)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in SurveyKind]),
    required=True,
    help="county: which homes it has; crew: what was inspected, and costs.",
)
@click.option(
    "--sheet", default="", help="Which sheet or layer of a file that has several; default: the first."
)
@click.option("--data", type=click.Path(path_type=Path), help="The seat's folder; default: beside SQLite.")
@click.option("--city", help="Whose server and areas; default: as the seat is set.")
def survey(file: Path, store_url: str, kind: str, sheet: str, data: Path | None, city: str | None) -> None:
    """FILE (CSV, XLSX, GeoPackage) is joined with sites by address, else by place; bad rows are said."""
    if not file.is_file():
        raise click.UsageError(f"There is no file {file}.")
    table = read_table(file, sheet=sheet)
    folder = data or beside(store_url)
    settings = seat_settings.load(folder)
    parts = assembly.build(
        folder=folder,
        settings=replace(settings, city=city) if city else settings,
        clock=WallClock(),
        storm=None,
        store_url=store_url,
    )
    try:
        made, _ = parts.survey_desk.import_survey(table, SurveyKind(kind), file.resolve().parent)
        for row in parts.survey_desk.rows(made.survey_id):
            if row.why_not:
                click.echo(f"Row {row.number}: {row.why_not}", err=True)
    finally:
        parts.close()
    answer = {"read": made.read, "taken": made.taken, "refused": made.refused, "joined": made.joined}
    click.echo(json.dumps(answer))
