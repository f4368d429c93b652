"""Packs of a shift's hand-over as rows, and the counts for them that no board holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, and_, func, insert, select, update

from dispatch.records import (
    CrmStatus,
    DeliveryState,
    Millis,
    OutboxState,
    PackLine,
    PackRemarks,
    PackState,
    PackTotals,
    ShiftPack,
    Signed,
    Tally,
)
from dispatch.store.bulk import among
from dispatch.store.schema import (
    activity_log,
    delivery,
    escalation,
    fact,
    incoming,
    membership,
    outbox,
    quarantine,
    request,
    shift_pack,
    site,
)
from dispatch.store.transaction import Transaction

OTHERS = "shift"
# Log lines of these are nobody's at a seat.
_NO_SEATS = ("", "Sync", "Setup")


@dataclass(frozen=True, slots=True)
class Faults:
    """What does not run as it should. `channels` are those with deliveries that failed, and how many."""

    quarantined: int
    to_send: int
    refused: int
    to_read: int
    channels: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sat:
    """Who acted last at a seat, and when."""

    seat: str
    person: str
    position: str
    at: Millis


# -- the packs --------------------------------------------------------------------------------------------


def every(connection: Connection, activation_id: str) -> tuple[ShiftPack, ...]:
    """All packs with all versions, the newest first."""
    rows = connection.execute(
        select(shift_pack)
        .where(shift_pack.c.activation_id == activation_id)
        .order_by(shift_pack.c.number.desc(), shift_pack.c.version.desc())
    )
    return tuple(map(_pack, rows))


def newest(connection: Connection, activation_id: str) -> ShiftPack | None:
    row = connection.execute(
        select(shift_pack)
        .where(shift_pack.c.activation_id == activation_id)
        .order_by(shift_pack.c.number.desc(), shift_pack.c.version.desc())
        .limit(1)
    ).first()
    return None if row is None else _pack(row)


def unconfirmed(connection: Connection, activation_id: str) -> Signed | None:
    """For whom the newest pack is and since when, while it waits for its confirmation; without its lists."""
    c = shift_pack.c
    row = connection.execute(
        select(c.state, c.to_person, c.to_position, c.out_at)
        .where(c.activation_id == activation_id)
        .order_by(c.number.desc(), c.version.desc())
        .limit(1)
    ).first()
    if row is None or row.state != PackState.HANDED_OVER.value:
        return None
    return Signed(row.to_person, row.to_position, row.out_at)


def last_handed_over(connection: Connection, activation_id: str, *, before: str = "") -> Millis | None:
    """Of when the numbers were that the last shift was given, `before` being the pack that is made now; None
    where there was no hand-over yet."""
    return connection.execute(
        select(func.max(shift_pack.c.at)).where(
            shift_pack.c.activation_id == activation_id,
            shift_pack.c.state != PackState.DRAFT.value,
            shift_pack.c.pack_id != before,
        )
    ).scalar()


def add(tx: Transaction, pack: ShiftPack) -> None:
    values = {"pack_id": pack.pack_id, "version": pack.version, "activation_id": tx.actor.activation_id}
    tx.connection.execute(insert(shift_pack).values(**values, **_values(pack)))
    tx.others.add(OTHERS)


def change(tx: Transaction, pack: ShiftPack) -> None:
    tx.connection.execute(update(shift_pack).where(_is(pack)).values(**_values(pack)))
    tx.others.add(OTHERS)


def confirm(tx: Transaction, pack: ShiftPack) -> None:
    """The columns alone that who comes may sign."""
    tx.connection.execute(
        update(shift_pack)
        .where(_is(pack))
        .values(
            state=pack.state.value,
            in_person=pack.confirmed.person,
            in_position=pack.confirmed.position,
            in_at=pack.confirmed.at,
        )
    )
    tx.others.add(OTHERS)


def _is(pack: ShiftPack) -> Any:
    return and_(shift_pack.c.pack_id == pack.pack_id, shift_pack.c.version == pack.version)


def _values(pack: ShiftPack) -> dict[str, Any]:
    body = {
        "sections": pack.sections,
        "briefing": pack.briefing,
        "log": [pack.log_number, pack.log_hash],
    }
    return {
        "number": pack.number,
        "edit": pack.edit,
        "state": pack.state.value,
        "since_at": pack.since_at,
        "since_is_hand_over": int(pack.since_is_hand_over),
        "at": pack.at,
        "until_at": pack.until_at,
        "made_by": pack.made_by.person,
        "made_position": pack.made_by.position,
        "made_at": pack.made_by.at,
        "out_person": pack.outgoing.person,
        "out_position": pack.outgoing.position,
        "out_at": pack.outgoing.at or None,
        "to_person": pack.incoming.person,
        "to_position": pack.incoming.position,
        "in_person": pack.confirmed.person,
        "in_position": pack.confirmed.position,
        "in_at": pack.confirmed.at or None,
        "totals": orjson.dumps(pack.totals).decode(),
        "body": orjson.dumps(body).decode(),
        "remarks": orjson.dumps(pack.remarks).decode(),
    }


def _pack(row: Row[Any]) -> ShiftPack:
    # A masked session is given neither body nor remarks (S15).
    body = orjson.loads(row.body or "{}")
    totals = orjson.loads(row.totals)
    for name in ("then", "now"):
        totals[name] = Tally(**{**totals[name], "open": tuple(totals[name]["open"])})
    sections = body.get("sections", {})
    number, digest = body.get("log", (0, ""))
    return ShiftPack(
        pack_id=row.pack_id,
        number=row.number,
        version=row.version,
        edit=row.edit,
        state=PackState(row.state),
        since_at=row.since_at,
        since_is_hand_over=bool(row.since_is_hand_over),
        at=row.at,
        until_at=row.until_at,
        made_by=Signed(row.made_by, row.made_position, row.made_at),
        outgoing=Signed(row.out_person, row.out_position, row.out_at or 0),
        incoming=Signed(row.to_person, row.to_position),
        confirmed=Signed(row.in_person, row.in_position, row.in_at or 0),
        totals=PackTotals(**totals),
        sections={name: tuple(PackLine(**line) for line in lines) for name, lines in sections.items()},
        remarks=PackRemarks(**orjson.loads(row.remarks or "{}")),
        briefing=body.get("briefing", {}),
        log_number=number,
        log_hash=digest,
        is_masked=not row.body,
    )


# -- what no board holds ----------------------------------------------------------------------------------


def sites_of(connection: Connection, activation_id: str) -> frozenset[int]:
    return frozenset(
        connection.execute(select(site.c.site_id).where(site.c.activation_id == activation_id)).scalars()
    )


def expected(connection: Connection, from_at: Millis, to_at: Millis) -> dict[int, Millis]:
    """Sites with an open report for which the city has told its resident a time in between: the first."""
    rows = connection.execute(
        select(membership.c.site_id, func.min(request.c.expected_at))
        .join(request, request.c.request_key == membership.c.request_key)
        .where(
            request.c.expected_at > from_at,
            request.c.expected_at <= to_at,
            request.c.status.in_((CrmStatus.OPEN.value, CrmStatus.ACKNOWLEDGED.value)),
        )
        .group_by(membership.c.site_id)
    )
    return {int(site_id): int(at) for site_id, at in rows}


def newest_facts(connection: Connection, name: str, site_ids: Iterable[int]) -> dict[int, tuple[str, Millis]]:
    """(words, since when) of the newest fact of that name of each site that has one."""
    rows = connection.execute(
        select(fact.c.site_id, fact.c.value, fact.c.at)
        .where(fact.c.name == name, among(fact.c.site_id, list(site_ids)))
        .order_by(fact.c.at)
    )
    return {site_id: (value, at) for site_id, value, at in rows}


def faults(connection: Connection) -> Faults:
    states = dict(
        map(tuple, connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state)))
    )
    failing = connection.execute(
        select(delivery.c.channel, func.count())
        .join(escalation, escalation.c.escalation_id == delivery.c.escalation_id)
        .where(
            delivery.c.state.in_((DeliveryState.FAILED.value, DeliveryState.DEAD_LETTER.value)),
            escalation.c.closed_at.is_(None),
        )
        .group_by(delivery.c.channel)
        .order_by(delivery.c.channel)
    )
    to_read = select(func.count()).select_from(incoming).where(incoming.c.state == "to_read")
    return Faults(
        quarantined=int(connection.execute(select(func.count()).select_from(quarantine)).scalar_one()),
        to_send=sum(states.get(each.value, 0) for each in (OutboxState.WAITING, OutboxState.SENDING)),
        refused=states.get(OutboxState.FAILED.value, 0),
        to_read=int(connection.execute(to_read).scalar_one()),
        channels={name: int(count) for name, count in failing},
    )


def seats(connection: Connection, activation_id: str, since_at: Millis) -> tuple[Sat, ...]:
    """Who acted last at each seat since then, by seat: the log knows who sat there, whoever looks now."""
    log = activity_log.c
    last = (
        select(func.max(log.number).label("number"))
        .where(
            log.at >= since_at,
            log.activation_id == activation_id,
            log.person != "",
            log.seat != "",
            log.position.not_in(_NO_SEATS),
        )
        .group_by(log.seat)
        .subquery()
    )
    rows = connection.execute(
        select(log.seat, log.person, log.position, log.at)
        .join(last, last.c.number == log.number)
        .order_by(log.seat)
    )
    return tuple(Sat(*row) for row in rows)
