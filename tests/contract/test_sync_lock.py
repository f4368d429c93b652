"""Only one process syncs a store, whichever kind it is, and a seat that ends lets go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from dispatch import assembly
from dispatch.errors import AlreadyRunning, StoreUnreachable
from dispatch.store import schema
from dispatch.store.sync_lock import StoreLock
from dispatch.sync.budget import Budget, Lane
from tests.city import City
from tests.rooms import Room


def test_of_two_seats_on_one_store_one_syncs_and_the_other_takes_over(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], store_url: str
) -> None:
    # On SQLite the seats share the folder, on PostgreSQL only the database.
    folders = ("one", "one") if store_url.startswith("sqlite") else ("one", "two")
    first, second = (Room(tmp_path / each, city, clock, run, store_url=store_url) for each in folders)
    held, wanted = assembly.sync_lock(first.parts), assembly.sync_lock(second.parts)

    held.take()
    with pytest.raises(AlreadyRunning, match="already syncing"):
        wanted.take()
    held.let_go()
    wanted.take()

    wanted.let_go()
    first.close()
    second.close()


def test_a_seat_that_is_cut_off_from_the_database_holds_no_lock(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], postgres_url: str
) -> None:
    first = Room(tmp_path / "one", city, clock, run, store_url=postgres_url)
    second = Room(tmp_path / "two", city, clock, run, store_url=postgres_url)
    held = assembly.sync_lock(first.parts)
    held.take()
    with second.store.engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )

    wanted = assembly.sync_lock(second.parts)
    wanted.take()

    for lock in (held, wanted):
        lock.let_go()
    first.close()
    second.close()


def test_one_that_hangs_is_taken_over_and_writes_no_more_when_it_wakes(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], postgres_url: str
) -> None:
    first = Room(tmp_path / "one", city, clock, run, store_url=postgres_url)
    second = Room(tmp_path / "two", city, clock, run, store_url=postgres_url)
    held = assembly.sync_lock(first.parts)
    held.take()
    assert isinstance(held, StoreLock)
    held._ends.set()  # as a process that hangs: no beat any more, and its session stands
    wanted = assembly.sync_lock(second.parts)
    with pytest.raises(AlreadyRunning):
        wanted.take()
    with first.store.engine.begin() as connection:
        connection.execute(update(schema.syncing).values(beat_at=schema.syncing.c.beat_at - 10_000))

    wanted.take()

    actor = first.parts.actor
    with pytest.raises(StoreUnreachable, match="taken over"), first.store.transaction(actor) as tx:
        tx.log("note", "a word of who was asleep")
    with second.store.transaction(actor) as tx:
        tx.log("note", "a word of who syncs now")
    with second.store.reading() as connection:
        said = connection.execute(select(schema.activity_log.c.text)).scalars().all()
    assert "a word of who was asleep" not in said and "a word of who syncs now" in said
    first.store.fence = ""
    for lock in (held, wanted):
        lock.let_go()
    first.close()
    second.close()


def test_who_takes_over_counts_the_calls_of_the_one_before(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], postgres_url: str
) -> None:
    first = Room(tmp_path / "one", city, clock, run, store_url=postgres_url)
    second = Room(tmp_path / "two", city, clock, run, store_url=postgres_url)
    held, wanted = assembly.sync_lock(first.parts), assembly.sync_lock(second.parts)
    assert isinstance(held, StoreLock) and isinstance(wanted, StoreLock)
    held.take()
    held.calls = lambda: (1.0, 30.0, 60.9)
    held.let_go()
    wanted.take()
    budget = Budget(3)
    budget.inherit(wanted.inherited)

    assert 1.0 <= min(budget.ages()) < 5.0 and len(budget.ages()) in (2, 3)
    assert budget.explain().in_s[Lane.BACKFILL] > 20
    wanted.let_go()
    first.close()
    second.close()
