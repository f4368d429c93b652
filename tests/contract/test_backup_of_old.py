"""Backups of every earlier form of the tables come forward."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from dispatch.store import log
from dispatch.store.backup.rows import LEFT_BEHIND
from dispatch.store.store import Store
from tests import full_store
from tests.backup_files import Held, Say, everything, recount, rewrite, say_of
from tests.revisions import EARLIER, added_after


def make_old(held: Held, revision: str) -> None:
    """As the program of that revision would have written it."""
    for table, columns in added_after(revision):
        if columns:
            drop_columns(held, table, columns)
        elif table not in LEFT_BEHIND:
            del held[f"tables/{table}.jsonl"]
            say_of(held, lambda said, table=table: said["tables"].pop(table))
    say_of(held, lambda said: said.update(revision=revision))


def drop_columns(held: Held, table: str, columns: tuple[str, ...]) -> None:
    names = orjson.loads(held["manifest.json"])["tables"][table]["columns"]
    kept = [at for at, name in enumerate(names) if name not in columns]
    rows = [orjson.loads(line) for line in held[f"tables/{table}.jsonl"].splitlines()]
    recount(held, table, b"".join(orjson.dumps([row[at] for at in kept]) + b"\n" for row in rows))
    say_of(held, lambda said: said["tables"][table].update(columns=[names[at] for at in kept]))


@pytest.mark.parametrize("revision", EARLIER)
def test_a_backup_of_an_earlier_version_is_brought_forward(
    backup: Path, revision: str, seat_url: str, tmp_path: Path, say: Say, opened: Callable[[str], Store]
) -> None:
    rewrite(backup, lambda held: make_old(held, revision))
    url = f"sqlite:///{tmp_path / 'new.db'}"

    code, told, said = say("restore", backup, "--store", url)

    assert code == 0 and told["revision"] == revision, said
    before, after = everything(opened(seat_url)), everything(opened(url))
    changed = {table for table, _ in added_after(revision)}
    assert {table: after[table] for table in after if table not in changed} == {
        table: before[table] for table in before if table not in changed
    }
    assert len(after["request"]) == len(before["request"])
    # Each hand-over is of its site, also where only the hand-over was known.
    assert after["escalation_of_site"] == before["escalation_of_site"]
    with opened(url).reading() as connection:
        assert log.verify(connection).is_intact


def test_an_old_backup_goes_into_the_room_too(
    backup: Path, bare_postgres_url: str, say: Say, opened: Callable[[str], Store]
) -> None:
    rewrite(backup, lambda held: make_old(held, "0006"))

    code, _, said = say("restore", backup, "--store", bare_postgres_url)

    assert code == 0, said
    assert len(everything(opened(bare_postgres_url))["request"]) == full_store.ROWS
