"""`retention`: what of each storm could be disposed of when, and what is held. It deletes nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import click

from dispatch.commands.log import opened
from dispatch.commands.store_address import StoreAddress
from dispatch.records_request.retention import Kept, listed, load_once
from dispatch.reports.visible_text import visible
from dispatch.store import legal_holds


@click.command()
@click.option("--store", "store_url", type=StoreAddress(), required=True, help="SQLAlchemy URL.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="As of this day; default: today.")
def retention(store_url: str, day: datetime | None) -> None:
    """List each storm's records by kind: how many, when they could go by which line, what is held."""
    schedule = load_once()
    with opened(store_url, "listed") as store, store.reading() as connection:
        kept = legal_holds.kept(connection)
        storms, holds = legal_holds.storms(connection), legal_holds.holds(connection)
    today = day.date() if day else datetime.now(UTC).date()
    lines = listed(kept, storms, holds, schedule, today)
    for line in lines:
        since = line.from_day.isoformat() if line.from_day else "no day"
        click.echo(f"{visible(line.storm)}  {line.kind}  {line.count}  {since}  {line.standing.value}")
    answer = {
        "on": today.isoformat(),
        "table_of": schedule.as_of,
        "table_is": schedule.check,
        "deleted": 0,
        "storms": [{"id": each.activation_id, "name": each.name} for each in storms],
        "records": [_plain(line) for line in lines],
    }
    click.echo(json.dumps(answer))


def _plain(line: Kept) -> dict[str, object]:
    return {
        "storm": line.activation_id,
        "kind": line.kind,
        "count": line.count,
        "newest": _iso(line.newest),
        "from": _iso(line.from_day),
        "years": line.line.years if line.line else None,
        "item": line.line.item if line.line else "",
        "standing": line.standing.value,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
