"""The store's own save of 100,000 judged reports, beside raw sqlite3 writing the very rows that came of it.

Both in transactions of one page. What triage thinks is worked out before: this is about writing alone.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from dispatch.records import Actor, Assessment, ServiceRequest, SiteSummary
from dispatch.store import mirror, sites
from dispatch.store.store import open_store
from tests.benchmarks import rows
from tests.benchmarks.floor import alternate, result

SAMPLES = 5
ACTOR = Actor("storm", "", "Sync", "Seat 1")
# In the order in which foreign keys want them; the words of the search index stand in a table of their own.
TABLES = ("request", "request_words", "site", "membership", "assessment", "change")
SERVER = "INSERT INTO server (server_id, address, kind) VALUES (1, 'http://127.0.0.1', 'seeclickfix')"
ACTIVATION = (
    "INSERT INTO activation (activation_id, name, is_exercise, started_at, storm_mode, is_current)"
    " VALUES ('storm', 'Storm', 1, 0, 1, 1)"
)

Judged = tuple[ServiceRequest, Assessment, SiteSummary]
Pages = Sequence[Sequence[Judged]]


class StormNow:
    def now(self) -> int:
        return rows.LAST_AT


def run() -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = judged(folder / "seat")
        fresh = (empty(folder / f"{number}.db") for number in count())
        first = empty(folder / "first.db")
        save(first, pages)
        written = rows_of(first)

        ready: list[Path] = []
        values, floors = alternate(
            lambda: save(ready.pop(), pages),
            lambda: write(ready.pop(), written),
            samples=SAMPLES,
            warm=0,
            before=lambda: ready.append(next(fresh)),
        )
    return {"upsert_100k": result(values, floors, unit="s")}


def judged(folder: Path) -> Pages:
    """Pages as the backlog brings them, each report with what triage makes of it."""
    parts = rows.seat(folder, StormNow())
    judge = parts.judge
    pages = []
    for page in rows.pages(list(rows.requests())):
        assessed = [(0, item, judge.assess(item)) for item in page.requests]
        summaries = judge.summarize_all([[member] for member in assessed])
        pages.append([(item, a, s) for (_, item, a), s in zip(assessed, summaries, strict=True)])
    parts.close()
    return pages


def empty(path: Path) -> Path:
    """A new database with the store's tables."""
    store = open_store(f"sqlite:///{path}", clock=StormNow())
    store.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(SERVER)
        connection.execute(ACTIVATION)
    return path


def save(path: Path, pages: Pages) -> None:
    store = open_store(f"sqlite:///{path}", clock=StormNow())
    for page in pages:
        with store.transaction(ACTOR, durable=False) as tx:
            keyed = list(zip(tx.next_request_keys(len(page)), page, strict=True))
            mirror.add(tx, 1, [(key, item) for key, (item, _, _) in keyed])
            sites.open_new(tx, [(key, summary, False) for key, (_, _, summary) in keyed])
            sites.save_assessments(tx, [(key, assessment) for key, (_, assessment, _) in keyed])
    store.close()


def rows_of(path: Path) -> list[list[tuple[str, list[Any]]]]:
    """What `save` wrote, a transaction at a time: for each table its statement and its rows."""
    with closing(sqlite3.connect(path)) as connection:
        tables = {}
        for name in TABLES:
            cursor = connection.execute(
                f"SELECT {'rowid, *' if name == 'request_words' else '*'} FROM {name}"
            )
            columns = [each[0] for each in cursor.description]
            statement = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
            tables[name] = (statement, cursor.fetchall())
    written = []
    for at in range(rows.COUNT // rows.PAGE):
        size = {name: 1 if name == "change" else rows.PAGE for name in TABLES}
        written.append(
            [
                (statement, kept[at * size[name] : (at + 1) * size[name]])
                for name, (statement, kept) in tables.items()
            ]
        )
    return written


def write(path: Path, written: Sequence[Sequence[tuple[str, list[Any]]]]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}")
        for transaction in written:
            connection.execute("BEGIN IMMEDIATE")
            for statement, kept in transaction:
                connection.executemany(statement, kept)
            connection.execute("COMMIT")
