"""Neighbors helping neighbors: the steps of an offer of help. The city only relays, in public and never by
itself; an offer moves no band, closes nothing and counts as no answer of the city."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Protocol

from dispatch import offers
from dispatch.errors import ActRefused
from dispatch.in_force import InForce
from dispatch.masking import HIDDEN
from dispatch.records import (
    SITE_STATES,
    Actor,
    Changes,
    Flag,
    Offer,
    OfferId,
    OfferLine,
    OfferState,
    SiteState,
)
from dispatch.residents.private_words import covered
from dispatch.residents.relayed import no_contact
from dispatch.store import mirror, sites
from dispatch.store import offers as steps
from dispatch.store.sites import Member
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction

CLOSED = SITE_STATES.index(SiteState.CLOSED)
STEPS = {
    OfferState.ASKED: (OfferState.OFFERED,),
    OfferState.AGREED: (OfferState.ASKED,),
    OfferState.DONE: (OfferState.AGREED,),
    OfferState.CONFIRMED: (OfferState.DONE,),
    OfferState.DECLINED: (OfferState.ASKED, OfferState.AGREED, OfferState.DONE),
    OfferState.WITHDRAWN: (OfferState.OFFERED, OfferState.ASKED, OfferState.AGREED),
    OfferState.UNSUITABLE: (OfferState.OFFERED, OfferState.ASKED, OfferState.AGREED, OfferState.DONE),
}
# These bring somebody to the place; the others only say what has happened, or that nobody comes.
POINTING = (OfferState.ASKED, OfferState.AGREED)
ENDINGS = (OfferState.DECLINED, OfferState.WITHDRAWN, OfferState.UNSUITABLE)
# As the log says it: never a resident's words, and not why.
WORDS = {
    OfferState.OFFERED: "offered",
    OfferState.ASKED: "the resident was asked",
    OfferState.AGREED: "both agreed",
    OfferState.DONE: "done, as the neighbor says",
    OfferState.CONFIRMED: "confirmed by the resident",
    OfferState.DECLINED: "declined by the resident",
    OfferState.WITHDRAWN: "withdrawn by the neighbor",
    OfferState.UNSUITABLE: "unsuitable",
}


class Say(Protocol):
    """A public message within a transaction: the ids of what is sent. Raises ActRefused."""

    def __call__(self, tx: Transaction, row: Any, text: str) -> list[str]: ...


class OfferDesk:
    def __init__(self, *, store: Store, in_force: InForce, actor: Callable[[], Actor], say: Say) -> None:
        self._store = store
        self._in_force = in_force
        self._actor = actor
        self._say = say

    def ask(self, site_id: int, offer_id: OfferId, text: str) -> Changes:
        """Ask the resident whether they want it, by a public message that shares nobody's contact (S8); it
        leaves after ten seconds."""
        if not text.strip():
            raise ActRefused("Write the question first.")
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("message")
            row, members = self._site(tx, site_id)
            self._must_share_nothing(tx, members, text)
            self._must_be_safe(tx, row, members)
            sent = self._say(tx, row, text)
            self._step(tx, row, members, offer_id, OfferState.ASKED, undoable={"sent": sent})
        return tx.changes

    def asked_by_voice(self, site_id: int, offer_id: OfferId) -> Changes:
        return self._take(site_id, offer_id, OfferState.ASKED)

    def agreed(self, site_id: int, offer_id: OfferId) -> Changes:
        """Both want it. How they meet is theirs: we pass no contact on."""
        return self._take(site_id, offer_id, OfferState.AGREED)

    def done(self, site_id: int, offer_id: OfferId) -> Changes:
        return self._take(site_id, offer_id, OfferState.DONE)

    def confirmed(self, site_id: int, offer_id: OfferId) -> Changes:
        """The resident says so. The site stays as it is: whether it is fixed is another question."""
        return self._take(site_id, offer_id, OfferState.CONFIRMED)

    def ended(self, site_id: int, offer_id: OfferId, state: OfferState, why: str) -> Changes:
        """It comes to nothing: declined, withdrawn or unsuitable, and why."""
        if state not in ENDINGS:
            raise ActRefused("Say whether it was declined, withdrawn or unsuitable.")
        if not why.strip():
            raise ActRefused("Say why.")
        return self._take(site_id, offer_id, state, " ".join(why.split()))

    def open_offers(self) -> tuple[OfferLine, ...]:
        """All that have not come to their end, of open sites, the oldest first. Phones, units and mail
        addresses are covered; words of restricted sites stay with their sites (S15)."""
        judge = self._in_force.judge
        with self._store.reading() as connection:
            ids = steps.site_ids(connection, self._actor().activation_id)
            members = sites.members(connection, ids)
            lines = []
            for site_id in ids:
                row = sites.row(connection, site_id)
                if row is None or row.state == CLOSED or site_id not in members:
                    continue
                no = offers.why_no_neighbor(connection, judge, row, members[site_id])
                found = offers.of_members(connection, judge, members[site_id])
                lines += [_line(row, offer, no) for offer in found if offer.state.is_open]
        return tuple(sorted(lines, key=lambda line: line.offer.said_at))

    # -- inside -----------------------------------------------------------------------------------------

    def _take(self, site_id: int, offer_id: OfferId, state: OfferState, why: str = "") -> Changes:
        with self._store.transaction(self._actor()) as tx:
            row, members = self._site(tx, site_id)
            if state in POINTING:
                self._must_be_safe(tx, row, members)
            if why:
                self._must_share_nothing(tx, members, why)
            self._step(tx, row, members, offer_id, state, why)
        return tx.changes

    def _site(self, tx: Transaction, site_id: int) -> tuple[Any, list[Member]]:
        steps.lock(tx, site_id)
        row = sites.row(tx.connection, site_id)
        members = sites.members(tx.connection, [site_id]).get(site_id, [])
        if row is None or not members or row.own_flags & Flag.MERGED:
            raise ActRefused("This site stands in another one now.")
        self._in_force.look(tx.connection)
        return row, members

    def _must_be_safe(self, tx: Transaction, row: Any, members: list[Member]) -> None:
        if no := offers.why_no_neighbor(tx.connection, self._in_force.judge, row, members):
            raise ActRefused(no)

    def _must_share_nothing(self, tx: Transaction, members: list[Member], text: str) -> None:
        threads = mirror.thread(tx.connection, [key for key, _, _ in members])
        people = [request.reporter for _, request, _ in members]
        people += [line.author for thread in threads.values() for line in thread]
        names = {person.name for person in people if not person.is_staff and not person.is_anonymous}
        if no := no_contact(text, names=names, addresses={request.address for _, request, _ in members}):
            raise ActRefused(no)

    def _step(
        self,
        tx: Transaction,
        row: Any,
        members: Iterable[Member],
        offer_id: OfferId,
        state: OfferState,
        why: str = "",
        *,
        undoable: dict[str, Any] | None = None,
    ) -> None:
        """Add the step and its line. Nothing of the site itself is touched: S4 goes on asking for an act."""
        judge = self._in_force.judge
        found = offers.of_members(tx.connection, judge, list(members))
        offer = next((each for each in found if each.offer_id == offer_id), None)
        if offer is None:
            raise ActRefused("This offer is not there any more.")
        if offer.state not in STEPS[state]:
            raise ActRefused(f"The offer stands as: {WORDS[offer.state]}. Look at it again.")
        last = steps.newest(tx.connection, [offer_id.request_key]).get(offer_id, steps.START)
        tx.must_be_allowed("offer")
        steps.add(tx, offer_id, last, state, why)
        offers.mark(tx, judge, row.site_id)
        step = {"key": offer_id.request_key, "source": offer_id.source}
        undo = {"offer": {**step, "from": offer.state.value, "to": state.value}, **(undoable or {})}
        detail = {"before": {"offer": offer.state.value}, "after": {"offer": state.value}, "undo": undo}
        tx.log("offer", f"offer of help: {WORDS[state]}", site_id=row.site_id, detail=detail)


def _line(row: Any, offer: Offer, no: str) -> OfferLine:
    is_restricted = bool((row.flags | row.own_flags) & Flag.RESTRICTED)
    words = HIDDEN if is_restricted else covered(offer.words)
    shown = replace(offer, words=words, why=covered(offer.why))
    where = "" if is_restricted else covered(row.where_words)
    what = "" if is_restricted else row.what
    return OfferLine(row.site_id, row.band, what, where, shown, no)
