"""A claim that somebody else would like: asking for it, giving it, keeping it, taking it over (U8)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo

from dispatch.claim_rules import (
    LAPSES_MS,
    asked_first,
    is_stale,
    left_to_answer,
    not_asked,
    not_yet,
    was_first,
)
from dispatch.errors import ActRefused
from dispatch.records import Actor, Changes, Flag
from dispatch.store import claims, sites
from dispatch.store.claims import Who
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction


class ClaimDesk:
    """Each act is one transaction with its log line; through the feed all seats see it."""

    def __init__(self, *, store: Store, actor: Callable[[], Actor], zone: tzinfo) -> None:
        self._store = store
        self._actor = actor
        self._zone = zone

    def ask_for(self, site_id: int) -> Changes:
        """Ask who has claimed a site for it. The first who asks is the one it can go to."""
        with self._store.transaction(self._actor()) as tx:
            holder = self._holder(tx, site_id)
            if _is(tx, holder):
                raise ActRefused("You have it already.")
            asked = claims.asker(tx.connection, site_id)
            if asked and _is(tx, asked):
                raise ActRefused(not_yet(holder.person, holder.seat, asked.at, tx.now))
            if asked and tx.now - asked.at < LAPSES_MS:
                raise ActRefused(asked_first(asked.person, asked.seat, asked.at, tx.now))
            claims.put_ask(tx, site_id)
            tx.log("ask_for", f"asked {holder.person} ({holder.seat}) for it", site_id=site_id)
        return tx.changes

    def give(self, site_id: int) -> Changes:
        """The holder lets who asked have it."""
        with self._store.transaction(self._actor()) as tx:
            holder, asked = self._asked(tx, site_id)
            self._hand_on(tx, site_id, "give", f"claim given to {asked.person} ({asked.seat})", holder, asked)
        return tx.changes

    def keep(self, site_id: int) -> Changes:
        """The holder says no; that is an act, so that the claim is not stale (S4)."""
        with self._store.transaction(self._actor()) as tx:
            _, asked = self._asked(tx, site_id)
            claims.drop_ask(tx, site_id)
            sites.touch_claim(tx, site_id)
            tx.log("keep", f"claim kept, {asked.person} ({asked.seat}) had asked", site_id=site_id)
        return tx.changes

    def take_over(self, site_id: int) -> Changes:
        """Take a claim that is stale (S4), or whose holder has not answered for a minute."""
        with self._store.transaction(self._actor()) as tx:
            holder = self._holder(tx, site_id)
            if _is(tx, holder):
                raise ActRefused("You have it already.")
            row = sites.row(tx.connection, site_id)
            assert row is not None  # it is claimed
            why = "stale" if is_stale(row.band, holder.at, tx.now) else self._unanswered(tx, site_id, holder)
            words = f"claim taken over from {holder.person} ({holder.seat}), {why}"
            us = Who(tx.actor.person, tx.actor.position, tx.actor.seat, tx.now)
            self._hand_on(tx, site_id, "take_over", words, holder, us)
        return tx.changes

    # -- inside -------------------------------------------------------------------------------------

    def _holder(self, tx: Transaction, site_id: int) -> Who:
        row = sites.row(tx.connection, site_id)
        if row is None or row.own_flags & Flag.MERGED:
            raise ActRefused("This site stands in another one now.")
        if (holder := claims.holder(tx.connection, site_id)) is None:
            raise ActRefused("Nobody has claimed it: claim it.")
        return holder

    def _asked(self, tx: Transaction, site_id: int) -> tuple[Who, Who]:
        """Our claim, and who asks for it. A person who has changed seats has it still."""
        holder, asked = self._holder(tx, site_id), claims.asker(tx.connection, site_id)
        if holder.person != tx.actor.person:
            raise ActRefused(was_first(holder.person, holder.seat, holder.at, tx.now, self._zone))
        if asked is None:
            raise ActRefused("Nobody asks for it any more.")
        return holder, asked

    def _unanswered(self, tx: Transaction, site_id: int, holder: Who) -> str:
        asked = claims.asker(tx.connection, site_id)
        if asked is None:
            raise ActRefused(not_asked(holder.person, holder.seat))
        if not _is(tx, asked):
            raise ActRefused(asked_first(asked.person, asked.seat, asked.at, tx.now))
        if left_to_answer(asked.at, tx.now):
            raise ActRefused(not_yet(holder.person, holder.seat, asked.at, tx.now))
        return "not answered"

    def _hand_on(self, tx: Transaction, site_id: int, act: str, words: str, holder: Who, to: Who) -> None:
        claims.hand_on(tx, site_id, to)
        detail = {
            "before": {"claim": [holder.person, holder.seat]},
            "after": {"claim": [to.person, to.seat]},
        }
        tx.log(act, words, site_id=site_id, detail=detail)


def _is(tx: Transaction, who: Who) -> bool:
    return (who.person, who.seat) == (tx.actor.person, tx.actor.seat)
