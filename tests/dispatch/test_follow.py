"""What any seat commits is on this seat's board, once, and nothing is passed over."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import follow
from dispatch.board import Delta, Filters
from dispatch.follow import _joined
from dispatch.records import Band, EscalationState, WaitReason
from dispatch.touched import sites_of
from tests.city import City
from tests.rooms import Room


@pytest.fixture
def seats(tmp_path: Path, city: City, clock: Any, run: Callable[..., Any]) -> Iterator[tuple[Room, Room]]:
    """Two seats on one store: the first acts and syncs, the second follows."""
    first = Room(tmp_path / "seat", city, clock, run)
    url = f"sqlite:///{tmp_path / 'seat' / 'seat.db'}"
    second = Room(tmp_path / "other", city, clock, run, store_url=url, seat="Seat 2")
    yield first, second
    second.close()
    first.close()


def shown(room: Room) -> dict[int, tuple[Any, ...]]:
    """The board, site by site."""
    board = room.parts.board
    return {
        int(board.site_id[row]): (
            int(board.band[row]),
            int(board.state[row]),
            int(board.reports[row]),
            int(board.flags[row]),
            int(board.acted_at[row]),
            board.claims.get(int(board.site_id[row])),
            board.hand_overs.get(int(board.site_id[row])),
        )
        for row in range(board.count)
    }


def test_what_one_seat_does_the_other_shows_as_if_it_had_just_started(
    seats: tuple[Room, Room], city: City, run: Callable[..., Any]
) -> None:
    first, second = seats
    ids = [city.add_report(f"Oak number {n} blocks both lanes") for n in range(6)]
    first.sync()
    second.parts.follow.load()

    first.desk.claim(first.site(ids[0]))
    first.desk.set_band(first.site(ids[1]), Band.P1)
    first.desk.wait(first.site(ids[2]), WaitReason.OWNER)
    first.desk.merge(first.site(ids[3]), [first.site(ids[4])])
    sent = first.escalate(ids[5])
    first.sync()
    first.em_desk.accept(sent.escalation_id, "crew 4")
    city.add_report("Line down, sparking")
    first.sync()
    taken = run(second.parts.follow.catch_up())

    assert taken is not None and taken[1].escalations == {sent.escalation_id}
    assert taken[0].added.size == 1
    followed = shown(second)
    first.parts.follow.load()
    assert followed == shown(first) and len(followed) == 7
    assert second.parts.board.hand_overs[first.site(ids[5])].state is EscalationState.ACCEPTED
    assert run(second.parts.follow.catch_up()) is None


def test_many_catching_up_at_once_miss_nothing_and_do_not_go_back(
    seats: tuple[Room, Room], city: City, run: Callable[..., Any]
) -> None:
    """As it happens: each act catches up, and so does the beat of every second."""
    first, second = seats
    ids = [city.add_report(f"Limb number {n}") for n in range(10)]
    first.sync()
    second.parts.follow.load()

    async def act_and_look() -> None:
        looks: list[asyncio.Task[Any]] = []
        for each in ids:
            await first.parts.workers.store(first.desk.set_band, first.site(each), Band.P1)
            looks += [asyncio.ensure_future(second.parts.follow.catch_up()) for _ in range(2)]
        await asyncio.gather(*looks)

    run(act_and_look())

    board = second.parts.board
    assert [int(board.band[board.row(second.site(each))]) for each in ids] == [1] * 10
    first.parts.follow.load()
    assert shown(second) == shown(first)


def test_a_split_and_an_undo_give_the_reports_back_on_every_board(
    seats: tuple[Room, Room], city: City, run: Callable[..., Any]
) -> None:
    first, second = seats
    a, b = city.add_report("Oak blocks 5th Ave N"), city.add_report("Tree blocks 5th Ave N")
    first.sync()
    second.parts.follow.load()
    before = shown(second)
    home_a, home_b = first.site(a), first.site(b)

    first.desk.merge(home_a, [home_b])
    run(second.parts.follow.catch_up())
    assert second.parts.board.report_row.tolist() == [second.parts.board.row(home_a)] * 2
    first.desk.undo()
    run(second.parts.follow.catch_up())

    assert shown(second) == before
    board = second.parts.board
    assert sorted(board.report_row.tolist()) == sorted([board.row(home_a), board.row(home_b)])


def test_a_flood_comes_in_pieces_and_an_act_does_not_wait_for_its_end(
    seats: tuple[Room, Room], city: City, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = seats
    ids = [city.add_report(f"Limb number {n}") for n in range(20)]
    first.sync()
    second.parts.follow.load()
    monkeypatch.setattr(follow, "STEP", 2)
    monkeypatch.setattr(follow, "PIECE", 6)
    for each in ids:
        first.desk.set_band(first.site(each), Band.P1)
    last = first.site(ids[-1])
    told: list[list[int]] = []

    async def act_in_the_flood() -> None:
        board, catch_up = second.parts.board, second.parts.follow.catch_up

        def tell(delta: Any) -> None:
            told.append(board.site_id[delta.changed].tolist())

        flood = asyncio.ensure_future(catch_up(tell))
        await asyncio.sleep(0)
        changes = await second.parts.workers.store(second.desk.claim, last)
        await asyncio.gather(flood, catch_up(tell, sites_of(changes)))

    run(act_in_the_flood())

    assert last in told[0], "shown with the first piece, though it stands at the end of the flood"
    assert len(told) > 2 and max(map(len, told)) <= 7
    first.parts.follow.load()
    assert shown(second) == shown(first) and len(second.parts.board.claims) == 1


def test_what_an_act_gives_back_says_which_sites_it_was_about(seats: tuple[Room, Room], city: City) -> None:
    first, _ = seats
    ids = [city.add_report(f"Limb number {n}") for n in range(3)]
    first.sync()
    one, two, three = (first.site(each) for each in ids)

    assert sites_of(first.desk.claim(one)) == {one}
    assert sites_of(first.desk.merge(two, [three])) == {two, three}
    assert sites_of(first.desk.undo()) == {two, three}
    assert sites_of(first.escalate(ids[0])) == {one}
    assert sites_of(None) == frozenset()


SITES = st.integers(0, 40)


@given(st.lists(st.tuples(st.sets(SITES), st.sets(SITES))))
def test_pieces_joined_name_each_row_once_and_what_is_new_as_new(
    pieces: list[tuple[set[int], set[int]]],
) -> None:
    before = set(range(10))
    known, changed = set(before), set()
    deltas = []
    for added, touched in pieces:
        new, old = sorted(added - known), sorted(touched & known)
        known |= added
        changed |= set(old)
        deltas.append(Delta(np.array(new, np.intp), np.array(old, np.intp)))

    joined = _joined(deltas)

    assert sorted(joined.added.tolist()) == sorted(known - before)
    assert sorted(joined.changed.tolist()) == sorted(changed & before)


def copy_database(source: Path, target: Path) -> None:
    """Under whoever has it open: as a restore, or a standby that was behind, does it."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def test_a_database_that_went_back_in_time_is_read_anew_and_followed_from_there(
    seats: tuple[Room, Room], city: City, run: Callable[..., Any], tmp_path: Path, expect_warning: Any
) -> None:
    first, second = seats
    live, backup = tmp_path / "seat" / "seat.db", tmp_path / "backup.db"
    kept = city.add_report("Oak blocks both lanes")
    first.sync()
    copy_database(live, backup)
    lost = city.add_report("Elm blocks both lanes")
    first.sync()
    first.desk.claim(first.site(kept))
    second.parts.follow.load()
    expect_warning("went back in time")
    gone = first.site(lost)

    copy_database(backup, live)
    run(second.parts.follow.catch_up())

    board = second.parts.board
    in_view = board.mask(Filters(), second.parts.clock.now())
    assert board.site_id[in_view].tolist() == [first.site(kept)]
    assert not board.claims
    assert int((board.report_at > 0).sum()) == 1

    first.desk.claim(first.site(kept))
    run(second.parts.follow.catch_up())
    assert list(board.claims) == [first.site(kept)]
    assert board.row(gone) >= 0, "a row number never changes"


def test_one_that_went_back_and_on_past_where_it_was_is_noticed_too(
    seats: tuple[Room, Room], city: City, run: Callable[..., Any], tmp_path: Path, expect_warning: Any
) -> None:
    first, second = seats
    live, backup = tmp_path / "seat" / "seat.db", tmp_path / "backup.db"
    ids = [city.add_report(f"Oak number {n} blocks both lanes") for n in range(3)]
    first.sync()
    copy_database(live, backup)
    first.desk.claim(first.site(ids[0]))
    second.parts.follow.load()
    expect_warning("went back in time")

    copy_database(backup, live)
    second.parts.clock.advance(1)  # type: ignore[attr-defined]
    first.desk.claim(first.site(ids[1]))
    first.desk.claim(first.site(ids[2]))
    run(second.parts.follow.catch_up())

    claimed = {first.site(ids[1]), first.site(ids[2])}
    assert set(second.parts.board.claims) == claimed
