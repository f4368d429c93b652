"""The room handed over to the next shift: a pack is made, written on, signed by who goes and by who comes.

Each step is one act with its line in the log; remarks stay out of the log. A pack that was handed over is
never changed: a correction is its next version, and what was confirmed prints the same bytes for ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import orjson

from dispatch.errors import ActRefused
from dispatch.escalation.printout import PRINT_FOLDER
from dispatch.feeds.weather import Weather
from dispatch.forms import shift as pages
from dispatch.forms.common import clock_time, file_mark, local, person
from dispatch.jurisdiction import Jurisdiction
from dispatch.records import (
    Actor,
    PackLine,
    PackRemarks,
    PackState,
    ShiftPack,
    Signed,
    SyncStatus,
)
from dispatch.records.states import Millis
from dispatch.reports import pdf
from dispatch.rights import MASKED_FOR
from dispatch.seat_desk import why_not
from dispatch.shift import room
from dispatch.shift.gather import Asked, Gathered, gather
from dispatch.shift.periods import shift_of
from dispatch.store import escalations, forms, roster
from dispatch.store import shift as store_of
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.whole_file import write_into

MOST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Counted:
    """What a pack will hold; `draft` is the one that was there then, by its id and version."""

    asked: Asked
    found: Gathered
    draft: tuple[str, int] | None
    since_is_hand_over: bool


class ShiftDesk:
    """`weather` and `kept_acts` are what this seat knows; `wall_now` is real time; what is printed lies in
    the data folder's `print`. `is_masked` where the words of sites must not be seen (S15)."""

    def __init__(
        self,
        *,
        store: Store,
        actor: Callable[[], Actor],
        jurisdiction: Jurisdiction,
        folder: Path,
        wall_now: Callable[[], Millis],
        weather: Callable[[], Weather] = Weather,
        kept_acts: Callable[[], int] = lambda: 0,
        is_masked: Callable[[], bool] = lambda: False,
    ) -> None:
        self._store = store
        self._actor = actor
        self._jurisdiction = jurisdiction
        self._folder = folder
        self._wall_now = wall_now
        self._weather = weather
        self._kept_acts = kept_acts
        self._is_masked = is_masked

    # -- reading ------------------------------------------------------------------------------------

    def packs(self) -> tuple[ShiftPack, ...]:
        """All of this activation with all versions, the newest first."""
        with self._store.reading() as connection:
            found = store_of.every(connection, self._actor().activation_id)
        return tuple(map(self._shown, found))

    def newest(self) -> ShiftPack | None:
        with self._store.reading() as connection:
            found = store_of.newest(connection, self._actor().activation_id)
        return None if found is None else self._shown(found)

    def unconfirmed(self) -> Signed | None:
        """For whom the newest pack is and since when, while nobody has confirmed it."""
        with self._store.reading() as connection:
            return store_of.unconfirmed(connection, self._actor().activation_id)

    # -- who goes -----------------------------------------------------------------------------------

    def make(self, sync: SyncStatus | None = None) -> ShiftPack:
        """A draft with the numbers of now. A draft that is there already gets them, and keeps its remarks."""
        return self.put(self.count(sync))

    def count(self, sync: SyncStatus | None = None) -> Counted:
        """Reads only, and for seconds where there are tens of thousands of sites: on any lane."""
        actor = self._actor()
        with self._store.reading() as connection:
            before = store_of.newest(connection, actor.activation_id)
            draft = before if before is not None and before.state == PackState.DRAFT else None
            started_at = forms.started_at(connection, actor.activation_id)
            now = self._store.clock.now()
            from_at, until_at = shift_of(started_at, now, self._jurisdiction.zone)
            last = store_of.last_handed_over(
                connection, actor.activation_id, before=draft.pack_id if draft else ""
            )
            asked = Asked(
                actor=actor,
                jurisdiction=self._jurisdiction,
                since_at=from_at if last is None else last,
                now=now,
                until_at=until_at,
                wall_now=self._wall_now(),
                weather=self._weather(),
                sync=sync,
                kept_acts=self._kept_acts(),
            )
            return Counted(asked, gather(connection, asked), _key(draft), last is not None)

    def put(self, counted: Counted) -> ShiftPack:
        """A new pack, or new numbers for the draft that was there when they were counted."""
        asked, found, actor = counted.asked, counted.found, self._actor()
        with self._store.transaction(actor) as tx:
            tx.must_be_allowed("pack_made")
            before = store_of.newest(tx.connection, actor.activation_id)
            is_draft = before is not None and before.state == PackState.DRAFT
            if _key(before if is_draft else None) != counted.draft:
                raise ActRefused("Somebody else has changed the pack meanwhile: open it again.")
            kept = before if is_draft else None
            pack = ShiftPack(
                pack_id=kept.pack_id if kept else str(uuid4()),
                number=kept.number if kept else (before.number if before else 0) + 1,
                version=kept.version if kept else 1,
                edit=kept.edit + 1 if kept else 1,
                state=PackState.DRAFT,
                since_at=asked.since_at,
                since_is_hand_over=counted.since_is_hand_over,
                at=asked.now,
                until_at=asked.until_at,
                made_by=Signed(actor.person, actor.position, tx.now),
                outgoing=Signed(),
                incoming=kept.incoming if kept else Signed(),
                confirmed=Signed(),
                totals=found.totals,
                sections=found.sections,
                remarks=kept.remarks if kept else PackRemarks(),
                briefing=found.briefing,
                log_number=found.head[0],
                log_hash=found.head[1],
            )
            (store_of.change if kept else store_of.add)(tx, pack)
            self._log(tx, "pack_made", pack, "made anew" if kept else "made", kept)
        return pack

    def keep(self, pack: ShiftPack, remarks: PackRemarks) -> ShiftPack:
        """What was written on a draft; its numbers stay as they are."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("pack_kept")
            draft = self._draft(tx, pack)
            kept = replace(draft, remarks=_checked(remarks), edit=draft.edit + 1)
            if kept.remarks == draft.remarks:
                return draft
            store_of.change(tx, kept)
            self._log(tx, "pack_kept", kept, "written on", draft)
        return kept

    def hand_over(self, pack: ShiftPack, remarks: PackRemarks, to_person: str, to_position: str) -> ShiftPack:
        """Signed by who sits here, for a named person of the next shift. Refused while open cards of a desk
        have nobody's name: they would be handed to nobody."""
        to_person, to_position = _name(to_person), " ".join(to_position.split())
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("pack_handed_over")
            draft = self._draft(tx, pack)
            if _same(to_person, tx.actor.person):
                raise ActRefused("You hand it over: name the person of the next shift.")
            vacant = [line.what.split(":")[0] for line in self._desks_now(tx) if not line.who]
            if vacant:
                raise ActRefused(
                    f"{vacant[0]} has open cards and nobody's name: say who is on it, or who is duty officer."
                )
            given = replace(
                draft,
                remarks=_checked(remarks),
                edit=draft.edit + 1,
                state=PackState.HANDED_OVER,
                outgoing=Signed(tx.actor.person, tx.actor.position, tx.now),
                incoming=Signed(to_person, to_position),
                confirmed=Signed(),
            )
            store_of.change(tx, given)
            self._log(
                tx, "pack_handed_over", given, f"handed over to {person(to_person, to_position)}", draft
            )
        return given

    def correct(self, pack: ShiftPack) -> ShiftPack:
        """The next version, a draft of the same numbers; the one before stays as it was signed."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("pack_made")
            before = self._newest(tx, pack)
            if before.state == PackState.DRAFT:
                raise ActRefused("This is a draft still: write on it.")
            draft = replace(
                before,
                version=before.version + 1,
                edit=1,
                state=PackState.DRAFT,
                made_by=Signed(tx.actor.person, tx.actor.position, tx.now),
                outgoing=Signed(),
                confirmed=Signed(),
            )
            store_of.add(tx, draft)
            self._log(tx, "pack_made", draft, "begun as a correction", before)
        return draft

    # -- who comes ----------------------------------------------------------------------------------

    def confirm(self, pack: ShiftPack, name: str = "", position: str = "") -> ShiftPack:
        """The incoming person has read it. Where people sign in it is who sits here; elsewhere they say their
        name. Never who handed it over."""
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("pack_confirmed")
            given = self._newest(tx, pack)
            if given.state != PackState.HANDED_OVER:
                raise ActRefused(_not_to_confirm(given, self._jurisdiction))
            signs_in = tx.actor.role is not None
            who = tx.actor.person if signs_in else _name(name)
            where = tx.actor.position if signs_in else " ".join(position.split())
            if _same(who, given.outgoing.person):
                raise ActRefused(f"{given.outgoing.person} handed it over: the one who comes confirms it.")
            if not where:
                raise ActRefused("Say in which position you take over.")
            taken = replace(given, state=PackState.CONFIRMED, confirmed=Signed(who, where, tx.now))
            store_of.confirm(tx, taken)
            said = clock_time(given.outgoing.at, self._jurisdiction.zone)
            out = person(given.outgoing.person, given.outgoing.position)
            words = f"confirmed by {person(who, where)}; handed over by {out} at {said}"
            self._log(tx, "pack_confirmed", taken, words, given)
        return taken

    # -- paper --------------------------------------------------------------------------------------

    def page(self, pack: ShiftPack) -> pages.ShiftPage:
        incident = self._incident()
        return pages.fill(
            pack, self._jurisdiction.zone, incident=incident.name, is_exercise=incident.is_exercise
        )

    def pdf(self, pack: ShiftPack) -> bytes:
        return pdf.shift(self.page(pack))

    def print_out(self, pack: ShiftPack, folder: Path | None = None) -> Path:
        """Two pages as PDF, each version and state in a file of its own."""
        self._may_print(pack)
        return self._write(f"{self._stem('shift-hand-over', pack)}.pdf", self.pdf(pack), folder)

    def print_briefing(self, pack: ShiftPack, folder: Path | None = None) -> Path:
        """The ICS 201 of the same moment and numbers."""
        self._may_print(pack)
        content = pdf.ics201(pages.briefing(pack, self._jurisdiction.zone))
        return self._write(f"{self._stem('ICS-201', pack)}.pdf", content, folder)

    # -- inside -------------------------------------------------------------------------------------

    def _newest(self, tx: Transaction, pack: ShiftPack) -> ShiftPack:
        """As it stands; ActRefused where another version or pack has come after it."""
        found = store_of.newest(tx.connection, tx.actor.activation_id)
        if found is None or (found.pack_id, found.version) != (pack.pack_id, pack.version):
            raise ActRefused("A newer pack is there: open it.")
        return found

    def _draft(self, tx: Transaction, pack: ShiftPack) -> ShiftPack:
        found = self._newest(tx, pack)
        if found.state != PackState.DRAFT:
            raise ActRefused(f"It was handed over by {found.outgoing.person}: a correction is a new version.")
        if found.edit != pack.edit:
            raise ActRefused(f"{found.made_by.person} has changed this draft meanwhile: open it again.")
        return found

    def _desks_now(self, tx: Transaction) -> list[PackLine]:
        """As the roster is now: who takes a desk need not make the pack anew."""
        items = [e for e in escalations.open_ones(tx.connection) if e.activation_id == tx.actor.activation_id]
        on = roster.on_duty(tx.connection, tx.actor.activation_id)
        return [line for line in room.desks(items, on, tx.now, self._jurisdiction.zone) if items]

    def _log(self, tx: Transaction, act: str, pack: ShiftPack, words: str, before: ShiftPack | None) -> None:
        tx.log(
            act,
            f"hand-over {pack.number}, version {pack.version}: {words}",
            subject=pack.pack_id,
            detail={
                "before": _state(before) if before else None,
                "after": _state(pack) | {"sha256": print_of(pack)},
            },
        )

    def _shown(self, pack: ShiftPack) -> ShiftPack:
        if self._is_masked() or self._actor().role in MASKED_FOR:
            return replace(pack, sections={}, remarks=PackRemarks(), briefing={}, is_masked=True)
        return pack

    def _may_print(self, pack: ShiftPack) -> None:
        if pack.is_masked:
            raise ActRefused("Who only looks on prints no pack: an operator can.")

    def _incident(self) -> forms.Incident:
        with self._store.reading() as connection:
            return forms.incident(connection, self._actor().activation_id)

    def _stem(self, name: str, pack: ShiftPack) -> str:
        """EXERCISE_shift-hand-over-3_2017-09-11-1850_v1_draft: the mark of an exercise first (S18)."""
        mark = file_mark(self._incident().is_exercise)
        at = local(pack.at, self._jurisdiction.zone)
        state = "" if pack.state == PackState.CONFIRMED else f"_{pack.state.value.replace('_', '-')}"
        return f"{mark}{name}-{pack.number}_{at:%Y-%m-%d-%H%M}_v{pack.version}{state}"

    def _write(self, name: str, content: bytes, folder: Path | None) -> Path:
        return write_into(folder or self._folder / PRINT_FOLDER, name, content)


def print_of(pack: ShiftPack) -> str:
    """What proves later that nobody changed the pack: of all of it, in the same order always."""
    return hashlib.sha256(orjson.dumps(pack, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _key(pack: ShiftPack | None) -> tuple[str, int] | None:
    return None if pack is None else (pack.pack_id, pack.version)


def _state(pack: ShiftPack) -> dict[str, object]:
    return {"version": pack.version, "edit": pack.edit, "state": pack.state.value}


def _not_to_confirm(pack: ShiftPack, jurisdiction: Jurisdiction) -> str:
    if pack.state == PackState.DRAFT:
        return "It is a draft still: it is confirmed once it was handed over."
    at = clock_time(pack.confirmed.at, jurisdiction.zone)
    return f"{pack.confirmed.person} has confirmed it already, at {at}."


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if no := why_not(name):
        raise ActRefused("Write the name of who takes over." if not name else no)
    return name


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _checked(remarks: PackRemarks) -> PackRemarks:
    """Halves of a sign, which no file could hold, become the sign for what is unknown."""
    said = (remarks.objectives, remarks.weather, remarks.remarks, *remarks.items.values())
    if any(len(each) > MOST_WORDS for each in said):
        raise ActRefused(f"A remark of at most {MOST_WORDS} signs: the rest belongs into the ICS 201.")
    return PackRemarks(
        _whole(remarks.objectives),
        _whole(remarks.weather),
        _whole(remarks.remarks),
        {key: _whole(text) for key, text in sorted(remarks.items.items()) if text.strip()},
    )


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")
