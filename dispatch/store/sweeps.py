"""Area sweeps as rows: every change is a version of its own, and none is ever written over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select

from dispatch.errors import ActRefused
from dispatch.records import CloseReason, Flag, Sweep, SweepArea, SweepDraft, SweepState
from dispatch.store.many import chunks
from dispatch.store.schema import fact, membership, request, site, sweep
from dispatch.store.sites import CLOSED
from dispatch.store.transaction import Transaction

OTHERS = "sweep"
# A fact of a site: its residents have been told of the sweep with this id.
TOLD = "sweep_told"

SINCE_CHANGED = "Somebody has changed this sweep since you opened it."


def add(tx: Transaction, said: SweepDraft) -> Sweep:
    """A new one, with the next number of this activation."""
    here = sweep.c.activation_id == tx.actor.activation_id
    last = tx.connection.execute(select(func.max(sweep.c.number)).where(here)).scalar() or 0
    sweep_id = str(uuid4())
    _put(tx, sweep_id, 1, last + 1, SweepState.PLANNED, _to_text(said))
    return Sweep(sweep_id, last + 1, 1, SweepState.PLANNED, said, tx.actor.person, tx.actor.position, tx.now)


def change(tx: Transaction, before: Sweep, state: SweepState, said: SweepDraft | None = None) -> int:
    """A further version; without words those of before go on to hold. Its number."""
    _put(tx, before.sweep_id, before.version + 1, before.number, state, _to_text(said) if said else "")
    return before.version + 1


def take_back(tx: Transaction, sweep_id: str, version: int) -> None:
    """As it stood before that version; one that was only just planned is cancelled."""
    rows = [row for row in _rows(tx.connection, tx.actor.activation_id) if row.sweep_id == sweep_id]
    if not rows or rows[-1].version != version:
        raise ActRefused(SINCE_CHANGED)
    if version == 1:
        _put(tx, sweep_id, 2, rows[0].number, SweepState.CANCELLED, "")
        return
    # Its words only where the version had others: who may not plan may still take a start back.
    body = _body_of(rows[:-1]) if rows[-1].body else ""
    _put(tx, sweep_id, version + 1, rows[0].number, SweepState(rows[-2].state), body)


def every(connection: Connection, activation_id: str) -> tuple[Sweep, ...]:
    """As they stand now: those that still come first, by when, then the others, the newest first."""
    of: dict[str, list[Row[Any]]] = {}
    for row in _rows(connection, activation_id):
        of.setdefault(row.sweep_id, []).append(row)
    found = [_sweep(rows) for rows in of.values()]
    coming = sorted((s for s in found if s.state.is_open), key=lambda s: (s.said.from_at, s.number))
    past = sorted((s for s in found if not s.state.is_open), key=lambda s: -s.at)
    return (*coming, *past)


def get(connection: Connection, activation_id: str, sweep_id: str) -> Sweep | None:
    return next((s for s in every(connection, activation_id) if s.sweep_id == sweep_id), None)


def told(connection: Connection, sweep_id: str, site_ids: Iterable[int]) -> frozenset[int]:
    """Of these sites those of whose reports every one was there when the residents were told."""
    found: set[int] = set()
    for chunk in chunks(site_ids):
        newest = (
            select(membership.c.site_id, func.max(request.c.created_at).label("at"))
            .join(request, request.c.request_key == membership.c.request_key)
            .where(membership.c.site_id.in_(chunk))
            .group_by(membership.c.site_id)
            .subquery()
        )
        asked = (
            select(fact.c.site_id)
            .join(newest, newest.c.site_id == fact.c.site_id)
            .where(fact.c.name == TOLD, fact.c.value == sweep_id, fact.c.at >= newest.c.at)
        )
        found.update(connection.execute(asked).scalars())
    return frozenset(found)


def tally(connection: Connection, sweep_ids: Iterable[str]) -> Mapping[str, int]:
    """How many sites' residents were told of each sweep."""
    asked = (
        select(fact.c.value, func.count(func.distinct(fact.c.site_id)))
        .where(fact.c.name == TOLD, fact.c.value.in_(list(sweep_ids)))
        .group_by(fact.c.value)
    )
    return {row[0]: int(row[1]) for row in connection.execute(asked)}


def closed_as(connection: Connection, activation_id: str) -> Mapping[str, int]:
    """How many sites stand closed by a sweep, by the note that its closing leaves."""
    asked = (
        select(site.c.state_note, func.count())
        .where(
            site.c.activation_id == activation_id,
            site.c.state == CLOSED,
            site.c.state_reason == CloseReason.AREA_SWEEP.value,
        )
        .group_by(site.c.state_note)
    )
    return {row[0]: int(row[1]) for row in connection.execute(asked)}


def open_around(
    connection: Connection, activation_id: str, area: SweepArea, categories: Iterable[str]
) -> list[Row[Any]]:
    """Open sites of these categories in its neighborhoods, or in the boxes around what was drawn, which the
    database knows no polygons of; the most urgent first."""
    columns = (site.c.site_id, site.c.band, site.c.flags, site.c.own_flags, site.c.neighborhood)
    asked = (
        select(*columns, site.c.lat, site.c.lng)
        .where(
            site.c.activation_id == activation_id,
            site.c.state != CLOSED,
            site.c.own_flags.bitwise_and(int(Flag.MERGED)) == 0,
            site.c.category.in_(sorted(categories)),
            _around(area),
        )
        .order_by(site.c.band, site.c.score.desc(), site.c.first_at, site.c.site_id)
    )
    return list(connection.execute(asked))


def _around(area: SweepArea) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [site.c.neighborhood.in_([n for n in area.neighborhoods if n])]
    for ring in area.rings:
        lng, lat = zip(*ring, strict=True)
        box = site.c.lng.between(min(lng), max(lng)), site.c.lat.between(min(lat), max(lat))
        parts.append(and_(*box))
    return or_(*parts)


def _rows(connection: Connection, activation_id: str) -> list[Row[Any]]:
    asked = select(sweep).where(sweep.c.activation_id == activation_id)
    return list(connection.execute(asked.order_by(sweep.c.sweep_id, sweep.c.version)))


def _sweep(rows: list[Row[Any]]) -> Sweep:
    last = rows[-1]
    return Sweep(
        last.sweep_id,
        last.number,
        last.version,
        SweepState(last.state),
        _from_text(_body_of(rows)),
        last.person,
        last.position,
        last.at,
    )


def _body_of(rows: list[Row[Any]]) -> str:
    return str(next(row.body for row in reversed(rows) if row.body))


def _put(tx: Transaction, sweep_id: str, version: int, number: int, state: SweepState, body: str) -> None:
    row = {
        "sweep_id": sweep_id,
        "version": version,
        "activation_id": tx.actor.activation_id,
        "number": number,
        "state": state.value,
        "body": body,
        "person": tx.actor.person,
        "position": tx.actor.position,
        "seat": tx.actor.seat,
        "at": tx.now,
    }
    tx.connection.execute(insert(sweep), row)
    tx.others.add(OTHERS)


def _to_text(said: SweepDraft) -> str:
    """The area as GeoJSON has a polygon: rings of [lng, lat]."""
    return orjson.dumps(said).decode()


def _from_text(body: str) -> SweepDraft:
    said: dict[str, Any] = orjson.loads(body)
    area = said["area"]
    rings = tuple(tuple((lng, lat) for lng, lat in ring) for ring in area["rings"])
    return SweepDraft(
        area=SweepArea(area["name"], tuple(area["neighborhoods"]), rings),
        families=tuple(said["families"]),
        categories=tuple(said["categories"]),
        crew=said["crew"],
        from_at=said["from_at"],
        until_at=said["until_at"],
        who=said["who"],
        note=said["note"],
    )
