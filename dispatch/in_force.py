"""The rules that hold now: the city's own, with the storm profile that the store has; one a process."""

from __future__ import annotations

from sqlalchemy import Connection

from dispatch.store import profiles
from dispatch.triage.judge import Judge
from dispatch.triage.profile import CategoryChanges, from_text
from dispatch.triage.rules import Rules
from dispatch.triage.tailored import tailored


class InForce:
    """Keeps `judge` to the profile's newest version. `files` is the print of the lists the city's rules are
    read from."""

    def __init__(self, judge: Judge, *, activation_id: str, files: str = "") -> None:
        self.judge = judge
        self.city_rules: Rules = judge.rules
        self.version = 0
        self.changes: CategoryChanges = {}
        self._activation_id = activation_id
        self._files = files

    @property
    def made_with(self) -> str:
        """What an assessment of now is made with."""
        return f"{self.version}:{self._files}"

    def look(self, connection: Connection) -> bool:
        """Take the newest version; True when it is another one than before."""
        newest = profiles.version(connection, self._activation_id)
        if newest == self.version:
            return False
        self.changes = from_text(profiles.stored(connection, self._activation_id, newest).body)
        self.judge.rules = self.with_changes(self.changes)
        self.version = newest
        return True

    def with_changes(self, changes: CategoryChanges) -> Rules:
        return tailored(self.city_rules, changes)
