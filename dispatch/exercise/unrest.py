"""Changes made on purpose while callers read: they are in the ledger, and so in /truth."""

from __future__ import annotations

from random import Random

from dispatch.exercise.georeport_bends import is_bent
from dispatch.exercise.office import Office
from dispatch.exercise.script import MINUTE_MS, Kind, Person, Step

TOUCHED = 2
RESIDENT = Person(3_100_001, "St. Petersburg Neighbor", "Registered User")
WORDS = "Came in while somebody read the list."
STILL_THERE, CLEARED = "It is still there.", "Looked at again, and done."
CLOSED_AGAIN_AFTER_MS = MINUTE_MS


class Unrest:
    def __init__(self, office: Office) -> None:
        self._office = office
        self._ledger = office.ledger
        self._random = Random(311)

    def shift(self) -> None:
        """Between two readings some rows are touched and one comes in: every order of a list moves."""
        self._office.go_on()
        count = self._ledger.rows("SELECT count(*) FROM issue")[0][0]
        for _ in range(min(TOUCHED, count)):
            place = self._random.randrange(count)
            [(number,)] = self._ledger.rows("SELECT id FROM issue ORDER BY id LIMIT 1 OFFSET ?", (place,))
            if issue := self._ledger.issue(number):
                self._ledger.take(issue, Step(self._office.stamp, Kind.TOUCH))
        types = self._ledger.storm.types
        self._office.report(
            summary="",
            description=WORDS,
            address="",
            lat=None,
            lng=None,
            request_type=self._random.choice(types) if types else None,
            reporter=RESIDENT,
        )

    def reopen(self) -> None:
        """Q64: residents take up some of what was closed; the city closes it again."""
        self._office.go_on()
        for (number,) in self._ledger.rows("SELECT id FROM issue WHERE status = 'Closed' ORDER BY id"):
            issue = self._ledger.issue(number)
            if issue is None or not is_bent(number, "Q64"):
                continue
            at = self._office.stamp
            self._ledger.take(issue, Step(at, Kind.OPEN, STILL_THERE, RESIDENT))
            again = Step(at + CLOSED_AGAIN_AFTER_MS, Kind.CLOSE, CLEARED, self._ledger.storm.office)
            self._ledger.take_later(number, again)
