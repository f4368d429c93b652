"""Escalations and their deliveries, as rows; what may follow what is `dispatch.escalation.states`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, Row, Select, delete, insert, or_, select, update

from dispatch.records import (
    Answer,
    Band,
    Delivery,
    DeliveryState,
    Escalation,
    EscalationState,
    Millis,
    Place,
    Told911,
)
from dispatch.store.bulk import among, upsert
from dispatch.store.schema import delivery, escalation, escalation_of_site
from dispatch.store.transaction import Transaction

TRIED = (DeliveryState.QUEUED, DeliveryState.FAILED)
NOT_OPEN = (EscalationState.DRAFT, EscalationState.CLOSED)


def save(transaction: Transaction, item: Escalation) -> None:
    """Write an escalation whole; its site is marked as changed, the row there shows it."""
    upsert(
        transaction.connection,
        escalation,
        [
            {
                "escalation_id": item.escalation_id,
                "number": item.number,
                "site_id": item.site_id,
                "state": item.state.value,
                "created_at": item.created_at,
                "closed_at": item.closed_at,
                "body": orjson.dumps(item).decode(),
            }
        ],
        key=("escalation_id",),
    )
    _save_sites(transaction.connection, item)
    transaction.escalations.add(item.escalation_id)
    transaction.sites.update(item.site_ids)


def _save_sites(connection: Connection, item: Escalation) -> None:
    of_it = escalation_of_site.c.escalation_id == item.escalation_id
    known = {row.site_id for row in connection.execute(select(escalation_of_site.c.site_id).where(of_it))}
    if known == set(item.site_ids):
        return
    connection.execute(delete(escalation_of_site).where(of_it))
    rows = [{"escalation_id": item.escalation_id, "site_id": site_id} for site_id in item.site_ids]
    connection.execute(insert(escalation_of_site), rows)


def get(connection: Connection, escalation_id: str) -> Escalation | None:
    row = connection.execute(
        select(escalation.c.body).where(escalation.c.escalation_id == escalation_id)
    ).first()
    return None if row is None else _record(row.body)


def asked(connection: Connection, name: str, token: str) -> Escalation | None:
    """The one an answer names: by id or number, else the open one that was handed over with this token."""
    if name:
        named = or_(escalation.c.escalation_id == name, escalation.c.number == name)
        row = connection.execute(
            select(escalation.c.body).where(named).order_by(escalation.c.created_at.desc())
        ).first()
        return None if row is None else _record(row.body)
    return next((item for item in open_ones(connection) if token and item.token == token), None)


def of_site(connection: Connection, site_id: int) -> tuple[Escalation, ...]:
    """All escalations of a site, oldest first."""
    rows = connection.execute(
        select(escalation.c.body)
        .where(escalation.c.escalation_id.in_(_of_sites([site_id])))
        .order_by(escalation.c.created_at, escalation.c.number)
    )
    return tuple(_record(row.body) for row in rows)


def open_ones(connection: Connection, site_ids: Collection[int] | None = None) -> tuple[Escalation, ...]:
    """The open ones of these sites, or all; the newest last."""
    asked = select(escalation.c.body).where(escalation.c.state.not_in(NOT_OPEN))
    if site_ids is not None:
        asked = asked.where(escalation.c.escalation_id.in_(_of_sites(site_ids)))
    rows = connection.execute(asked.order_by(escalation.c.created_at, escalation.c.number))
    return tuple(_record(row.body) for row in rows)


def every(connection: Connection) -> tuple[Escalation, ...]:
    """Whatever was handed over, oldest first."""
    rows = connection.execute(
        select(escalation.c.body).order_by(escalation.c.created_at, escalation.c.number)
    )
    return tuple(_record(row.body) for row in rows)


def of_the_sites(connection: Connection, site_ids: Select[tuple[int]]) -> tuple[Escalation, ...]:
    """Of the sites that a question answers with, oldest first; also where a site went with another one."""
    handed = select(escalation_of_site.c.escalation_id).where(escalation_of_site.c.site_id.in_(site_ids))
    rows = connection.execute(
        select(escalation.c.body)
        .where(escalation.c.escalation_id.in_(handed))
        .order_by(escalation.c.created_at, escalation.c.number)
    )
    return tuple(_record(row.body) for row in rows)


def closed_since(connection: Connection, since_at: Millis) -> tuple[Escalation, ...]:
    rows = connection.execute(
        select(escalation.c.body)
        .where(escalation.c.state == EscalationState.CLOSED, escalation.c.closed_at >= since_at)
        .order_by(escalation.c.closed_at.desc())
    )
    return tuple(_record(row.body) for row in rows)


def open_by_site(
    connection: Connection, site_ids: Collection[int] | None = None
) -> dict[int, tuple[str, str, str, Millis]]:
    """(state, number, desk, since) of the open escalation of each site that has one, of several the one that
    is furthest from help; since is 0 while nothing has left yet and the row says "sending"."""
    of_site: dict[int, list[Escalation]] = {}
    for item in open_ones(connection, site_ids):
        for site_id in item.site_ids:
            of_site.setdefault(site_id, []).append(item)
    return {site_id: _said(items) for site_id, items in of_site.items()}


# From nobody has it to somebody is on the way; the newest of those that stand alike.
_FURTHEST_FIRST = (
    *(EscalationState.EXPIRED, EscalationState.RETURNED, EscalationState.SENT, EscalationState.RECEIVED),
    *(EscalationState.MUTUAL_AID, EscalationState.FORWARDED, EscalationState.ACCEPTED),
    *(EscalationState.HELD, EscalationState.UNDER_WAY),
)


def _said(items: Sequence[Escalation]) -> tuple[str, str, str, Millis]:
    item = min(reversed(items), key=lambda each: _FURTHEST_FIRST.index(each.state))
    desk = f"{item.desk} +{len(items) - 1}" if len(items) > 1 else item.desk
    return item.state.value, item.number, desk, _since(item)


def _of_sites(site_ids: Collection[int]) -> Select[Any]:
    return select(escalation_of_site.c.escalation_id).where(among(escalation_of_site.c.site_id, site_ids))


def _since(item: Escalation) -> Millis:
    if item.state == EscalationState.SENT:
        return item.sent_at or 0
    return item.state_at


# -- deliveries -------------------------------------------------------------------------------------------


def save_delivery(transaction: Transaction, item: Delivery) -> None:
    upsert(
        transaction.connection,
        delivery,
        [
            {
                "delivery_id": item.delivery_id,
                "escalation_id": item.escalation_id,
                "channel": item.channel,
                "state": item.state.value,
                "at": item.at,
                "attempts": item.attempts,
                "next_at": item.next_at,
                "proof": item.proof,
                "error": item.error,
            }
        ],
        key=("delivery_id",),
    )
    transaction.escalations.add(item.escalation_id)


def queue_delivery(transaction: Transaction, escalation_id: str, channel: str) -> None:
    """What is to go down a channel; one under way there gives place, its receipt is for older words."""
    transaction.connection.execute(
        delete(delivery).where(delivery.c.escalation_id == escalation_id, delivery.c.channel == channel)
    )
    save_delivery(
        transaction, Delivery(str(uuid4()), escalation_id, channel, DeliveryState.QUEUED, transaction.now)
    )


def delivery_now(connection: Connection, delivery_id: str) -> Delivery | None:
    """As it stands; None when newer words took its place."""
    row = connection.execute(select(delivery).where(delivery.c.delivery_id == delivery_id)).first()
    return None if row is None else _delivery(row)


def settle_deliveries(transaction: Transaction, escalation_id: str, by_channel: str) -> None:
    """The first acknowledgement wins: the channel it came by has the hand-over, whatever became of its
    receipt; what has not left on the others need not."""
    for item in deliveries(transaction.connection, [escalation_id])[escalation_id]:
        if item.channel == by_channel and item.state != DeliveryState.DELIVERED:
            proof = item.proof or "it was answered there"
            had = replace(item, state=DeliveryState.DELIVERED, at=transaction.now, proof=proof, error="")
            save_delivery(transaction, had)
        elif item.channel != by_channel and item.state in TRIED:
            save_delivery(transaction, replace(item, state=DeliveryState.ANSWERED, at=transaction.now))


def deliveries(connection: Connection, escalation_ids: Iterable[str]) -> dict[str, list[Delivery]]:
    found: dict[str, list[Delivery]] = {key: [] for key in escalation_ids}
    rows = connection.execute(select(delivery).where(delivery.c.escalation_id.in_(list(found))))
    for row in rows:
        found[row.escalation_id].append(_delivery(row))
    return found


def came_back(transaction: Transaction, escalation_id: str, channel: str, letter: str, why: str) -> bool:
    """What a channel took for good after all could not be delivered; False when newer words are on their
    way. It is not sent to the same place again by itself: somebody has to mend that."""
    done = transaction.connection.execute(
        update(delivery)
        .where(
            delivery.c.escalation_id == escalation_id,
            delivery.c.channel == channel,
            delivery.c.state == DeliveryState.SENT,
            delivery.c.proof.contains(letter, autoescape=True),
        )
        .values(state=DeliveryState.DEAD_LETTER, at=transaction.now, error=why)
    )
    if done.rowcount:
        transaction.escalations.add(escalation_id)
    return bool(done.rowcount)


def due_deliveries(connection: Connection, channel: str, wall_now: Millis) -> list[Delivery]:
    """Deliveries of a channel to try now, oldest first."""
    rows = connection.execute(
        select(delivery)
        .where(delivery.c.channel == channel, delivery.c.state.in_(TRIED), delivery.c.next_at <= wall_now)
        .order_by(delivery.c.at)
    )
    return [_delivery(row) for row in rows]


def hurry_deliveries(transaction: Transaction) -> None:
    """After a start everything that waited is tried at once, and as often as something new."""
    transaction.connection.execute(
        update(delivery).where(delivery.c.state == DeliveryState.FAILED).values(next_at=0, attempts=0)
    )


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        row.delivery_id,
        row.escalation_id,
        row.channel,
        DeliveryState(row.state),
        row.at,
        row.attempts,
        row.next_at,
        row.proof,
        row.error,
    )


def _record(body: str) -> Escalation:
    fields: dict[str, Any] = orjson.loads(body)
    fields["band"] = Band(fields["band"])
    fields["state"] = EscalationState(fields["state"])
    fields["place"] = Place(**fields["place"]) if fields["place"] else None
    fields["told_911"] = Told911(**fields["told_911"]) if fields["told_911"] else None
    fields["answers"] = tuple(Answer(**item) for item in fields["answers"])
    for name in ("request_ids", "channels", "other_site_ids"):
        fields[name] = tuple(fields.get(name, ()))
    return Escalation(**fields)
