"""A published snapshot outlasts a backup, a move and a new version of the program as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert, select, text

from dispatch.clock import WallClock
from dispatch.errors import StoreUnusable
from dispatch.store import migrate
from dispatch.store.schema import activation, snapshot_version
from dispatch.store.store import Store, open_store
from tests.backup_files import Say

STORM = {
    "activation_id": "a",
    "name": "Irma",
    "is_exercise": 0,
    "started_at": 1,
    "storm_mode": 1,
    "is_current": 1,
}
FROZEN = bytes(range(256))


def publish(store: Store) -> None:
    times = dict.fromkeys(("from_at", "to_at", "made_at", "reviewed_at", "published_at"), 1)
    row = {"version_id": "v", "activation_id": "a", "state": "published", "number": 1, "content": FROZEN}
    with store.loading() as connection:
        connection.execute(insert(activation), STORM)
        connection.execute(insert(snapshot_version), row | times)


def must_stay(store: Store) -> None:
    for attack in ("UPDATE snapshot_version SET number = 2", "DELETE FROM snapshot_version"):
        with pytest.raises(StoreUnusable, match="stays as it is"), store.loading() as connection:
            connection.execute(text(attack))


def test_it_comes_back_from_a_backup_byte_for_byte_and_stays(
    store_url: str, tmp_path: Path, say: Say, opened: Callable[[str], Store]
) -> None:
    publish(opened(store_url))
    assert say("backup", "--store", store_url, "--to", tmp_path / "seat.zip")[0] == 0
    target_url = f"sqlite:///{tmp_path / 'new.db'}"
    assert say("restore", tmp_path / "seat.zip", "--store", target_url)[0] == 0

    target = opened(target_url)
    with target.reading() as connection:
        found = connection.execute(select(snapshot_version.c.number, snapshot_version.c.content)).all()
    assert [(row.number, bytes(row.content)) for row in found] == [(1, FROZEN)]
    must_stay(target)


def test_a_file_of_an_earlier_version_keeps_to_it_once_it_is_brought_forward(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'seat.db'}"
    open_store(url, clock=WallClock()).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        migrate.take_back(connection, "0017")
    engine.dispose()

    store = open_store(url, clock=WallClock())
    publish(store)
    must_stay(store)
    store.close()
