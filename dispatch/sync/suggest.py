"""Looking what each new report may repeat, after it is on the board: proposals for an operator (S10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from dispatch.in_force import InForce
from dispatch.records import Actor, Changes, Flag, Millis
from dispatch.store import sites, suggestions
from dispatch.store.store import Store
from dispatch.store.suggestions import Compared, Found
from dispatch.triage.compared import HOUR_MS, report_of
from dispatch.triage.duplicates import DuplicateIndex
from dispatch.triage.families import load_families
from dispatch.triage.score import PERSON

# Reports a step: an operator's act waits for one at most.
STEP, STEP_AT_START = 200, 400
# Less alike than this is not worth a look: at the edge of place, days apart, without a word in common.
LEAST_LIKENESS = -3.0


class Likely(NamedTuple):
    """A new report and an older one that it may repeat, by our keys."""

    key: int
    other_key: int
    likeness: float
    why: str
    is_link: bool


class Suggest:
    """Works on the store lane of whoever syncs. The index is made from the store at the first steps; how far
    it was looked stands in the store, so that a restart proposes nothing twice."""

    def __init__(self, *, store: Store, in_force: InForce, actor: Actor) -> None:
        self._store = store
        self._in_force = in_force
        self._actor = actor
        self._index = DuplicateIndex()
        self._families = load_families()
        # Up to which of our keys the index holds the reports.
        self._indexed_key = 0
        # What is known to be part of a bulk entry.
        self._marked: set[int] = set()

    def step(self) -> tuple[Changes, bool]:
        """One piece of it, and whether there is more to do."""
        with self._store.reading() as connection:
            done_key = suggestions.suggested_key(connection, self._actor.activation_id)
            is_behind = self._indexed_key < done_key
            reports = suggestions.reports(
                connection,
                after=self._indexed_key if is_behind else done_key,
                up_to=done_key if is_behind else None,
                since_at=self._since_at() if is_behind else 0,
                at_most=STEP_AT_START if is_behind else STEP,
            )
        self._index.learn(self._in_force.judge.places.default_pins)
        for each in reports:
            self._add(each)
        if is_behind:
            self._indexed_key = reports[-1].request_key if len(reports) == STEP_AT_START else done_key
            return Changes(), True
        if not reports:
            return Changes(), False
        self._indexed_key = reports[-1].request_key
        return self._propose(reports), len(reports) == STEP

    def _propose(self, reports: list[Compared]) -> Changes:
        likely = list(self._likely(reports))
        bulk = self._bulk(reports)
        keys = sorted({each.key for each in likely} | {each.other_key for each in likely} | bulk)
        with self._store.transaction(self._actor, durable=False) as tx:
            stand_in = suggestions.sites_of(tx.connection, keys)
            suggestions.put(tx, _between_sites(likely, stand_in))
            for site_id in {stand_in[key][0] for key in bulk}:
                sites.set_flags(tx, site_id, add=Flag.BULK)
            suggestions.note_suggested(tx, self._indexed_key)
        self._marked |= bulk
        return tx.changes

    def _since_at(self) -> Millis:
        """Older than the longest window nothing is repeated any more."""
        longest_h = max(category.dup_window_h for category in self._in_force.judge.rules.table)
        return self._store.clock.now() - int(longest_h * HOUR_MS)

    def _add(self, each: Compared) -> None:
        category = self._in_force.judge.rules.table[each.category]
        report = report_of(each.request, category, is_person=PERSON in each.cues, families=self._families)
        self._index.add(replace(report, report_id=str(each.request_key)))

    def _bulk(self, reports: Iterable[Compared]) -> set[int]:
        """Keys of what was entered in one go with these, as far as it is not marked yet."""
        found = (self._index.bulk_of(self._index[str(each.request_key)]) for each in reports)
        return {int(report_id) for ids in found for report_id in ids} - self._marked

    def _likely(self, reports: Iterable[Compared]) -> Iterator[Likely]:
        """Of each new report the older ones it may repeat: of two new ones the later repeats the earlier."""
        for each in reports:
            for found in self._index.candidates(self._index[str(each.request_key)]):
                other_key = int(found.report_id)
                if other_key < each.request_key and found.score >= LEAST_LIKENESS:
                    yield Likely(each.request_key, other_key, found.score, found.why, found.is_link)


def _between_sites(likely: Iterable[Likely], stand_in: dict[int, tuple[int, bool]]) -> Iterator[Found]:
    """Between the sites that the reports stand in by now; what is closed has nothing to repeat."""
    for each in likely:
        (site_id, is_open), (other_id, _) = stand_in[each.key], stand_in[each.other_key]
        if is_open and other_id != site_id:
            yield Found(site_id, other_id, each.likeness, each.why, each.is_link)
