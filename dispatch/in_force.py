"""The rules that hold now: the city's own, with the storm profile that the store has; one a process."""

from __future__ import annotations

from sqlalchemy import Connection

from dispatch.residents.templates import Templates, load_templates
from dispatch.store import profiles, templates
from dispatch.triage.judge import Judge
from dispatch.triage.profile import CategoryChanges, from_text
from dispatch.triage.rules import Rules
from dispatch.triage.surroundings import Surroundings
from dispatch.triage.tailored import tailored


class InForce:
    """Keeps `judge` to the profile's newest version and to the imported zones. `files` is the print of the
    lists the city's rules are read from, `city` whose texts to residents hold."""

    def __init__(
        self,
        judge: Judge,
        *,
        activation_id: str,
        files: str = "",
        surroundings: Surroundings | None = None,
        city: str = "",
    ) -> None:
        self.judge = judge
        self.city_rules: Rules = judge.rules
        self.version = 0
        self.changes: CategoryChanges = {}
        self._activation_id = activation_id
        self._files = files
        self._surroundings = surroundings
        self._city = city

    def templates(self, connection: Connection) -> Templates:
        """The texts to residents, with the city's own versions of them."""
        return load_templates(self._city).with_versions(templates.newest(connection))

    @property
    def made_with(self) -> str:
        """What an assessment of now is made with."""
        zones = self._surroundings.print if self._surroundings else ""
        return f"{self.version}:{self._files}{zones}"

    def look(self, connection: Connection) -> bool:
        """Take the newest version; True when it is another one than before, or places lie in other zones."""
        is_elsewhere = self._look_around()
        newest = profiles.version(connection, self._activation_id)
        if newest == self.version:
            return is_elsewhere
        self.changes = from_text(profiles.stored(connection, self._activation_id, newest).body)
        self.judge.rules = self.with_changes(self.changes)
        self.version = newest
        return True

    def _look_around(self) -> bool:
        if self._surroundings is None or not self._surroundings.look():
            return False
        self.judge.look_around(self._surroundings.context)
        return True

    def with_changes(self, changes: CategoryChanges) -> Rules:
        return tailored(self.city_rules, changes)
