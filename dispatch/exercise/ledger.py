"""What the exercise's server has accepted, in a SQLite file of its own: it survives a kill at any moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from dispatch.exercise import wire
from dispatch.exercise.issue import Issue, Line, born
from dispatch.exercise.script import Kind, Person, RequestType, Row, Step, Storm
from dispatch.records import Millis

FIRST_COMMENT_ID = 62_000_001
FIRST_ISSUE_ID = 20_000_001
# Other systems' case numbers may be far larger; new reports go on from the vendor's own.
LARGEST_USUAL_ID = 1_000_000_000

_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS issue (
    id INTEGER PRIMARY KEY, status TEXT NOT NULL, type_id INTEGER,
    lat REAL, lng REAL, rating INTEGER NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, source_id TEXT, raw_status TEXT,
    head BLOB NOT NULL, tail BLOB NOT NULL, state BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS issue_by_update ON issue (updated_at, id, status);
CREATE INDEX IF NOT EXISTS issue_by_creation ON issue (created_at, id, status);
CREATE TABLE IF NOT EXISTS comment (
    id INTEGER PRIMARY KEY, issue_id INTEGER NOT NULL, at INTEGER NOT NULL, author_id INTEGER NOT NULL,
    text TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS comment_by_issue ON comment (issue_id, id);
CREATE TABLE IF NOT EXISTS due (
    number INTEGER PRIMARY KEY, at INTEGER NOT NULL, issue_id INTEGER NOT NULL, what BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS due_by_time ON due (at, number);
CREATE INDEX IF NOT EXISTS due_by_issue ON due (issue_id);
CREATE TABLE IF NOT EXISTS update_line (
    comment_id INTEGER PRIMARY KEY, status TEXT NOT NULL, update_id TEXT UNIQUE
);
CREATE TABLE IF NOT EXISTS answered (issue_id INTEGER PRIMARY KEY, answers BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS private (issue_id INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS internal (
    id INTEGER PRIMARY KEY, issue_id INTEGER NOT NULL, at INTEGER NOT NULL, author_id INTEGER NOT NULL,
    text TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS internal_by_issue ON internal (issue_id, id);
CREATE TABLE IF NOT EXISTS notice (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, ended_at INTEGER, body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS mark (kind TEXT, issue_id INTEGER, PRIMARY KEY (kind, issue_id));
"""


class Ledger:
    """The one place that writes. `version` counts changes, so that readers know when to look again."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)
        self.version = 0
        self._storm: Storm | None = None
        self._types: dict[int | None, RequestType] = {}
        if kept := self.about("storm"):
            self._use(_storm(kept))
        self._next_due = self._earliest_due()
        self._last_comment_id = self._number("SELECT max(id) FROM comment") or FIRST_COMMENT_ID - 1

    def close(self) -> None:
        self._db.close()

    @property
    def storm(self) -> Storm:
        assert self._storm is not None, "fill the ledger first"
        return self._storm

    @property
    def is_empty(self) -> bool:
        return self._storm is None

    def request_type(self, type_id: int | None) -> RequestType | None:
        return self._types.get(type_id)

    def rows(self, sql: str, parameters: Iterable[Any] = ()) -> list[Any]:
        return self._db.execute(sql, tuple(parameters)).fetchall()

    def about(self, name: str) -> Any:
        found = self.rows("SELECT value FROM about WHERE name = ?", (name,))
        return orjson.loads(found[0][0]) if found else None

    def say_about(self, name: str, value: Any) -> None:
        self._db.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", (name, orjson.dumps(value)))

    # Playing the storm

    def fill(self, storm: Storm, now: Millis, *, all_at_once: bool = False) -> None:
        """Take in a storm: what lies before `now` has happened, the rest falls due."""
        self._use(storm)
        with self._write():
            self.say_about("storm", _kept(storm))
            for row in storm.rows:
                if row.created_at > now and not all_at_once:
                    what = orjson.dumps({"row": row})
                    self._db.execute(_FALL_DUE, (row.created_at, row.request_id, what))
                else:
                    self._enter(*_lived(row, now))
            usual = [row.request_id for row in storm.rows if row.request_id < LARGEST_USUAL_ID]
            self.say_about("last_issue_id", max(usual, default=FIRST_ISSUE_ID - 1))

    def advance(self, now: Millis) -> None:
        """Let everything happen that has fallen due, in its order."""
        if self._next_due is None or self._next_due > now:
            return
        with self._write():
            while due := self.rows(_FIRST_DUE, (now,)):
                number, issue_id, what = due[0]
                self._db.execute("DELETE FROM due WHERE number = ?", (number,))
                self._happen(issue_id, orjson.loads(what))

    def _happen(self, issue_id: int, what: dict[str, Any]) -> None:
        if "row" in what:
            row = _row(what["row"])
            self._enter(born(row), row.steps)
        elif issue := self.issue(issue_id):
            self._take(issue, _step(what["step"]))

    # What callers do

    def issue(self, issue_id: int) -> Issue | None:
        found = self.rows("SELECT state FROM issue WHERE id = ?", (issue_id,))
        return _issue(orjson.loads(found[0][0])) if found else None

    def add(self, row: Row, *, answers: list[Any] | None = None, at: Millis | None = None) -> None:
        """A report made by a caller just now; with `at` it is accepted now and appears then."""
        with self._write():
            if answers:
                self._db.execute(
                    "INSERT INTO answered VALUES (?, ?)", (row.request_id, orjson.dumps(answers))
                )
            if at is None:
                self._enter(born(row), row.steps)
            else:
                self._db.execute(_FALL_DUE, (at, row.request_id, orjson.dumps({"row": row})))

    def take(self, issue: Issue, step: Step, *, update_id: str | None = None) -> int | None:
        """An act of a caller on an issue; returns the number of the line it left in the thread. An
        `update_id` is kept with the line: IntegrityError, and nothing done, when there is one already."""
        issue.is_record = False
        with self._write():
            line_id = self._take(issue, step)
            if update_id is not None:
                self._db.execute(_KEEP_UPDATE_ID, (update_id, line_id))
            return line_id

    def waiting(self, now: Millis) -> list[dict[str, Any]]:
        """The states of reports that were accepted and have yet to appear."""
        found = self.rows(_ACCEPTED, (now, now))
        return [orjson.loads(orjson.dumps(born(_row(orjson.loads(what)["row"])))) for (what,) in found]

    @property
    def eldest_at(self) -> Millis:
        return self._number("SELECT min(created_at) FROM issue") or 0

    def take_later(self, issue_id: int, step: Step) -> None:
        with self._write():
            self._fall_due(issue_id, step)

    def change(self, issue: Issue) -> None:
        """What members did that leaves no line."""
        issue.is_record = False
        with self._write():
            self._save(issue)

    def say_inside(self, issue: Issue, line: Line) -> bytes:
        """An internal comment: kept apart, so that no public list can ever hold it. Gives its body."""
        with self._write():
            number = self._number("SELECT max(id) FROM internal") or FIRST_COMMENT_ID - 1
            body = wire.comment(number + 1, issue.issue_id, line, self.storm.office)
            row = (number + 1, issue.issue_id, line.at, line.author.person_id, line.text, body)
            self._db.execute("INSERT INTO internal VALUES (?, ?, ?, ?, ?, ?)", row)
            self._save(issue)
        return body

    @property
    def public(self) -> str:
        """The SQL term that leaves out what the public does not see; short while there is no such row."""
        has_private = self.rows("SELECT EXISTS (SELECT 1 FROM private)")[0][0]
        return "id NOT IN (SELECT issue_id FROM private)" if has_private else "1"

    @property
    def not_offered(self) -> frozenset[int]:
        """The categories that the public does not see now."""
        kept = self.about("not_offered")
        at_first = (each.type_id for each in self.storm.types if not each.starts_offered)
        return frozenset(at_first if kept is None else kept)

    def offer(self, type_id: int, is_offered: bool) -> None:
        """Written at once, like everything that was answered with yes."""
        others = self.not_offered - {type_id}
        self.say_about("not_offered", sorted(others if is_offered else others | {type_id}))

    @property
    def locked_categories(self) -> frozenset[int]:
        """Those that another department keeps to itself: nobody switches them over the API."""
        return frozenset(self.about("locked_categories") or ())

    def lock_category(self, type_id: int, is_locked: bool) -> None:
        others = self.locked_categories - {type_id}
        self.say_about("locked_categories", sorted(others | {type_id} if is_locked else others))

    def mark(self, kind: str, issue_id: int) -> bool:
        """The member's vote or follow; False if it was there."""
        with self._write():
            return self._db.execute("INSERT OR IGNORE INTO mark VALUES (?, ?)", (kind, issue_id)).rowcount > 0

    def unmark(self, kind: str, issue_id: int) -> bool:
        with self._write():
            done = self._db.execute("DELETE FROM mark WHERE kind = ? AND issue_id = ?", (kind, issue_id))
            return done.rowcount > 0

    def new_issue_id(self) -> int:
        """Numbers go up; those the storm has yet to use are left out."""
        number = int(self.about("last_issue_id")) + 1
        while self.rows(
            "SELECT 1 FROM issue WHERE id = ?1 UNION ALL SELECT 1 FROM due WHERE issue_id = ?1", (number,)
        ):
            number += 1
        self.say_about("last_issue_id", number)
        return number

    # Writing

    @contextmanager
    def _write(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        self.version += 1
        self._next_due = self._earliest_due()

    def _enter(self, issue: Issue, steps: Iterable[Step]) -> None:
        self._write_lines(issue)
        self._save(issue)
        for step in steps:
            self._fall_due(issue.issue_id, step)

    def _take(self, issue: Issue, step: Step) -> int | None:
        following = issue.take(step)
        line_id = self._write_lines(issue)
        self._save(issue)
        if following:
            self._fall_due(issue.issue_id, following)
        return line_id

    def _fall_due(self, issue_id: int, step: Step) -> None:
        self._db.execute(_FALL_DUE, (step.at, issue_id, orjson.dumps({"step": step})))

    def _write_lines(self, issue: Issue) -> int | None:
        """The thread is not part of the row: its lines go to their own table and leave the issue."""
        for line in issue.lines:
            self._last_comment_id += 1
            number = self._last_comment_id
            body = wire.comment(number, issue.issue_id, line, self.storm.office)
            author = line.author.person_id
            self._db.execute(
                "INSERT INTO comment VALUES (?, ?, ?, ?, ?, ?)",
                (number, issue.issue_id, line.at, author, line.text, body),
            )
            self._db.execute(
                "INSERT INTO update_line (comment_id, status) VALUES (?, ?)", (number, line.status)
            )
        written = self._last_comment_id if issue.lines else None
        issue.lines.clear()
        return written

    def _save(self, issue: Issue) -> None:
        self._db.execute(_SAVE, self._columns(issue))
        if issue.is_private:
            self._db.execute("INSERT OR IGNORE INTO private VALUES (?)", (issue.issue_id,))

    def _columns(self, issue: Issue) -> tuple[Any, ...]:
        request_type = self.request_type(issue.type_id)
        return (
            issue.issue_id,
            issue.status,
            issue.type_id,
            issue.lat,
            issue.lng,
            issue.rating,
            issue.created_at,
            issue.updated_at,
            issue.source_id,
            issue.raw_status,
            wire.issue_head(issue, request_type, self.storm.organization),
            wire.issue_tail(issue, request_type),
            orjson.dumps(issue),
        )

    def _use(self, storm: Storm) -> None:
        self._storm = storm
        self._types = {request_type.type_id: request_type for request_type in storm.types}

    def _earliest_due(self) -> Millis | None:
        return self._number("SELECT min(at) FROM due")

    def _number(self, sql: str) -> int | None:
        value = self.rows(sql)[0][0]
        return None if value is None else int(value)


_SAVE = "INSERT OR REPLACE INTO issue VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FALL_DUE = "INSERT INTO due (at, issue_id, what) VALUES (?, ?, ?)"
_KEEP_UPDATE_ID = "UPDATE update_line SET update_id = ? WHERE comment_id = ?"
_ACCEPTED = (
    "SELECT what FROM due WHERE at > ? AND json_extract(what, '$.row.created_at') <= ? ORDER BY number"
)
_FIRST_DUE = "SELECT number, issue_id, what FROM due WHERE at <= ? ORDER BY at, number LIMIT 1"


def _lived(row: Row, now: Millis) -> tuple[Issue, list[Step]]:
    """A row as it stands at `now`, and the steps it has yet to take."""
    issue = born(row)
    steps = [(step.at, index, step) for index, step in enumerate(row.steps)]
    heapify(steps)
    while steps and steps[0][0] <= now:
        _, index, step = heappop(steps)
        if following := issue.take(step):
            heappush(steps, (following.at, index + len(row.steps), following))
    return issue, [step for _, _, step in sorted(steps)]


def _kept(storm: Storm) -> dict[str, Any]:
    return {
        "name": storm.name,
        "organization": storm.organization,
        "organization_id": storm.organization_id,
        "zone": storm.zone.key,
        "types": storm.types,
        "starts_at": storm.starts_at,
        "repeats": storm.repeats,
    }


def _storm(kept: dict[str, Any]) -> Storm:
    types = tuple(RequestType(**each) for each in kept["types"])
    return Storm(**{**kept, "zone": ZoneInfo(kept["zone"]), "types": types})


def _step(kept: dict[str, Any]) -> Step:
    author = Person(**kept["author"]) if kept["author"] else None
    return Step(kept["at"], Kind(kept["kind"]), kept["text"], author)


def _row(kept: dict[str, Any]) -> Row:
    steps = tuple(map(_step, kept["steps"]))
    return Row(**{**kept, "reporter": Person(**kept["reporter"]), "steps": steps})


def _issue(kept: dict[str, Any]) -> Issue:
    assignee = Person(**kept["assignee"]) if kept.get("assignee") else None
    return Issue(**{**kept, "reporter": Person(**kept["reporter"]), "assignee": assignee, "lines": []})
