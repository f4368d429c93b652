"""The storm profile's versions, when storm mode goes on and off by itself, and how far rescoring has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from dispatch.records import Flag, Millis
from dispatch.store.bulk import upsert
from dispatch.store.schema import activation, assessment, membership, profile, request, rescoring, site
from dispatch.store.sites import CLOSED
from dispatch.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """`body` is triage's own text; version 0 is the city's table as it came."""

    version: int
    body: str = "{}"
    at: Millis = 0
    person: str = ""


@dataclass(frozen=True, slots=True)
class Rescoring:
    """`below_key`: requests with smaller keys are still to do, 0 when all are done. `categories` is empty
    where all of them are concerned."""

    made_with: str
    below_key: int = 0
    categories: frozenset[str] = frozenset()


class Times(NamedTuple):
    """Whether storm mode is on, and when it goes on and off by itself."""

    storm_mode: bool
    storm_mode_from: Millis | None
    storm_mode_until: Millis | None
    # Whether a person chose that the public's list goes with them.
    storm_mode_public: bool = False


def version(connection: Connection, activation_id: str) -> int:
    """The version in force, 0 while there is none."""
    newest = select(func.max(profile.c.version)).where(profile.c.activation_id == activation_id)
    return int(connection.execute(newest).scalar() or 0)


def stored(connection: Connection, activation_id: str, number: int | None = None) -> StoredProfile:
    """A version, or the one in force."""
    number = version(connection, activation_id) if number is None else number
    row = connection.execute(
        select(profile.c.version, profile.c.body, profile.c.at, profile.c.person).where(
            profile.c.activation_id == activation_id, profile.c.version == number
        )
    ).first()
    return StoredProfile(*row) if row else StoredProfile(0)


def put(tx: Transaction, body: str) -> int:
    """A new version; the older ones stay."""
    number = version(tx.connection, tx.actor.activation_id) + 1
    tx.connection.execute(
        insert(profile).values(
            activation_id=tx.actor.activation_id,
            version=number,
            at=tx.now,
            person=tx.actor.person,
            body=body,
        )
    )
    tx.others.add("profile")
    return number


def times(connection: Connection, activation_id: str) -> Times:
    row = connection.execute(
        select(
            activation.c.storm_mode,
            activation.c.storm_mode_from,
            activation.c.storm_mode_until,
            activation.c.storm_mode_public,
        ).where(activation.c.activation_id == activation_id)
    ).one()
    return Times(bool(row.storm_mode), row.storm_mode_from, row.storm_mode_until, bool(row.storm_mode_public))


def set_mode(tx: Transaction, **values: Any) -> None:
    tx.connection.execute(
        update(activation).where(activation.c.activation_id == tx.actor.activation_id).values(**values)
    )
    tx.others.add("activation")


# -- which sites a profile concerns -----------------------------------------------------------------------


def open_by_category(connection: Connection) -> dict[str, int]:
    rows = connection.execute(
        select(site.c.category, func.count().label("sites")).where(_is_open()).group_by(site.c.category)
    )
    return {row.category: int(row.sites) for row in rows}


def open_in_categories(connection: Connection, categories: Iterable[str]) -> list[int]:
    """Open sites with a report under any of these, the newest first."""
    rows = connection.execute(
        select(site.c.site_id)
        .distinct()
        .join(membership, membership.c.site_id == site.c.site_id)
        .join(assessment, assessment.c.request_key == membership.c.request_key)
        .where(_is_open(), assessment.c.category.in_(sorted(categories)))
        .order_by(site.c.site_id.desc())
    )
    return list(rows.scalars())


def with_own_band(connection: Connection, site_ids: Sequence[int]) -> set[int]:
    rows = connection.execute(
        select(site.c.site_id).where(site.c.site_id.in_(site_ids), site.c.own_band.is_not(None))
    )
    return set(rows.scalars())


def _is_open() -> ColumnElement[bool]:
    return (site.c.state != CLOSED) & (site.c.own_flags.bitwise_and(int(Flag.MERGED)) == 0)


# -- rescoring --------------------------------------------------------------------------------------------


def rescoring_of(connection: Connection, activation_id: str) -> Rescoring | None:
    """None while nothing has been noted: whatever is stored was made by other rules, as far as we know."""
    row = connection.execute(
        select(rescoring.c.made_with, rescoring.c.below_key, rescoring.c.categories).where(
            rescoring.c.activation_id == activation_id
        )
    ).first()
    if row is None:
        return None
    return Rescoring(row.made_with, row.below_key, frozenset(filter(None, row.categories.split(","))))


def note_rescoring(tx: Transaction, noted: Rescoring) -> None:
    row = {
        "activation_id": tx.actor.activation_id,
        "made_with": noted.made_with,
        "below_key": noted.below_key,
        "categories": ",".join(sorted(noted.categories)),
    }
    upsert(tx.connection, rescoring, [row], key=("activation_id",))


def past_every_key(connection: Connection) -> int:
    return int(connection.execute(select(func.max(request.c.request_key))).scalar() or 0) + 1


def next_to_rescore(
    connection: Connection, below_key: int, categories: Iterable[str], at_most: int
) -> list[tuple[int, int]]:
    """(request_key, site_id), the newest first."""
    statement = (
        select(assessment.c.request_key, membership.c.site_id)
        .join(membership, membership.c.request_key == assessment.c.request_key)
        .where(assessment.c.request_key < below_key)
        .order_by(assessment.c.request_key.desc())
        .limit(at_most)
    )
    if wanted := list(categories):
        statement = statement.where(assessment.c.category.in_(wanted))
    return [(row.request_key, row.site_id) for row in connection.execute(statement)]
