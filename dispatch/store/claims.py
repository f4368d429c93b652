"""Who has claimed a site and who asks for it; claiming and letting go stand with the sites."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, Table, delete, insert, select, update

from dispatch.records import Millis
from dispatch.store.schema import claim, claim_ask
from dispatch.store.transaction import Transaction


class Who(NamedTuple):
    """Of a claim, or of an ask: since when."""

    person: str
    position: str
    seat: str
    at: Millis


def holder(connection: Connection, site_id: int) -> Who | None:
    return _who(connection, claim, site_id)


def asker(connection: Connection, site_id: int) -> Who | None:
    return _who(connection, claim_ask, site_id)


def put_ask(tx: Transaction, site_id: int) -> None:
    """Ours, in the place of any other's."""
    drop_ask(tx, site_id)
    actor = tx.actor
    tx.connection.execute(
        insert(claim_ask).values(
            site_id=site_id, person=actor.person, position=actor.position, seat=actor.seat, at=tx.now
        )
    )


def drop_ask(tx: Transaction, site_id: int) -> None:
    tx.connection.execute(delete(claim_ask).where(claim_ask.c.site_id == site_id))
    tx.sites.add(site_id)


def hand_on(tx: Transaction, site_id: int, whom: Who) -> None:
    """The claim is theirs from now on, and nobody asks for it."""
    drop_ask(tx, site_id)
    theirs = {"person": whom.person, "position": whom.position, "seat": whom.seat, "at": tx.now}
    tx.connection.execute(update(claim).where(claim.c.site_id == site_id).values(**theirs))


def _who(connection: Connection, table: Table, site_id: int) -> Who | None:
    row = connection.execute(
        select(table.c.person, table.c.position, table.c.seat, table.c.at).where(table.c.site_id == site_id)
    ).first()
    return None if row is None else Who(*row)
