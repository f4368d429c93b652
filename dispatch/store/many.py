"""Many sites at once, by statements for all of them: what a bulk act reads and writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from dispatch.records import Flag
from dispatch.store.bulk import upsert
from dispatch.store.schema import activity_log, claim, claim_ask, fact, outbox, site, suspension
from dispatch.store.sites import CHUNK
from dispatch.store.transaction import Transaction

Holder = tuple[str, str]  # person and seat


def chunks(ids: Iterable[Any]) -> Iterator[list[Any]]:
    listed = list(ids)
    for start in range(0, len(listed), CHUNK):
        yield listed[start : start + CHUNK]


# -- reading ----------------------------------------------------------------------------------------------


def rows(connection: Connection, site_ids: Iterable[int]) -> dict[int, Row[Any]]:
    """The stored columns of these sites; one that is not there is left out."""
    found: dict[int, Row[Any]] = {}
    for chunk in chunks(site_ids):
        found |= {
            row.site_id: row for row in connection.execute(select(site).where(site.c.site_id.in_(chunk)))
        }
    return found


def claims(connection: Connection, site_ids: Iterable[int]) -> dict[int, Holder]:
    held: dict[int, Holder] = {}
    for chunk in chunks(site_ids):
        asked = select(claim.c.site_id, claim.c.person, claim.c.seat).where(claim.c.site_id.in_(chunk))
        held |= {row.site_id: (row.person, row.seat) for row in connection.execute(asked)}
    return held


def is_response_suspended(connection: Connection, activation_id: str) -> bool:
    """Field response of any service (S7)."""
    asked = select(suspension.c.service).where(suspension.c.activation_id == activation_id)
    return connection.execute(asked).first() is not None


def log_lines(connection: Connection, first: int, last: int) -> list[tuple[int, int, str, dict[str, Any]]]:
    """(number, site, what was done, detail) of the log lines of these numbers that are about a site."""
    found = connection.execute(
        select(activity_log.c.number, activity_log.c.site_id, activity_log.c.text, activity_log.c.detail)
        .where(activity_log.c.number.between(first, last), activity_log.c.site_id.is_not(None))
        .order_by(activity_log.c.number)
    )
    return [(row.number, row.site_id, row.text, orjson.loads(row.detail)) for row in found]


def not_stopped(connection: Connection, outbox_ids: Iterable[str], stopped: set[str]) -> dict[str, int]:
    """Of these the rows that left all the same, with the report each is about."""
    found: dict[str, int] = {}
    for chunk in chunks(set(outbox_ids) - stopped):
        asked = select(outbox.c.outbox_id, outbox.c.request_key).where(outbox.c.outbox_id.in_(chunk))
        found |= {row.outbox_id: row.request_key for row in connection.execute(asked)}
    return found


# -- writing ----------------------------------------------------------------------------------------------


def change(tx: Transaction, changed: Mapping[int, Mapping[str, Any]]) -> None:
    """Give each site its new values; those with values of the same columns by one statement."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for site_id, values in changed.items():
        if values:
            alike[tuple(sorted(values))].append(
                {"of_site": site_id, **{f"v_{k}": v for k, v in values.items()}}
            )
    for names, given in alike.items():
        statement = update(site).where(site.c.site_id == bindparam("of_site"))
        tx.connection.execute(statement.values({name: bindparam(f"v_{name}") for name in names}), given)
    tx.sites.update(changed)


def drop_flags(tx: Transaction, site_ids: Iterable[int], flags: Flag) -> None:
    kept = site.c.own_flags.bitwise_and(~int(flags) & 0x7FFFFFFF)
    for chunk in chunks(site_ids):
        tx.connection.execute(update(site).where(site.c.site_id.in_(chunk)).values(own_flags=kept))
        tx.sites.update(chunk)


def put_claims(tx: Transaction, site_ids: Sequence[int]) -> None:
    """Ours from now on; who may have them was looked at before."""
    actor = tx.actor
    mine = {"person": actor.person, "position": actor.position, "seat": actor.seat, "at": tx.now}
    upsert(tx.connection, claim, [{"site_id": site_id, **mine} for site_id in site_ids], key=("site_id",))
    tx.sites.update(site_ids)


def drop_claims(tx: Transaction, site_ids: Iterable[int]) -> None:
    for chunk in chunks(site_ids):
        for table in (claim_ask, claim):
            tx.connection.execute(delete(table).where(table.c.site_id.in_(chunk)))
        tx.sites.update(chunk)


def touch_claims(tx: Transaction, site_ids: Iterable[int]) -> None:
    """An act of the claim's own seat shows that it is not stale."""
    own = (claim.c.person == tx.actor.person, claim.c.seat == tx.actor.seat)
    for chunk in chunks(site_ids):
        tx.connection.execute(update(claim).where(claim.c.site_id.in_(chunk), *own).values(at=tx.now))


def add_facts(tx: Transaction, site_ids: Sequence[int], name: str, value: str) -> dict[int, str]:
    """The same fact at each site; its id by site."""
    ids = {site_id: str(uuid4()) for site_id in site_ids}
    if ids:
        said = {"name": name, "value": value, "who": tx.actor.person, "at": tx.now}
        tx.connection.execute(
            insert(fact),
            [{"fact_id": fact_id, "site_id": site_id, **said} for site_id, fact_id in ids.items()],
        )
    tx.sites.update(ids)
    return ids


def drop_facts(tx: Transaction, fact_ids: Iterable[str]) -> None:
    for chunk in chunks(fact_ids):
        tx.connection.execute(delete(fact).where(fact.c.fact_id.in_(chunk)))
