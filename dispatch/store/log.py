"""The activity log: reading it, and proving that nobody changed a line."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from dispatch.records import LogLine
from dispatch.store.schema import activity_log
from dispatch.store.transaction import FIRST_HASH, chain


@dataclass(frozen=True, slots=True)
class Proof:
    """`first_broken` is the number of the first line that does not fit; None when all do."""

    entries: int
    first_broken: int | None
    head: str

    @property
    def is_intact(self) -> bool:
        return self.first_broken is None


def verify(connection: Connection, *, head: str = "") -> Proof:
    """Recompute the hash chain over every column. With `head`, a hash printed earlier, that line must still
    stand in the chain: a log cut off at its end and grown anew is found out by it."""
    previous, entries, first_broken = FIRST_HASH, 0, None
    head_seen = not head or head == FIRST_HASH
    for row in connection.execute(select(activity_log).order_by(activity_log.c.number)):
        entries += 1
        fields = dict(row._mapping)
        fits = (
            fields["number"] == entries
            and fields["previous_hash"] == previous
            and fields["hash"] == chain(fields)
        )
        if not fits and first_broken is None:
            first_broken = int(fields["number"])
        previous = fields["hash"]
        head_seen = head_seen or previous == head
    if not head_seen and first_broken is None:
        first_broken = entries + 1
    return Proof(entries, first_broken, previous)


def of_site(connection: Connection, site_id: int) -> tuple[LogLine, ...]:
    rows = connection.execute(
        select(activity_log).where(activity_log.c.site_id == site_id).order_by(activity_log.c.number)
    )
    return tuple(
        LogLine(row.number, row.at, row.person, row.position, row.seat, row.act, row.text) for row in rows
    )
