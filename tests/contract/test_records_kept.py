"""What was collected for a records request, what was redacted and what is held outlast a backup, a move and a
new version of the program; in a file of one seat no program changes them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert, select, text

from dispatch.clock import WallClock
from dispatch.errors import StoreUnusable
from dispatch.store import migrate, schema
from dispatch.store.store import Store, open_store
from tests.backup_files import Say
from tests.contract.test_snapshot_kept import FROZEN, STORM

ATTACKS = (
    "UPDATE records_request SET content = ''",
    "DELETE FROM records_request",
    "UPDATE redaction SET withdrawn_at = NULL WHERE redaction_id = 'gone'",
    "DELETE FROM redaction",
    "UPDATE legal_hold SET lifted_at = NULL WHERE hold_id = 'lifted'",
    "DELETE FROM legal_hold",
)


def keep(store: Store) -> None:
    """One request with a redaction that stands and one withdrawn, one hold that stands and one lifted."""
    asked = {"records_id": "q", "number": 1, "activation_id": "a", "received_at": 1, "query": "{}"}
    mark = {"records_id": "q", "record_id": "report:1", "start_char": 0, "end_char": 3, "statute": "119.0725"}
    held = {"activation_id": "a", "since_at": 1, "why": "suit", "at": 1}
    with store.loading() as connection:
        connection.execute(insert(schema.activation), STORM)
        connection.execute(insert(schema.records_request), asked | {"records": 1, "content": FROZEN, "at": 1})
        connection.execute(insert(schema.redaction), mark | {"redaction_id": "stands", "at": 1})
        connection.execute(
            insert(schema.redaction), mark | {"redaction_id": "gone", "at": 1, "withdrawn_at": 2}
        )
        connection.execute(insert(schema.legal_hold), held | {"hold_id": "stands"})
        connection.execute(insert(schema.legal_hold), held | {"hold_id": "lifted", "lifted_at": 2})


def must_stay(store: Store) -> None:
    for attack in ATTACKS:
        with (
            pytest.raises(StoreUnusable, match=r"stays as it is|never deleted"),
            store.loading() as connection,
        ):
            connection.execute(text(attack))


def test_all_of_it_comes_back_from_a_backup_and_stays(
    store_url: str, tmp_path: Path, say: Say, opened: Callable[[str], Store]
) -> None:
    keep(opened(store_url))
    assert say("backup", "--store", store_url, "--to", tmp_path / "seat.zip")[0] == 0
    target_url = f"sqlite:///{tmp_path / 'new.db'}"
    assert say("restore", tmp_path / "seat.zip", "--store", target_url)[0] == 0

    target = opened(target_url)
    with target.reading() as connection:
        content = connection.execute(select(schema.records_request.c.content)).scalar_one()
        marks = connection.execute(select(schema.redaction.c.withdrawn_at)).scalars().all()
        holds = connection.execute(select(schema.legal_hold.c.lifted_at)).scalars().all()
    assert bytes(content) == FROZEN
    assert sorted(marks, key=str) == sorted(holds, key=str) == [2, None]
    must_stay(target)


def test_a_file_of_an_earlier_version_keeps_to_it_once_it_is_brought_forward(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'seat.db'}"
    open_store(url, clock=WallClock()).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        migrate.take_back(connection, "0019")
    engine.dispose()

    store = open_store(url, clock=WallClock())
    keep(store)
    must_stay(store)
    store.close()
