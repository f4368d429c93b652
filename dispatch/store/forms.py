"""ICS forms as they were made and edited: each version a row, none ever written over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, Row, func, insert, select

from dispatch.records import Millis
from dispatch.store.schema import activation, form, request
from dispatch.store.sites import CHUNK
from dispatch.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Kept:
    """One version of a form; `body` is the form's record as JSON knows it."""

    form_id: str
    version: int
    kind: str
    number: str
    subject: str
    at: Millis
    person: str
    position: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Incident:
    """What the forms call the incident: the activation."""

    name: str
    is_exercise: bool
    started_at: Millis


def incident(connection: Connection, activation_id: str) -> Incident:
    row = connection.execute(select(activation).where(activation.c.activation_id == activation_id)).one()
    return Incident(row.name, bool(row.is_exercise), row.started_at)


def numbers(connection: Connection, site_ids: Collection[int]) -> dict[int, str]:
    """What people call these sites: #18234, the service request that opened each."""
    found: dict[int, str] = {}
    ids = list(site_ids)
    for start in range(0, len(ids), CHUNK):
        rows = connection.execute(
            select(request.c.request_key, request.c.remote_id).where(
                request.c.request_key.in_(ids[start : start + CHUNK]), request.c.remote_id.is_not(None)
            )
        )
        found.update((key, f"#{remote_id}") for key, remote_id in rows)
    return found


def started_at(connection: Connection, activation_id: str) -> Millis:
    """When the activation began: its shifts are counted from there."""
    wanted = select(activation.c.started_at).where(activation.c.activation_id == activation_id)
    return Millis(connection.execute(wanted).scalar_one())


def current_activation(connection: Connection) -> str:
    """The activation that goes on now, or went on last; empty in a store without any."""
    rows = select(activation.c.activation_id).order_by(
        activation.c.is_current.desc(), activation.c.started_at.desc()
    )
    return str(connection.execute(rows.limit(1)).scalar() or "")


def versions(connection: Connection, kind: str, subject: str) -> tuple[Kept, ...]:
    """All versions of the form about this, the original first."""
    rows = connection.execute(
        select(form).where(form.c.kind == kind, form.c.subject == subject).order_by(form.c.version)
    )
    return tuple(map(_kept, rows))


def count(connection: Connection, kind: str) -> int:
    """How many forms of this kind there are, whatever their versions."""
    wanted = select(func.count(form.c.form_id.distinct())).where(form.c.kind == kind)
    return int(connection.execute(wanted).scalar_one())


def put(
    tx: Transaction, kind: str, subject: str, number: str, body: Mapping[str, Any], before: Kept | None
) -> Kept:
    """Keep a version after the one before it."""
    kept = Kept(
        form_id=before.form_id if before else str(uuid4()),
        version=before.version + 1 if before else 1,
        kind=kind,
        number=number,
        subject=subject,
        at=tx.now,
        person=tx.actor.person,
        position=tx.actor.position,
        body=body,
    )
    tx.connection.execute(
        insert(form).values(
            form_id=kept.form_id,
            version=kept.version,
            activation_id=tx.actor.activation_id,
            kind=kept.kind,
            number=kept.number,
            subject=kept.subject,
            at=kept.at,
            person=kept.person,
            position=kept.position,
            body=orjson.dumps(kept.body).decode(),
        )
    )
    tx.others.add("forms")
    return kept


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        row.form_id,
        row.version,
        row.kind,
        row.number,
        row.subject,
        row.at,
        row.person,
        row.position,
        orjson.loads(row.body),
    )
