"""The places that no snapshot says: where sites about a person's health, home or safety are (S15). A list by
itself, made only when a supervisor or the emergency manager asks for it, and that is logged."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.errors import ActRefused
from dispatch.jurisdiction import Jurisdiction
from dispatch.snapshot.asked import Asked
from dispatch.snapshot.making import head_of
from dispatch.snapshot.records import Head, Rows
from dispatch.snapshot.rows import RowMaker, Stored
from dispatch.store import snapshot_rows
from dispatch.store.store import Store
from dispatch.triage.categories import CategoryTable


@dataclass(frozen=True, slots=True)
class RestrictedList:
    head: Head
    rows: Rows


def make_restricted(store: Store, asked: Asked, city: Jurisdiction, table: CategoryTable) -> RestrictedList:
    """Raises ActRefused where the period ends before it begins or the store holds no activation yet."""
    if asked.to_at <= asked.from_at:
        raise ActRefused("The period ends before it begins: turn the two times around.")
    span = asked.from_at, asked.to_at
    with store.reading() as connection:
        activation = snapshot_rows.current_activation(connection)
        stored = Stored(snapshot_rows.reports(connection, *span), snapshot_rows.sites(connection, *span), ())
        as_of = snapshot_rows.as_of(connection)
        entered = snapshot_rows.heads(connection, activation)
    if activation is None:
        raise ActRefused("This store holds no activation yet: there is nothing to list.")
    made = RowMaker(stored, asked.wanted, table, city.owners, city.zone)
    return RestrictedList(head_of(asked, city, activation, as_of, entered), made.restricted())
