"""What heads a snapshot, and its versions: kept, reviewed, published; each act one transaction."""

from __future__ import annotations

from collections.abc import Callable

from dispatch.errors import ActRefused
from dispatch.records import Actor, Changes, Millis, StormFacts
from dispatch.store import storm_facts
from dispatch.store.store import Store

MOST_CHARS = 200


class SnapshotDesk:
    """`now` is the storm's time."""

    def __init__(self, *, store: Store, actor: Callable[[], Actor], now: Callable[[], Millis]) -> None:
        self._store = store
        self._actor = actor
        self._now = now

    # -- what heads it --------------------------------------------------------------------------------

    def facts(self) -> StormFacts:
        with self._store.reading() as connection:
            return storm_facts.standing(connection, self._actor().activation_id)

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


def _in_one_line(facts: StormFacts) -> StormFacts:
    """A line each on paper: what was typed over several becomes one."""
    texts: dict[str, str] = {name: " ".join(getattr(facts, name).split()) for name in storm_facts.TEXTS}
    if any(len(words) > MOST_CHARS for words in texts.values()):
        raise ActRefused(f"A line of the head holds at most {MOST_CHARS} signs: say it shorter.")
    return StormFacts(**texts, said=facts.said)
