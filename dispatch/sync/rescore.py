"""Scoring anew what is stored, after the profile or a list has changed: in the background, newest first."""

from __future__ import annotations

from dispatch.in_force import InForce
from dispatch.records import Actor, Changes
from dispatch.store import mirror, own_places, profiles, sites
from dispatch.store.profiles import Rescoring
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.triage.profile import from_text

# Reports a step: an operator's act waits for one at most.
STEP = 300


class Rescore:
    """Works on the store lane of whoever syncs; the store knows how far it is, so that a restart goes on."""

    def __init__(self, *, store: Store, in_force: InForce, actor: Actor) -> None:
        self._store = store
        self._in_force = in_force
        self._actor = actor

    def begin(self) -> None:
        """In an empty store there is nothing to do: what comes in is scored as it comes."""
        with self._store.transaction(self._actor, durable=False) as tx:
            self._in_force.look(tx.connection)
            if profiles.past_every_key(tx.connection) == 1:
                profiles.note_rescoring(tx, Rescoring(self._in_force.made_with))

    def step(self) -> tuple[Changes, bool]:
        """One piece of it, and whether there is more to do."""
        with self._store.reading() as connection:
            self._in_force.look(connection)
            noted = profiles.rescoring_of(connection, self._actor.activation_id)
            if noted and noted.made_with == self._in_force.made_with and not noted.below_key:
                return Changes(), False
        with self._store.transaction(self._actor, durable=False) as tx:
            self._in_force.look(tx.connection)
            noted = self._wanted(tx)
            below_key = self._score(tx, noted) if noted.below_key else 0
            profiles.note_rescoring(
                tx, Rescoring(noted.made_with, below_key, noted.categories if below_key else frozenset())
            )
        return tx.changes, bool(below_key)

    def _wanted(self, tx: Transaction) -> Rescoring:
        """What is to be done from here: the rest, or all that another profile or other lists concern."""
        noted = profiles.rescoring_of(tx.connection, self._actor.activation_id)
        made_with = self._in_force.made_with
        if noted is not None and noted.made_with == made_with:
            return noted
        whole = Rescoring(made_with, profiles.past_every_key(tx.connection))
        if noted is None:
            return whole
        old_version, _, old_files = noted.made_with.partition(":")
        is_whole = old_files != made_with.partition(":")[2] or (noted.below_key and not noted.categories)
        if is_whole:
            return whole
        concerned = self._concerned(tx, int(old_version)) | noted.categories
        return Rescoring(made_with, whole.below_key if concerned else 0, concerned)

    def _concerned(self, tx: Transaction, old_version: int) -> frozenset[str]:
        """The categories that two versions of the profile see differently."""
        old = from_text(profiles.stored(tx.connection, self._actor.activation_id, old_version).body)
        new = self._in_force.changes
        return frozenset(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))

    def _score(self, tx: Transaction, noted: Rescoring) -> int:
        """Below which key the rest begins, 0 when there is none."""
        found = profiles.next_to_rescore(tx.connection, noted.below_key, noted.categories, STEP)
        if not found:
            return 0
        keys, judge = {key for key, _ in found}, self._in_force.judge
        members = sites.members(tx.connection, {site_id for _, site_id in found})
        threads = mirror.thread(tx.connection, keys)
        anew = {
            key: judge.assess(request, later=mirror.said_later(threads[key]))
            for reports in members.values()
            for key, request, _ in reports
            if key in keys
        }
        owns = own_places.of_sites(tx.connection, members)
        sites.save_assessments(tx, list(anew.items()))
        for site_id, reports in members.items():
            now = [(key, request, anew.get(key, known)) for key, request, known in reports]
            sites.rescore(tx, site_id, judge.summarize(now, owns.get(site_id)))
        return min(keys) if len(found) == STEP else 0
