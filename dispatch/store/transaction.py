"""One transaction: what it changed and its log lines, chained by hash, are written as its last step."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, func, insert, select, update

from dispatch.errors import NotAllowed
from dispatch.records import Actor, Changes, Millis
from dispatch.rights import why_not
from dispatch.store import schema
from dispatch.store.bulk import asked, write

FIRST_HASH = "0" * 64
# On which a shared database tells other seats that the feed moved; what moved they read from the feed.
FEED_CHANNEL = "landfall"

# Each page takes them: Core needs longer to bring them on their way than they take.
_RESERVE_KEYS = "UPDATE feed SET request_key = request_key + {} RETURNING request_key"
_TAKE_NUMBERS = "UPDATE feed SET n = n + 1, log_number = log_number + {} RETURNING n, log_number"


@dataclass(frozen=True, slots=True)
class _Line:
    act: str
    text: str
    site_id: int | None
    subject: str
    detail: dict[str, Any]


class Transaction:
    """Collects what changed; `changes` holds the outcome after `finish`."""

    def __init__(self, connection: Connection, actor: Actor, now: Millis) -> None:
        self.connection = connection
        self.actor = actor
        self.now = now
        self.sites: set[int] = set()
        self.escalations: set[str] = set()
        self.others: set[str] = set()
        self.changes = Changes()
        self._lines: list[_Line] = []
        # The login that sends in what somebody else did while the database was away.
        self.kept_by = ""

    def must_be_allowed(self, act: str, subject: str = "") -> None:
        """NotAllowed where the role of who acts does not go so far. Asked first where the act writes what the
        role may not: a shared database would refuse that in words that name nobody to ask."""
        if no := why_not(self.actor.role, act, subject):
            raise NotAllowed(no)

    def log(
        self,
        act: str,
        text: str,
        *,
        site_id: int | None = None,
        subject: str = "",
        detail: dict[str, Any] | None = None,
    ) -> None:
        """One line of the activity log. `text` holds references, never a resident's words. Whoever looks at
        its site hears of it: an act shows in its history, and keeps its claim fresh.

        NotAllowed where the role of who acts does not go so far: nothing of the act is kept then.
        """
        self.must_be_allowed(act, subject)
        more = {"kept_by": self.kept_by} if self.kept_by else {}
        self._lines.append(_Line(act, text, site_id, subject, {**(detail or {}), **more}))
        if site_id is not None:
            self.sites.add(site_id)

    def next_request_keys(self, count: int) -> range:
        """Reserve whole numbers of ours for new requests (and the sites they open)."""
        ((last,),) = asked(self.connection, _RESERVE_KEYS, (count,))
        return range(last - count + 1, last + 1)

    def next_escalation_number(self) -> str:
        number = self.connection.execute(
            update(schema.feed)
            .values(escalation_number=schema.feed.c.escalation_number + 1)
            .returning(schema.feed.c.escalation_number)
        ).scalar_one()
        return f"EOC-{number:04d}"

    def finish(self) -> None:
        """Take the feed's number (its row lock orders commits), write the change row and the log lines."""
        if not (self._lines or self.sites or self.escalations or self.others):
            return
        ((n, log_number),) = asked(self.connection, _TAKE_NUMBERS, (len(self._lines),))
        self._write_log(log_number - len(self._lines) + 1)
        body = {
            "sites": sorted(self.sites),
            "escalations": sorted(self.escalations),
            "others": sorted(self.others),
            # For no reader: two stores that go on from one backup are told apart by it.
            "at": self.now,
        }
        write(self.connection, schema.change, ("n", "body"), [(n, orjson.dumps(body).decode())])
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(select(func.pg_notify(FEED_CHANNEL, str(n))))  # told when it commits
        self.changes = Changes(n, frozenset(self.sites), frozenset(self.escalations), frozenset(self.others))

    def _write_log(self, first_number: int) -> None:
        if not self._lines:
            return
        previous = self.connection.execute(select(schema.feed.c.log_hash)).scalar_one()
        rows = []
        for number, line in enumerate(self._lines, first_number):
            row: dict[str, Any] = {
                "number": number,
                "at": self.now,
                "activation_id": self.actor.activation_id,
                "person": self.actor.person,
                "position": self.actor.position,
                "seat": self.actor.seat,
                "act": line.act,
                "site_id": line.site_id,
                "subject": line.subject,
                "text": line.text,
                "detail": orjson.dumps(line.detail, option=orjson.OPT_SORT_KEYS).decode(),
                "previous_hash": previous,
            }
            row["hash"] = previous = chain(row)
            rows.append(row)
        self.connection.execute(insert(schema.activity_log), rows)
        self.connection.execute(update(schema.feed).values(log_hash=previous))


def chain(row: dict[str, Any]) -> str:
    """The hash of a log line: over every column but itself, the hash before it included."""
    covered = [row[column.name] for column in schema.activity_log.c if column.name != "hash"]
    return hashlib.sha256(orjson.dumps(covered)).hexdigest()
