"""The activity log: reading it, and proving that nobody changed a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, LargeBinary, Select, Text, cast, select

from dispatch.records import LogEntry, LogLine, Millis
from dispatch.store.schema import activity_log, feed
from dispatch.store.transaction import FIRST_HASH, chain

AT_ONCE = 1_000

# Plain texts: what the tables call them is a kind of text of its own, which no JSON writer takes.
COLUMNS: tuple[str, ...] = tuple(map(str, activity_log.c.keys()))


@dataclass(frozen=True, slots=True)
class Proof:
    """`first_broken` is the number of the first entry that does not fit or is gone; None when all fit."""

    entries: int
    first_broken: int | None
    head: str

    @property
    def is_intact(self) -> bool:
        return self.first_broken is None


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry's number and hash: printed on paper, it proves later that nothing before it was
    changed or cut off."""

    number: int
    hash: str


def verify(connection: Connection, *, head: str = "") -> Proof:
    """Recompute the hash chain over every column, up to where the store says that its log ends. With `head`,
    a hash printed earlier, that entry must still stand in the chain: a log cut off at its end, or grown anew
    from there, is found out by it."""
    proof = prove(every_row(connection), head=head)
    if proof.is_intact and proof.head != newest(connection).hash:
        return Proof(proof.entries, proof.entries + 1, proof.head)
    return proof


def prove(rows: Iterable[Mapping[str, Any]], *, head: str = "") -> Proof:
    """The same over entries that were read from anywhere, in the order in which they stand there."""
    previous, entries, first_broken = FIRST_HASH, 0, None
    head_seen = not head or head == FIRST_HASH
    for row in rows:
        entries += 1
        if first_broken is None and not _fits(row, entries, previous):
            first_broken = entries
        previous = str(row.get("hash", ""))
        head_seen = head_seen or previous == head
    if not head_seen and first_broken is None:
        first_broken = entries + 1
    return Proof(entries, first_broken, previous)


def every_row(connection: Connection) -> Iterator[Mapping[str, Any]]:
    """All entries with all columns, oldest first, also damaged ones; some in hand at a time."""
    wanted = _raw(connection).order_by(activity_log.c.number)
    for row in connection.execute(wanted.execution_options(yield_per=AT_ONCE)):
        yield {name: _text(value) for name, value in zip(COLUMNS, row, strict=True)}


def newest(connection: Connection) -> Head:
    return Head(*connection.execute(select(feed.c.log_number, feed.c.log_hash)).one())


def between(
    connection: Connection, from_at: Millis, to_at: Millis, *, position: str | None = None
) -> tuple[LogEntry, ...]:
    """The entries of a time, up to but not of its end; of one position or of all."""
    log = activity_log.c
    wanted = select(activity_log).where(log.at >= from_at, log.at < to_at)
    if position is not None:
        wanted = wanted.where(log.position == position)
    rows = connection.execute(wanted.order_by(log.number))
    return tuple(
        LogEntry(
            r.number, r.at, r.person, r.position, r.seat, r.act, r.site_id, r.text, '"part":' in r.detail
        )
        for r in rows
    )


def of_site(connection: Connection, site_id: int) -> tuple[LogLine, ...]:
    rows = connection.execute(
        select(activity_log).where(activity_log.c.site_id == site_id).order_by(activity_log.c.number)
    )
    return tuple(
        LogLine(row.number, row.at, row.person, row.position, row.seat, row.act, row.text) for row in rows
    )


def _fits(row: Mapping[str, Any], number: int, previous: str) -> bool:
    try:
        stands = (row["number"], row["previous_hash"], row["hash"])
        return stands == (number, previous, chain(dict(row)))
    except (KeyError, TypeError):
        # A column is missing, or holds what was never text or number.
        return False


def _raw(connection: Connection) -> Select[Any]:
    """SQLite's text as bytes: a byte that is no UTF-8 must not keep the other entries from being read."""
    if connection.dialect.name != "sqlite":
        return select(activity_log)
    return select(*(cast(c, LargeBinary) if isinstance(c.type, Text) else c for c in activity_log.c))


def _text(value: Any) -> Any:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value
