"""Outreach: what was done to hear a neighborhood. Corrected by a further entry, never written over."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from dispatch.errors import ActRefused
from dispatch.records import Actor, Changes, Material, Millis, Outreach, OutreachDraft, OutreachKind, Voices
from dispatch.store import outreach
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction

DAY_MS = 24 * 3_600_000
MOST_CHARS = 500
MOST_PEOPLE = 100_000

# As the log says it.
KINDS = {
    OutreachKind.EXPO: "expo",
    OutreachKind.DRIVE_THROUGH: "drive-through",
    OutreachKind.MEETING: "meeting",
    OutreachKind.DOOR: "door to door",
    OutreachKind.PHONE: "phone",
}
_PIECE = re.compile(r"^(?P<language>[^\d,;:]*[^\d,;:\s])\s*:?\s*(?P<count>\d{1,6})$")


class OutreachDesk:
    """`now` is the storm's time."""

    def __init__(self, *, store: Store, actor: Callable[[], Actor], now: Callable[[], Millis]) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    def entries(self) -> tuple[Outreach, ...]:
        """As they stand, the newest first."""
        with self._store.reading() as connection:
            return outreach.entries(connection, self._actor().activation_id)

    def around(self, areas: Collection[str], at: Millis, days: int) -> tuple[Voices | None, Voices | None]:
        """What was heard in so many days before and after a time. None before: the store's reports do not go
        back so far; None after: the days are not over."""
        span = days * DAY_MS
        with self._store.reading() as connection:
            first = outreach.first_report_at(connection)
            before = after = None
            if first is not None and first <= at - span:
                before = outreach.heard(connection, areas, at - span, at)
            if self._now() >= at + span:
                after = outreach.heard(connection, areas, at, at + span)
        return before, after

    def record(self, said: OutreachDraft) -> Changes:
        with self._store.transaction(self._actor()) as tx:
            self._must_be_whole(said, tx.now)
            outreach_id = outreach.add(tx, said)
            self._log(tx, "outreach", f"outreach recorded: {_named(said)}", None, outreach_id)
        return tx.changes

    def correct(self, outreach_id: str, said: OutreachDraft) -> Changes:
        """The earlier entry stays in the log; the list shows this one in its place."""
        with self._store.transaction(self._actor()) as tx:
            self._must_be_whole(said, tx.now)
            self._standing(tx, outreach_id)
            new_id = outreach.add(tx, said, corrects=outreach_id)
            self._log(tx, "outreach_corrected", f"outreach corrected: {_named(said)}", outreach_id, new_id)
        return tx.changes

    def take_back(self, outreach_id: str) -> Changes:
        """It was never so: it leaves the list, and what it had corrected stands again."""
        with self._store.transaction(self._actor()) as tx:
            said = self._standing(tx, outreach_id).said
            outreach.take_back(tx, outreach_id)
            detail = {"before": {"outreach": outreach_id}, "after": None}
            tx.log("outreach_taken_back", f"outreach taken back: {_named(said)}", detail=detail)
        return tx.changes

    def _standing(self, tx: Transaction, outreach_id: str) -> Outreach:
        found = outreach.entries(tx.connection, tx.actor.activation_id)
        entry = next((each for each in found if each.outreach_id == outreach_id), None)
        if entry is None:
            raise ActRefused("Somebody has corrected or taken back this entry since you opened it.")
        return entry

    def _log(self, tx: Transaction, act: str, words: str, before: str | None, after: str) -> None:
        """By its id: who was met and what was said stays out of the log."""
        detail = {
            "before": before and {"outreach": before},
            "after": {"outreach": after},
            "undo": {"outreach": after},
        }
        tx.log(act, words, detail=detail)

    def _must_be_whole(self, said: OutreachDraft, now: Millis) -> None:
        if said.at > now + DAY_MS:
            raise ActRefused("An outreach is entered when it is done, or on the day it is planned for.")
        if said.reached is not None and not 0 <= said.reached <= MOST_PEOPLE:
            raise ActRefused(f"People reached are 0 to {MOST_PEOPLE:,}.")
        if said.due_at and not said.next_step.strip():
            raise ActRefused("Say what the next step is that has this time.")
        words = (said.place, said.partner, said.owner, said.next_step, said.note)
        if any(len(each) > MOST_CHARS for each in words):
            raise ActRefused(f"A field holds at most {MOST_CHARS} signs.")


def materials_of(text: str) -> tuple[Material, ...]:
    """`English 200, Spanish 120`. Raises ActRefused for what cannot be read so."""
    found = []
    for piece in filter(None, (each.strip() for each in re.split(r"[,;\n]", text))):
        if (match := _PIECE.match(piece)) is None:
            raise ActRefused(f"Write materials like “English 200, Spanish 120”: “{piece}” is not clear.")
        found.append(Material(match["language"].strip(), int(match["count"])))
    return tuple(found)


def _named(said: OutreachDraft) -> str:
    return f"{KINDS[said.kind]}, {said.area or 'outside every area'}"
