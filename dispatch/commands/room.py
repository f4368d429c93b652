"""`room`: a shared database with its tables, roles and grants as they should be."""

from __future__ import annotations

import json

import click
from sqlalchemy import func, select

from dispatch.clock import WallClock
from dispatch.commands.store_address import StoreAddress
from dispatch.errors import StoreUnusable
from dispatch.store import rights, schema
from dispatch.store.grants import GROUPS
from dispatch.store.store import check_address, open_store


@click.command()
@click.option("--store", "store_url", type=StoreAddress(), required=True, help="The owner's SQLAlchemy URL.")
def room(store_url: str) -> None:
    """Set up who may do what on a shared database; again after each new version."""
    if check_address(store_url).get_backend_name() == "sqlite":
        raise StoreUnusable(rights.ONE_SEAT)
    store = open_store(store_url, clock=WallClock())
    try:
        with store.owning() as connection:
            rights.install(connection)
            people = connection.execute(select(func.count()).select_from(schema.person)).scalar_one()
    finally:
        store.close()
    click.echo(json.dumps({"roles": list(GROUPS.values()), "people": people}))
