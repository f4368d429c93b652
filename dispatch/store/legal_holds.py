"""Legal holds on a storm's records, and how much of each kind a storm has. Nothing here deletes anything."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, Table, func, insert, select, update

from dispatch.errors import ActRefused
from dispatch.records import KeptRecords, LegalHold, Millis
from dispatch.store import schema as s
from dispatch.store.transaction import Transaction

OTHERS = "legal_hold"
_hold = s.legal_hold


class StoredStorm(NamedTuple):
    activation_id: str
    name: str
    is_exercise: bool
    started_at: Millis
    is_current: bool


def place(tx: Transaction, activation_id: str, since_at: Millis, why: str) -> LegalHold:
    """A storm may have several, each for its own reason."""
    made = LegalHold(
        hold_id=str(uuid4()),
        activation_id=activation_id,
        since_at=since_at,
        why=why,
        person=tx.actor.person,
        position=tx.actor.position,
        at=tx.now,
    )
    values = {name: value for name, value in asdict(made).items() if not name.startswith("lifted")}
    tx.connection.execute(insert(_hold), values | {"seat": tx.actor.seat})
    tx.others.add(OTHERS)
    return made


def lift(tx: Transaction, hold_id: str, why: str) -> None:
    """Raises ActRefused where it does not stand."""
    mine = (_hold.c.hold_id == hold_id) & _hold.c.lifted_at.is_(None)
    values = {"lifted_at": tx.now, "lifted_by": tx.actor.person, "lifted_why": why}
    if not tx.connection.execute(update(_hold).where(mine).values(values)).rowcount:
        raise ActRefused("No such legal hold stands: `hold list` names those that do.")
    tx.others.add(OTHERS)


def holds(connection: Connection) -> tuple[LegalHold, ...]:
    """Of all storms, oldest first, those lifted among them."""
    rows = connection.execute(select(_hold).order_by(_hold.c.at, _hold.c.hold_id))
    return tuple(map(_read, rows))


def is_held(path: Path) -> bool:
    """Whether a hold stands in a seat's file, as it lies there: it is neither opened for writing nor brought
    forward. A file that cannot be read counts as held."""
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
            has_holds = "SELECT 1 FROM sqlite_master WHERE name = 'legal_hold'"
            if file.execute(has_holds).fetchone() is None:
                return False  # of a version that knew of none
            standing = "SELECT 1 FROM legal_hold WHERE lifted_at IS NULL LIMIT 1"
            return file.execute(standing).fetchone() is not None
    except sqlite3.Error:
        return True


def storms(connection: Connection) -> tuple[StoredStorm, ...]:
    """Oldest first."""
    a = s.activation.c
    asked = select(a.activation_id, a.name, a.is_exercise, a.started_at, a.is_current)
    rows = connection.execute(asked.order_by(a.started_at, a.activation_id))
    return tuple(StoredStorm(*row[:2], bool(row[2]), row[3], bool(row[4])) for row in rows)


def kept(connection: Connection) -> tuple[KeptRecords, ...]:
    """How many records of each kind each storm has, and when its newest was made."""
    found: list[KeptRecords] = []
    for kind, table, at in _KINDS:
        storm: ColumnElement[Any] = table.c.activation_id
        asked = select(storm, func.count(), func.max(table.c[at])).group_by(storm)
        found += [KeptRecords(row[0] or "", kind, row[1], row[2]) for row in connection.execute(asked)]
    for kind, table, at in _BY_SITE:
        asked = (
            select(s.site.c.activation_id, func.count(), func.max(table.c[at]))
            .join(s.site, s.site.c.site_id == table.c.site_id)
            .group_by(s.site.c.activation_id)
        )
        found += [KeptRecords(row[0], kind, row[1], row[2]) for row in connection.execute(asked)]
    for kind, table, at in _BY_REQUEST:
        asked = (
            select(s.site.c.activation_id, func.count(), func.max(table.c[at]))
            .join(s.membership, s.membership.c.request_key == table.c.request_key)
            .join(s.site, s.site.c.site_id == s.membership.c.site_id)
            .group_by(s.site.c.activation_id)
        )
        found += [KeptRecords(row[0], kind, row[1], row[2]) for row in connection.execute(asked)]
    return tuple(sorted(found, key=lambda each: (each.activation_id, each.kind)))


# (kind, table, its time): of tables that name the storm, of those that hang on a site, and on a report.
_KINDS: tuple[tuple[str, Table, str], ...] = (
    ("activity_log", s.activity_log, "at"),
    ("sites", s.site, "last_at"),
    ("forms", s.form, "at"),
    ("shift_packs", s.shift_pack, "at"),
    ("notices", s.notice, "created_at"),
    ("outreach", s.outreach, "recorded_at"),
    ("sweeps", s.sweep, "at"),
    ("snapshots", s.snapshot_version, "made_at"),
    ("surveys", s.survey, "at"),
    ("callers", s.caller, "at"),
    ("records_requests", s.records_request, "at"),
)
_BY_SITE: tuple[tuple[str, Table, str], ...] = (
    ("site_facts", s.fact, "at"),
    ("hand_overs", s.escalation, "created_at"),
)
_BY_REQUEST: tuple[tuple[str, Table, str], ...] = (
    ("service_requests", s.request, "updated_at"),
    ("messages", s.message, "at"),
)


def _read(row: Row[Any]) -> LegalHold:
    return LegalHold(**{name: value for name, value in row._mapping.items() if name != "seat"})
