"""What call-takers do: take a call, add it to a site that stands already, bring in a list of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Protocol
from uuid import uuid4

from dispatch import intake
from dispatch.errors import ActRefused
from dispatch.in_force import InForce
from dispatch.records import SITE_STATES, Actor, Band, Call, Changes, Flag, Millis, SiteState, Taken, Told911
from dispatch.store import sites
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.triage.judge import Judge

CLOSED = SITE_STATES.index(SiteState.CLOSED)
MOST_PASTED = 2_000


class TakesIn(Protocol):
    """As the desk makes sites one."""

    def __call__(self, tx: Transaction, lead_id: int, ids: Iterable[int]) -> None: ...


class CallDesk:
    """`take_in` and `put_911` are the desk's own; a call leaves after `hold_back_ms`."""

    def __init__(
        self,
        *,
        store: Store,
        in_force: InForce,
        actor: Callable[[], Actor],
        wall_now: Callable[[], Millis],
        hold_back_ms: int,
        take_in: TakesIn,
        put_911: Callable[[Transaction, int, Told911], object],
    ) -> None:
        self._store = store
        self._in_force = in_force
        self._actor = actor
        self._wall_now = wall_now
        self._hold_back_ms = hold_back_ms
        self._take_in = take_in
        self._put_911 = put_911

    def take_call(self, call: Call, about: int = 0) -> tuple[Taken, Changes]:
        """What a caller says: on the board, triaged, at once; it leaves for the server after ten seconds.

        With `about` it is one more report of that site. Of persons it is tied to it (S10), as it is to
        one that was closed meanwhile: what was closed hides no new call.
        """
        with self._store.transaction(self._actor()) as tx:
            judge = self._judge_of(tx)
            taken = intake.enter(tx, judge, call, due_at=self._wall_now() + self._hold_back_ms)
            tx.log("call", f"call {taken.number} taken", site_id=taken.site_id)
            if call.told_911 is not None:
                self._put_911(tx, taken.site_id, call.told_911)
                words = "911 told" if call.told_911.is_told else "911 not reached"
                tx.log("911", words, site_id=taken.site_id)
            if about:
                taken = self._add_to(tx, judge, taken, call, about)
        return taken, tx.changes

    def paste_calls(self, calls: Sequence[Call]) -> tuple[int, Changes]:
        """Many at once, all or none; they go to the server behind what operators send. How many."""
        if not calls:
            raise ActRefused("No row of it can be taken.")
        if len(calls) > MOST_PASTED:
            raise ActRefused(f"At most {MOST_PASTED:,} rows go in at once: paste them in parts.")
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("calls_pasted")
            paste_id = str(uuid4())
            due_at = self._wall_now() + self._hold_back_ms
            taken = intake.enter_all(tx, self._judge_of(tx), calls, due_at=due_at, paste_id=paste_id)
            for each in taken:
                tx.log("call", f"call {each.number} taken", site_id=each.site_id, detail={"part": {}})
            first, last = taken[0].number, taken[-1].number
            words = f"{len(taken)} calls pasted, no. {first} to {last}" if last > first else "1 call pasted"
            detail: dict[str, Any] = {"after": {"calls": len(taken)}, "undo": {"pasted": paste_id}}
            tx.log("calls_pasted", words, detail=detail)
        return len(taken), tx.changes

    # -- inside -----------------------------------------------------------------------------------------

    def _add_to(self, tx: Transaction, judge: Judge, taken: Taken, call: Call, about: int) -> Taken:
        lead_id = sites.stands_in(tx.connection, about)
        lead, own = sites.row(tx.connection, lead_id), sites.row(tx.connection, taken.site_id)
        if lead is None or own is None or lead_id == taken.site_id:
            return taken
        is_about_person = any((row.flags | row.own_flags) & Flag.PERSON for row in (lead, own))
        if is_about_person or lead.state == CLOSED or intake.why_p1(call):
            sites.add_links(tx, taken.site_id, [lead_id])
            tx.log("link", f"linked with site {lead_id}", site_id=taken.site_id)
            return replace(taken, linked=lead_id)
        if own.own_band is not None and own.band < lead.band:
            raised: dict[str, Any] = {
                "band": own.band,
                "own_band": own.own_band,
                "own_band_reason": own.own_band_reason,
                "own_band_who": own.own_band_who,
                "own_band_at": own.own_band_at,
            }
            sites.change(tx, lead_id, **raised)
        self._take_in(tx, lead_id, [taken.site_id])
        intake.establish(tx, lead_id, call)
        if own.band <= Band.P2 < lead.band:
            # Worse than what was known there: it stands on top whoever has looked before (S10).
            sites.set_flags(tx, lead_id, add=Flag.NEW_FACT)
        return replace(taken, site_id=lead_id, joined=lead_id)

    def _judge_of(self, tx: Transaction) -> Judge:
        """By the profile that holds at this moment, whichever seat has set it."""
        self._in_force.look(tx.connection)
        return self._in_force.judge
