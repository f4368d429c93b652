"""Making a hand-over out of what is known of a site, and putting it on its way; the desk calls it."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from secrets import token_urlsafe
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, select

from dispatch import handover_words as words
from dispatch.errors import ActRefused
from dispatch.escalation.states import Act, after, restarts_timer
from dispatch.jurisdiction import Jurisdiction
from dispatch.records import (
    Actor,
    Answer,
    Band,
    Escalation,
    EscalationDraft,
    EscalationState,
    Fact,
    Flag,
    Place,
    Told911,
)
from dispatch.store import callers, escalations, own_places, roster, schema, sites
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.triage.categories import Category

TOKEN_BYTES = 9
# One page of places; more is an area, and is said as one.
MOST_SITES = 40
SENDS_AGAIN = (EscalationState.RETURNED, EscalationState.EXPIRED)


class HandOver:
    """`categories` by key; `channels` are those the city has set up, the first ones ticked by default."""

    def __init__(
        self,
        *,
        store: Store,
        jurisdiction: Jurisdiction,
        categories: Mapping[str, Category],
        channels: Callable[[], tuple[str, ...]],
    ) -> None:
        self._store = store
        self._jurisdiction = jurisdiction
        self._categories = categories
        self._channels = channels

    def draft(
        self, connection: Connection, site_id: int, other_site_ids: Sequence[int] = ()
    ) -> EscalationDraft:
        """The sheet filled in from the reports and facts; every field can be mended. Several sites of a
        street or an area are handed over as one: what one of them needs, all need."""
        row = _site(connection, site_id)
        rows = [row, *(_site(connection, other) for other in other_site_ids)]
        category = self._categories[row.category]
        family = words.family(row, category)
        desk = self._jurisdiction.desk_for(family)
        facts = sites.facts(connection, site_id)
        called = callers.of_site(connection, site_id)
        to_call = callers.to_call(called)
        place_fact = _newest(facts, "place")
        quality, _, unit = (place_fact.value if place_fact else "").partition("|")
        is_restricted = any(each.flags & Flag.RESTRICTED for each in rows)
        needs_911 = any(
            self._categories[each.category].send_to_911 == "always" or each.flags & Flag.CALLER_911
            for each in rows
        )
        open_ones = _open_ones(connection, site_id)
        open_one = open_ones[-1] if open_ones else None
        came_back = [item.number for item in open_ones if item.state in SENDS_AGAIN]
        return EscalationDraft(
            site_id=site_id,
            desk=open_one.desk if open_one else desk.name,
            esf=open_one.esf if open_one else desk.esf,
            effect_needed=open_one.effect_needed if open_one else words.EFFECTS.get(family, "Go and look"),
            need_by_at=open_one.need_by_at if open_one else None,
            why_now=words.why(connection, rows),
            details=words.details(connection, rows),
            people=open_one.people if open_one else _value(facts, "people"),
            mobility=open_one.mobility if open_one else _value(facts, "mobility"),
            place_quality=("area" if other_site_ids else "")
            or quality
            or words.quality(row, own_places.of_site(connection, site_id)),
            unit=(unit if quality == "exact" else "") or _value(facts, "unit"),
            safe_approach=open_one.safe_approach if open_one else "",
            call_back=open_one.call_back
            if open_one
            else to_call.phone
            if to_call
            else _value(facts, "call_back"),
            language=(to_call.language if to_call else "") or words.language(connection, site_id),
            already_done=", ".join(
                f"{f.name.replace('_', ' ')}: {f.value}" for f in facts if f.name in _DONE
            ),
            channels=open_one.channels if open_one else self._channels(),
            tell_residents=not is_restricted,
            told_911=_told(facts),
            needs_911=needs_911 or any(each.band == Band.P1 for each in rows),
            other_site_ids=tuple(other_site_ids),
            open_with={item.desk: item.number for item in open_ones if item.state not in SENDS_AGAIN},
            came_back=came_back[-1] if came_back else "",
        )

    def compose(
        self, connection: Connection, draft: EscalationDraft, actor: Actor, number: str
    ) -> Escalation:
        """The whole record as it would be handed over; nothing is saved."""
        row = _site(connection, draft.site_id)
        rows = [row, *(_site(connection, other) for other in draft.other_site_ids)]
        members = sites.members(connection, [each.site_id for each in rows])
        requests = [request for each in rows for _, request, _ in members[each.site_id]]
        activation = connection.execute(
            select(schema.activation).where(schema.activation.c.activation_id == actor.activation_id)
        ).one()
        facts = sites.facts(connection, draft.site_id)
        utility, safe = _newest(facts, "utility_told"), _newest(facts, "made_safe")
        flags = functools.reduce(operator.or_, (Flag(each.flags | each.own_flags) for each in rows))
        said = [r.description or r.summary for r in requests if r.description or r.summary]
        own = own_places.of_site(connection, draft.site_id)
        now = self._store.clock.now()
        return Escalation(
            escalation_id=str(uuid4()),
            number=number,
            site_id=draft.site_id,
            activation_id=actor.activation_id,
            activation_name=activation.name,
            is_exercise=bool(activation.is_exercise),
            band=Band(min(each.band for each in rows)),
            subject=f"{row.what}, and {len(rows) - 1} more" if len(rows) > 1 else row.what,
            summary=(said[0] if said else row.what)[: words.SUMMARY_CHARS],
            details=draft.details,
            address=words.streets(rows)
            if len(rows) > 1
            else (own.words if own else "") or requests[0].address or row.where_words,
            neighborhood=row.neighborhood,
            place=None if row.lat is None else Place(row.lat, row.lng),
            place_quality=draft.place_quality,
            desk=draft.desk,
            esf=draft.esf,
            effect_needed=draft.effect_needed,
            need_by_at=draft.need_by_at,
            why_now=draft.why_now,
            people=draft.people,
            mobility=draft.mobility,
            safe_approach=draft.safe_approach,
            call_back=draft.call_back,
            language=draft.language,
            utility=f"told, ticket {utility.value}" if utility else "",
            already_done=draft.already_done,
            told_911=draft.told_911,
            needs_911=draft.needs_911,
            # What was typed in here has no number of the server's yet.
            request_ids=tuple(r.request_id for r in requests if r.request_id),
            reports=len(requests),
            first_reported_at=min(each.first_at for each in rows),
            last_confirmed_at=max(each.last_at for each in rows),
            channels=draft.channels,
            from_person=actor.person,
            from_position=actor.position,
            from_seat=actor.seat,
            created_at=now,
            state=EscalationState.DRAFT,
            state_at=now,
            timer_from_at=now,
            is_restricted=bool(flags & Flag.RESTRICTED),
            tell_residents=draft.tell_residents,
            unit=draft.unit,
            has_wire=bool(flags & Flag.WIRE),
            made_safe=safe.value if safe else "",
            is_update_of=draft.is_update_of,
            placed_by=own.who if own else "",
            placed_at=own.at if own else None,
            other_site_ids=draft.other_site_ids,
            to_person=roster.who_has(roster.on_duty(connection, actor.activation_id), draft.desk),
            token=token_urlsafe(TOKEN_BYTES),
        )

    def send(self, tx: Transaction, draft: EscalationDraft) -> Escalation:
        """Save the hand-over and queue its deliveries in the transaction of the act.

        Where the desk has one open already it is added to; one that came back is sent again under its number.
        With another desk it is a hand-over of its own, beside those that are open.
        """
        _check(draft)
        old = self.meant(tx.connection, draft)
        if old is None:
            item = self.compose(tx.connection, draft, tx.actor, tx.next_escalation_number())
            item = replace(item, state=after(item.state, Act.SEND))
        else:
            item = self._again(tx, draft, old)
        escalations.save(tx, item)
        self._queue(tx, item, old)
        return item

    def meant(self, connection: Connection, draft: EscalationDraft) -> Escalation | None:
        """The open hand-over that this one would be added to; None where it is one of its own."""
        return _meant(_open_ones(connection, draft.site_id), draft.desk)

    def put_911(self, tx: Transaction, site_id: int, told: Told911) -> None:
        """The 911 step done after the hand-over was sent: card and form say it too (S3)."""
        for item in _open_ones(tx.connection, site_id):
            escalations.save(tx, replace(item, told_911=told))

    def put_place(self, tx: Transaction, site_id: int) -> None:
        """The site was put elsewhere after the hand-over was sent: card and form say where (S11)."""
        row, own = _site(tx.connection, site_id), own_places.of_site(tx.connection, site_id)
        for item in _open_ones(tx.connection, site_id):
            if item.site_id != site_id:
                continue  # one of several: the place of the hand-over is that of the worst
            moved = replace(
                item,
                place=None if row.lat is None else Place(row.lat, row.lng),
                neighborhood=row.neighborhood,
                address=own.words if own and own.words else item.address or row.where_words,
                placed_by=own.who if own else "",
                placed_at=own.at if own else None,
            )
            escalations.save(tx, moved)

    # -- inside ---------------------------------------------------------------------------------------

    def _again(self, tx: Transaction, draft: EscalationDraft, old: Escalation) -> Escalation:
        fresh = self.compose(tx.connection, draft, tx.actor, old.number)
        act = Act.SEND if old.state in SENDS_AGAIN else Act.ADD
        state = after(old.state, act)
        added = Answer(
            act.value, tx.now, tx.actor.person, tx.actor.position, "desk", tx.actor.person, draft.why_now
        )
        return replace(
            fresh,
            escalation_id=old.escalation_id,
            created_at=old.created_at,
            state=state,
            state_at=tx.now if state != old.state else old.state_at,
            timer_from_at=tx.now if restarts_timer(act) else old.timer_from_at,
            sent_at=None if act == Act.SEND else old.sent_at,
            received_at=None if act == Act.SEND else old.received_at,
            accepted_at=old.accepted_at,
            resource=old.resource,
            eta_at=old.eta_at,
            on_scene_at=old.on_scene_at,
            answers=(*old.answers, added),
            forwarded_to=old.forwarded_to,
            forwarded_number=old.forwarded_number,
            forwarded_at=old.forwarded_at,
            other_site_ids=tuple(sorted({*old.site_ids, *fresh.site_ids} - {fresh.site_id})),
            token=old.token or fresh.token,
            asked_at=old.asked_at,
        )

    def _queue(self, tx: Transaction, item: Escalation, old: Escalation | None) -> None:
        """Newer words also go where nobody had ticked and the older ones went by themselves."""
        ways = escalations.deliveries(tx.connection, [item.escalation_id])[item.escalation_id]
        by_itself = [way.channel for way in ways if old is not None and way.channel not in old.channels]
        for channel in dict.fromkeys((*item.channels, *by_itself)):
            escalations.queue_delivery(tx, item.escalation_id, channel)


_DONE = ("utility_told", "made_safe")
_LOGGED = (
    "state",
    "band",
    "desk",
    "esf",
    "place_quality",
    "need_by_at",
    "return_code",
    "eta_at",
    "on_scene_at",
)


def _check(draft: EscalationDraft) -> None:
    if not draft.desk.strip():
        raise ActRefused("Say who it goes to.")
    if not draft.effect_needed.strip():
        raise ActRefused("Say what effect is needed, such as “Traffic control at the crossing”.")
    if len(draft.other_site_ids) >= MOST_SITES:
        raise ActRefused(f"At most {MOST_SITES} sites go as one: hand the others over by area.")
    if draft.site_id in draft.other_site_ids:
        raise ActRefused("A site stands in its own list: tick it once.")
    if not draft.channels:
        raise ActRefused("Tick at least one way to hand it over.")


def _site(connection: Connection, site_id: int) -> Row[Any]:
    row = sites.row(connection, site_id)
    if row is None or row.own_flags & Flag.MERGED:
        raise ActRefused("This site stands in another one now.")
    return row


def _open_ones(connection: Connection, site_id: int) -> list[Escalation]:
    """The site's hand-overs that are still open, the newest last."""
    return [item for item in escalations.of_site(connection, site_id) if item.state.is_open]


def _meant(open_ones: Sequence[Escalation], desk: str) -> Escalation | None:
    """The one a hand-over to this desk goes to; None where it is one of its own."""
    with_desk = [item for item in open_ones if item.desk == desk and item.state not in SENDS_AGAIN]
    came_back = [item for item in open_ones if item.state in SENDS_AGAIN]
    return next(reversed(with_desk or came_back), None)


def moved(old: Escalation | None, new: Escalation) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an act changed of a hand-over, before and after, for the log: states, names of desks and times,
    nobody's words."""
    was = {name: getattr(old, name) if old else None for name in _LOGGED}
    now = {name: getattr(new, name) for name in _LOGGED}
    changed = [name for name in _LOGGED if was[name] != now[name]]
    return {name: was[name] for name in changed}, {name: now[name] for name in changed}


def _value(facts: tuple[Fact, ...], name: str) -> str:
    found = _newest(facts, name)
    return found.value if found else ""


def _newest(facts: tuple[Fact, ...], name: str) -> Fact | None:
    return next((fact for fact in reversed(facts) if fact.name == name), None)


def _told(facts: tuple[Fact, ...]) -> Told911 | None:
    fact = _newest(facts, "911")
    return Told911.of_fact(fact) if fact else None
