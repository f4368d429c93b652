"""`pa-indicator`: how costs that a person entered stand to FEMA's indicator of a declaration's date."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from dispatch.clock import WallClock
from dispatch.dollars import cents_of, dollars
from dispatch.snapshot.thresholds import Entered, Level, load_thresholds


class Sum(click.ParamType[int]):
    """Dollars, as cents."""

    name = "dollars"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            return cents_of(str(value))
        except ValueError as error:
            self.fail(f"{error}.", param, ctx)


@click.command(name="pa-indicator")
@click.option("--declared", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day of the declaration.")
@click.option("--level", type=click.Choice([each.value for each in Level]), required=True)
@click.option("--population", type=click.IntRange(min=1), required=True)
@click.option("--population-by", required=True, help="Who entered it.")
@click.option("--population-source", required=True, help="Where it was read.")
@click.option("--cost", "cost_cents", type=Sum(), required=True, help="Public Assistance alone, in dollars.")
@click.option("--cost-by", required=True, help="Who entered it.")
@click.option("--cost-source", required=True, help="Where it was read.")
@click.option(
    "--data", type=click.Path(path_type=Path), help="A folder with the city's own pa_thresholds.toml."
)
def pa_indicator(
    declared: datetime,
    level: str,
    population: int,
    population_by: str,
    population_source: str,
    cost_cents: int,
    cost_by: str,
    cost_source: str,
    data: Path | None,
) -> None:
    """An indicator for governor and FEMA, not an entitlement. Never add what homes lost."""
    found = load_thresholds(data).indicator(
        population=Entered(population, population_by, population_source),
        cost=Entered(cost_cents, cost_by, cost_source),
        declared=declared.date(),
        level=Level(level),
        today=datetime.fromtimestamp(WallClock().now() / 1000, UTC).astimezone().date(),
    )
    for warning in found.warnings:
        click.echo(warning, err=True)
    answer = {
        "says": found.says,
        "reached": found.is_reached,
        "per_head": dollars(found.per_head_cents),
        "indicator": dollars(found.threshold.per_head(found.level)),
        "row_of": found.threshold.effective.isoformat(),
        "source": found.threshold.source,
        "warnings": found.warnings,
    }
    click.echo(json.dumps(answer))
