"""Setting an alarm aside for a while and bringing it back: with reason and end, for all seats, in the log."""

from __future__ import annotations

from collections.abc import Callable

from dispatch.alarms import OF_NO_SITE, Kind, longest_ms
from dispatch.errors import ActRefused
from dispatch.records import Actor, Band, Changes, Millis, Shelf, ShelfReason, Unreadable
from dispatch.store import shelves, sites
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction

MOST_UNREADABLE = 5
MINUTE_MS = 60_000

# As the log and the forms say it.
KINDS = {
    Kind.UNSEEN_P1: "P1 nobody acted on",
    Kind.REFUSED: "hand-over returned",
    Kind.EXPIRED: "nobody accepted in time",
    Kind.OVERDUE: "hand-over past its time",
    Kind.SYNC_LOST: "sync lost",
    Kind.MISMATCH: "data does not match the 311 server",
}
REASONS = {
    ShelfReason.IN_HAND: "somebody is on it",
    ShelfReason.KNOWN_FAULT: "known fault",
    ShelfReason.FALSE: "wrong alarm",
    ShelfReason.OTHER: "other reason",
}


class AlarmDesk:
    """`wall_now` is real time: people wait by it, also where a storm is played fast."""

    def __init__(self, *, store: Store, actor: Callable[[], Actor], wall_now: Callable[[], Millis]) -> None:
        self._store = store
        self._actor = actor
        self._wall_now = wall_now

    def shelved(self) -> tuple[Shelf, ...]:
        """What is set aside now, the next to come back first."""
        with self._store.reading() as connection:
            return shelves.in_force(connection, self._actor().activation_id, self._wall_now())

    def unreadable(self) -> tuple[Unreadable, ...]:
        """The newest rows of the 311 server that could not be read: to be looked at on its own page."""
        with self._store.reading() as connection:
            return shelves.unreadable(connection, MOST_UNREADABLE)

    def shelve(self, kind: Kind, site_id: int, reason: ShelfReason, minutes: int, note: str = "") -> Changes:
        """Quiet at every seat until its end, and still counted on the line. A P1 that nobody acted on is
        never set aside; another alarm of a P1 for five minutes at most (S5, S14)."""
        if reason is ShelfReason.OTHER and not note.strip():
            raise ActRefused("Write the reason why it is shelved.")
        with self._store.transaction(self._actor()) as tx:
            most = longest_ms(kind, self._band(tx, kind, site_id)) // MINUTE_MS
            if not most:
                raise ActRefused("A P1 that nobody acted on is not shelved: claim it, or set its band.")
            if not 1 <= minutes <= most:
                raise ActRefused(f"This alarm may be shelved for 1 to {most} minutes.")
            now = self._wall_now()
            before = self._found(tx, kind, site_id)
            if before is not None and (before.who, before.seat) != (tx.actor.person, tx.actor.seat):
                left = -(-(before.until - now) // MINUTE_MS)
                raise ActRefused(f"{before.who} has shelved it already, for {left} min more.")
            who, position, seat = tx.actor.person, tx.actor.position, tx.actor.seat
            until = now + minutes * MINUTE_MS
            shelf = Shelf(kind.value, site_id, reason, note.strip(), who, position, seat, now, until)
            shelves.put(tx, shelf)
            tx.log(
                "shelve",
                f"alarm shelved for {minutes} min, {REASONS[reason]}: {KINDS[kind]}",
                site_id=site_id or None,
                subject=kind.value,
                detail={"before": _ends(before), "after": _ends(shelf)},
            )
        return tx.changes

    def bring_back(self, kind: Kind, site_id: int) -> Changes:
        """It calls again at once, if it still has cause to."""
        with self._store.transaction(self._actor()) as tx:
            before = self._found(tx, kind, site_id)
            if before is None:
                raise ActRefused("This alarm is not shelved any more.")
            shelves.drop(tx, kind.value, site_id)
            tx.log(
                "unshelve",
                f"alarm brought back: {KINDS[kind]}",
                site_id=site_id or None,
                subject=kind.value,
                detail={"before": _ends(before), "after": None},
            )
        return tx.changes

    def _found(self, tx: Transaction, kind: Kind, site_id: int) -> Shelf | None:
        found = shelves.in_force(tx.connection, tx.actor.activation_id, self._wall_now())
        return next((each for each in found if (each.kind, each.site_id) == (kind, site_id)), None)

    def _band(self, tx: Transaction, kind: Kind, site_id: int) -> Band | None:
        if kind in OF_NO_SITE:
            return None
        row = sites.row(tx.connection, site_id)
        if row is None:
            raise ActRefused("This site is not there any more.")
        return Band(row.band)


def _ends(shelf: Shelf | None) -> dict[str, object] | None:
    """Reason by its code and times: nobody's words."""
    if shelf is None:
        return None
    return {"reason": shelf.reason.value, "at": shelf.at, "until": shelf.until}
