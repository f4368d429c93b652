"""Only one process syncs a store, whichever kind it is, and a seat that ends lets go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispatch import assembly
from dispatch.errors import AlreadyRunning
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
