"""What a seat's SQLite file says of itself, read by the driver alone: for the start, where SQLAlchemy is not
there yet. Reads only; nobody writes this way."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dispatch.records import Millis, Suspension
from dispatch.store.revision import REVISION

# Change rows that are looked at together: two histories that began with one backup differ in one of them.
LOOKED_AT = 16
BUSY_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where a store stood: its form, its activation, its numbers, and prints of its last rows. A store has a
    stamp behind it when it has gone on from there, and from nowhere else."""

    revision: str
    activation_id: str
    profile: int
    n: int
    changes: str
    log_number: int
    log: str
    request_key: int
    escalation_number: int


@dataclass(frozen=True, slots=True)
class ActivationRow:
    """The current activation, as it is stored."""

    activation_id: str
    name: str
    is_exercise: bool
    started_at: Millis
    storm_mode: bool


@contextmanager
def looking(path: Path) -> Iterator[sqlite3.Connection]:
    """One moment of a seat's file, which must be there. Raises sqlite3.Error."""
    address = f"{path.absolute().as_uri()}?mode=rw"  # "ro" could not read what a killed process left over
    with closing(sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_S)) as connection:
        connection.isolation_level = None
        connection.execute("PRAGMA query_only=ON")
        connection.execute("BEGIN")
        yield connection


def stamp(connection: sqlite3.Connection) -> Stamp:
    """Of now. Raises sqlite3.Error, or LookupError where the store is not of this program's form."""
    n, log_number, log_hash, request_key, escalation_number = _one(
        connection, "SELECT n, log_number, log_hash, request_key, escalation_number FROM feed"
    )
    (revision,) = _one(connection, "SELECT version_num FROM alembic_version")
    if revision != REVISION:
        raise LookupError(f"the store is of form {revision}")
    if log_number:
        _one(connection, "SELECT 1 FROM activity_log WHERE number = ? AND hash = ?", log_number, log_hash)
    activation_id = activation(connection).activation_id
    return Stamp(
        revision=revision,
        activation_id=activation_id,
        profile=_one(
            connection,
            "SELECT coalesce(max(version), 0) FROM profile WHERE activation_id = ?",
            activation_id,
        )[0],
        n=n,
        changes=_print_of_changes(connection, n),
        log_number=log_number,
        log=_print_of_line(connection, log_number),
        request_key=request_key,
        escalation_number=escalation_number,
    )


def changed_since(connection: sqlite3.Connection, then: Stamp, *, at_most: int) -> int | None:
    """How many sites were changed since; None where the store has not gone on from there, or where they are
    more than `at_most`. Raises sqlite3.Error, or LookupError as `stamp`."""
    now = stamp(connection)
    has_gone_on = (
        (now.revision, now.activation_id, now.profile) == (then.revision, then.activation_id, then.profile)
        and now.n >= then.n
        and now.log_number >= then.log_number
        and now.request_key >= then.request_key
        and now.escalation_number >= then.escalation_number
        and _print_of_changes(connection, then.n) == then.changes
        and _print_of_line(connection, then.log_number) == then.log
    )
    if not has_gone_on:
        return None
    sites: set[int] = set()
    for (body,) in connection.execute("SELECT body FROM change WHERE n > ? ORDER BY n", (then.n,)):
        sites.update(json.loads(body).get("sites", ()))
        if len(sites) > at_most:
            return None
    return len(sites)


def activation(connection: sqlite3.Connection) -> ActivationRow:
    """The current one; LookupError where there is none yet."""
    key, name, is_exercise, started_at, storm_mode = _one(
        connection,
        "SELECT activation_id, name, is_exercise, started_at, storm_mode FROM activation"
        " WHERE is_current = 1",
    )
    return ActivationRow(key, name, bool(is_exercise), started_at, bool(storm_mode))


def are_people_set_up(connection: sqlite3.Connection) -> bool:
    """Whether somebody has to sign in here; a store of an older form knows no people."""
    named = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'person'"
    if connection.execute(named).fetchone() is None:
        return False
    return connection.execute("SELECT 1 FROM person WHERE is_active = 1").fetchone() is not None


def suspensions(connection: sqlite3.Connection, activation_id: str) -> tuple[Suspension, ...]:
    """Which services' field response is suspended (S7)."""
    rows = connection.execute(
        "SELECT service, since_at, why, review_at, who FROM suspension"
        " WHERE activation_id = ? ORDER BY service",
        (activation_id,),
    )
    return tuple(Suspension(*row) for row in rows)


def _one(connection: sqlite3.Connection, statement: str, *values: object) -> tuple[Any, ...]:
    if (row := connection.execute(statement, values).fetchone()) is None:
        raise LookupError(f"nothing is found by {statement}")
    return tuple(row)


def _print_of_changes(connection: sqlite3.Connection, n: int) -> str:
    statement = f"SELECT n, body FROM change WHERE n <= ? ORDER BY n DESC LIMIT {LOOKED_AT}"
    return _print(connection, statement, n)


def _print_of_line(connection: sqlite3.Connection, number: int) -> str:
    """Over the whole line, not only over what it says of its own hash."""
    return _print(connection, "SELECT * FROM activity_log WHERE number = ?", number)


def _print(connection: sqlite3.Connection, statement: str, number: int) -> str:
    digest = hashlib.sha256()
    for row in connection.execute(statement, (number,)):
        digest.update(repr(tuple(row)).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()
