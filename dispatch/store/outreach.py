"""The outreach log as rows: added and never changed. A correction is a row that stands in for another, and
so is the taking back of one."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, Row, case, distinct, func, insert, select

from dispatch.records import Material, Millis, Outreach, OutreachDraft, OutreachKind, Voices
from dispatch.store.schema import membership, outreach, request, site
from dispatch.store.transaction import Transaction

OTHERS = "outreach"


def add(tx: Transaction, said: OutreachDraft, *, corrects: str = "") -> str:
    """The id of the new entry."""
    outreach_id = str(uuid4())
    row = {
        "kind": said.kind.value,
        "area": said.area,
        "at": said.at,
        "place": said.place,
        "partner": said.partner,
        "reached": said.reached,
        "materials": orjson.dumps([[each.language, each.count] for each in said.materials]).decode(),
        "owner": said.owner,
        "next_step": said.next_step,
        "due_at": said.due_at,
        "note": said.note,
    }
    _put(tx, outreach_id, corrects, row)
    return outreach_id


def take_back(tx: Transaction, outreach_id: str) -> None:
    """What it stood in for, if anything, stands again."""
    row = tx.connection.execute(select(outreach).where(outreach.c.outreach_id == outreach_id)).one()
    said = {"kind": row.kind, "area": row.area, "at": row.at, "is_taken_back": 1}
    _put(tx, str(uuid4()), outreach_id, said)


def entries(connection: Connection, activation_id: str) -> tuple[Outreach, ...]:
    """As they stand now, the newest first."""
    rows = connection.execute(select(outreach).where(outreach.c.activation_id == activation_id)).all()
    gone = {row.corrects for row in rows if row.is_taken_back}
    live = [row for row in rows if not row.is_taken_back and row.outreach_id not in gone]
    replaced = {row.corrects for row in live}
    standing = [row for row in live if row.outreach_id not in replaced]
    return tuple(map(_entry, sorted(standing, key=lambda row: (-row.at, -row.recorded_at, row.outreach_id))))


def heard(connection: Connection, areas: Collection[str], start_at: Millis, end_at: Millis) -> Voices:
    """Reports entered from the one time until before the other. Accounts are counted, never named."""
    known = request.c.reporter_id != ""
    row = connection.execute(
        select(
            func.count(),
            func.count(distinct(case((known, request.c.reporter_id)))),
            func.coalesce(func.sum(case((known, 0), else_=1)), 0),
        )
        .select_from(request)
        .join(membership, membership.c.request_key == request.c.request_key)
        .join(site, site.c.site_id == membership.c.site_id)
        .where(
            site.c.neighborhood.in_(list(areas)),
            request.c.created_at >= start_at,
            request.c.created_at < end_at,
        )
    ).one()
    return Voices(*map(int, row))


def first_report_at(connection: Connection) -> Millis | None:
    """How far back the reports of this store go."""
    found: int | None = connection.execute(select(func.min(request.c.created_at))).scalar()
    return found


def _put(tx: Transaction, outreach_id: str, corrects: str, said: dict[str, Any]) -> None:
    row = {
        "outreach_id": outreach_id,
        "activation_id": tx.actor.activation_id,
        "corrects": corrects,
        "person": tx.actor.person,
        "position": tx.actor.position,
        "seat": tx.actor.seat,
        "recorded_at": tx.now,
        **said,
    }
    tx.connection.execute(insert(outreach), row)
    tx.others.add(OTHERS)


def _entry(row: Row[Any]) -> Outreach:
    said = OutreachDraft(
        kind=OutreachKind(row.kind),
        area=row.area,
        at=row.at,
        place=row.place,
        partner=row.partner,
        reached=row.reached,
        materials=tuple(Material(*each) for each in orjson.loads(row.materials or "[]")),
        owner=row.owner,
        next_step=row.next_step,
        due_at=row.due_at,
        note=row.note,
    )
    return Outreach(row.outreach_id, said, row.person, row.position, row.seat, row.recorded_at, row.corrects)
