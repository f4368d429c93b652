"""Empty stores on PostgreSQL, washed after use: a new one with its tables takes longer than a test."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from dispatch.clock import WallClock
from dispatch.store import schema
from dispatch.store.store import open_store
from tests.postgres import PostgresServer

TABLES = tuple(reversed([table.name for table in schema.metadata.sorted_tables]))
# Whether anything but rows was changed: what there is, who may use it, columns that came or went.
SHAPE = """
    SELECT md5(string_agg(concat_ws(' ', c.oid, c.relname, c.relacl, c.relnatts, c.relhastriggers, (
        SELECT count(*) FROM pg_attribute WHERE attrelid = c.oid AND attisdropped)), ',' ORDER BY c.oid))
        || (SELECT count(*) FROM pg_proc) || (SELECT string_agg(version_num, '') FROM alembic_version)
    FROM pg_class c WHERE c.oid >= 16384
"""
OTHERS_LEAVE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
COUNT_ANEW = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"


class EmptyStores:
    """Gives out databases that hold what `open_store` leaves in a new one."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._free: list[str] = []
        self._shapes: dict[str, str] = {}
        self._first_rows: dict[str, bytes] = {}

    def take(self) -> str:
        return self._free.pop() if self._free else self._make()

    def give_back(self, url: str) -> None:
        """One that a test built about in is thrown away."""
        try:
            with _line(url) as line:
                line.execute(OTHERS_LEAVE)
                if _shape(line) != self._shapes[url]:
                    raise _BuiltAbout
                self._wash(line)
            self._free.append(url)
        except (psycopg.Error, _BuiltAbout):
            self._server.drop(url)

    def _make(self) -> str:
        url = self._server.new_database()
        open_store(url, clock=WallClock()).close()
        with _line(url) as line:
            self._shapes[url] = _shape(line)
            if not self._first_rows:
                self._first_rows = {table: rows for table in TABLES if (rows := _copy_out(line, table))}
        return url

    def _wash(self, line: psycopg.Connection) -> None:
        with line.transaction():
            for table in TABLES:
                line.execute(f"DELETE FROM {table}".encode())
            for table, rows in self._first_rows.items():
                with line.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
                    copy.write(rows)
            line.execute(COUNT_ANEW)


class _BuiltAbout(Exception):
    pass


def _line(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def _shape(line: psycopg.Connection) -> str:
    row = line.execute(SHAPE).fetchone()
    assert row is not None
    return str(row[0])


def _copy_out(line: psycopg.Connection, table: str) -> bytes:
    with line.cursor().copy(f"COPY {table} TO STDOUT".encode()) as copy:
        return b"".join(copy)


@pytest.fixture(scope="session")
def empty_stores(postgres: PostgresServer) -> EmptyStores:
    return EmptyStores(postgres)


@pytest.fixture
def postgres_url(empty_stores: EmptyStores) -> Iterator[str]:
    """An empty store's database."""
    url = empty_stores.take()
    yield url
    empty_stores.give_back(url)


@pytest.fixture
def second_postgres_url(empty_stores: EmptyStores) -> Iterator[str]:
    """One more, for what goes from one database to another."""
    url = empty_stores.take()
    yield url
    empty_stores.give_back(url)
