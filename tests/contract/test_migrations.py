"""A database of an earlier version is brought forward and keeps what it holds, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, inspect, text

from dispatch.clock import WallClock
from dispatch.store import log, migrate, schema
from dispatch.store.revision import REVISION
from dispatch.store.store import open_store
from tests import full_store
from tests.backup_files import everything
from tests.revisions import ADDED, EARLIER, FIRST, added_after

Columns = dict[str, set[str]]

OURS: Columns = {name: set(table.c.keys()) for name, table in schema.metadata.tables.items()}


@pytest.mark.parametrize("revision", EARLIER)
def test_a_database_of_an_earlier_version_is_brought_forward_with_its_rows(
    store_url: str, revision: str
) -> None:
    store = open_store(store_url, clock=WallClock())
    full_store.fill(store)
    before = everything(store)
    store.close()
    make_old(store_url, revision)

    store = open_store(store_url, clock=WallClock())

    touched = {table for table, _ in added_after(revision)}
    after = everything(store)
    assert {name: after[name] for name in after if name not in touched} == {
        name: before[name] for name in before if name not in touched
    }
    for name in touched & {"server", "request", "message", "outbox", "activation", "site"}:
        assert len(after[name]) == full_store.ROWS
    # Each hand-over is of its site, also where only the hand-over was known.
    assert after["escalation_of_site"] == before["escalation_of_site"]
    with store.reading() as connection:
        assert log.verify(connection).is_intact
        kept = connection.execute(schema.server.select().order_by(schema.server.c.server_id)).first()
        assert kept is not None and kept.address == full_store.value(schema.server.c.address, 0)
        assert revision > FIRST or kept.capabilities == ""
    store.close()
    assert columns_of(store_url) == {
        name: set(table.c.keys()) for name, table in schema.metadata.tables.items()
    }


def test_each_step_can_be_taken_back(store_url: str) -> None:
    """An old backup goes into tables of its own time."""
    open_store(store_url, clock=WallClock()).close()
    engine = create_engine(store_url)
    for revision in reversed(EARLIER):
        with engine.begin() as connection:
            migrate.take_back(connection, revision)
            assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [
                revision
            ]
    engine.dispose()

    expected = dict(OURS)
    for table, columns in added_after(FIRST):
        if columns:
            expected[table] = expected[table] - set(columns)
        else:
            del expected[table]
    assert columns_of(store_url) == expected


def test_the_list_of_what_each_revision_added_is_complete() -> None:
    """Whoever makes a revision says in `tests/revisions.py` what it added, and in its step how to go back."""
    assert max(ADDED) == REVISION


def make_old(store_url: str, revision: str) -> None:
    """By hand, not by the steps' own way back."""
    engine = create_engine(store_url)
    with engine.begin() as connection:
        for table, columns in added_after(revision):
            if not columns:
                connection.execute(text(f"DROP TABLE {table}"))
            for column in columns:
                connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    engine.dispose()


def columns_of(store_url: str) -> Columns:
    engine = create_engine(store_url)
    found = inspect(engine)
    columns = {
        name: {column["name"] for column in found.get_columns(name)}
        for name in found.get_table_names()
        if not name.startswith(("alembic_", "request_words"))
    }
    engine.dispose()
    return columns
