"""Emergency management's answers to what it was handed; each one transaction, whoever gave it and however.

S16: an answer keeps who gave it (name, position), how it came (desk, reply code, spoken) and who wrote it
down. The first answer or receipt on any channel counts for all of them.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypedDict, Unpack
from zoneinfo import ZoneInfo

from dispatch import overdue, still_needed
from dispatch.errors import ActRefused
from dispatch.escalation.channels import BY_HAND
from dispatch.escalation.states import (
    Act,
    after,
    close_refusal,
    forward_refusal,
    restarts_timer,
    return_refusal,
)
from dispatch.forms.first_hour import in_order
from dispatch.handover import moved
from dispatch.records import (
    Actor,
    Answer,
    Changes,
    Delivery,
    Escalation,
    EscalationState,
    Flag,
    Incoming,
    IncomingState,
    Millis,
    OnDuty,
    OutboxKind,
    ReturnCode,
    ToRead,
)
from dispatch.residents.once import read_elsewhere
from dispatch.residents.templates import Language
from dispatch.residents.told import ended_text, there_text, told_text
from dispatch.site_texts import SiteTexts
from dispatch.store import escalations, incoming, outbox, roster, sites
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction

# A message can be taken back for ten seconds (S8).
HOLD_BACK_MS = 10_000

NOT_TAKEN = (EscalationState.SENT, EscalationState.RECEIVED, EscalationState.EXPIRED)

UNCLEAR = "It is not clear what this answer means: read it and record the answer."
UNPROVEN = "Nobody proved that this answer comes from who was asked: ask them and record the answer."
NOT_OURS = "This answer names no hand-over of ours: find out which one is meant."


class Who(TypedDict, total=False):
    """Who answered and how it came; left out, it is the person at this seat on the desk itself."""

    by_name: str
    by_position: str
    how: str


class EmDesk:
    """`wall_now` is real time: messages to residents wait by it. `channels` are those a hand-over may go
    down by itself when nobody accepts it, in their order."""

    def __init__(
        self,
        *,
        store: Store,
        actor: Callable[[], Actor],
        zone: ZoneInfo,
        wall_now: Callable[[], Millis],
        texts: SiteTexts,
        channels: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self._store = store
        self._actor = actor
        self._zone = zone
        self._wall_now = wall_now
        self._texts = texts
        self._channels = channels

    def cards(self, now: Millis) -> tuple[Escalation, ...]:
        """All open hand-overs and those closed today, in the jurisdiction's day."""
        today = datetime.fromtimestamp(now / 1000, self._zone).replace(hour=0, minute=0, second=0)
        with self._store.reading() as connection:
            return escalations.open_ones(connection) + escalations.closed_since(
                connection, int(today.timestamp() * 1000)
            )

    def deliveries(self, escalation_ids: Iterable[str]) -> dict[str, list[Delivery]]:
        """How far each has come on its channels, for the card's lines."""
        with self._store.reading() as connection:
            return escalations.deliveries(connection, escalation_ids)

    def seen(self, escalation_ids: Iterable[str]) -> Changes:
        """The cards stand before somebody on the EM desk: the receipt of that channel."""
        with self._store.transaction(self._actor()) as tx:
            for escalation_id in escalation_ids:
                item = self._get(tx, escalation_id)
                if item.state == EscalationState.SENT:
                    self._received(tx, item, "seen on the EM desk")
        return tx.changes

    def accept(self, escalation_id: str, text: str = "", **who: Unpack[Who]) -> Changes:
        """Somebody takes it: who, what, by when."""
        return self._answer(escalation_id, Act.ACCEPT, text, who)

    def hold(self, escalation_id: str, text: str = "", **who: Unpack[Who]) -> Changes:
        """Accepted, held for weather: stays on emergency management's list and never bounces (S7)."""
        return self._answer(escalation_id, Act.HOLD, text, who)

    def held(self) -> tuple[Escalation, ...]:
        """What is held for weather, P1, then P2, by area: each is asked whether it is still needed (S7)."""
        with self._store.reading() as connection:
            items = escalations.open_ones(connection)
        own = self._actor().activation_id
        return tuple(in_order(item for item in items if item.activation_id == own))

    def still_needed(self, escalation_id: str, text: str = "", **who: Unpack[Who]) -> Changes:
        """The hold ends: it goes on where it was accepted, and the clock for a resource starts now (S6)."""
        with self._store.transaction(self._actor()) as tx:
            item = self._get(tx, escalation_id)
            still_needed.check_open(item, self._zone)
            self._put(tx, item, Act.STILL_NEEDED, text, who, {})
        return tx.changes

    def not_reached(
        self, escalation_id: str, text: str = "", *, seen_at: Millis | None = None, **who: Unpack[Who]
    ) -> Changes:
        """Nobody answered: unknown. It stays held and asked; nothing closes (S9). `seen_at` is the try that
        stood on the screen, of another seat's newer one the second hears."""
        with self._store.transaction(self._actor()) as tx:
            item = self._get(tx, escalation_id)
            still_needed.check_open(item, self._zone)
            if seen_at is not None:
                still_needed.check_tried(item, seen_at, self._zone)
            self._put(tx, item, Act.NOT_REACHED, text, who, {})
        return tx.changes

    def no_longer_needed(self, escalation_id: str, said_by: str, text: str = "") -> Changes:
        """Closed with its outcome and who said so, of whatever band; refused where the hold has ended."""
        if not said_by.strip():
            raise ActRefused("Say who said that it is no longer needed.")
        outcome = f"{still_needed.NO_LONGER}: {text.strip()}" if text.strip() else still_needed.NO_LONGER
        with self._store.transaction(self._actor()) as tx:
            item = self._get(tx, escalation_id)
            still_needed.check_open(item, self._zone)
            changed = {"outcome": outcome, "confirmed_by": said_by.strip()}
            self._put(tx, item, Act.CLOSE, outcome, Who(), changed)
        return tx.changes

    def pass_on(
        self,
        escalation_id: str,
        desk: str,
        text: str = "",
        *,
        esf: str = "",
        **who: Unpack[Who],
    ) -> Changes:
        """To another desk: owner and timer move, the state stays, the operator sees it."""
        if not desk.strip():
            raise ActRefused("Say which desk it goes to.")
        words = f"to {desk}" + (f": {text}" if text else "")
        return self._answer(escalation_id, Act.PASS_ON, words, who, {"desk": desk, "esf": esf})

    def forward(
        self, escalation_id: str, to: str, number: str = "", text: str = "", **who: Unpack[Who]
    ) -> Changes:
        """To the county or another government, with their mission number where they gave one; their answer
        is recorded here, and accepting it again takes it back."""
        if sentence := forward_refusal(to):
            raise ActRefused(sentence)
        words = " ".join(filter(None, (f"to {to}", number and f"no. {number}"))) + (
            f": {text}" if text else ""
        )
        return self._answer(escalation_id, Act.FORWARD, words, who, _forwarded(to, number))

    def mutual_aid(self, escalation_id: str, text: str = "", **who: Unpack[Who]) -> Changes:
        """Nothing of our own is left for it: somebody else's resource is asked for."""
        return self._answer(escalation_id, Act.MUTUAL_AID, text, who)

    def roster(self) -> dict[str, OnDuty]:
        """Who is on which desk, by desk."""
        with self._store.reading() as connection:
            return roster.on_duty(connection, self._actor().activation_id)

    def take_desk(self, desk: str, person: str, contact: str = "") -> Changes:
        """From now on this person is on a desk; nobody where `person` is empty. What is open there has the
        new name at once: a shift change leaves no card with somebody who has gone home."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("desk_taken")
            before = roster.on_duty(tx.connection, tx.actor.activation_id)
            there = OnDuty(desk, person.strip(), contact.strip(), tx.now)
            roster.put(tx, there)
            now = before | {desk: there}
            count = 0
            for item in escalations.open_ones(tx.connection):
                name = roster.who_has(now, item.desk)
                if name != item.to_person:
                    escalations.save(tx, replace(item, to_person=name))
                    count += 1
            was = before[desk].person if desk in before else ""
            tx.log(
                "desk_taken",
                f"{desk}: {there.person or 'vacant'}, {count} open hand-overs",
                subject=desk,
                detail={"before": was, "after": there.person},
            )
        return tx.changes

    def ask(self, escalation_id: str, question: str, **who: Unpack[Who]) -> Changes:
        """A question to the operator: the clock goes on."""
        if not question.strip():
            raise ActRefused("Write the question.")
        return self._answer(escalation_id, Act.ASK, question, who)

    def reply(self, escalation_id: str, text: str, **who: Unpack[Who]) -> Changes:
        """The operator's answer, or a new fact: added to the hand-over, not a second one."""
        if not text.strip():
            raise ActRefused("Write what is to be added.")
        return self._answer(escalation_id, Act.ADD, text, who)

    def give_back(self, escalation_id: str, code: ReturnCode, text: str = "", **who: Unpack[Who]) -> Changes:
        """Returned with a code; it stands on top of the queue again."""
        if sentence := return_refusal(code, text):
            raise ActRefused(sentence)
        changed = {"return_code": code.value}
        return self._answer(escalation_id, Act.RETURN, text, who, changed)

    def resource(
        self, escalation_id: str, resource: str, eta_at: Millis | None, **who: Unpack[Who]
    ) -> Changes:
        """Who goes and when they arrive; naming a resource accepts as well."""
        if not resource.strip():
            raise ActRefused("Name the resource: who or what goes there.")
        changed = {"resource": resource, "eta_at": eta_at}
        return self._answer(escalation_id, Act.RESOURCE, resource, who, changed)

    def on_scene(self, escalation_id: str, *, tell: bool = False, **who: Unpack[Who]) -> Changes:
        """A crew stands there; with `tell` the residents hear so."""
        return self._answer(escalation_id, Act.ON_SCENE, "", who, tell=tell)

    def close(
        self, escalation_id: str, outcome: str, confirmed_by: str, *, tell: bool = False, **who: Unpack[Who]
    ) -> Changes:
        """Closed with its outcome; a P1 also with who confirmed it (S6). With `tell` the residents hear that
        the work has ended, never with which outcome."""
        changed = {"outcome": outcome, "confirmed_by": confirmed_by}
        return self._answer(escalation_id, Act.CLOSE, outcome, who, changed, tell=tell)

    def expire_overdue(self) -> Changes:
        """What nobody accepted in its time comes back to the top of the queue, and goes down the next
        channel as well."""
        now, channels = self._store.clock.now(), self._channels()
        with self._store.reading() as connection:
            waiting = [item for item in escalations.open_ones(connection) if item.state in NOT_TAKEN]
            ways = escalations.deliveries(connection, [item.escalation_id for item in waiting])
        late = [item for item in waiting if overdue.is_due(item, ways[item.escalation_id], channels, now)]
        if not late:
            return Changes()
        with self._store.transaction(self._actor()) as tx:
            for old in late:
                overdue.come_back(tx, self._get(tx, old.escalation_id), channels)
        return tx.changes

    # -- what came back down the channels -----------------------------------------------------------

    def take(self, answers: Iterable[Incoming]) -> Changes:
        """Each answer once, in a transaction of its own: it does what it says, or waits to be read where
        that is not clear, may not be, or nobody proved that it is theirs to say (S17)."""
        changes = Changes()
        for answer in answers:
            changes |= self._take(answer)
        return changes

    def to_read(self) -> tuple[ToRead, ...]:
        """Answers that a person has to read, oldest first."""
        with self._store.reading() as connection:
            return incoming.to_read(connection)

    def have_read(self, key: str) -> Changes:
        """Somebody read it and has done what it asks, or nothing where it asks nothing."""
        with self._store.transaction(self._actor()) as tx:
            if not incoming.mark_read(tx, key, tx.actor.person):
                raise ActRefused("Somebody else has read this answer already.")
            tx.log("answer_read", "an answer that was not clear was read", subject=key)
        return tx.changes

    def _take(self, answer: Incoming) -> Changes:
        try:
            with self._store.transaction(self._actor()) as tx:
                if incoming.is_known(tx.connection, answer.key):
                    return Changes()
                item = self._asked(tx, answer)
                if answer.undelivered:
                    self._came_back(tx, answer, item)
                elif not answer.act or item is None or not is_token_of(item, answer.token):
                    self._leave_to_read(tx, answer, item)
                else:
                    self._put(tx, item, Act(answer.act), answer.text, _who(answer), _changed(answer))
                    incoming.save(tx, answer, IncomingState.TAKEN, escalation_id=item.escalation_id)
        except ActRefused as error:
            answer = replace(answer, why_unclear=str(error))
            with self._store.transaction(self._actor()) as tx:
                if not incoming.is_known(tx.connection, answer.key):
                    self._leave_to_read(tx, answer, self._asked(tx, answer))
        return tx.changes

    def _asked(self, tx: Transaction, answer: Incoming) -> Escalation | None:
        return escalations.asked(tx.connection, answer.escalation_id, answer.token)

    def _came_back(self, tx: Transaction, answer: Incoming, item: Escalation | None) -> None:
        """The road had taken it, and it did not arrive: its delivery says so."""
        incoming.save(tx, answer, IncomingState.TAKEN, escalation_id=item.escalation_id if item else None)
        if item is None or not escalations.came_back(
            tx, item.escalation_id, answer.channel, answer.text, answer.undelivered
        ):
            return
        tx.sites.update(item.site_ids)
        tx.log(
            "undelivered",
            f"{item.number}: what went by {answer.channel} came back",
            site_id=item.site_id,
            subject=item.escalation_id,
        )
        if item.state.is_open:
            overdue.not_handed_over(tx, item, answer.channel, self._channels())

    def _leave_to_read(self, tx: Transaction, answer: Incoming, item: Escalation | None) -> None:
        why = answer.why_unclear or (
            UNPROVEN if item and answer.act else NOT_OURS if item is None else UNCLEAR
        )
        known = replace(answer, why_unclear=why)
        incoming.save(tx, known, IncomingState.TO_READ, escalation_id=item.escalation_id if item else None)
        if item is not None:
            # An answer that waits must not wait in a closed card.
            sites.set_flags(tx, item.site_id, add=Flag.NEW_FACT)
        tx.log(
            "answer_to_read",
            f"{item.number if item else 'An unknown hand-over'}: an answer by {answer.channel} is to be read",
            site_id=item.site_id if item else None,
            subject=answer.key,
        )

    # -- inside -------------------------------------------------------------------------------------

    def _answer(
        self,
        escalation_id: str,
        act: Act,
        text: str,
        who: Who,
        changed: Mapping[str, Any] | None = None,
        *,
        tell: bool = False,
    ) -> Changes:
        with self._store.transaction(self._actor()) as tx:
            self._put(tx, self._get(tx, escalation_id), act, text, who, changed or {}, tell=tell)
        return tx.changes

    def _put(
        self,
        tx: Transaction,
        item: Escalation,
        act: Act,
        text: str,
        who: Who,
        changed: Mapping[str, Any],
        *,
        tell: bool = False,
    ) -> None:
        old, state = item, after(item.state, act)
        if act == Act.CLOSE:
            outcome, confirmed_by = str(changed["outcome"]), str(changed["confirmed_by"])
            if sentence := close_refusal(item.band, outcome, confirmed_by):
                raise ActRefused(sentence)
        answer = Answer(
            kind=act.value,
            at=tx.now,
            by_name=who.get("by_name") or tx.actor.person,
            by_position=who.get("by_position") or tx.actor.position,
            how=who.get("how", "desk"),
            recorded_by=tx.actor.person,
            text=text,
        )
        if act == Act.PASS_ON:
            on = roster.on_duty(tx.connection, tx.actor.activation_id)
            changed = {**changed, "to_person": roster.who_has(on, str(changed["desk"]))}
        item = replace(
            item,
            **changed,
            state=state,
            state_at=tx.now if state != item.state else item.state_at,
            timer_from_at=tx.now if restarts_timer(act) else item.timer_from_at,
            received_at=item.received_at or tx.now,
            accepted_at=item.accepted_at or (tx.now if _accepts(act) else None),
            forwarded_at=tx.now if act == Act.FORWARD else item.forwarded_at,
            on_scene_at=tx.now if act == Act.ON_SCENE else item.on_scene_at,
            closed_at=tx.now if act == Act.CLOSE else item.closed_at,
            answers=(*item.answers, answer),
        )
        escalations.save(tx, item)
        if act == Act.PASS_ON or (act in (Act.ADD, Act.STILL_NEEDED) and answer.how == "desk"):
            self._hand_over_again(tx, item)
        if (old.state in NOT_TAKEN and (_accepts(act) or act == Act.RETURN)) or act == Act.CLOSE:
            escalations.settle_deliveries(tx, item.escalation_id, answer.how)
        if act == Act.ASK:
            # A question must not wait in a closed card: the site stands on top until it is answered.
            sites.set_flags(tx, item.site_id, add=Flag.NEW_FACT)
        elif act == Act.ADD:
            sites.set_flags(tx, item.site_id, drop=Flag.NEW_FACT)
        was, now = moved(old, item)
        tx.log(
            act.value,
            f"{item.number} {act.value.replace('_', ' ')}",
            site_id=item.site_id,
            subject=item.escalation_id,
            detail={"how": answer.how, "by_position": answer.by_position, "before": was, "after": now},
        )
        if _accepts(act) and item.tell_residents:
            self._tell_residents(tx, item, told_text, item.escalation_id)
        if tell:
            words = there_text if act == Act.ON_SCENE else ended_text
            self._tell_residents(tx, item, words, f"{item.escalation_id}:{act.value}")

    def _received(self, tx: Transaction, item: Escalation, proof: str) -> None:
        state = after(item.state, Act.RECEIVE)
        escalations.save(
            tx, replace(item, state=state, state_at=tx.now, received_at=item.received_at or tx.now)
        )
        tx.log(
            "received",
            f"{item.number} {proof}",
            site_id=item.site_id,
            subject=item.escalation_id,
            detail={"before": {"state": item.state}, "after": {"state": state}},
        )

    def _hand_over_again(self, tx: Transaction, item: Escalation) -> None:
        """What was added here, whom it was passed to, that it is needed still: it leaves by every road that
        carries words. Somebody who has no console hears the answer to a question, a new desk of its
        hand-over, and a crew that its wait for the weather is over (S16)."""
        for channel in item.channels:
            if channel not in ("desk", *BY_HAND):
                escalations.queue_delivery(tx, item.escalation_id, channel)

    def _tell_residents(
        self, tx: Transaction, item: Escalation, text: Callable[[Escalation, Language], str], ids: str
    ) -> None:
        """To each in their language. Words about who was told fill only from receipts (S8): so they leave
        with the acceptance, not with the sending, and never where facts are restricted. The ids follow from
        the escalation: whatever is replayed, one message each. A second hand-over of the same site has
        nothing new to say to those who have heard it. While response is suspended a P1 hears what keeps it
        safe, approved, or nothing."""
        if item.is_restricted:
            return
        found = sites.members(tx.connection, item.site_ids)
        members = [member for site_id in item.site_ids for member in found.get(site_id, [])]
        is_open = [(key, request) for key, request, _ in members if request.is_open]
        templates, language = self._texts.templates(tx.connection), {m[0]: m[2].language for m in members}
        own = self._texts.in_the_wind(tx.connection, tx.actor.activation_id, item.site_ids)
        words = {
            key: own[key] if key in own else text(item, templates.language(language[key]))
            for key, _ in is_open
        }
        told: set[int] = set()
        for each in set(words.values()):
            told |= outbox.already_told(tx.connection, (key for key in words if words[key] == each), each)
        twice = read_elsewhere(is_open, told)
        keys = [key for key, _ in is_open if words[key] and key not in told and key not in twice]
        outbox.put_texts(
            tx,
            OutboxKind.MESSAGE,
            [(key, words[key]) for key in keys],
            due_at=self._wall_now() + HOLD_BACK_MS,
            ids=[f"{ids}:{key}" for key in keys],
        )

    def _get(self, tx: Transaction, escalation_id: str) -> Escalation:
        item = escalations.get(tx.connection, escalation_id)
        if item is None:
            raise ActRefused("There is no such hand-over.")
        return item


def is_token_of(item: Escalation, token: str) -> bool:
    """In a time that tells nobody how much of it was right."""
    return bool(item.token) and hmac.compare_digest(item.token.encode(), token.encode())


def _who(answer: Incoming) -> Who:
    return Who(by_name=answer.by_name or answer.channel, by_position=answer.by_position, how=answer.channel)


def _changed(answer: Incoming) -> dict[str, Any]:
    """What an answer changes of its hand-over, checked as one given on the desk."""
    match Act(answer.act):
        case Act.PASS_ON:
            if not answer.desk.strip():
                raise ActRefused("It was passed on, and the answer does not say to which desk.")
            return {"desk": answer.desk}
        case Act.RETURN:
            if sentence := return_refusal(answer.return_code, answer.text):
                raise ActRefused(sentence)
            return {"return_code": answer.return_code}
        case Act.RESOURCE:
            if not answer.resource.strip():
                raise ActRefused("A resource was given, and the answer does not name it.")
            return {"resource": answer.resource, "eta_at": answer.eta_at}
        case Act.CLOSE:
            return {"outcome": answer.outcome, "confirmed_by": answer.confirmed_by}
        case Act.FORWARD:
            if sentence := forward_refusal(answer.desk):
                raise ActRefused(sentence)
            return _forwarded(answer.desk, answer.number)
        case Act.ACCEPT | Act.HOLD | Act.ON_SCENE | Act.MUTUAL_AID | Act.ASK | Act.ADD:
            return {}
        case act:
            raise ActRefused(f"An answer cannot have it {act.value.replace('_', ' ')}: read it.")


def _accepts(act: Act) -> bool:
    return act in (Act.ACCEPT, Act.HOLD, Act.RESOURCE, Act.ON_SCENE, Act.FORWARD, Act.MUTUAL_AID)


def _forwarded(to: str, number: str) -> dict[str, Any]:
    return {"forwarded_to": to, "forwarded_number": number}
