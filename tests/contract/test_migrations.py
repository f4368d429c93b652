"""A database of an earlier version is brought forward and keeps what it holds, on both databases."""

from __future__ import annotations

from sqlalchemy import create_engine, inspect, text

from dispatch.clock import WallClock
from dispatch.records import Actor
from dispatch.store import schema
from dispatch.store.store import open_store

# What each revision added: taken away again, the database is one of the version before.
ADDED = {
    "0002": {
        "server": ("capabilities", "progress", "swept_at", "is_current"),
        "request": (
            *("expected_at", "agency", "status_notes", "duplicate_of", "doubts"),
            *("token", "missing_at", "gone_at", "assignee_id", "is_private"),
        ),
        "message": ("is_internal",),
        "outbox": ("detail",),
    },
    "0003": {
        "activation": ("storm_mode_from", "storm_mode_until"),
        "site": ("why",),
    },
}
NEW_TABLES = ("profile", "rescoring", "suggestion", "incoming", "escalation_of_site", "roster", "form")
NEW_TABLES += ("alarm_shelf", "person", "presence", "claim_ask", "done", "syncing")


def test_a_database_of_the_first_version_is_brought_forward_with_its_rows(store_url: str) -> None:
    store = open_store(store_url, clock=WallClock())
    with store.transaction(Actor("a", "A. Operator", "", "Seat 1")) as tx:
        tx.connection.execute(
            schema.server.insert().values(server_id=1, address="https://city.example", kind="seeclickfix")
        )
        tx.log("note", "kept")
    store.close()
    _make_old(store_url)

    store = open_store(store_url, clock=WallClock())

    with store.reading() as connection:
        kept = connection.execute(schema.server.select()).one()
        assert (kept.address, kept.capabilities) == ("https://city.example", "")
        assert connection.execute(schema.activity_log.select()).one().text == "kept"
        found = inspect(connection)
        for table in schema.metadata.sorted_tables:
            assert {column["name"] for column in found.get_columns(table.name)} == set(table.c.keys())
    store.close()


def _make_old(store_url: str) -> None:
    engine = create_engine(store_url)
    with engine.begin() as connection:
        for table in NEW_TABLES:
            connection.execute(text(f"DROP TABLE {table}"))
        for tables in ADDED.values():
            for table, columns in tables.items():
                for column in columns:
                    connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
