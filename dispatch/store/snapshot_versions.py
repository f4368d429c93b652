"""Versions of snapshots as rows: kept, then a step further, never back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from dispatch.errors import NotAllowed
from dispatch.records import KeptVersion, Millis, Signed, VersionState
from dispatch.store.schema import snapshot_version
from dispatch.store.transaction import Transaction

OTHERS = "snapshot"
WITHOUT_CONTENT = tuple(column for column in snapshot_version.c if column.name != "content")


def every(connection: Connection, activation_id: str) -> tuple[KeptVersion, ...]:
    """Without their rows, the newest first; of one moment those that have no number yet."""
    asked = select(*WITHOUT_CONTENT).where(snapshot_version.c.activation_id == activation_id)
    found = map(_kept, connection.execute(asked.order_by(snapshot_version.c.version_id)))
    return tuple(sorted(found, key=lambda each: (-each.made.at, each.number > 0, -each.number)))


def get(connection: Connection, activation_id: str, version_id: str) -> KeptVersion | None:
    """None also for one of another activation."""
    c = snapshot_version.c
    here = c.version_id == version_id, c.activation_id == activation_id
    row = connection.execute(select(*WITHOUT_CONTENT).where(*here)).first()
    return None if row is None else _kept(row)


def content(connection: Connection, version_id: str) -> bytes:
    """The frozen snapshot; empty where there is none, and for who is shown none (S15)."""
    asked = select(snapshot_version.c.content).where(snapshot_version.c.version_id == version_id)
    return bytes(connection.execute(asked).scalar() or b"")


def published(connection: Connection, activation_id: str) -> tuple[KeptVersion, ...]:
    """By number, the last first."""
    found = every(connection, activation_id)
    done = (each for each in found if each.state is VersionState.PUBLISHED)
    return tuple(sorted(done, key=lambda each: -each.number))


def last_number(connection: Connection, activation_id: str) -> int:
    """Of the newest published one; 0 where there is none yet."""
    here = snapshot_version.c.activation_id == activation_id
    return int(connection.execute(select(func.max(snapshot_version.c.number)).where(here)).scalar() or 0)


def add(tx: Transaction, kept: KeptVersion, frozen: bytes) -> None:
    row = {
        "version_id": kept.version_id,
        "activation_id": tx.actor.activation_id,
        "state": kept.state.value,
        "from_at": kept.from_at,
        "to_at": kept.to_at,
        "area": kept.area,
        "only_storm": int(kept.only_storm),
        "digest": kept.digest,
        "reports": kept.reports,
        "sites": kept.sites,
        "content": frozen,
        "why": kept.why,
        "made_by": kept.made.person,
        "made_position": kept.made.position,
        "made_at": kept.made.at,
    }
    tx.connection.execute(insert(snapshot_version), row)
    tx.others.add(OTHERS)


def review(tx: Transaction, version_id: str, by: Signed) -> None:
    said = {"reviewed_by": by.person, "reviewed_position": by.position, "reviewed_at": by.at}
    _step(tx, version_id, VersionState.REVIEWED, said)


def publish(tx: Transaction, kept: KeptVersion, frozen: bytes) -> None:
    """With its number, and with what it says as that number."""
    by = kept.published
    said = {"published_by": by.person, "published_position": by.position, "published_at": by.at}
    of_number = {"number": kept.number, "replaces": kept.replaces, "content": frozen}
    _step(tx, kept.version_id, VersionState.PUBLISHED, said | of_number)


def discard(tx: Transaction, version_id: str) -> None:
    _step(tx, version_id, VersionState.DISCARDED, {})


def _step(tx: Transaction, version_id: str, state: VersionState, said: dict[str, Any]) -> None:
    """Raises NotAllowed where a policy hides the row from this login."""
    here = snapshot_version.c.version_id == version_id
    done = tx.connection.execute(update(snapshot_version).where(here).values(state=state.value, **said))
    if done.rowcount != 1:
        raise NotAllowed("The database does not let this login go on with it: ask a supervisor.")
    tx.others.add(OTHERS)


def _kept(row: Row[Any]) -> KeptVersion:
    return KeptVersion(
        version_id=row.version_id,
        state=VersionState(row.state),
        number=row.number,
        replaces=row.replaces,
        from_at=row.from_at,
        to_at=row.to_at,
        area=row.area,
        only_storm=bool(row.only_storm),
        digest=row.digest,
        reports=row.reports,
        sites=row.sites,
        why=row.why,
        made=_signed(row.made_by, row.made_position, row.made_at),
        reviewed=_signed(row.reviewed_by, row.reviewed_position, row.reviewed_at),
        published=_signed(row.published_by, row.published_position, row.published_at),
    )


def _signed(person: str, position: str, at: Millis | None) -> Signed:
    return Signed(person, position, at or 0)
