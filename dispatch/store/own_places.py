"""Where people put sites by hand: facts, of which the newest counts. Nothing of the mirror is touched."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy import Connection, Numeric, cast, func, insert, select

from dispatch.records import BY_HAND, Fact, OwnPlace, Place
from dispatch.store.schema import fact, membership, request
from dispatch.store.sites import CHUNK
from dispatch.store.transaction import Transaction

# Fewer letters begin half of all addresses.
LEAST_TYPED = 6


def of_sites(connection: Connection, site_ids: Iterable[int]) -> dict[int, OwnPlace]:
    """Those of these sites that a person put by hand. A site that took in one by hand has its place too, as
    long as it has none of its own; after a split each has its own again."""
    ids = list(site_ids)
    newest: dict[int, dict[int, Fact]] = {}
    for start in range(0, len(ids), CHUNK):
        rows = connection.execute(
            select(membership.c.site_id.label("stands_in"), fact)
            .join(fact, fact.c.site_id == membership.c.request_key)
            .where(membership.c.site_id.in_(ids[start : start + CHUNK]), fact.c.name == BY_HAND)
            .order_by(fact.c.at)
        )
        for row in rows:
            told = Fact(row.name, row.value, row.who, row.at)
            newest.setdefault(row.stands_in, {})[row.site_id] = told
    found = {site_id: _first(site_id, facts) for site_id, facts in newest.items()}
    return {site_id: own for site_id, own in found.items() if own is not None}


def of_site(connection: Connection, site_id: int) -> OwnPlace | None:
    return of_sites(connection, [site_id]).get(site_id)


def of_address(connection: Connection, typed: str, *, at_most: int) -> list[tuple[str, Place]]:
    """Where reports of an address that begins so have their pin, with the address as they say it; places
    with most reports first."""
    words = " ".join(typed.split()).lower()
    if len(words) < LEAST_TYPED:
        return []
    lat, lng = (func.round(cast(column, Numeric), 4) for column in (request.c.lat, request.c.lng))
    begins = func.lower(request.c.address).startswith(words, autoescape=True)
    rows = connection.execute(
        select(func.min(request.c.address), func.avg(request.c.lat), func.avg(request.c.lng))
        .where(request.c.lat.is_not(None), begins)
        .group_by(lat, lng)
        .order_by(func.count().desc())
        .limit(at_most)
    )
    return [(address, Place(float(north), float(east))) for address, north, east in rows]


def put(tx: Transaction, site_id: int, value: str) -> tuple[str | None, str]:
    """Keep where it was put, or with "" that it is not put any more; the id of the fact before it, and its
    own."""
    before = tx.connection.execute(
        select(fact.c.fact_id, fact.c.at)
        .where(fact.c.site_id == site_id, fact.c.name == BY_HAND)
        .order_by(fact.c.at.desc())
    ).first()
    # Two within a millisecond: the newest is found by its time.
    at = tx.now if before is None else max(tx.now, before.at + 1)
    fact_id = str(uuid4())
    tx.connection.execute(
        insert(fact).values(
            fact_id=fact_id,
            site_id=site_id,
            name=BY_HAND,
            value=value,
            who=tx.actor.person,
            at=at,
        )
    )
    tx.sites.add(site_id)
    return before.fact_id if before else None, fact_id


def value_of(connection: Connection, fact_id: str) -> str:
    """What such a fact keeps; empty where there was none before."""
    return connection.execute(select(fact.c.value).where(fact.c.fact_id == fact_id)).scalar() or ""


def _first(site_id: int, facts: dict[int, Fact]) -> OwnPlace | None:
    """The site's own, else that of the first one that was merged into it."""
    order = sorted(facts, key=lambda each: (each != site_id, each))
    return next((own for each in order if (own := OwnPlace.of_fact(facts[each]))), None)
