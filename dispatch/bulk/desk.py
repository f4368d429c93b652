"""Acts at many sites: one transaction with a log line for each site, and one line that can be undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from dispatch.act_rules import NEEDS_NOTE
from dispatch.bulk.kinds import BulkKind
from dispatch.bulk.order import BulkOrder, Effect
from dispatch.bulk.plan import CLOSED, Plan, plan, speaks
from dispatch.errors import ActRefused
from dispatch.in_force import InForce
from dispatch.records import SITE_STATES, Actor, Band, Flag, Millis, OutboxKind, SiteState
from dispatch.site_texts import SiteTexts
from dispatch.store import many, outbox
from dispatch.store.expected import NoteTold
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction

HOLD_BACK_MS = 10_000
FEW = 3  # sites whose messages go before what is said to many
MOST = 5_000  # sites an act is done at: the store stays free for others
NEW, TRIAGED, WAITING = (SITE_STATES.index(s) for s in (SiteState.NEW, SiteState.TRIAGED, SiteState.WAITING))
ANSWERED = Flag.NEW_FACT | Flag.REOPENED
# A person's words stay out of the log, which holds references only.
WORDS = ("state_note", "own_band_reason")


class BulkDesk:
    """`actor` says who sits here now; `wall_now` is real time, by which messages wait to leave."""

    def __init__(
        self,
        *,
        store: Store,
        in_force: InForce,
        texts: SiteTexts,
        actor: Callable[[], Actor],
        wall_now: Callable[[], Millis],
        note_told: NoteTold,
    ) -> None:
        self._store = store
        self._texts = texts
        self._in_force = in_force
        self._actor = actor
        self._wall_now = wall_now
        self._note_told = note_told

    def preview(self, site_ids: Iterable[int], order: BulkOrder) -> Effect:
        """What the order would do now; nothing is written."""
        site_ids = _not_too_many(site_ids)
        with self._store.reading() as connection:
            return self._plan(connection, site_ids, order).effect()

    def act(self, site_ids: Iterable[int], order: BulkOrder) -> Effect:
        """Do it at every site that may have it, in one transaction; the others are named and left alone.

        A P1 is never acknowledged by this (S5): it stays one that nobody has acted on.
        Raises ActRefused when something is missing, or when it may be done nowhere.
        """
        if missing := what_is_missing(order):
            raise ActRefused(missing)
        site_ids = _not_too_many(site_ids)
        with self._store.transaction(self._actor()) as tx:
            made = self._plan(tx.connection, site_ids, order)
            if not made.rows:
                raise ActRefused(_nowhere(made))
            self._do(tx, made, order)
        effect = made.effect()
        return replace(effect, changes=tx.changes)

    def _plan(self, connection: Connection, site_ids: list[int], order: BulkOrder) -> Plan:
        self._in_force.look(connection)
        return plan(
            connection,
            site_ids,
            order,
            actor=self._actor(),
            in_force=self._in_force,
            texts=self._texts,
        )

    def _do(self, tx: Transaction, made: Plan, order: BulkOrder) -> None:
        ids = list(made.rows)
        kept: dict[int, dict[str, Any]] = {site_id: {} for site_id in ids}
        if order.kind is BulkKind.NOTE:
            for site_id, fact_id in many.add_facts(tx, ids, "note", order.text.strip()).items():
                kept[site_id]["fact"] = fact_id
        elif order.kind is BulkKind.LET_GO:
            many.drop_claims(tx, ids)
            for site_id in ids:
                kept[site_id]["let_go"] = True
        else:
            self._change(tx, made, order, kept)
        self._send(tx, made, order, kept)
        for site_id in ids:
            tx.log(order.kind.value, _said(order), site_id=site_id, detail={"part": kept[site_id]})
        # The lines of the sites stand right before this one: it is what undo finds.
        at = f"{len(ids)} {'site' if len(ids) == 1 else 'sites'}"
        tx.log("bulk", f"{_said(order)}, {at}", detail={"undo": {"lines": len(ids)}})

    def _change(self, tx: Transaction, made: Plan, order: BulkOrder, kept: dict[int, dict[str, Any]]) -> None:
        changed: dict[int, dict[str, Any]] = {}
        for site_id, row in made.rows.items():
            values = _values(order, tx)
            is_p1 = Band.P1 in (row.band, order.band)
            if not is_p1 and not row.acted_at:
                values["acted_at"] = tx.now
            if not is_p1 and row.state == NEW and order.kind is not BulkKind.CLAIM:
                values.setdefault("state", TRIAGED)
            named = [name for name in values if name not in WORDS]
            kept[site_id]["before"] = {name: getattr(row, name) for name in named}
            kept[site_id]["after"] = {name: values[name] for name in named}
            changed[site_id] = values
        many.change(tx, changed)
        answered = [s for s, row in made.rows.items() if row.own_flags & ANSWERED and row.band != Band.P1]
        many.drop_flags(tx, answered, ANSWERED)
        if order.kind is BulkKind.CLAIM:
            many.put_claims(tx, list(made.rows))
            for site_id in made.rows:
                kept[site_id]["claim"] = True
        elif order.kind is BulkKind.CLOSE:
            many.drop_claims(tx, made.rows)
        else:
            many.touch_claims(tx, made.rows)

    def _send(self, tx: Transaction, made: Plan, order: BulkOrder, kept: dict[int, dict[str, Any]]) -> None:
        """Held back like every message: for ten seconds all of it can be taken back unsent (S8)."""
        to: dict[OutboxKind, list[tuple[int, int]]] = defaultdict(list)
        for site_id in made.rows:
            for key, kind in made.words[site_id].sends if site_id in made.words else ():
                to[kind].append((site_id, key))
        due_at = self._wall_now() + HOLD_BACK_MS
        # A person's reply at one site waits for no hundreds of these.
        lane = outbox.TO_MANY if len(made.rows) > FEW else outbox.FIRST
        for kind, pairs in to.items():
            texts = [
                (key, made.texts[key].text if key in made.texts else order.text.strip()) for _, key in pairs
            ]
            sent = outbox.put_texts(tx, kind, texts, due_at=due_at, lane=lane)
            for (site_id, _), outbox_id in zip(pairs, sent, strict=True):
                kept[site_id].setdefault("sent", []).append(outbox_id)
        if order.kind is BulkKind.MESSAGE:
            self._note_told(tx, made.rows, [each for part in kept.values() for each in part.get("sent", ())])


def what_is_missing(order: BulkOrder) -> str:
    """What a person has to say first; empty when all is there."""
    match order.kind:
        case BulkKind.MESSAGE if not order.text.strip() and order.intent is None:
            return "Write the message first."
        case BulkKind.NOTE if not order.text.strip():
            return "Write the note first."
        case BulkKind.WAIT if order.wait is None:
            return "Choose what they wait for."
        case BulkKind.SNOOZE if not order.until_at:
            return "Choose until when."
        case BulkKind.RAISE if order.band is None:
            return "Choose the band."
        case BulkKind.CLOSE if order.close is None:
            return "Choose why they are closed."
        case BulkKind.CLOSE if not order.note.strip():
            return NEEDS_NOTE.get(order.close, "") if order.close else ""
    return ""


def _not_too_many(site_ids: Iterable[int]) -> list[int]:
    ids = list(site_ids)
    if len(ids) > MOST:
        raise ActRefused(f"These are {len(ids)} sites: tick {MOST} at most for one act.")
    return ids


def _values(order: BulkOrder, tx: Transaction) -> dict[str, Any]:
    """The columns that the act itself sets."""
    match order.kind:
        case BulkKind.WAIT if order.wait:
            return {"state": WAITING, "state_reason": order.wait.value, "state_note": order.note}
        case BulkKind.SNOOZE:
            return {"snoozed_until": order.until_at}
        case BulkKind.CLOSE if order.close:
            reason = order.close.value
            return {"state": CLOSED, "state_reason": reason, "state_note": order.note, "closed_at": tx.now}
        case BulkKind.RAISE if order.band:
            own = {"own_band": int(order.band), "own_band_reason": order.note}
            return {"band": int(order.band), **own, "own_band_who": tx.actor.person, "own_band_at": tx.now}
    return {}


def _said(order: BulkOrder) -> str:
    """What the log says was done at each site; of words only that there were some."""
    match order.kind:
        case BulkKind.MESSAGE:
            return "message to the reporters" + (
                f": {order.intent.replace('_', ' ')}" if order.intent else ""
            )
        case BulkKind.NOTE:
            return "internal note"
        case BulkKind.WAIT:
            return f"waiting: {order.wait}"
        case BulkKind.SNOOZE:
            return "snoozed"
        case BulkKind.CLAIM:
            return "claimed"
        case BulkKind.LET_GO:
            return "let go"
        case BulkKind.CLOSE:
            return f"closed: {order.close}" + (", with a message" if speaks(order) else "")
        case BulkKind.RAISE:
            return f"raised to {order.band.name if order.band else ''}"


def _nowhere(made: Plan) -> str:
    """Why it can be done at none of them, by the reason that most of them have."""
    reasons = list(made.left.values())
    if not reasons:
        return "Tick the sites first."
    return f"None of these sites can have this. {max(set(reasons), key=reasons.count)}"
