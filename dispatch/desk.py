"""Every act of an operator, each one transaction with its log line and what it sends; returns at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import tzinfo
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from dispatch import intake, offers, still_needed
from dispatch.act_rules import NOBODY_TO_ANSWER, P1_SNOOZE_MS, why_not_close, why_not_say
from dispatch.bulk import undo as bulk_undo
from dispatch.calls import undo as calls_undo
from dispatch.claim_rules import CLAIM_STALE_MS, was_first
from dispatch.errors import ActRefused
from dispatch.handover import HandOver, moved
from dispatch.in_force import InForce
from dispatch.records import (
    SITE_STATES,
    Actor,
    Band,
    Call,
    Changes,
    CloseReason,
    CrmStatus,
    Escalation,
    EscalationDraft,
    Flag,
    Millis,
    OutboxKind,
    OwnPlace,
    Place,
    ServiceRequest,
    SiteState,
    Told911,
    WaitReason,
)
from dispatch.residents import stay_safe
from dispatch.residents.once import read_elsewhere
from dispatch.servers.capabilities import Capabilities, from_text
from dispatch.servers.offers import why_not
from dispatch.store import (
    city_facts,
    claims,
    escalations,
    many,
    mirror,
    notices,
    outbox,
    outreach,
    own_places,
    plan,
    schema,
    sites,
    storm_facts,
    suggestions,
    surveys,
    sweeps,
    undo,
)
from dispatch.store.expected import NoteTold
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.store.undo import Undoable
from dispatch.triage.judge import Judge

HOLD_BACK_MS = 10_000
NEW, TRIAGED, WAITING, CLOSED = (
    SITE_STATES.index(s) for s in (SiteState.NEW, SiteState.TRIAGED, SiteState.WAITING, SiteState.CLOSED)
)
# An act answers what had put the site back on top.
ANSWERED = Flag.NEW_FACT | Flag.REOPENED
WORDS = ("state_note", "own_band_reason")
NO_TEXTS: Mapping[str, Sequence[int]] = MappingProxyType({})
# What is no act at a site, by its name in the log: its entry says what is to be taken back.
TAKEN_BACK: Mapping[str, Callable[[Transaction, Any], object]] = {
    "outreach": outreach.take_back,
    "plan": plan.take_back,
    "notice": notices.take_back,
    "city_fact": city_facts.take_back,
    "storm_facts": storm_facts.take_back,
    "survey": surveys.take_back,
}
CORRECTION = "Correction by the city: this was closed by mistake and is open again."


class Desk:
    """`actor` says who sits here now; `wall_now` is real time, by which messages wait to leave. An act at a
    map layer is taken back by who keeps the layers: `layer_taken_back`; which time a message tells is kept by
    `note_told`."""

    def __init__(
        self,
        *,
        store: Store,
        in_force: InForce,
        hand_over: HandOver,
        actor: Callable[[], Actor],
        wall_now: Callable[[], Millis],
        zone: tzinfo,
        layer_taken_back: Callable[[dict[str, Any]], AbstractContextManager[None]],
        note_told: NoteTold,
    ) -> None:
        self._store = store
        self._in_force = in_force
        self._hand_over = hand_over
        self._actor = actor
        self._wall_now = wall_now
        self._zone = zone
        self._layer_taken_back = layer_taken_back
        self._note_told = note_told

    # -- looking after a site -----------------------------------------------------------------------

    def claim(self, site_id: int) -> Changes:
        with self._store.transaction(self._actor()) as tx:
            row = self._site(tx, site_id)
            if row.band == Band.P1:
                # Claimed and then left: after three minutes anyone may take it (S4).
                sites.drop_stale_claim(tx, site_id, before_at=tx.now - CLAIM_STALE_MS)
            holder = sites.put_claim(tx, site_id)
            if holder:
                raise ActRefused(was_first(*holder, tx.now, self._zone))
            self._acted(tx, site_id, "claim", "claimed", row=row, undoable={"claim": True})
        return tx.changes

    def let_go(self, site_id: int) -> Changes:
        with self._store.transaction(self._actor()) as tx:
            if (held := claims.holder(tx.connection, site_id)) is None:
                raise ActRefused("Nobody has claimed it.")
            if held.person != tx.actor.person:
                raise ActRefused(was_first(held.person, held.seat, held.at, tx.now, self._zone))
            sites.drop_claim(tx, site_id)
            tx.log("let_go", "let go", site_id=site_id)
        return tx.changes

    def set_band(self, site_id: int, band: Band, reason: str = "") -> Changes:
        """The operator's own band wins over the score; out of P1 only with a reason."""
        with self._store.transaction(self._actor()) as tx:
            row = self._site(tx, site_id)
            if row.band == Band.P1 and band > Band.P1 and not reason.strip():
                raise ActRefused("Say why this is no longer life safety.")
            own: dict[str, Any] = {
                "own_band": int(band),
                "own_band_reason": reason,
                "own_band_who": tx.actor.person,
                "own_band_at": tx.now,
            }
            words = f"band {band.name}" if band == row.band else f"band {Band(row.band).name} to {band.name}"
            self._acted(tx, site_id, "band", words, row=row, band=int(band), **own)
        return tx.changes

    def wait(self, site_id: int, reason: WaitReason, note: str = "") -> Changes:
        with self._store.transaction(self._actor()) as tx:
            row = self._site(tx, site_id)
            waiting: dict[str, Any] = {"state": WAITING, "state_reason": reason.value, "state_note": note}
            self._acted(tx, site_id, "wait", f"waiting: {reason.value}", row=row, **waiting)
        return tx.changes

    def resume(self, site_id: int) -> Changes:
        with self._store.transaction(self._actor()) as tx:
            row = self._site(tx, site_id)
            if row.state != WAITING:
                raise ActRefused("It is not waiting.")
            self._acted(tx, site_id, "resume", "taken up again", row=row, state=TRIAGED, state_reason="")
        return tx.changes

    def snooze(self, site_id: int, until_at: Millis, why: str = "") -> Changes:
        """Out of sight until then; a P1 at most five minutes (S5)."""
        with self._store.transaction(self._actor()) as tx:
            row = self._site(tx, site_id)
            if row.band == Band.P1 and until_at > tx.now + P1_SNOOZE_MS:
                raise ActRefused("A P1 can be put aside for five minutes at most.")
            self._acted(tx, site_id, "snooze", "snoozed", row=row, snoozed_until=until_at)
        return tx.changes

    def close(
        self, site_id: int, reason: CloseReason, *, note: str = "", confirmed_by: str = "", message: str = ""
    ) -> Changes:
        """Close with a reason. With a message it is closed on the 311 server too, by that message.

        Refused: a wire not made safe as fixed or covered by a sweep (S13), a P1 without who confirmed its
        outcome (S6), a site emergency management still has.
        """
        with self._store.transaction(self._actor()) as tx:
            row = self._site(tx, site_id)
            self._may_close(tx, row, reason, note, confirmed_by)
            self._may_tell_time(tx, message)
            sent = self._send(tx, site_id, OutboxKind.CLOSE, message) if message.strip() else []
            if message.strip() and not sent:
                raise ActRefused(f"{NOBODY_TO_ANSWER} Close it without a message.")
            closed: dict[str, Any] = {
                "state": CLOSED,
                "state_reason": reason.value,
                "state_note": note,
                "closed_at": tx.now,
            }
            if confirmed_by.strip():
                sites.add_fact(tx, site_id, "outcome", f"{note} (confirmed by {confirmed_by})".strip())
            sites.drop_claim(tx, site_id)
            self._acted(
                tx, site_id, "close", f"closed: {reason.value}", row=row, undoable={"sent": sent}, **closed
            )
        return tx.changes

    def reopen(self, site_id: int) -> Changes:
        with self._store.transaction(self._actor()) as tx:
            row = self._site(tx, site_id)
            if row.state != CLOSED:
                raise ActRefused("It is not closed.")
            opened: dict[str, Any] = {"state": TRIAGED, "state_reason": "", "closed_at": None}
            self._acted(tx, site_id, "reopen", "opened again", row=row, **opened)
        return tx.changes

    # -- which reports are one place ------------------------------------------------------------------

    def merge(self, lead_id: int, ids: Iterable[int]) -> Changes:
        """Make these sites one, ours alone (S10): the server hears nothing of it; undo and split are easy."""
        with self._store.transaction(self._actor()) as tx:
            self.take_in(tx, lead_id, ids)
        return tx.changes

    def take_in(self, tx: Transaction, lead_id: int, ids: Iterable[int]) -> None:
        """The same within an act that does more than that."""
        others = sorted({*ids} - {lead_id})
        rows = {site_id: self._site(tx, site_id) for site_id in (lead_id, *others)}
        if not others:
            raise ActRefused("Choose the site it is a duplicate of.")
        if any((row.flags | row.own_flags) & Flag.PERSON for row in rows.values()):
            raise ActRefused("Reports about people are linked by building, never merged.")
        for site_id in others:
            if any(item.state.is_open for item in escalations.of_site(tx.connection, site_id)):
                raise ActRefused("The other one is with emergency management: make that one the lead.")
        members = sites.members(tx.connection, others)
        moved = {key: site_id for site_id in others for key, _, _ in members.get(site_id, [])}
        sites.move_members(tx, moved, lead_id)
        for site_id in others:
            sites.drop_claim(tx, site_id)
            sites.set_flags(tx, site_id, add=Flag.MERGED)
            moved_to = {"before": {"site": site_id}, "after": {"site": lead_id}}
            tx.log("merged", f"merged into site {lead_id}", site_id=site_id, detail=moved_to)
        self._sum_up(tx, lead_id)
        suggestions.mark(tx, lead_id)
        is_dangerous = any(rows[site_id].band <= Band.P2 for site_id in others)
        if is_dangerous and self._rests(tx, rows[lead_id]):
            sites.set_flags(tx, lead_id, add=Flag.NEW_FACT)
        tx.log(
            "merge",
            f"merged with site {others[0]}" if len(others) == 1 else f"merged with {len(others)} sites",
            site_id=lead_id,
            detail={"undo": {"moved": {str(k): v for k, v in moved.items()}}},
        )

    def split(self, site_id: int, request_id: str) -> Changes:
        """Give a request of a site its own number back."""
        with self._store.transaction(self._actor()) as tx:
            members = sites.members(tx.connection, [site_id]).get(site_id, [])
            key = next((key for key, request, _ in members if request.request_id == request_id), None)
            if key is None:
                raise ActRefused("This report does not stand in that site.")
            if key == site_id:
                raise ActRefused("This is the report that opened the site: split the other ones out of it.")
            suggestions.keep_apart(tx, key, site_id)
            self._move_back(tx, {key: key}, site_id)
            moved = {"before": {"site": site_id}, "after": {"site": key}}
            tx.log("split", "one report split off", site_id=site_id, detail=moved)
            tx.log("split", f"split from site {site_id}", site_id=key, detail=moved)
        return tx.changes

    def link(self, site_id: int, ids: Iterable[int]) -> Changes:
        """Tie reports about people in one building together; they stay sites of their own (S10)."""
        with self._store.transaction(self._actor()) as tx:
            others = sorted({*ids} - {site_id})
            for other in (site_id, *others):
                self._site(tx, other)
            sites.add_links(tx, site_id, others)
            tx.log("link", f"linked with site {', '.join(map(str, others))}", site_id=site_id)
        return tx.changes

    def not_the_same(self, site_id: int, ids: Iterable[int]) -> Changes:
        """A person has looked: the site repeats none of these. They are not proposed again."""
        with self._store.transaction(self._actor()) as tx:
            self._site(tx, site_id)
            others = sorted({*ids} - {site_id})
            pairs = suggestions.dismiss(tx, site_id, others)
            if not pairs:
                raise ActRefused("Nothing is proposed here any more.")
            for each in (site_id, *others):
                suggestions.mark(tx, each)
            words = f"not the same as site {', '.join(map(str, others))}"
            tx.log("not_the_same", words, site_id=site_id, detail={"undo": {"apart": pairs}})
        return tx.changes

    # -- words ----------------------------------------------------------------------------------------

    def message(self, site_id: int, text: str, texts: Mapping[str, Sequence[int]] = NO_TEXTS) -> Changes:
        """A public message to every reporter of the site, once each; it leaves after ten seconds (S8).

        `texts` are other words for the reports of these keys, in their language or with their number; where
        `text` is empty, only those hear something.
        """
        if not text.strip() and not any(each.strip() for each in texts):
            raise ActRefused("Write the message first.")
        with self._store.transaction(self._actor()) as tx:
            row = self._site(tx, site_id)
            sent = self.say(tx, row, text, texts)
            self._note_told(tx, {site_id: row}, sent)
            words = f"message to {len(sent)} reporters" if len(sent) > 1 else "message to the reporter"
            self._acted(tx, site_id, "message", words, row=row, undoable={"sent": sent})
        return tx.changes

    def say(
        self, tx: Transaction, row: Row[Any], text: str, texts: Mapping[str, Sequence[int]] = NO_TEXTS
    ) -> list[str]:
        """The same within an act that is more than a message; what is sent, by its ids."""
        for each in (text, *texts):
            self._may_say(tx, row, each)
        sent = self._send(tx, row.site_id, OutboxKind.MESSAGE, text, texts)
        if not sent:
            raise ActRefused(NOBODY_TO_ANSWER)
        return sent

    def take_back(self, outbox_ids: Iterable[str]) -> Changes:
        """Stop messages that have not left yet; refused when all of them have."""
        with self._store.transaction(self._actor()) as tx:
            stopped = outbox.take_back(tx, outbox_ids)
            if not stopped:
                raise ActRefused("It has already left. Send a correction instead.")
            for site_id in sorted({item.site_id for item in stopped}):
                ids = [item.outbox_id for item in stopped if item.site_id == site_id]
                offers.question_taken_back(tx, self._judge_of(tx), site_id, ids)
                tx.log("take_back", "message taken back", site_id=site_id)
        return tx.changes

    def note(self, site_id: int, text: str) -> Changes:
        """An internal note: never sent anywhere."""
        if not text.strip():
            raise ActRefused("Write the note first.")
        with self._store.transaction(self._actor()) as tx:
            self._site(tx, site_id)
            _, fact_id = sites.add_fact(tx, site_id, "note", text)
            tx.log("note", "internal note", site_id=site_id, detail={"after": {"fact": fact_id}})
        return tx.changes

    def internal_note(self, site_id: int, text: str) -> Changes:
        """Our own note; and an internal comment at the city on each report where its server takes some."""
        if not text.strip():
            raise ActRefused("Write the note first.")
        with self._store.transaction(self._actor()) as tx:
            self._site(tx, site_id)
            _, fact_id = sites.add_fact(tx, site_id, "note", text)
            keys, _ = self._takers(tx, site_id, OutboxKind.INTERNAL_NOTE)
            outbox.put(tx, OutboxKind.INTERNAL_NOTE, keys, text.strip(), due_at=self._wall_now())
            tx.log("note", "internal note", site_id=site_id, detail={"after": {"fact": fact_id}})
        return tx.changes

    def assign(self, site_id: int, assignee: str, text: str = "") -> Changes:
        """Give every report of the site to an account of the city's on the 311 server, by its number there;
        `text` is for the assignee, not for the public."""
        if not assignee.strip():
            raise ActRefused("Say whom it is for.")
        with self._store.transaction(self._actor()) as tx:
            row = self._site(tx, site_id)
            keys, no = self._takers(tx, site_id, OutboxKind.ASSIGN)
            if not keys:
                raise ActRefused(no)
            due_at = self._wall_now() + HOLD_BACK_MS
            detail = {"assignee_id": assignee.strip()}
            sent = outbox.put(tx, OutboxKind.ASSIGN, keys, text.strip(), due_at=due_at, detail=detail)
            self._acted(tx, site_id, "assign", f"assigned to {assignee}", row=row, undoable={"sent": sent})
        return tx.changes

    def take_call(self, call: Call) -> tuple[int, Changes]:
        """What a caller says: a site on the board, triaged, at once; and a new request in the city's name,
        which leaves after ten seconds. Returns the site."""
        with self._store.transaction(self._actor()) as tx:
            taken = intake.enter(tx, self._judge_of(tx), call, due_at=self._wall_now() + HOLD_BACK_MS)
            tx.log("call", f"call {taken.number} taken", site_id=taken.site_id)
        return taken.site_id, tx.changes

    # -- facts ----------------------------------------------------------------------------------------

    def tell_911(self, site_id: int, told: Told911) -> Changes:
        """The 911 step (S3): told with time, whom and number, or not reached, which stays red."""
        with self._store.transaction(self._actor()) as tx:
            row = self._site(tx, site_id)
            facts = self.put_911(tx, site_id, told)
            self._hand_over.put_911(tx, site_id, told)
            words = "911 told" if told.is_told else "911 not reached"
            self._acted(tx, site_id, "911", words, row=row, facts=facts)
        return tx.changes

    def tell_utility(self, site_id: int, ticket: str) -> Changes:
        return self._establish(site_id, "utility_told", ticket, Flag.UTILITY_TOLD, "utility told")

    def made_safe(self, site_id: int, by_whom: str) -> Changes:
        """The utility says the line is dead: by whom, now (S13)."""
        if not by_whom.strip():
            raise ActRefused("Say who of the utility made it safe.")
        return self._establish(site_id, "made_safe", by_whom, Flag.MADE_SAFE, "made safe")

    def confirm_place(self, site_id: int, quality: str, words: str) -> Changes:
        """The place as a person established it: exact, street or area, and in words."""
        return self._establish(site_id, "place", f"{quality}|{words}", Flag(0), f"place {quality}")

    def place_by_hand(self, site_id: int, place: Place, words: str = "") -> Changes:
        """Put a site on the map (S11): its own place, whatever the reports and the server say, until a
        person moves it again. `words` is the address it was found by. An open hand-over hears of it."""
        with self._store.transaction(self._actor()) as tx:
            row = self._site(tx, site_id)
            members = sites.members(tx.connection, [site_id]).get(site_id, [])
            seen = next((request.place for _, request, _ in members if request.place), None)
            own = OwnPlace(place, " ".join(words.split()), seen, tx.actor.person, tx.now)
            self._put_place(tx, row, own.value, "placed by hand")
        return tx.changes

    def place_as_reported(self, site_id: int) -> Changes:
        """Take the place put by hand away: the site stands where its reports say, or nowhere."""
        with self._store.transaction(self._actor()) as tx:
            row = self._site(tx, site_id)
            if own_places.of_site(tx.connection, site_id) is None:
                raise ActRefused("Nobody has placed it by hand.")
            self._put_place(tx, row, "", "place as reported again")
        return tx.changes

    # -- hand-over --------------------------------------------------------------------------------------

    def draft(self, site_id: int, other_site_ids: Sequence[int] = ()) -> EscalationDraft:
        """The escalate sheet filled in with what is known; with others, of all of them as one."""
        with self._store.reading() as connection:
            return self._hand_over.draft(connection, site_id, other_site_ids)

    def preview(self, draft: EscalationDraft) -> Escalation:
        """What would be handed over, unsaved, for the form's preview."""
        with self._store.reading() as connection:
            return self._hand_over.compose(connection, draft, self._actor(), "EOC-····")

    def escalate(self, draft: EscalationDraft) -> Escalation:
        """Hand the site over: escalation, deliveries, log line and what residents are told in one
        transaction. What the desk has already gets an update or is sent again, never a second."""
        with self._store.transaction(self._actor()) as tx:
            rows = [self._site(tx, site_id) for site_id in (draft.site_id, *draft.other_site_ids)]
            for row in rows:
                if row.state == CLOSED:
                    which = f"The site at {row.where_words}" if len(rows) > 1 else "The site"
                    raise ActRefused(f"{which} is closed: open it again first.")
            old = self._hand_over.meant(tx.connection, draft)
            item = self._hand_over.send(tx, draft)
            with_others = f", {len(rows)} sites as one" if len(rows) > 1 else ""
            words, handed_over = f"{item.number} to {item.desk}{with_others}", moved(old, item)
            for row in rows:
                facts = None
                if draft.told_911 is not None:
                    facts = self.put_911(tx, row.site_id, draft.told_911)
                self._acted(tx, row.site_id, "escalate", words, row=row, facts=facts, handed_over=handed_over)
        return item

    # -- the room ---------------------------------------------------------------------------------------

    def set_storm_mode(self, is_on: bool) -> Changes:
        """Set nonessential categories aside until after the storm, or bring them back (S1)."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("storm_mode")
            own = schema.activation.c.activation_id == tx.actor.activation_id
            was_on = tx.connection.execute(select(schema.activation.c.storm_mode).where(own)).scalar()
            tx.connection.execute(update(schema.activation).where(own).values(storm_mode=int(is_on)))
            tx.others.add("activation")
            detail = {"before": {"storm_mode": bool(was_on)}, "after": {"storm_mode": is_on}}
            tx.log("storm_mode", f"storm mode {'on' if is_on else 'off'}", detail=detail)
        return tx.changes

    def suspend(self, service: str, since_at: Millis, why: str, review_at: Millis) -> Changes:
        """Field response of a service suspended (S7), with the next review."""
        if not why.strip():
            raise ActRefused("Say why field response is suspended.")
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("suspend")
            before = self._drop_suspension(tx, service)
            tx.connection.execute(
                insert(schema.suspension).values(
                    activation_id=tx.actor.activation_id,
                    service=service,
                    since_at=since_at,
                    why=why,
                    review_at=review_at,
                    who=tx.actor.person,
                )
            )
            tx.others.add("suspension")
            detail = {"before": before, "after": {"since_at": since_at, "review_at": review_at}}
            tx.log("suspend", f"field response suspended: {service}", detail=detail)
        return tx.changes

    def resume_service(self, service: str) -> Changes:
        """It drives again: what was held for weather is asked whether it is still needed (S7)."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("resume_service")
            if (before := self._drop_suspension(tx, service)) is None:
                raise ActRefused("It is not suspended.")
            tx.others.add("suspension")
            detail = {"before": before, "after": None}
            asked = still_needed.ask(tx)
            words = f"field response again: {service}"
            if asked:
                words += f"; {asked} held for weather: still needed?"
            tx.log("resume_service", words, detail=detail)
        return tx.changes

    # -- undo -------------------------------------------------------------------------------------------

    def undo(self) -> tuple[str, Changes]:
        """Take this person's last act at this seat back; what was undone, in a sentence."""
        # Files outlast the transaction: should it fail, they are put back as they were.
        with ExitStack() as files, self._store.transaction(self._actor()) as tx:
            line = undo.last(tx)
            if line is None:
                raise ActRefused("There is nothing to undo.")
            tx.must_be_allowed(line.act)
            if lines := line.detail["undo"].get("lines"):
                rest = bulk_undo.take_back(
                    tx, line.number, lines, wall_now=self._wall_now(), correction=CORRECTION
                )
            elif layer := line.detail["undo"].get("layer"):
                files.enter_context(self._layer_taken_back(layer))
                tx.others.add("layers")
                rest = ""
            elif paste_id := line.detail["undo"].get("pasted"):
                rest = calls_undo.take_back(tx, paste_id)
            elif sweep_id := line.detail["undo"].get("sweep"):
                sweeps.take_back(tx, sweep_id, line.detail["undo"]["version"])
                rest = ""
            elif name := next((each for each in TAKEN_BACK if line.detail["undo"].get(each)), ""):
                TAKEN_BACK[name](tx, line.detail["undo"][name])
                rest = ""
            else:
                rest = self._take_one_back(tx, line)
            tx.log("undo", f"undone: {line.text}", site_id=line.site_id, detail={"undoes": line.number})
        return " ".join(filter(None, (f"Undone: {line.text}.", rest))), tx.changes

    # -- inside -----------------------------------------------------------------------------------------

    def _site(self, tx: Transaction, site_id: int) -> Row[Any]:
        row = sites.row(tx.connection, site_id)
        if row is None or row.own_flags & Flag.MERGED:
            raise ActRefused("This site stands in another one now.")
        return row

    def _acted(
        self,
        tx: Transaction,
        site_id: int,
        act: str,
        words: str,
        *,
        row: Row[Any] | None = None,
        undoable: dict[str, Any] | None = None,
        facts: tuple[str | None, str] | None = None,
        handed_over: tuple[dict[str, Any], dict[str, Any]] | None = None,
        **values: Any,
    ) -> None:
        """Note the act, so that S4 sees it. What it changed is kept with the log line, before and after: of
        the site, of the newest `facts` of a name by their ids, of the hand-over."""
        tx.must_be_allowed(act)
        row = row if row is not None else self._site(tx, site_id)
        if row.state == NEW and act != "claim":
            values.setdefault("state", TRIAGED)
        if not row.acted_at:
            values["acted_at"] = tx.now
        # A person's words stay out of the log: it holds references only, so that redaction never breaks it.
        before = {name: getattr(row, name) for name in values if name not in WORDS}
        was: dict[str, Any] = dict(before)
        now: dict[str, Any] = {name: values[name] for name in before}
        if facts is not None:
            was["fact"], now["fact"] = facts
        if handed_over is not None:
            was["escalation"], now["escalation"] = handed_over
        if values:
            sites.change(tx, site_id, **values)
        sites.touch_claim(tx, site_id)
        if row.own_flags & ANSWERED:
            sites.set_flags(tx, site_id, drop=ANSWERED)
        undo_by = {"site": before, **(undoable or {})}
        tx.log(act, words, site_id=site_id, detail={"before": was, "after": now, "undo": undo_by})

    def _establish(self, site_id: int, name: str, value: str, flag: Flag, words: str) -> Changes:
        with self._store.transaction(self._actor()) as tx:
            row = self._site(tx, site_id)
            facts = sites.add_fact(tx, site_id, name, value)
            sites.set_flags(tx, site_id, add=flag)
            self._acted(tx, site_id, name, words, row=row, facts=facts)
        return tx.changes

    def _put_place(self, tx: Transaction, row: Row[Any], value: str, words: str) -> None:
        facts = own_places.put(tx, row.site_id, value)
        self._sum_up(tx, row.site_id)
        self._hand_over.put_place(tx, row.site_id)
        # The area only: where exactly stands with the site's facts, which a masked seat does not see (S15).
        area = self._site(tx, row.site_id).neighborhood
        said = f"{words}, {area}" if area else words
        undoable = {"placed": facts[0] or ""}
        self._acted(tx, row.site_id, "place_by_hand", said, row=row, undoable=undoable, facts=facts)

    def _may_close(
        self, tx: Transaction, row: Row[Any], reason: CloseReason, note: str, confirmed_by: str
    ) -> None:
        held = [item.number for item in escalations.of_site(tx.connection, row.site_id) if item.state.is_open]
        if no := why_not_close(row, reason, note=note, confirmed_by=confirmed_by, with_em=held):
            raise ActRefused(no)

    def _may_say(self, tx: Transaction, row: Row[Any], text: str) -> None:
        category = self._in_force.judge.rules.table[row.category]
        is_suspended = many.is_response_suspended(tx.connection, tx.actor.activation_id)
        known = self._in_force.templates(tx.connection).stay_safe_sentences() if is_suspended else frozenset()
        if text.strip() and (
            no := why_not_say(row, text, category=category, is_suspended=is_suspended, stay_safe=known)
        ):
            raise ActRefused(no)

    def _may_tell_time(self, tx: Transaction, text: str) -> None:
        """How it ended may be said of a P1 too; no time and no arrival while response is suspended (S7)."""
        is_suspended = many.is_response_suspended(tx.connection, tx.actor.activation_id)
        if is_suspended and (no := stay_safe.refusal(text, is_p1=False, sentences=frozenset())):
            raise ActRefused(no)

    def put_911(self, tx: Transaction, site_id: int, told: Told911) -> tuple[str | None, str] | None:
        """The facts before and after; None where the same was known already."""
        known = [fact for fact in sites.facts(tx.connection, site_id) if fact.name == "911"]
        facts = None
        if not known or known[-1].value != told.words:
            facts = sites.add_fact(tx, site_id, "911", told.words)
        marks = [Flag.TOLD_911, Flag.NOT_REACHED_911]
        add, drop = marks if told.is_told else reversed(marks)
        sites.set_flags(tx, site_id, add=add, drop=drop)
        return facts

    def _rests(self, tx: Transaction, row: Row[Any]) -> bool:
        """Nobody looks at it just now: it waits, is closed, or is with emergency management (S10)."""
        handed_over = escalations.of_site(tx.connection, row.site_id)
        return row.state in (WAITING, CLOSED) or any(item.state.is_open for item in handed_over)

    def _send(
        self,
        tx: Transaction,
        site_id: int,
        kind: OutboxKind,
        text: str,
        texts: Mapping[str, Sequence[int]] = NO_TEXTS,
    ) -> list[str]:
        """To every report that is not archived and for which there are words, and of a message once to each
        person. One that the city has closed already gets the words alone; where the city lets nobody close an
        open one, nothing is sent to any."""
        due_at = self._wall_now() + HOLD_BACK_MS
        sent, refusals = [], []
        own = {key: each for each, keys in texts.items() for key in keys}
        offers = [
            each
            for each in self._offers(tx, site_id, kind)
            if each[1].status is not CrmStatus.ARCHIVED and own.get(each[0], text).strip()
        ]
        twice: frozenset[int] = frozenset()
        if kind is OutboxKind.MESSAGE:
            twice = read_elsewhere((key, request) for key, request, no in offers if not no)
        for key, request, no in offers:
            words = own.get(key, text).strip()
            if key in twice:
                continue
            if kind is OutboxKind.CLOSE and request.status is CrmStatus.CLOSED:
                sent += outbox.put(tx, OutboxKind.MESSAGE, [key], words, due_at=due_at)
            elif no:
                refusals.append(no)
            else:
                sent += outbox.put(tx, kind, [key], words, due_at=due_at)
        if refusals and kind is OutboxKind.CLOSE:
            raise ActRefused(
                f"{refusals[0]} Close it here without a message, and write to the reporter apart."
            )
        if refusals and not sent:
            raise ActRefused(refusals[0])
        return sent

    def _takers(self, tx: Transaction, site_id: int, kind: OutboxKind) -> tuple[list[int], str]:
        """The reports on which the server takes this, and why not where it takes it on none."""
        offers = self._offers(tx, site_id, kind)
        return [key for key, _, no in offers if not no], next((no for _, _, no in offers if no), "")

    def _offers(
        self, tx: Transaction, site_id: int, kind: OutboxKind
    ) -> list[tuple[int, ServiceRequest, str]]:
        """(key, request, why the server would not take this on it) of each report of the site."""
        members = sites.members(tx.connection, [site_id]).get(site_id, [])
        servers = mirror.servers_of(tx.connection, [key for key, _, _ in members])
        found = []
        for key, request, _ in members:
            can, _ = from_text(servers[key].capabilities, Capabilities())
            found.append((key, request, why_not(kind, request, server_kind=servers[key].kind, can=can)))
        return found

    def _take_one_back(self, tx: Transaction, line: Undoable) -> str:
        """Undo an act at one site; what more there is to say of it."""
        before, site_id = line.detail["undo"], line.site_id
        assert site_id is not None  # an act at one site
        if "moved" in before:
            self._move_back(tx, {int(key): home for key, home in before["moved"].items()}, site_id)
        if "apart" in before:
            suggestions.decide(tx, before["apart"], "")
            for each in {each for pair in before["apart"] for each in pair}:
                suggestions.mark(tx, each)
        if "placed" in before:
            own_places.put(tx, site_id, own_places.value_of(tx.connection, before["placed"]))
            self._sum_up(tx, site_id)
            self._hand_over.put_place(tx, site_id)
        if "offer" in before:
            offers.take_back(tx, self._judge_of(tx), site_id, before["offer"])
        if before.get("claim"):
            holder = sites.claim_of(tx.connection, site_id)
            if holder not in (None, (tx.actor.person, tx.actor.seat)):
                return f"{holder[0]} ({holder[1]}) has it since then: that stays."
            sites.drop_claim(tx, site_id)
        if before.get("site"):
            sites.change(tx, site_id, **before["site"])
        late = self._take_back_sent(tx, line.act, before.get("sent", ()))
        return "It had already left: a correction goes out." if late else ""

    def _take_back_sent(self, tx: Transaction, act: str, sent: Iterable[str]) -> bool:
        """Stop what the act sent; True when some had left and a closing is corrected in public."""
        ids = list(sent)
        if not ids:
            return False
        stopped = {item.outbox_id for item in outbox.take_back(tx, ids)}
        late = [item for item in outbox.get(tx.connection, ids) if item.outbox_id not in stopped]
        if late and act != "close":
            raise ActRefused("The message has already left. Send a correction instead.")
        keys = [item.request_key for item in late]
        outbox.put(tx, OutboxKind.REOPEN, keys, CORRECTION, due_at=self._wall_now())
        return bool(late)

    def _judge_of(self, tx: Transaction) -> Judge:
        """By the profile that holds at this moment, whichever seat has set it."""
        self._in_force.look(tx.connection)
        return self._in_force.judge

    def _sum_up(self, tx: Transaction, site_id: int) -> None:
        members = sites.members(tx.connection, [site_id]).get(site_id, [])
        if members:
            own = own_places.of_site(tx.connection, site_id)
            sites.refresh(tx, site_id, self._in_force.judge.summarize(members, own))
            offers.mark(tx, self._in_force.judge, site_id)

    def _move_back(self, tx: Transaction, back: dict[int, int], from_site: int) -> None:
        for key, home in back.items():
            sites.move_members(tx, [key], home)
            sites.set_flags(tx, home, drop=Flag.MERGED)
        for site_id in {*back.values(), from_site}:
            self._sum_up(tx, site_id)
            suggestions.mark(tx, site_id)

    def _drop_suspension(self, tx: Transaction, service: str) -> dict[str, Any] | None:
        """What held, None where the service was not suspended."""
        gone = tx.connection.execute(
            delete(schema.suspension)
            .where(
                schema.suspension.c.activation_id == tx.actor.activation_id,
                schema.suspension.c.service == service,
            )
            .returning(schema.suspension.c.since_at, schema.suspension.c.review_at)
        ).first()
        return None if gone is None else {"since_at": gone.since_at, "review_at": gone.review_at}
