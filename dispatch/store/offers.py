"""How far each offer of help has come: facts, added and never changed, under the number of the report in
which the words stand, so that merging and splitting sites moves them with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, select

from dispatch.records import Flag, Millis, OfferId, OfferState
from dispatch.store import sites
from dispatch.store.schema import activity_log, fact, site
from dispatch.store.transaction import Transaction

NAME = "offer"


class Step(NamedTuple):
    """The `number`-th of its offer."""

    number: int
    state: OfferState
    at: Millis
    who: str
    why: str


START = Step(0, OfferState.OFFERED, 0, "", "")


def newest(connection: Connection, request_keys: Iterable[int]) -> dict[OfferId, Step]:
    """The last step of each offer in these reports that any was taken with."""
    found: dict[OfferId, Step] = {}
    rows = connection.execute(select(fact).where(fact.c.name == NAME, fact.c.site_id.in_(list(request_keys))))
    for row in rows:
        number, source, state, why = row.value.split("|", 3)
        offer_id = OfferId(row.site_id, source)
        step = Step(int(number), OfferState(state), row.at, row.who, why)
        # By its number: two may have one time, where a storm stands still.
        if step.number > found.get(offer_id, START).number:
            found[offer_id] = step
    return found


def add(tx: Transaction, offer_id: OfferId, after: Step, state: OfferState, why: str = "") -> None:
    value = f"{after.number + 1}|{offer_id.source}|{state.value}|{why}"
    sites.add_fact(tx, offer_id.request_key, NAME, value)


def asked_with(connection: Connection, site_id: int, outbox_ids: Iterable[str]) -> dict[str, Any] | None:
    """The newest step that went out as one of these messages, as the log kept it for undoing."""
    ids = set(outbox_ids)
    log = activity_log.c
    details = connection.execute(
        select(log.detail).where(log.site_id == site_id, log.act == NAME).order_by(log.number.desc())
    ).scalars()
    undos = (orjson.loads(detail)["undo"] for detail in details)
    return next((undo["offer"] for undo in undos if ids & set(undo.get("sent", ()))), None)


def lock(tx: Transaction, site_id: int) -> None:
    """Nobody else takes a step at this site until the transaction ends."""
    tx.connection.execute(select(site.c.site_id).where(site.c.site_id == site_id).with_for_update())


def site_ids(connection: Connection, activation_id: str) -> list[int]:
    """Sites in whose words somebody offers help, of which any may be open; the newest first."""
    flags = site.c.flags.bitwise_or(site.c.own_flags)
    rows = connection.execute(
        select(site.c.site_id)
        .where(
            site.c.activation_id == activation_id,
            site.c.flags.bitwise_and(int(Flag.OFFER)) != 0,
            flags.bitwise_and(int(Flag.OFFERS_ENDED | Flag.MERGED)) == 0,
        )
        .order_by(site.c.last_at.desc())
    )
    return [row.site_id for row in rows]
