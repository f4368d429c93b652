"""`hold`: legal holds on a storm's records, placed, lifted and listed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from dispatch.clock import WallClock
from dispatch.commands.seat_parts import hold_desk, seat_parts
from dispatch.commands.store_address import StoreAddress
from dispatch.commands.sync import Moment
from dispatch.records import Millis

_STORE = click.option("--store", "store_url", type=StoreAddress(), required=True, help="SQLAlchemy URL.")
_DATA = click.option("--data", type=click.Path(path_type=Path), help="The seat's folder.")
_PERSON = click.option("--person", default="", help="Who acts, where nobody signs in; default: the seat's.")
_WHY = click.option("--why", required=True, help="Why, and who asked for it.")


@click.group()
def hold() -> None:
    """While a storm is held, nothing of it may be disposed of."""


@hold.command()
@_STORE
@_DATA
@_PERSON
@click.option("--storm", required=True, help="Its name, or its id as `retention` lists it.")
@_WHY
@click.option("--since", "since_at", type=Moment(), help="Since when; default: now.")
def place(
    store_url: str, data: Path | None, person: str, storm: str, why: str, since_at: Millis | None
) -> None:
    """Place a legal hold."""
    with seat_parts(store_url, data, person) as parts:
        since = WallClock().now() if since_at is None else since_at
        made, _ = hold_desk(parts).place(storm, why, since_at=since)
    click.echo(json.dumps(asdict(made)))


@hold.command()
@_STORE
@_DATA
@_PERSON
@click.argument("hold_id")
@_WHY
def lift(store_url: str, data: Path | None, person: str, hold_id: str, why: str) -> None:
    """Lift the legal hold of this id."""
    with seat_parts(store_url, data, person) as parts:
        hold_desk(parts).lift(hold_id, why)
    click.echo(json.dumps({"lifted": hold_id}))


@hold.command("list")
@_STORE
@_DATA
@_PERSON
def list_(store_url: str, data: Path | None, person: str) -> None:
    """All holds, those lifted among them."""
    with seat_parts(store_url, data, person) as parts:
        click.echo(json.dumps({"holds": [asdict(each) for each in hold_desk(parts).holds()]}))
