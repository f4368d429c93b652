"""Who sits at this seat and in which position: kept for the next start; acts from now on are theirs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dispatch import settings as seat_settings
from dispatch.errors import ActRefused
from dispatch.jurisdiction import Jurisdiction
from dispatch.positions import positions_of
from dispatch.records import Actor, Changes, Person, Role
from dispatch.store.store import Store

MOST_CHARS = 60


class SeatDesk:
    def __init__(self, *, store: Store, folder: Path, jurisdiction: Jurisdiction, actor: Actor) -> None:
        """`folder` is the data folder; `actor` who the settings say sits here."""
        self._store = store
        self._folder = folder
        self._jurisdiction = jurisdiction
        self._actor = actor
        self._signed_in: Person | None = None

    def actor(self) -> Actor:
        return self._actor

    @property
    def signed_in(self) -> Person | None:
        """None where nobody has set up who may sign in."""
        return self._signed_in

    def sign_in(self, who: Person, position: str) -> Changes:
        """From now on acts carry this person, position and role; the line is the new person's.

        The position is offered again at the next start. ActRefused for one that is not of the list.
        """
        if position not in self.positions():
            raise ActRefused("Choose a position of the list.")
        before, now = self._actor, replace(self._actor, person=who.name, position=position, role=who.role)
        if who.role is Role.VIEWER and not self._store.is_sqlite:
            # A shared database lets who only looks on write nothing, no line of the log either.
            seat_settings.keep(self._folder, position=position)
            self._actor, self._signed_in = now, who
            return Changes()
        left = f" (before: {before.person}, {before.position})" if self._signed_in else ""
        with self._store.transaction(now) as tx:
            tx.log(
                "signed_in",
                f"signed in: {who.name}, {position}, {who.role.value}{left}",
                subject=now.seat,
                detail={
                    "before": {"person": before.person, "position": before.position},
                    "after": {"person": who.name, "position": position, "role": who.role.value},
                },
            )
            tx.others.add("seat")
            seat_settings.keep(self._folder, position=position)
        self._actor, self._signed_in = now, who
        return tx.changes

    def positions(self) -> tuple[str, ...]:
        """Those there are, the one of now among them wherever it came from."""
        return positions_of(self._jurisdiction, self._actor.position)

    def sit(self, person: str, position: str) -> Changes:
        """From now on acts, forms and log lines carry this name and position; older ones keep theirs.

        The line is the new person's, as the first of theirs. ActRefused for what is no name or position;
        SettingsBroken where it cannot be kept: nothing is changed then.
        """
        person, position = " ".join(person.split()), " ".join(position.split())
        if self._signed_in and person != self._signed_in.name:
            raise ActRefused("Somebody else signs in with their own name and password.")
        if no := why_not(person):
            raise ActRefused(no)
        if position not in self.positions():
            raise ActRefused("Choose a position of the list.")
        before, now = self._actor, replace(self._actor, person=person, position=position)
        with self._store.transaction(now) as tx:
            tx.log(
                "seat_taken",
                f"seat taken: {person}, {position} (before: {before.person}, {before.position})",
                subject=now.seat,
                detail={
                    "before": {"person": before.person, "position": before.position},
                    "after": {"person": person, "position": position},
                },
            )
            tx.others.add("seat")
            # The last step: what cannot be kept is not logged either.
            seat_settings.keep(self._folder, person=person, position=position)
        self._actor = now
        return tx.changes


def why_not(person: str) -> str:
    """Why this cannot be somebody's name in the log, in a sentence; empty where it can."""
    if not person.strip():
        return "Write who sits here."
    if len(person) > MOST_CHARS or not person.isprintable():
        return f"A name of at most {MOST_CHARS} plain signs."
    return ""
