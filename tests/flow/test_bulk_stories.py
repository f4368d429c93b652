"""One act at many sites: what it does, what it leaves alone, and how all of it is taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.bulk.kinds import BulkKind
from dispatch.bulk.order import BulkOrder
from dispatch.bulk.plan import ARCHIVED, IS_P1, IS_RESTRICTED, NOBODY
from dispatch.errors import ActRefused
from dispatch.records import Actor, Band, CloseReason, Flag, OutboxState, SiteState, WaitReason
from dispatch.store import log, outbox, sites
from tests.rooms import ON_SQLITE, Room

TREES = ("5th Ave N & 9th St N", "30th Ave N & 16th St N", "62nd Ave S & 4th St S")
MESSAGE = BulkOrder(BulkKind.MESSAGE, text="Crews begin after the wind. This is not 911.")
CLOSE = BulkOrder(BulkKind.CLOSE, close=CloseReason.NO_LONGER_NEEDED)
WAIT = BulkOrder(BulkKind.WAIT, wait=WaitReason.WEATHER)


@pytest.fixture
def trees(room: Room, city) -> list[int]:
    """Three sites about branches, far from each other."""
    ids = [city.add_report(f"Branch in the yard, {at}", address=at) for at in TREES]
    room.sync()
    return [room.site(request_id) for request_id in ids]


def rows(room: Room, ids: list[int]) -> list:
    with room.store.reading() as connection:
        return [sites.row(connection, site_id) for site_id in ids]


def p1(room: Room, city) -> int:
    request_id = city.add_report("Power line down and sparking on the sidewalk, people are near it")
    room.sync()
    site_id = room.site(request_id)
    assert rows(room, [site_id])[0].band == Band.P1
    return site_id


def test_the_preview_says_what_the_act_then_does(room: Room, trees) -> None:
    said = room.parts.bulk.preview(trees, MESSAGE)
    assert all(not row.acted_at for row in rows(room, trees))

    done = room.parts.bulk.act(trees, MESSAGE)

    assert (said.site_ids, said.messages, said.left) == (done.site_ids, done.messages, done.left)
    assert said.site_ids == tuple(trees)
    assert said.messages == 3


def test_a_message_to_many_sites_reaches_each_report_once(room: Room, city) -> None:
    ids = [city.add_report(f"Branch in the yard, {at}", address=at) for at in TREES]
    room.sync()

    room.parts.bulk.act([room.site(i) for i in ids], MESSAGE)
    room.sync()
    room.sync()

    assert [city.messages(i).count(MESSAGE.text) for i in ids] == [1, 1, 1]


def test_each_site_has_its_line_in_the_log_and_the_chain_holds(room: Room, trees) -> None:
    room.parts.bulk.act(trees, WAIT)

    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        for site_id in trees:
            assert [line.act for line in log.of_site(connection, site_id)].count("wait") == 1


def test_one_undo_takes_all_of_it_back(room: Room, trees) -> None:
    before = [(row.state, row.acted_at) for row in rows(room, trees)]
    room.parts.bulk.act(trees, WAIT)
    assert {row.state for row in rows(room, trees)} != {before[0][0]}

    said, _ = room.desk.undo()

    assert said == "Undone: waiting: weather, 3 sites."
    assert [(row.state, row.acted_at) for row in rows(room, trees)] == before


def test_after_a_bulk_act_was_undone_the_act_before_it_can_be(room: Room, trees) -> None:
    room.desk.wait(trees[0], WaitReason.OWNER)
    room.parts.bulk.act(trees[1:], CLOSE)
    room.desk.undo()

    said, _ = room.desk.undo()

    assert said == "Undone: waiting: owner."
    with pytest.raises(ActRefused, match="nothing to undo"):
        room.desk.undo()


def test_undo_leaves_what_somebody_did_since(room: Room, trees) -> None:
    room.parts.bulk.act(trees, WAIT)
    room.desk.note(trees[0], "nothing to do with it")
    room.desk.resume(trees[0])
    room.desk.undo()  # the resume
    room.desk.close(trees[1], CloseReason.SPAM)
    with room.store.transaction(room.parts.actor) as tx:  # so that the newest undoable act is the bulk one
        tx.log("undo", "undone: closed", site_id=trees[1], detail={"undoes": _last_number(room)})

    said, _ = room.desk.undo()

    assert said == "Undone: waiting: weather, 3 sites. 1 site was changed since and stay so."
    assert [row.state_reason for row in rows(room, trees)] == ["", "spam", ""]


def _last_number(room: Room) -> int:
    with room.store.reading() as connection:
        return log.verify(connection).entries


def test_a_message_is_stopped_before_it_leaves_and_never_pretended_unsent(room: Room, trees) -> None:
    room.parts.bulk.act(trees, MESSAGE)
    room.desk.undo()
    assert states(room, trees) == [OutboxState.TAKEN_BACK] * 3
    assert all(not row.acted_at for row in rows(room, trees))

    room.parts.bulk.act(trees, MESSAGE)
    room.sync()
    with pytest.raises(ActRefused, match="already left"):
        room.desk.undo()
    assert all(row.acted_at for row in rows(room, trees))


def states(room: Room, ids: list[int]) -> list[OutboxState]:
    with room.store.reading() as connection:
        return [outbox.of_site(connection, site_id)[-1].state for site_id in ids]


def test_undoing_a_closing_that_the_city_knows_corrects_it_in_public(room: Room, city, trees) -> None:
    order = BulkOrder(BulkKind.CLOSE, close=CloseReason.NO_LONGER_NEEDED, text="Closed. This is not 911.")
    room.parts.bulk.act(trees, order)
    room.sync()

    said, _ = room.desk.undo()

    assert "3 of 3 messages had already left: a correction goes out." in said
    assert not any(row.state_reason for row in rows(room, trees))
    room.sync()
    assert any("closed by mistake" in text for text in city.messages(_request(room, trees[0])))


def _request(room: Room, site_id: int) -> str:
    return room.parts.detail.request_ids(site_id)[0]


@pytest.mark.parametrize(
    "order",
    [
        CLOSE,
        WAIT,
        BulkOrder(BulkKind.CLAIM),
        BulkOrder(BulkKind.SNOOZE, until_at=4_000_000_000_000),
    ],
    ids=lambda order: order.kind.value,
)
def test_s5_a_p1_is_not_closed_claimed_or_put_aside_with_others(room: Room, city, trees, order) -> None:
    danger = p1(room, city)

    effect = room.parts.bulk.act([*trees, danger], order)

    assert effect.left == {danger: IS_P1}
    row = rows(room, [danger])[0]
    assert (row.acted_at, row.snoozed_until, row.state_reason) == (0, 0, "")


def test_s5_a_message_or_a_raising_with_others_is_no_first_look_at_a_p1(room: Room, city, trees) -> None:
    danger = p1(room, city)

    room.parts.bulk.act([*trees, danger], MESSAGE)
    room.parts.bulk.act(trees, BulkOrder(BulkKind.RAISE, band=Band.P1))

    assert rows(room, [danger])[0].acted_at == 0
    room.parts.follow.load()
    board = room.parts.board
    untouched = board.site_id[(board.band == Band.P1) & (board.acted_at == 0)]
    assert danger in untouched.tolist()


def test_a_raising_lowers_nothing(room: Room, trees) -> None:
    for site_id, band in zip(trees, (Band.P1, Band.P4, Band.P3), strict=True):
        room.desk.set_band(site_id, band)

    effect = room.parts.bulk.act(trees, BulkOrder(BulkKind.RAISE, band=Band.P2))

    assert effect.left == {trees[0]: "It is P1 already."}
    assert [row.band for row in rows(room, trees)] == [Band.P1, Band.P2, Band.P2]


def test_s13_a_live_wire_is_not_closed_as_fixed_with_others(room: Room, trees) -> None:
    with room.store.transaction(room.parts.actor) as tx:
        sites.set_flags(tx, trees[1], add=Flag.WIRE)

    effect = room.parts.bulk.act(trees, BulkOrder(BulkKind.CLOSE, close=CloseReason.FIXED_UNCONFIRMED))

    assert list(effect.left) == [trees[1]]
    assert effect.left[trees[1]].startswith("A wire is reported here.")


def test_what_emergency_management_has_stays_open(room: Room, city) -> None:
    a, b = (city.add_report(f"Branch in the yard, {at}", address=at) for at in TREES[:2])
    room.sync()
    number = room.escalate(a).number

    effect = room.parts.bulk.act([room.site(a), room.site(b)], CLOSE)

    assert number in effect.left[room.site(a)]
    assert effect.site_ids == (room.site(b),)


def test_s8_a_restricted_site_gets_no_words_meant_for_many(room: Room, trees) -> None:
    with room.store.transaction(room.parts.actor) as tx:
        sites.set_flags(tx, trees[0], add=Flag.RESTRICTED)

    effect = room.parts.bulk.act(trees, MESSAGE)

    assert effect.left == {trees[0]: IS_RESTRICTED}


def test_s9_nobody_is_asked_for_a_photo_while_response_is_suspended(room: Room, trees) -> None:
    room.desk.suspend("fire", 0, "wind", 0)
    asks = BulkOrder(BulkKind.MESSAGE, text="Only from where you are safe: please send a photo.")

    with pytest.raises(ActRefused, match="suspended"):
        room.parts.bulk.act(trees, asks)


def test_whoever_cannot_be_written_to_is_counted_with_why(room: Room, city) -> None:
    gone, there = (city.add_report(f"Branch in the yard, {at}", address=at) for at in TREES[:2])
    room.sync()
    city.elsewhere(gone, "archive")
    room.sync()

    said = room.parts.bulk.preview([room.site(gone), room.site(there)], MESSAGE)

    assert said.left == {room.site(gone): NOBODY}
    assert (said.messages, dict(said.unwritten)) == (1, {ARCHIVED: 1})


def test_claiming_many_leaves_those_of_others_and_letting_go_lets_go_of_mine(room: Room, trees) -> None:
    with room.store.transaction(_other(room)) as tx:
        sites.put_claim(tx, trees[0])

    done = room.parts.bulk.act(trees, BulkOrder(BulkKind.CLAIM))
    let_go = room.parts.bulk.act(trees, BulkOrder(BulkKind.LET_GO))
    room.desk.undo()

    assert done.left == {trees[0]: "B. Other (Seat 9) has it."}
    assert let_go.site_ids == done.site_ids
    assert holders(room, trees) == ["B. Other", "A. Operator", "A. Operator"]


def _other(room: Room) -> Actor:
    return replace(room.parts.actor, person="B. Other", seat="Seat 9")


def holders(room: Room, ids: list[int]) -> list[str]:
    with room.store.reading() as connection:
        return [(sites.claim_of(connection, site_id) or ("",))[0] for site_id in ids]


def test_a_note_is_kept_at_every_site_and_undo_takes_it_away(room: Room, trees) -> None:
    room.parts.bulk.act(trees, BulkOrder(BulkKind.NOTE, text="Crew 4 has the list"))
    assert notes(room, trees) == ["Crew 4 has the list"] * 3

    room.desk.undo()

    assert notes(room, trees) == [""] * 3


def notes(room: Room, ids: list[int]) -> list[str]:
    with room.store.reading() as connection:
        found = [[f.value for f in sites.facts(connection, i) if f.name == "note"] for i in ids]
    return [(each or [""])[0] for each in found]


def test_when_it_can_be_done_nowhere_nothing_is_written(room: Room, city) -> None:
    danger = p1(room, city)
    with pytest.raises(ActRefused, match="None of these sites can have this"):
        room.parts.bulk.act([danger], CLOSE)

    assert "bulk" not in room.log_acts()
    assert rows(room, [danger])[0].state != list(SiteState).index(SiteState.CLOSED)


@pytest.mark.parametrize("kind", [BulkKind.MESSAGE, BulkKind.NOTE, BulkKind.WAIT, BulkKind.CLOSE])
def test_an_order_with_something_missing_is_refused_with_what(room: Room, trees, kind) -> None:
    with pytest.raises(ActRefused, match=r"^(Write|Choose) .*\.$"):
        room.parts.bulk.act(trees, BulkOrder(kind))


@ON_SQLITE
def test_a_thousand_sites_are_one_transaction(room: Room, city) -> None:
    for n in range(1000):
        city.add_report(f"Branch number {n} in the yard")
        if n % 250 == 249:
            room.sync()
    with room.store.reading() as connection:
        ids = [row.site_id for row in sites.board_rows(connection)]
    before = room.store.feed_number()

    done = room.parts.bulk.act(ids, BulkOrder(BulkKind.CLOSE, close=CloseReason.SPAM))
    after = room.store.feed_number()
    said, _ = room.desk.undo()

    assert len(done.site_ids) == 1000
    assert after == before + 1
    assert said == "Undone: closed: spam, 1000 sites."
    assert {row.state_reason for row in rows(room, ids)} == {""}


def test_on_postgresql_it_is_done_and_taken_back_alike(tmp_path, city, clock, run, postgres_url) -> None:
    room = Room(tmp_path / "one", city, clock, run, store_url=postgres_url)
    ids = [city.add_report(f"Branch in the yard, {at}", address=at) for at in TREES]
    room.sync()
    trees = [room.site(request_id) for request_id in ids]

    room.parts.bulk.act(trees, BulkOrder(BulkKind.CLAIM))
    room.parts.bulk.act(trees, MESSAGE)
    room.parts.bulk.act(trees, BulkOrder(BulkKind.NOTE, text="Crew 4 has the list"))
    for _ in range(3):
        room.desk.undo()

    assert states(room, trees) == [OutboxState.TAKEN_BACK] * 3
    assert notes(room, trees) == [""] * 3
    assert holders(room, trees) == [""] * 3
    room.close()
