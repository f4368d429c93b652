"""Notices: written, handed in, approved by others, published, updated, cancelled; each step one transaction.

Who may take a step is looked at here on every store, and by a shared database once more. Each step names the
notice as its person saw it: where somebody has gone on with it meanwhile, nothing is done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from dispatch.errors import ActRefused
from dispatch.feeds.weather import Weather
from dispatch.jurisdiction import Jurisdiction
from dispatch.notices import public_words, rules, web_feed
from dispatch.notices.areas import NoticeAreas, Pickable
from dispatch.notices.cap12 import CapFaulty, Sender, message
from dispatch.notices.drafts import fill_draft, load_drafts
from dispatch.notices.storm_slots import storm_slots
from dispatch.records import (
    Actor,
    Changes,
    Millis,
    Notice,
    NoticeDraft,
    NoticePlace,
    NoticeState,
    NoticeStep,
    NoticeText,
)
from dispatch.rights import may
from dispatch.store import many, notices
from dispatch.store.forms import incident
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.whole_file import write_into

HOLD_BACK_MS = 10_000
MOST_CHARS = 500
FOLDER = "notices"


@dataclass(frozen=True, slots=True)
class Board:
    """All notices of the activation, the newest first, and where they stand by the notice's id."""

    notices: tuple[Notice, ...]
    places: dict[str, tuple[NoticePlace, ...]]


@dataclass(frozen=True, slots=True)
class Begun:
    """A notice begun from one of the city's drafts; `blocked_why` says why its storm figures are left open,
    `note` is for who writes."""

    said: NoticeDraft
    blocked_why: str
    note: str
    unread: tuple[str, ...]  # languages whose words no speaker has read yet


class NoticeDesk:
    """`wall_now` is real time, by which what goes to the server waits to leave; files lie in the data
    folder's `notices`."""

    def __init__(
        self,
        *,
        store: Store,
        actor: Callable[[], Actor],
        jurisdiction: Jurisdiction,
        areas: NoticeAreas,
        folder: Path,
        wall_now: Callable[[], Millis],
        weather: Callable[[], Weather] = Weather,
    ) -> None:
        self._store = store
        self._actor = actor
        self._jurisdiction = jurisdiction
        self._areas = areas
        self._folder = folder / FOLDER
        self._wall_now = wall_now
        self._weather = weather

    # -- reading ------------------------------------------------------------------------------------

    def board(self) -> Board:
        with self._store.reading() as connection:
            found = notices.every(connection, self._actor().activation_id)
            places: dict[str, tuple[NoticePlace, ...]] = {}
            for each in notices.places(connection, [item.notice_id for item in found]):
                places[each.notice_id] = (*places.get(each.notice_id, ()), each)
        return Board(found, places)

    def live(self) -> tuple[Notice, ...]:
        with self._store.reading() as connection:
            return notices.live(connection, self._store.clock.now())

    def get(self, notice_id: str) -> Notice | None:
        with self._store.reading() as connection:
            return notices.get(connection, notice_id)

    def history(self, notice_id: str) -> tuple[NoticeStep, ...]:
        with self._store.reading() as connection:
            return notices.history(connection, notice_id)

    def pickable(self) -> tuple[Pickable, ...]:
        """The areas there are to choose from, by layer."""
        return self._areas.pickable()

    def drafts(self) -> tuple[tuple[str, str], ...]:
        """The city's drafts to begin from: key and title."""
        return tuple((key, each.words["en"].title) for key, each in load_drafts().items())

    def begin_from(self, key: str) -> Begun:
        """With what the last advisory says; one older than six hours leaves its slots open."""
        draft, now = load_drafts()[key], self._store.clock.now()
        place = self._jurisdiction
        west, south, east, north = place.box
        texts, blocked, as_of_at = [], "", 0
        for language in draft.words:
            storm = storm_slots(
                self._weather(),
                now,
                place.zone,
                ((south + north) / 2, (west + east) / 2),
                place.name,
                language,
            )
            known = {**storm.values, "city": place.name, "emergency": place.emergency_number}
            filled = fill_draft(draft, language, known, storm.blocked())
            texts.append(NoticeText(language, filled.title, filled.text))
            blocked = blocked or filled.blocked_why
            if storm.values and set(draft.slots) & set(storm.values):
                as_of_at = storm.as_of_at
        said = NoticeDraft(
            kind=draft.kind,
            texts=tuple(texts),
            starts_at=now,
            expires_at=now + draft.hours * rules.HOUR_MS,
            from_draft=key,
            storm_as_of_at=as_of_at,
        )
        unread = tuple(language for language, each in draft.words.items() if not each.is_read)
        return Begun(said, blocked, draft.note, unread)

    def preview(self, said: NoticeDraft) -> Notice:
        """What would be kept, unsaved. ActRefused for an area that no layer has."""
        return self._composed(said, self._store.clock.now())

    def cap(self, item: Notice) -> bytes:
        """As a CAP 1.2 draft. ActRefused where it cannot be one yet."""
        with self._store.reading() as connection:
            earlier = [each for key in item.chain if (each := notices.get(connection, key)) is not None]
            sender = self._sender(incident(connection, self._actor().activation_id).is_exercise)
        try:
            return message(item, sender=sender, earlier=earlier, now=self._store.clock.now())
        except CapFaulty as error:
            raise ActRefused(f"It is no CAP message yet. {error}") from error

    def words_for(self, item: Notice, place: str, language: str) -> str:
        """What is copied for one place of the hand-off."""
        with self._store.reading() as connection:
            is_one = incident(connection, self._actor().activation_id).is_exercise
        return public_words.for_place(
            item,
            place,
            language,
            city=self._jurisdiction.name,
            zone=self._jurisdiction.zone,
            is_exercise=is_one,
        )

    def write_files(self) -> tuple[Path, ...]:
        """RSS, Atom, plain words and CAP drafts of what is live. FileNotWritten says why one was not."""
        now = self._store.clock.now()
        with self._store.reading() as connection:
            live = notices.live(connection, now)
            chains = [
                (item, [each for key in item.chain if (each := notices.get(connection, key)) is not None])
                for item in live
            ]
            sender = self._sender(incident(connection, self._actor().activation_id).is_exercise)
        made = web_feed.files(live, sender=sender, now=now, link=self._jurisdiction.reporting.web)
        made |= web_feed.cap_files(chains, sender=sender, now=now)
        return tuple(write_into(self._folder, name, content) for name, content in made.items())

    # -- writing ------------------------------------------------------------------------------------

    def draft(self, said: NoticeDraft) -> Notice:
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("notice_drafted")
            item = self._kept(tx, self._composed(said, tx.now))
            item = replace(
                item,
                drafted_by=tx.actor.person,
                edited_by=tx.actor.person,
                created_at=tx.now,
                state=NoticeState.DRAFT,
            )
            item = notices.add(tx, item)
            self._log(tx, "notice_drafted", item, "drafted", None, back=0)
        return item

    def edit(self, seen: Notice, said: NoticeDraft) -> Notice:
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("notice_edited")
            before = self._now(tx, seen)
            if before.state is not NoticeState.DRAFT:
                raise ActRefused("It was handed in: only when it is sent back can it be changed.")
            made = self._kept(tx, self._composed(replace(said, updates=before.updates), tx.now))
            after = replace(
                before,
                kind=made.kind,
                texts=made.texts,
                area=made.area,
                starts_at=made.starts_at,
                expires_at=made.expires_at,
                authority=made.authority,
                order=made.order,
                from_draft=made.from_draft,
                storm_as_of_at=made.storm_as_of_at,
                edited_by=tx.actor.person,
            )
            after = notices.change(tx, before, after)
            self._log(tx, "notice_edited", after, "written on", before, back=before.version)
        return after

    def submit(self, seen: Notice) -> Notice:
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("notice_submitted")
            before = self._now(tx, seen)
            if before.state is not NoticeState.DRAFT:
                raise ActRefused("It was handed in already.")
            if no := rules.why_not_submit(before, tx.now, is_suspended=self._is_suspended(tx)):
                raise ActRefused(no)
            after = notices.change(
                tx, before, replace(before, state=NoticeState.SUBMITTED, submitted_at=tx.now)
            )
            self._log(tx, "notice_submitted", after, "handed in", before, back=before.version)
        return after

    def discard(self, seen: Notice) -> Notice:
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("notice_discarded")
            before = self._now(tx, seen)
            if before.state is not NoticeState.DRAFT:
                raise ActRefused("Only a draft is discarded: what was handed in is sent back first.")
            after = notices.change(tx, before, replace(before, state=NoticeState.DISCARDED))
            self._log(tx, "notice_discarded", after, "discarded", before, back=before.version)
        return after

    # -- standing for it ----------------------------------------------------------------------------

    def send_back(self, seen: Notice, why: str) -> Notice:
        """To its author, as a draft again; approvals are gone."""
        why = " ".join(why.split())
        if not why:
            raise ActRefused("Say why it is sent back.")
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("notice_sent_back")
            before = self._now(tx, seen)
            if before.state not in (NoticeState.SUBMITTED, NoticeState.APPROVED):
                raise ActRefused("It waits for nobody's approval now.")
            after = replace(
                before,
                state=NoticeState.DRAFT,
                sent_back_why=why[:MOST_CHARS],
                submitted_at=0,
                approved_by="",
                approved_at=0,
                second_by="",
                second_at=0,
            )
            after = notices.change(tx, before, after)
            self._log(tx, "notice_sent_back", after, "sent back", before)
        return after

    def approve(self, seen: Notice) -> Notice:
        """The first time for all kinds; an order once more, by the emergency manager."""
        with self._store.transaction(self._actor()) as tx:
            before = self._now(tx, seen)
            is_second = before.state is NoticeState.APPROVED
            tx.must_be_allowed("notice_seconded" if is_second else "notice_approved")
            no = rules.why_not_approve(before, tx.actor.person)
            no = no or rules.why_not_submit(before, tx.now, is_suspended=self._is_suspended(tx))
            if no:
                raise ActRefused(no)
            if is_second:
                after = replace(before, second_by=tx.actor.person, second_at=tx.now)
                after = notices.change(tx, before, after)
                self._log(tx, "notice_seconded", after, "approved by a second person", before)
            else:
                after = replace(
                    before,
                    state=NoticeState.APPROVED,
                    approved_by=tx.actor.person,
                    approved_at=tx.now,
                    sent_back_why="",
                )
                after = notices.change(tx, before, after)
                self._log(tx, "notice_approved", after, "approved", before)
        return after

    def publish(self, seen: Notice) -> Notice:
        """Live from now, or from its start; what it updates is superseded in the same moment. The server gets
        it after ten seconds (S8)."""
        with self._store.transaction(self._actor()) as tx:
            before = self._now(tx, seen)
            act = "notice_ordered" if before.kind.is_order else "notice_published"
            tx.must_be_allowed(act)
            if no := rules.why_not_publish(before, tx.now, is_suspended=self._is_suspended(tx)):
                raise ActRefused(no)
            after = replace(before, state=NoticeState.LIVE, published_by=tx.actor.person, published_at=tx.now)
            after = notices.change(tx, before, after)
            self._log(tx, act, after, "published", before)
            self._supersede(tx, after)
            notices.put_place(
                tx,
                NoticePlace(
                    notice_id=after.notice_id,
                    place=notices.SERVER,
                    state=notices.WAITING,
                    at=tx.now,
                    person=tx.actor.person,
                    due_at=self._wall_now() + HOLD_BACK_MS,
                ),
            )
        return after

    def cancel(self, seen: Notice, why: str, texts: Sequence[NoticeText]) -> Notice:
        """At once, with what the public is told; on the server too, and where people put it by hand they
        take it down."""
        with self._store.transaction(self._actor()) as tx:
            before = self._now(tx, seen)
            tx.must_be_allowed("notice_ordered" if before.kind.is_order else "notice_cancelled")
            if no := rules.why_not_cancel(before, tx.now, why, tuple(texts)):
                raise ActRefused(no)
            after = replace(
                before,
                state=NoticeState.CANCELLED,
                ended_at=tx.now,
                ended_why=" ".join(why.split())[:MOST_CHARS],
                cancel_texts=tuple(texts),
            )
            after = notices.change(tx, before, after)
            self._log(tx, "notice_cancelled", after, "cancelled", before)
            self._stop(tx, after)
        return after

    def expire(self) -> Changes:
        """Mark what is over by its own time; by whichever seat or syncing comes first, and once."""
        actor = self._actor()
        if not may(actor.role, "notice_expired"):
            return Changes()
        return notices.expire(self._store, actor)

    def put(self, seen: Notice, place: str, language: str, link: str = "") -> NoticePlace:
        """Somebody has put it there by hand: who and when, and where it can be looked at."""
        if place not in public_words.PLACES:
            raise ActRefused("Choose where it was put.")
        link = " ".join(link.split())
        if len(link) > MOST_CHARS:
            raise ActRefused(f"A link of at most {MOST_CHARS} signs.")
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("notice_put")
            item = notices.get(tx.connection, seen.notice_id)
            if item is None or not item.published_at:
                raise ActRefused("It is put nowhere before it is published.")
            done = NoticePlace(
                notice_id=item.notice_id,
                place=place,
                language=language,
                at=tx.now,
                person=tx.actor.person,
                link=link,
            )
            notices.put_place(tx, done)
            tx.log("notice_put", f"{item.number} put: {place}, {language}", subject=item.notice_id)
        return done

    # -- inside -------------------------------------------------------------------------------------

    def _sender(self, is_one: bool) -> Sender:
        place = self._jurisdiction
        return Sender(f"{place.key}.eoc.landfall", place.name, place.zone, is_one)

    def _composed(self, said: NoticeDraft, now: Millis) -> Notice:
        starts_at = said.starts_at or now
        return Notice(
            notice_id=str(uuid4()),
            number="",
            kind=said.kind,
            state=NoticeState.DRAFT,
            texts=tuple(
                replace(each, title=each.title.strip(), text=each.text.strip()) for each in said.texts
            ),
            area=self._areas.area(said.area),
            starts_at=starts_at - starts_at % 1000,
            expires_at=said.expires_at - said.expires_at % 1000,
            authority=" ".join(said.authority.split())[:MOST_CHARS],
            order=" ".join(said.order.split())[:MOST_CHARS],
            updates=said.updates,
            from_draft=said.from_draft,
            storm_as_of_at=said.storm_as_of_at,
        )

    def _kept(self, tx: Transaction, item: Notice) -> Notice:
        updated = notices.get(tx.connection, item.updates) if item.updates else None
        if item.updates and (updated is None or not updated.published_at):
            raise ActRefused("What it updates was never published.")
        if no := rules.why_not_keep(item, updated):
            raise ActRefused(no)
        return replace(item, chain=(*updated.chain, updated.notice_id) if updated else ())

    def _now(self, tx: Transaction, seen: Notice) -> Notice:
        found = notices.get(tx.connection, seen.notice_id)
        if found is None or found.version != seen.version:
            raise ActRefused(notices.GONE_ON)
        return found

    def _is_suspended(self, tx: Transaction) -> bool:
        return many.is_response_suspended(tx.connection, tx.actor.activation_id)

    def _supersede(self, tx: Transaction, by: Notice) -> None:
        before = notices.get(tx.connection, by.updates) if by.updates else None
        if before is None or before.state is not NoticeState.LIVE:
            return
        after = replace(
            before, state=NoticeState.SUPERSEDED, ended_at=tx.now, ended_why=f"updated by {by.number}"
        )
        after = notices.change(tx, before, after)
        self._stop(tx, after)

    def _stop(self, tx: Transaction, item: Notice) -> None:
        """What has not left for the server does not leave; what is there is taken down at the next round."""
        for each in notices.places(tx.connection, [item.notice_id]):
            if each.place == notices.SERVER:
                state = notices.STOPPED if each.state == notices.WAITING and not each.attempts else each.state
                notices.put_place(tx, replace(each, state=state, due_at=self._wall_now()))

    def _log(
        self, tx: Transaction, act: str, item: Notice, words: str, before: Notice | None, *, back: int = -1
    ) -> None:
        """By its number: the words are in its history. `back` is the version that undo goes to."""
        said = {"state": item.state.value, "version": item.version}
        was = before and {"state": before.state.value, "version": before.version}
        detail: dict[str, object] = {"before": was, "after": {"notice": item.notice_id, **said}}
        if back >= 0:
            detail["undo"] = {"notice": {"id": item.notice_id, "version": item.version, "back": back}}
        tx.log(act, f"{item.number} {words}", subject=item.notice_id, detail=detail)
