"""What the city can tell residents now: shelters with room, closures, numbers. Typed in, never guessed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dispatch.errors import ActRefused
from dispatch.geo.layers import credit_of, read_places
from dispatch.jurisdiction import Jurisdiction
from dispatch.records import (
    Actor,
    Changes,
    CityFactDraft,
    CityFacts,
    FactKind,
    ListedShelter,
    Millis,
    ShelterState,
)
from dispatch.store import city_facts
from dispatch.store.store import Store

MOST_CHARS = 200
MOST_ROOM = 100_000

# As the log says it.
KINDS = {FactKind.SHELTER: "shelter", FactKind.CLOSURE: "closure", FactKind.NUMBER: "number to give"}


class CityFactDesk:
    """`shelters_file` is the map's layer of them; `now` is the storm's time."""

    def __init__(
        self,
        *,
        store: Store,
        actor: Callable[[], Actor],
        now: Callable[[], Millis],
        jurisdiction: Jurisdiction,
        shelters_file: Path,
    ) -> None:
        self._store = store
        self._actor = actor
        self._now = now
        self._jurisdiction = jurisdiction
        self._file = shelters_file
        self._listed: tuple[ListedShelter, ...] | None = None

    def facts(self) -> CityFacts:
        with self._store.reading() as connection:
            said = city_facts.standing(connection, self._actor().activation_id)
        return CityFacts(self._shelters(), self._jurisdiction.numbers, said)

    def keep(self, said: CityFactDraft) -> Changes:
        """What was said of it before stands in the table still, and no longer in the list."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("city_fact")
            _must_be_whole(said, tx.now)
            fact_id = city_facts.add(tx, said)
            # A road, a shelter, a number: no resident's words, but a person typed them: they stay out too.
            detail = {"before": None, "after": {"city_fact": fact_id}, "undo": {"city_fact": fact_id}}
            tx.log("city_fact", f"{KINDS[said.kind]} kept for residents", detail=detail)
        return tx.changes

    def gone(self, fact_id: str) -> Changes:
        """It holds no longer: the road is open, the shelter off the list."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("city_fact_gone")
            standing = city_facts.standing(tx.connection, tx.actor.activation_id)
            found = next((each for each in standing if each.fact_id == fact_id), None)
            if found is None:
                raise ActRefused("Somebody has said something newer of it since.")
            new_id = city_facts.add(tx, found.said, is_gone=True)
            detail = {
                "before": {"city_fact": fact_id},
                "after": {"city_fact": new_id},
                "undo": {"city_fact": new_id},
            }
            tx.log("city_fact_gone", f"{KINDS[found.said.kind]} holds no longer", detail=detail)
        return tx.changes

    def _shelters(self) -> tuple[ListedShelter, ...]:
        if self._listed is None:
            self._listed = _read(self._file) if self._file.exists() else ()
        return self._listed


def _must_be_whole(said: CityFactDraft, now: Millis) -> None:
    if not said.name.strip():
        raise ActRefused("Say what it is: the shelter, the road, whose number.")
    if said.kind is FactKind.SHELTER and said.value not in tuple(ShelterState):
        raise ActRefused("Say whether the shelter is open, full or closed.")
    if said.kind is not FactKind.SHELTER and not said.value.strip():
        what = "the number" if said.kind is FactKind.NUMBER else "what is closed"
        raise ActRefused(f"Type {what}.")
    if said.room is not None and not 0 <= said.room <= MOST_ROOM:
        raise ActRefused(f"Room left is 0 to {MOST_ROOM:,} people.")
    if said.room and said.value != ShelterState.OPEN:
        raise ActRefused("A shelter that is full or closed has no room: leave it empty.")
    if said.kind is FactKind.CLOSURE and not said.source.strip():
        raise ActRefused("Say who closed it: residents are told nothing that nobody stands for.")
    if said.until_at and said.until_at <= now:
        raise ActRefused("It would be over already: type a later time, or none.")
    if any(len(each) > MOST_CHARS for each in (said.name, said.value, said.note, said.source)):
        raise ActRefused(f"A field holds at most {MOST_CHARS} signs.")


def _read(path: Path) -> tuple[ListedShelter, ...]:
    places, credit = read_places(path), credit_of(path)
    found = [
        ListedShelter(
            name=str(each.get("name", "")),
            kind=str(each.get("kind", "")),
            address=str(each.get("address", "")),
            spaces=int(each.get("spaces") or 0),
            source=" ".join(filter(None, (credit and f"{credit}.", places.note))),
        )
        for each in places.properties
    ]
    return tuple(sorted((each for each in found if each.name), key=lambda each: each.name))
