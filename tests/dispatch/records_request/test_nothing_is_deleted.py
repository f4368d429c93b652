"""No record of an activation is deleted by the program on its own: every deletion there is stands here, with
what it takes away. Whoever adds one looks whether it is a record (GS1-SL) and says so."""

from __future__ import annotations

import ast
import re
import sqlite3
from pathlib import Path

import pytest

from dispatch.assembly import begin_anew
from dispatch.clock import WallClock
from dispatch.records import Actor
from dispatch.records_request.holds import HoldDesk
from dispatch.store import schema
from dispatch.store.legal_holds import is_held
from dispatch.store.store import open_store

HOME = Path(__file__).resolve().parents[3]

# (file below dispatch/, what it deletes from): why it is no disposal of records.
ROWS = {
    ("desk.py", "schema.suspension"): "a person lets the service go out again; the log keeps both",
    (
        "store/escalations.py",
        "escalation_of_site",
    ): "a person takes a site out of a hand-over; its body stays",
    ("store/escalations.py", "delivery"): "a draft's way that was never gone",
    ("store/presence.py", "presence"): "who looks at what just now",
    ("store/mirror.py", "message"): "the same words stand in the thread under their own id",
    ("store/sites.py", "claim"): "a claim ends; the log keeps it",
    ("store/sites.py", "claim_ask"): "a claim ends; the log keeps it",
    ("store/claims.py", "claim_ask"): "a claim ends; the log keeps it",
    ("store/shelves.py", "alarm_shelf"): "a person ends a shelf; the log keeps it",
    ("store/many.py", "table"): "claims of a bulk act",
    ("store/many.py", "fact"): "a person undoes a bulk act; the log keeps what it said",
    ("store/adopt.py", "table"): "a report that came in twice: the one with its call stays",
    ("store/backup/fill.py", "feed"): "a new database before it is filled",
}
# Files that are unlinked or folders removed.
FILES = {
    "assembly.py": "an exercise before the last, unless it is held",
    "column_snapshot.py": "a copy of columns, made again",
    "commands/restore.py": "a half-made database",
    "drafts.py": "a draft that was sent or dropped by who wrote it",
    "escalation/files.py": "a half-written file",
    "escalation/try_channel.py": "a file that tried a folder",
    "feeds/kept.py": "the oldest fetched weather answers beyond what may be kept",
    "geo/imports/folder.py": "a map layer that a person removes or imports again",
    "opening.py": "a copy of columns, made again",
    "reports/formats.py": "the list of files before they are written anew",
    "settings.py": "a half-written file",
    "tile_server/kept.py": "tiles that can be fetched again",
    "whole_file.py": "a half-written file",
}


def test_every_deletion_of_rows_is_known() -> None:
    found = set()
    for path in (HOME / "dispatch").rglob("*.py"):
        name = path.relative_to(HOME / "dispatch").as_posix()
        if name.startswith("store/migrations/"):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="delete"), args=[table, *_]):
                    found.add((name, ast.unparse(table)))
    assert found == set(ROWS)


def test_every_deletion_of_files_is_known() -> None:
    found = set()
    for path in (HOME / "dispatch").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="unlink" | "rmtree" | "rmdir")):
                    found.add(path.relative_to(HOME / "dispatch").as_posix())
    assert found == set(FILES)


def test_no_words_of_sql_delete_a_record() -> None:
    """Beside the calls above: search words, tiles and the exercise's server have tables of their own."""
    tables = "|".join(schema.metadata.tables)
    deleting = re.compile(rf"DELETE FROM (?:public\.)?({tables})\b|TRUNCATE TABLE")
    for path in (HOME / "dispatch").rglob("*.py"):
        assert not deleting.search(path.read_text("utf-8")), path


def test_a_held_exercise_outlasts_the_next_ones(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'seat.db'}", clock=WallClock())
    with store.loading() as connection:
        connection.execute(
            schema.activation.insert().values(
                activation_id="a", name="Drill", is_exercise=1, started_at=1, storm_mode=0, is_current=1
            )
        )
    actor = Actor("a", "Sam", "Supervisor", "Seat 1")
    HoldDesk(store=store, actor=lambda: actor).place("Drill", "an after-action review", since_at=1)
    store.close()

    begin_anew(tmp_path)
    for _ in range(2):
        (tmp_path / "seat.db").write_bytes(b"")
        begin_anew(tmp_path)

    assert is_held(tmp_path / "held-1" / "seat.db")
    assert not is_held(tmp_path / "previous" / "seat.db")


@pytest.mark.parametrize("content", [b"no database, " * 100])
def test_a_file_that_cannot_be_read_counts_as_held(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "seat.db").write_bytes(content)
    assert is_held(tmp_path / "seat.db")
    with sqlite3.connect(tmp_path / "old.db") as old:
        old.execute("CREATE TABLE site (site_id)")
    old.close()
    assert not is_held(tmp_path / "old.db")
    assert not is_held(tmp_path / "none.db")
