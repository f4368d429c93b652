"""What heads a snapshot, and its versions: kept, reviewed, published; each act one transaction.

A snapshot is frozen when it is published; a correction is a version of its own with what changed
(`domain.md` section 10). What was reviewed cannot be changed, so that it is what is published.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from dispatch.errors import ActRefused, NotAllowed, SnapshotBroken
from dispatch.records import Actor, Changes, KeptVersion, Millis, Signed, StormFacts, VersionState
from dispatch.rights import why_not
from dispatch.snapshot.asked import Asked
from dispatch.store import forms, snapshot_versions, storm_facts
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction

if TYPE_CHECKING:
    from dispatch.snapshot.pa_costs import PaCosts
    from dispatch.snapshot.records import Snapshot

MOST_CHARS = 200
TRIES = 5
WORKING, REVIEWED, PUBLISHED, DISCARDED = VersionState
# Why a step cannot be taken from where a version stands.
NOT_FROM = {
    (WORKING, PUBLISHED): "Nobody has reviewed it yet: have it reviewed first.",
    (REVIEWED, REVIEWED): "It is reviewed already: publish it, or discard it.",
    (PUBLISHED, REVIEWED): "It is published: count again for a new version.",
    (PUBLISHED, PUBLISHED): "It is published already.",
    (PUBLISHED, DISCARDED): "It is published and stays: publish a correction.",
}
IS_DISCARDED = "It is discarded: count again."


# Lists that are never part of a snapshot, as the log says that somebody took one.
LISTS: Mapping[str, str] = {
    "homes_listed": "work list of homes written, for assessors",
    "restricted_listed": "places of restricted sites written",
    "costs_listed": "costs by Public Assistance line written",
    "evidence_listed": "photos of sites packed as evidence",
}


class SnapshotDesk:
    """`now` is the storm's time."""

    def __init__(self, *, store: Store, actor: Callable[[], Actor], now: Callable[[], Millis]) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    # -- what heads it --------------------------------------------------------------------------------

    def facts(self) -> StormFacts:
        with self._store.reading() as connection:
            return storm_facts.standing(connection, self._here())

    def say_facts(self, facts: StormFacts) -> Changes:
        """All six as they are to stand; what stood before is kept."""
        said = _in_one_line(facts)
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("storm_facts")
            before = storm_facts.standing(tx.connection, tx.actor.activation_id)
            changed = [name for name in storm_facts.TEXTS if getattr(before, name) != getattr(said, name)]
            if not changed:
                raise ActRefused("It stands so already: change a line first.")
            number = storm_facts.add(tx, said)
            detail = {
                "before": None,
                "after": {"storm_facts": number, "lines": changed},
                "undo": {"storm_facts": number},
            }
            tx.log("storm_facts", "head of the snapshot entered", detail=detail)
        return tx.changes

    # -- its versions ---------------------------------------------------------------------------------

    def versions(self) -> tuple[KeptVersion, ...]:
        """Without their rows, the newest first."""
        with self._store.reading() as connection:
            return snapshot_versions.every(connection, self._here())

    def snapshot(self, version_id: str) -> Snapshot:
        """A published one as it was frozen; any other with what changed since the one whose place it would
        take now. Raises SnapshotBroken where it cannot be read."""
        with self._store.reading() as connection:
            kept = _found(snapshot_versions.get(connection, self._here(), version_id))
        found = self._read(kept)
        if kept.state is PUBLISHED:
            return found
        from dispatch.snapshot.versions import asked_of

        return self.compared(found, asked_of(kept))

    def compared(self, found: Snapshot, asked: Asked) -> Snapshot:
        """What was just counted, with what changed since the published one whose place it would take."""
        from dispatch.snapshot.versions import against

        return against(found, self._replaced(asked)[1])

    def keep(self, content: bytes, asked: Asked, why: str = "") -> Changes:
        """A working copy of what was counted for `asked` and frozen; `why` says what it corrects. Raises
        SnapshotBroken where it is not that; ActRefused where this person has one of the same already."""
        from dispatch.snapshot.frozen import freeze
        from dispatch.snapshot.versions import checked

        why = " ".join(why.split())
        if len(why) > MOST_CHARS:
            raise ActRefused(f"Why it is made has room for {MOST_CHARS} signs: say it shorter.")
        with self._store.reading() as connection:
            storm = forms.incident(connection, self._here())
        found = checked(content, asked, storm.name, is_exercise=storm.is_exercise)
        frozen = freeze(found)
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("snapshot_kept")
            kept = KeptVersion(
                version_id=str(uuid4()),
                state=WORKING,
                number=0,
                replaces=0,
                from_at=asked.from_at,
                to_at=asked.to_at,
                area=asked.wanted.area,
                only_storm=asked.wanted.only_storm,
                digest=found.version,
                reports=len(found.reports),
                sites=len(found.sites),
                why=why,
                made=_signed(tx),
            )
            _must_be_the_only_one(tx, kept)
            snapshot_versions.add(tx, kept, frozen)
            _log(tx, "snapshot_kept", kept, "kept as a working copy")
        return tx.changes

    def review(self, version_id: str) -> Changes:
        """Somebody stands for what it says. Who made it may, where nobody else is there; it says so then."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("snapshot_reviewed")
            kept = self._standing(tx, version_id, REVIEWED)
            by = _signed(tx)
            snapshot_versions.review(tx, version_id, by)
            _log(tx, "snapshot_reviewed", replace(kept, state=REVIEWED, reviewed=by), "reviewed", kept)
        return tx.changes

    def publish(self, version_id: str) -> Changes:
        """The next number, frozen with what changed since the version it replaces. That is made ready before
        the database is held, and once more where another seat has published meanwhile."""
        if no := why_not(self._actor().role, "snapshot_published"):
            raise NotAllowed(no)
        for _ in range(TRIES):
            last, seen, kept, frozen = self._made_ready(version_id)
            with self._store.transaction(self._actor()) as tx:
                tx.must_be_allowed("snapshot_published")
                is_so_still = self._standing(tx, version_id, PUBLISHED) == seen
                if is_so_still and snapshot_versions.last_number(tx.connection, self._here()) == last:
                    snapshot_versions.publish(tx, kept, frozen)
                    _log(tx, "snapshot_published", kept, f"version {kept.number} published", seen)
            if tx.changes.number:
                return tx.changes
        raise ActRefused("Others are publishing at this moment: publish it again.")

    def discard(self, version_id: str) -> Changes:
        """It stays in the list, and goes no further."""
        with self._store.transaction(self._actor()) as tx:
            kept = self._standing(tx, version_id, DISCARDED)
            act = "snapshot_withdrawn" if kept.state is REVIEWED else "snapshot_discarded"
            tx.must_be_allowed(act)
            snapshot_versions.discard(tx, version_id)
            _log(tx, act, replace(kept, state=DISCARDED), "discarded", kept)
        return tx.changes

    def costs(self) -> PaCosts:
        """What work cost by Public Assistance line, of crews' results that stand."""
        from dispatch.snapshot.pa_costs import make_pa_costs
        from dispatch.triage.categories import load_categories

        return make_pa_costs(self._store, load_categories())

    # -- what is handed out -----------------------------------------------------------------------------

    def exported(self, digest: str, formats: Sequence[str]) -> Changes:
        """Said before the files are written: whoever looks later finds who gave out what."""
        detail = {"before": None, "after": {"digest": digest, "formats": list(formats)}}
        return self._handed_out("snapshot_exported", f"snapshot exported ({', '.join(formats)})", detail)

    def listed(self, act: str, asked: Asked) -> Changes:
        """The same of a list with addresses: `homes_listed` for assessors, `restricted_listed` for whoever
        goes to restricted sites, `costs_listed`, `evidence_listed` for the photos."""
        span = {"from": asked.from_at, "to": asked.to_at, "area": asked.wanted.area}
        return self._handed_out(act, LISTS[act], {"before": None, "after": span})

    def _handed_out(self, act: str, words: str, detail: dict[str, Any]) -> Changes:
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed(act)
            tx.log(act, words, detail=detail)
        return tx.changes

    # -- inside ---------------------------------------------------------------------------------------

    def _here(self) -> str:
        return self._actor().activation_id

    def _made_ready(self, version_id: str) -> tuple[int, KeptVersion, KeptVersion, bytes]:
        """The last number there is, the version as it stands, as it will, and what it will hold."""
        from dispatch.snapshot.frozen import freeze
        from dispatch.snapshot.versions import asked_of, published_as

        with self._store.reading() as connection:
            last = snapshot_versions.last_number(connection, self._here())
            seen = _found(snapshot_versions.get(connection, self._here(), version_id))
        _must_stand_before(seen, PUBLISHED)
        found = self._read(seen)
        replaced, before = self._replaced(asked_of(seen))
        by = Signed(self._actor().person, self._actor().position, self._now())
        number = replaced.number if replaced else 0
        kept = replace(seen, state=PUBLISHED, number=last + 1, replaces=number, published=by)
        return last, seen, kept, freeze(published_as(kept, found, before))

    def _replaced(self, asked: Asked) -> tuple[KeptVersion | None, Snapshot | None]:
        """Whose place a count takes, without and with its rows."""
        from dispatch.snapshot.versions import replaced_by

        with self._store.reading() as connection:
            found = replaced_by(asked, snapshot_versions.published(connection, self._here()))
        return found, None if found is None else self._read(found)

    def _read(self, kept: KeptVersion) -> Snapshot:
        from dispatch.snapshot.frozen import thaw

        with self._store.reading() as connection:
            content = snapshot_versions.content(connection, kept.version_id)
        if not content:
            raise ActRefused("Its rows are not shown to this login: ask at a seat of the queue.")
        found = thaw(content)
        if found.version != kept.digest:
            raise SnapshotBroken("This snapshot is not the one that was kept: take the files published.")
        return found

    def _standing(self, tx: Transaction, version_id: str, to: VersionState) -> KeptVersion:
        kept = _found(snapshot_versions.get(tx.connection, self._here(), version_id))
        _must_stand_before(kept, to)
        return kept


def _found(kept: KeptVersion | None) -> KeptVersion:
    if kept is None:
        raise ActRefused("There is no such version: look at the list again.")
    return kept


def _must_stand_before(kept: KeptVersion, to: VersionState) -> None:
    if kept.state is DISCARDED:
        raise ActRefused(IS_DISCARDED)
    if no := NOT_FROM.get((kept.state, to)):
        raise ActRefused(no)


def _must_be_the_only_one(tx: Transaction, new: KeptVersion) -> None:
    """Of one person and period: a second would leave open which of the two is meant."""
    for each in snapshot_versions.every(tx.connection, tx.actor.activation_id):
        is_alike = (each.from_at, each.to_at, each.area, each.only_storm) == (
            *(new.from_at, new.to_at, new.area, new.only_storm),
        )
        if each.state is WORKING and is_alike and each.made.person == new.made.person:
            raise ActRefused("You have a working copy of this period already: discard that one first.")


def _signed(tx: Transaction) -> Signed:
    return Signed(tx.actor.person, tx.actor.position, tx.now)


def _log(tx: Transaction, act: str, kept: KeptVersion, words: str, before: KeptVersion | None = None) -> None:
    """By number and digest: nobody's words."""
    after = {
        "state": kept.state.value,
        "number": kept.number,
        "replaces": kept.replaces,
        "digest": kept.digest,
        "reports": kept.reports,
        "sites": kept.sites,
    }
    was = {"state": before.state.value} if before else None
    tx.log(act, f"snapshot {words}", subject=kept.version_id, detail={"before": was, "after": after})


def _in_one_line(facts: StormFacts) -> StormFacts:
    """A line each on paper: what was typed over several becomes one."""
    texts: dict[str, str] = {name: " ".join(getattr(facts, name).split()) for name in storm_facts.TEXTS}
    if any(len(words) > MOST_CHARS for words in texts.values()):
        raise ActRefused(f"A line of the head holds at most {MOST_CHARS} signs: say it shorter.")
    return StormFacts(**texts, said=facts.said)
