"""The room handed over: drafted, written on, signed by who goes and by who comes; on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from dispatch.errors import ActRefused, NotAllowed
from dispatch.records import DUTY_OFFICER, Band, PackRemarks, PackState, Role, Section, ShiftPack
from dispatch.shift.desk import ShiftDesk, print_of
from dispatch.store import log
from tests.dispatch.reports.read_pdf import pages_of
from tests.notices import published
from tests.rooms import ON_SQLITE, Room

WRITTEN = PackRemarks(
    "Open 34th St S.", "Calm from 02:00.", "Mrs. Ortega calls at 22:00.", {"site 1": "Ask Ana"}
)


def desk_of(room: Room, person: str, position: str = "Supervisor", role: Role | None = None) -> ShiftDesk:
    """The packs as somebody at a seat of this room has them."""
    return ShiftDesk(
        store=room.store,
        actor=lambda: replace(room.parts.actor, person=person, position=position, role=role),
        jurisdiction=room.parts.jurisdiction,
        folder=room.parts.folder,
        wall_now=room.parts.clock.now,
    )


def lines(room: Room, act: str) -> list[Any]:
    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        return [row for row in log.every_row(connection) if row["act"] == act]


@pytest.fixture
def ana(room: Room, city: Any) -> ShiftDesk:
    city.add_report("Oak across 5th Ave N, nobody gets through")
    city.add_report(
        "My mother needs oxygen, the power is out, 727-555-0100",
        category="medical_power_dependent",
        address="12 Elm St S",
    )
    room.sync()
    return desk_of(room, "Ana Cole")


def handed_over(desk: ShiftDesk, to: str = "Ben Ortiz") -> ShiftPack:
    return desk.hand_over(desk.make(), WRITTEN, to, "Supervisor")


def test_a_draft_is_handed_over_and_the_other_seat_confirms_it(
    room: Room, ana: ShiftDesk, clock: Any
) -> None:
    ben = desk_of(room, "Ben Ortiz")
    draft = ana.make()
    assert draft.state == PackState.DRAFT and draft.number == 1 and draft.at == clock.now()
    clock.advance(minutes=4)
    ana.hand_over(ana.keep(draft, WRITTEN), WRITTEN, "Ben Ortiz", "Supervisor")

    found = ben.newest()
    assert found is not None and found.state == PackState.HANDED_OVER and found.remarks == WRITTEN
    assert found.at == draft.at, "the numbers stay those of the draft"
    clock.advance(minutes=2)
    taken = ben.confirm(found, "Ben Ortiz", "Supervisor")

    assert (taken.outgoing.person, taken.confirmed.person) == ("Ana Cole", "Ben Ortiz")
    assert taken.outgoing.at == clock.now() - 120_000 and taken.confirmed.at == clock.now()
    [line] = lines(room, "pack_confirmed")
    assert (
        "confirmed by Ben Ortiz, Supervisor; handed over by Ana Cole, Supervisor at 10:34 EDT" in line["text"]
    )
    assert line["at"] == clock.now() and orjson.loads(line["detail"])["after"]["sha256"] == print_of(taken)
    assert ana.newest() == taken


def test_who_goes_cannot_confirm_and_nobody_confirms_twice(room: Room, ana: ShiftDesk) -> None:
    ben, given = desk_of(room, "Ben Ortiz"), handed_over(ana)

    with pytest.raises(ActRefused, match="Ana Cole handed it over: the one who comes confirms it"):
        ana.confirm(given, "ana  cole", "Supervisor")
    with pytest.raises(ActRefused, match="name of who takes over"):
        ben.confirm(given, "", "Supervisor")
    signed_in = desk_of(room, "Ana Cole", role=Role.SUPERVISOR)
    with pytest.raises(ActRefused, match="the one who comes"):
        signed_in.confirm(given, "Somebody Else", "Supervisor")
    ben.confirm(given, "Ben Ortiz", "Supervisor")
    with pytest.raises(ActRefused, match="Ben Ortiz has confirmed it already, at 10:30 EDT"):
        desk_of(room, "Carl Lee").confirm(given, "Carl Lee", "Operator")
    assert len(lines(room, "pack_confirmed")) == 1


def test_each_role_does_its_part(room: Room, ana: ShiftDesk) -> None:
    operator = desk_of(room, "Otto", "Operator", Role.OPERATOR)
    manager = desk_of(room, "Max", "Emergency manager", Role.MANAGER)
    viewer = desk_of(room, "Vera", "Wall", Role.VIEWER)
    for desk in (operator, manager, viewer):
        with pytest.raises(NotAllowed, match="Only a supervisor may make a shift's hand-over"):
            desk.make()
    given = handed_over(ana)
    for desk in (manager, viewer):
        with pytest.raises(NotAllowed, match="confirm a shift's hand-over"):
            desk.confirm(given)

    seen = viewer.newest()
    assert seen is not None and seen.is_masked and not seen.sections and not seen.remarks.remarks
    assert seen.totals == given.totals
    with pytest.raises(ActRefused, match="prints no pack"):
        viewer.print_out(seen)
    taken = operator.confirm(given)
    assert (taken.confirmed.person, taken.confirmed.position) == ("Otto", "Operator")


def test_a_confirmed_pack_prints_the_same_bytes_whatever_happens_later(
    room: Room, ana: ShiftDesk, city: Any, clock: Any
) -> None:
    taken = desk_of(room, "Ben Ortiz").confirm(handed_over(ana), "Ben Ortiz", "Supervisor")
    before, print_before = ana.pdf(taken), print_of(taken)
    city.add_report("Power line down and sparking on 5th Ave N")
    clock.advance(hours=3)
    room.sync()
    for row in ana.newest().lines(Section.P1):
        room.desk.claim(row.site_id)
    ana.make()

    kept = next(pack for pack in ana.packs() if pack.pack_id == taken.pack_id)
    assert ana.pdf(kept) == before and print_of(kept) == print_before
    for act in (lambda: ana.keep(kept, PackRemarks("x")), lambda: ana.hand_over(kept, WRITTEN, "C", "D")):
        with pytest.raises(ActRefused, match="A newer pack is there"):
            act()


def test_a_correction_is_a_version_of_its_own(room: Room, ana: ShiftDesk) -> None:
    ben = desk_of(room, "Ben Ortiz")
    given = handed_over(ana)
    draft = ana.correct(given)
    assert (draft.number, draft.version, draft.state) == (1, 2, PackState.DRAFT)
    assert draft.remarks == WRITTEN and draft.totals == given.totals and not draft.outgoing.person

    with pytest.raises(ActRefused, match="A newer pack is there"):
        ben.confirm(given, "Ben Ortiz", "Supervisor")
    # With numbers of its own it still counts from the hand-over before, not from what it corrects.
    assert ana.make().since_at == given.since_at and not ana.make().since_is_hand_over
    draft = ana.newest()
    mended = ana.hand_over(draft, PackRemarks("Open 34th St N."), "Ben Ortiz", "Supervisor")
    ben.confirm(mended, "Ben Ortiz", "Supervisor")

    states = [(pack.version, pack.state, pack.remarks.objectives) for pack in ana.packs()]
    assert states == [
        (2, PackState.CONFIRMED, "Open 34th St N."),
        (1, PackState.HANDED_OVER, "Open 34th St S."),
    ]


def test_the_next_pack_counts_from_the_last_hand_over(
    room: Room, ana: ShiftDesk, city: Any, clock: Any
) -> None:
    first = handed_over(ana)
    assert not first.since_is_hand_over and first.totals.came == 2
    clock.advance(hours=6)
    city.clock(forward_s=6 * 3600)
    city.add_report("Light out", category="street_light_out")
    room.sync()

    second = ana.make()

    assert second.number == 2 and second.since_is_hand_over and second.since_at == first.at
    assert second.totals.then == first.totals.now and second.totals.came == 1
    # A draft that is made anew is the same one, also where a correction of it is the last hand-over.
    again = ana.make()
    assert (again.pack_id, again.number, again.edit) == (second.pack_id, 2, 2)
    assert again.since_at == first.at


def test_a_draft_somebody_else_has_written_on_is_not_written_over(room: Room, ana: ShiftDesk) -> None:
    draft = ana.make()
    desk_of(room, "Sue").keep(draft, PackRemarks("from Sue"))

    with pytest.raises(ActRefused, match="changed this draft meanwhile"):
        ana.hand_over(draft, WRITTEN, "Ben Ortiz", "Supervisor")

    newest = ana.newest()
    assert newest is not None and newest.remarks.objectives == "from Sue"


def test_a_remark_stands_in_the_pack_and_in_no_line_of_the_log(room: Room, ana: ShiftDesk) -> None:
    given = handed_over(ana)

    with room.store.reading() as connection:
        said = str(list(log.every_row(connection)))
    assert "Ortega" not in said and "34th" not in said
    assert "Mrs. Ortega calls at 22:00." in " ".join(pages_of(ana.pdf(given)))


def test_restricted_words_and_phones_reach_neither_pack_nor_paper(room: Room, ana: ShiftDesk) -> None:
    draft = ana.make()
    restricted = next(line for line in draft.lines(Section.P1) if line.is_restricted)
    pack = ana.keep(draft, PackRemarks(items={restricted.key: "her name is Rosa"}))

    with room.store.reading() as connection:
        [(body,)] = connection.execute(text("SELECT body FROM shift_pack"))
    words = " ".join(pages_of(ana.pdf(pack)))
    for said in ("oxygen", "Elm", "555"):
        assert said not in body and said not in words
    assert restricted.what == "Life safety" and "remark on the screen" in words and "Rosa" not in words


def test_open_cards_need_a_name_before_the_room_is_handed_over(room: Room, ana: ShiftDesk, city: Any) -> None:
    request_id = city.add_report("Power line down on 9th St N")
    room.sync()
    room.escalate(request_id)
    draft = ana.make()
    assert any("VACANT" in line.what for line in draft.lines(Section.DESKS))

    with pytest.raises(ActRefused, match="has open cards and nobody's name"):
        ana.hand_over(draft, WRITTEN, "Ben Ortiz", "Supervisor")
    room.em_desk.take_desk(DUTY_OFFICER, "N. Ward")

    assert ana.hand_over(draft, WRITTEN, "Ben Ortiz", "Supervisor").state == PackState.HANDED_OVER


def test_who_hands_over_names_another_person(ana: ShiftDesk) -> None:
    draft = ana.make()

    for name, why in (
        ("Ana Cole", "You hand it over"),
        (" ", "name of who takes over"),
        ("x" * 61, "at most 60"),
    ):
        with pytest.raises(ActRefused, match=why):
            ana.hand_over(draft, WRITTEN, name, "Supervisor")


@ON_SQLITE
def test_a_store_that_dies_in_the_middle_leaves_the_draft_as_it_was(
    room: Room, ana: ShiftDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = ana.keep(ana.make(), WRITTEN)
    count = len(lines(room, "pack_handed_over"))
    monkeypatch.setattr("dispatch.store.transaction.Transaction._write_log", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        ana.hand_over(draft, PackRemarks("lost?"), "Ben Ortiz", "Supervisor")
    monkeypatch.undo()

    newest = ana.newest()
    assert newest == draft and len(lines(room, "pack_handed_over")) == count
    assert ana.hand_over(draft, WRITTEN, "Ben Ortiz", "Supervisor").state == PackState.HANDED_OVER


def test_an_empty_room_is_handed_over_as_well(room: Room) -> None:
    pack = handed_over(desk_of(room, "Ana Cole"))

    assert pack.totals.now.open == (0, 0, 0, 0, 0) and pack.totals.oldest_p1_at is None
    pages = pages_of(desk_of(room, "Ana Cole").pdf(pack))
    assert len(pages) == 1 and "None." in pages[0]
    assert desk_of(room, "Ana Cole").print_briefing(pack).name.startswith("EXERCISE_ICS-201-1_")


@pytest.mark.parametrize("band", [Band.P1, Band.P2])
def test_a_claim_is_named_with_its_site(room: Room, ana: ShiftDesk, band: Band) -> None:
    draft = ana.make()
    line = draft.lines(Section.P1 if band == Band.P1 else Section.P2)[0]
    assert line.who == "nobody" and "nobody has acted" in line.next
    room.desk.claim(line.site_id)

    again = ana.make()
    [now] = [e for e in again.lines(Section.P1 if band == Band.P1 else Section.P2) if e.key == line.key]
    assert now.who == "A. Operator (Seat 1) since 10:30" and "nobody has acted" not in now.next


@ON_SQLITE
def test_a_notice_in_force_stands_in_the_pack_and_an_ended_one_does_not(room: Room, clock: Any) -> None:
    item = published(room)
    desk = desk_of(room, "Ana Diaz")

    in_force = [line.what for line in desk.make().sections[Section.ROOM]]
    clock.set(item.expires_at)
    later = [line.what for line in desk.make().sections[Section.ROOM]]

    [said] = [what for what in in_force if what.startswith(f"Notice {item.number}")]
    assert "Sandbags at Northwest Pool; Childs Park, until" in said
    assert not any(what.startswith("Notice") for what in later)
