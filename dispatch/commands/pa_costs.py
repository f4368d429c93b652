"""`pa-costs`: what crews' results cost by Public Assistance line, with the rows it is the sum of."""

from __future__ import annotations

import json
from pathlib import Path

import click

from dispatch.commands.log import opened
from dispatch.commands.store_address import StoreAddress
from dispatch.dollars import dollars
from dispatch.forms.common import file_mark
from dispatch.jurisdiction import load_jurisdiction
from dispatch.reports import csv_file
from dispatch.snapshot.pa_costs import PA_COSTS, make_pa_costs
from dispatch.store import snapshot_rows
from dispatch.triage.categories import load_categories
from dispatch.whole_file import make_folder


@click.command(name="pa-costs")
@click.option("--store", "store_url", type=StoreAddress(), required=True, help="SQLAlchemy URL.")
@click.option("--out", "folder", type=click.Path(path_type=Path), required=True, help="Made as needed.")
@click.option("--city", default="st-petersburg", help="Whose time to use.")
def pa_costs(store_url: str, folder: Path, city: str) -> None:
    """Costs that named persons entered, by line; what is eligible FEMA decides. Never add what homes lost."""
    with opened(store_url, "summed up") as store:
        made = make_pa_costs(store, load_categories())
        with store.reading() as connection:
            activation = snapshot_rows.current_activation(connection)
    make_folder(folder)
    is_exercise = activation is not None and activation.is_exercise
    path = folder / f"{file_mark(is_exercise)}{PA_COSTS}.csv"
    csv_file.write(made.rows, load_jurisdiction(city).zone, path)
    for remark in made.remarks:
        click.echo(remark, err=True)
    answer = {
        "cents": made.total.cents,
        "dollars": dollars(made.total.cents),
        "rows": made.total.rows.value,
        "lines": {each.label: each.cents for each in made.lines if each.rows.value},
        "how": made.total.how(),
        "file": path.name,
    }
    click.echo(json.dumps(answer))
