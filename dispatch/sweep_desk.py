"""The acts of area sweeps: planned by who leads the room, told as started and done by whoever hears it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from dispatch.bulk.desk import HOLD_BACK_MS, BulkDesk
from dispatch.bulk.kinds import BulkKind
from dispatch.bulk.order import BulkOrder, Effect
from dispatch.errors import ActRefused
from dispatch.in_force import InForce
from dispatch.records import (
    Actor,
    Changes,
    CloseReason,
    Coverage,
    Millis,
    Place,
    Sweep,
    SweepDraft,
    SweepLine,
    SweepState,
)
from dispatch.site_texts import SiteTexts
from dispatch.store import sweeps
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.sweeps import covered as cover
from dispatch.sweeps.send import send
from dispatch.sweeps.telling import Sending, Telling, sending
from dispatch.sweeps.words import SweepNotice, sweep_notice_words
from dispatch.triage.categories import Category, CategoryTable

HOUR_MS = 3_600_000
LONGEST_MS = 14 * 24 * HOUR_MS
MOST_CHARS = 500
MOST_CORNERS = 2_000
NO_SITE = "It covers no site that can be closed now."


class SweepDesk:
    """`now` is the storm's time, `wall_now` is real time, by which messages wait to leave. What a sweep
    closes it closes by `bulk`, under every rule of that."""

    def __init__(
        self,
        *,
        store: Store,
        in_force: InForce,
        bulk: BulkDesk,
        actor: Callable[[], Actor],
        now: Callable[[], Millis],
        zone: tzinfo,
        is_exercise: bool,
        wall_now: Callable[[], Millis],
        texts: SiteTexts,
    ) -> None:
        self._store = store
        self._in_force = in_force
        self._bulk = bulk
        self._actor = actor
        self._now = now
        self._zone = zone
        self._is_exercise = is_exercise
        self._wall_now = wall_now
        self._texts = texts

    # -- reading --------------------------------------------------------------------------------------

    def entries(self) -> tuple[Sweep, ...]:
        """As they stand: those that still come first."""
        with self._store.reading() as connection:
            return sweeps.every(connection, self._actor().activation_id)

    def lines(self) -> tuple[SweepLine, ...]:
        """All of them with what each covers now, as the list shows them."""
        activation_id = self._actor().activation_id
        with self._store.reading() as connection:
            found = sweeps.every(connection, activation_id)
            told = sweeps.tally(connection, [each.sweep_id for each in found])
            closed = sweeps.closed_as(connection, activation_id)
            return tuple(
                SweepLine(
                    each,
                    cover.covered(connection, activation_id, each, table=self._table),
                    told.get(each.sweep_id, 0),
                    closed.get(_note(each), 0),
                )
                for each in found
            )

    def sweepable(self) -> tuple[Category, ...]:
        """The categories that a sweep may cover, in the table's order."""
        return tuple(each for each in self._table if cover.may_cover(each))

    def coverage(self, sweep_id: str) -> Coverage:
        """What it covers now. ActRefused where there is no such sweep."""
        with self._store.reading() as connection:
            sweep = self._found(sweeps.get(connection, self._actor().activation_id, sweep_id))
            return cover.covered(connection, self._actor().activation_id, sweep, table=self._table)

    def would_cover(self, said: SweepDraft) -> Coverage:
        """The same of one that is still being planned."""
        with self._store.reading() as connection:
            return cover.covered_by(connection, self._actor().activation_id, said, table=self._table)

    def of_sites(self) -> Mapping[int, Sweep]:
        """Every open site that a planned or running sweep covers, with the one that comes first."""
        with self._store.reading() as connection:
            return self.swept(connection)

    def swept(self, connection: Any) -> Mapping[int, Sweep]:
        """The same as a transaction sees them."""
        found: dict[int, Sweep] = {}
        activation_id = self._actor().activation_id
        for sweep in sweeps.every(connection, activation_id):
            if sweep.state.is_open:
                for site_id in cover.covered(connection, activation_id, sweep, table=self._table).sites:
                    found.setdefault(site_id, sweep)
        return found

    def sweep_for(self, site_id: int) -> Sweep | None:
        """The sweep that reaches a site, by whose end residents may be told a time; None where none does."""
        return self.of_sites().get(site_id)

    def running_at(self, place: Place | None, category: str, now: Millis, area: str = "") -> Sweep | None:
        """The running sweep that a new report of this category would fall into, so that its resident can be
        told no single report is needed; `area` is the place's neighborhood, where it is known already.

        Only what the sweep's own words say: whether the report's site may be swept (band, wire, people) is
        `sweep_for`'s to say, and nothing is sent by itself before that was asked."""
        with self._store.reading() as connection:
            running = [
                each
                for each in sweeps.every(connection, self._actor().activation_id)
                if each.state is SweepState.RUNNING and now < each.said.until_at
            ]
        area = area or (self._in_force.judge.area_of(place) if place is not None and running else "")
        return next(
            (
                each
                for each in running
                if category in cover.keys_of(each.said, self._table)
                and cover.holds(each.said.area, place, area)
            ),
            None,
        )

    def notice_words(self, sweep: Sweep) -> SweepNotice:
        """A draft for the city's notices; it is written, approved and published there."""
        return sweep_notice_words(
            sweep.said, zone=self._zone, label=self._label, is_exercise=self._is_exercise
        )

    # -- acts -----------------------------------------------------------------------------------------

    def plan(self, said: SweepDraft) -> Changes:
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("sweep_planned")
            self._must_be_whole(said, tx.now)
            made = sweeps.add(tx, said)
            self._log(tx, "sweep_planned", f"{made.label} planned: {said.area.name}", None, made)
        return tx.changes

    def change(self, sweep_id: str, version: int, said: SweepDraft) -> Changes:
        """`version` is what the person saw; what another has changed since is theirs."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("sweep_changed")
            before = self._as_seen(tx, sweep_id, version)
            if not before.state.is_open:
                raise ActRefused(f"{before.label} is {before.state.value}: plan a new one.")
            self._must_be_whole(said, tx.now)
            after = sweeps.change(tx, before, before.state, said)
            words = f"{before.label} changed: {said.area.name}"
            self._log(tx, "sweep_changed", words, before, before, after)
        return tx.changes

    def start(self, sweep_id: str, version: int) -> Changes:
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("sweep_started")
            before = self._as_seen(tx, sweep_id, version)
            self._move(tx, before, "sweep_started", "started", SweepState.RUNNING, (SweepState.PLANNED,))
        return tx.changes

    def done(self, sweep_id: str, version: int) -> Changes:
        """The crew has gone through it. What it covered is closed by an act of its own (`close`)."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("sweep_done")
            before = self._as_seen(tx, sweep_id, version)
            self._move(tx, before, "sweep_done", "done", SweepState.DONE, (SweepState.RUNNING,))
        return tx.changes

    def cancel(self, sweep_id: str, version: int) -> Changes:
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("sweep_cancelled")
            before = self._as_seen(tx, sweep_id, version)
            open_ones = (SweepState.PLANNED, SweepState.RUNNING)
            self._move(tx, before, "sweep_cancelled", "cancelled", SweepState.CANCELLED, open_ones)
        return tx.changes

    # -- telling the residents ------------------------------------------------------------------------

    def preview_tell(self, sweep_id: str) -> Telling:
        """Who would get which text now; nothing is written."""
        with self._store.reading() as connection:
            sweep = self._found(sweeps.get(connection, self._actor().activation_id, sweep_id))
            return self._sending(connection, sweep).telling()

    def tell(self, sweep_id: str, site_ids: tuple[int, ...]) -> Telling:
        """Tell the reporters of those of these sites that it covers still, once each; held back for ten
        seconds, and taken back by one undo. A site whose residents were told is told again only when a
        further report has joined it."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("message")
            sweep = self._found(sweeps.get(tx.connection, tx.actor.activation_id, sweep_id))
            if not sweep.state.is_open:
                raise ActRefused(f"{sweep.label} is {sweep.state.value}: nobody is told of it any more.")
            found = self._sending(tx.connection, sweep).only(site_ids)
            if not found.made.rows:
                raise ActRefused(_nobody(found.telling()))
            send(tx, sweep, found, due_at=self._wall_now() + HOLD_BACK_MS)
        return found.telling()

    def _sending(self, connection: Any, sweep: Sweep) -> Sending:
        return sending(
            connection,
            sweep,
            actor=self._actor(),
            in_force=self._in_force,
            texts=self._texts,
        )

    # -- closing what it covered ------------------------------------------------------------------------

    def preview_close(self, sweep_id: str, text: str = "") -> Effect:
        """What `close` would do now; nothing is written."""
        sweep, ids = self._closable(sweep_id)
        return self._bulk.preview(ids, _closing(sweep, text))

    def close(self, sweep_id: str, site_ids: tuple[int, ...], text: str = "") -> Effect:
        """Close those of these sites that it covers still, in one transaction that can be undone. Never a P1
        or P2, nothing with a live wire, nothing that emergency management has."""
        sweep, ids = self._closable(sweep_id)
        still = set(ids)
        if not (ids := [each for each in site_ids if each in still]):
            raise ActRefused(NO_SITE)
        return self._bulk.act(ids, _closing(sweep, text))

    def _closable(self, sweep_id: str) -> tuple[Sweep, list[int]]:
        with self._store.reading() as connection:
            activation_id = self._actor().activation_id
            sweep = self._found(sweeps.get(connection, activation_id, sweep_id))
            if sweep.state is not SweepState.DONE:
                raise ActRefused(f"{sweep.label} is {sweep.state.value}: say that it is done first.")
            found = cover.covered(connection, activation_id, sweep, table=self._table)
        return sweep, list(found.sites)

    # -- inside ---------------------------------------------------------------------------------------

    @property
    def _table(self) -> CategoryTable:
        return self._in_force.judge.rules.table

    def _label(self, name: str) -> str:
        return self._table[name].label if name in self._table else name.replace("_", " ")

    def _found(self, sweep: Sweep | None) -> Sweep:
        if sweep is None:
            raise ActRefused("There is no such sweep.")
        return sweep

    def _as_seen(self, tx: Transaction, sweep_id: str, version: int) -> Sweep:
        sweep = self._found(sweeps.get(tx.connection, tx.actor.activation_id, sweep_id))
        if sweep.version != version:
            raise ActRefused(sweeps.SINCE_CHANGED)
        return sweep

    def _move(
        self,
        tx: Transaction,
        before: Sweep,
        act: str,
        word: str,
        state: SweepState,
        from_states: tuple[SweepState, ...],
    ) -> None:
        if before.state not in from_states:
            raise ActRefused(f"{before.label} is {before.state.value}: it cannot be {word}.")
        after = sweeps.change(tx, before, state)
        self._log(tx, act, f"{before.label} {word}: {before.said.area.name}", before, before, after)

    def _log(
        self, tx: Transaction, act: str, words: str, before: Sweep | None, sweep: Sweep, version: int = 1
    ) -> None:
        """By its id and version: the words stand in the table, where none is ever written over."""
        after = {"sweep": sweep.sweep_id, "version": version}
        detail = {
            "before": before and {"sweep": before.sweep_id, "version": before.version},
            "after": after,
            "undo": after,
        }
        tx.log(act, words, detail=detail)

    def _must_be_whole(self, said: SweepDraft, now: Millis) -> None:
        area = said.area
        if not area.name.strip() or not (area.neighborhoods or area.rings):
            raise ActRefused("Choose a neighborhood, or draw the area on the map with Ctrl and the mouse.")
        if any(len(ring) < 4 for ring in area.rings):
            raise ActRefused("The area drawn on the map has fewer than three corners: draw it again.")
        if sum(map(len, area.rings)) > MOST_CORNERS:
            raise ActRefused(f"The area drawn has more than {MOST_CORNERS:,} corners: draw it more simply.")
        self._must_be_sweepable(said)
        if not said.from_at < said.until_at:
            raise ActRefused("A sweep ends after it begins: type when its crew comes and until when.")
        if said.until_at - said.from_at > LONGEST_MS:
            raise ActRefused("A sweep lasts 14 days at most: plan a second one for the rest.")
        if said.until_at < now:
            raise ActRefused("The sweep would be over already: type a later time.")
        if any(len(each) > MOST_CHARS for each in (area.name, said.crew, said.who, said.note)):
            raise ActRefused(f"A field holds at most {MOST_CHARS} signs.")

    def _must_be_sweepable(self, said: SweepDraft) -> None:
        for key in said.categories:
            if key in self._table and not cover.may_cover(self._table[key]):
                raise ActRefused(f"{self._table[key].label}: each of these is looked at by itself.")
        if not cover.keys_of(said, self._table):
            raise ActRefused("Choose what the crew clears.")


def _nobody(telling: Telling) -> str:
    reasons = list(telling.left.values())
    said = max(set(reasons), key=reasons.count) if reasons else "It covers no site now."
    return f"Nobody is told. {said}"


def _closing(sweep: Sweep, text: str) -> BulkOrder:
    return BulkOrder(BulkKind.CLOSE, text=text, note=_note(sweep), close=CloseReason.AREA_SWEEP)


def _note(sweep: Sweep) -> str:
    """What a site that it closed has for its note."""
    return f"Swept by {sweep.label}"
