"""What another seat commits is heard at once; what nobody heard costs nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dispatch import assembly
from dispatch.store import listener
from dispatch.store.listener import Listener
from dispatch.store.store import Store
from dispatch.store.transaction import FEED_CHANNEL
from tests.rooms import Room

PATIENCE_S = 20.0


class Heard:
    """Counts nudges, on whichever thread they come."""

    def __init__(self) -> None:
        self.count = 0
        self._news = threading.Condition()

    def __call__(self) -> None:
        with self._news:
            self.count += 1
            self._news.notify_all()

    def reaches(self, count: int) -> bool:
        with self._news:
            return self._news.wait_for(lambda: self.count >= count, PATIENCE_S)


@pytest.fixture
def seats(
    tmp_path: Path, city: Any, clock: Any, run: Callable[..., Any], postgres_url: str
) -> Iterator[tuple[Room, Room]]:
    made = tuple(
        Room(tmp_path / f"seat {n}", city, clock, run, store_url=postgres_url, seat=f"Seat {n}")
        for n in (1, 2)
    )
    yield made  # type: ignore[misc]
    for room in made:
        room.close()


@pytest.fixture
def heard(seats: tuple[Room, Room]) -> Iterator[Heard]:
    """The second seat listens, and has been nudged once for its new connection."""
    heard = Heard()
    ear = Listener(seats[1].store, {FEED_CHANNEL: heard})
    ear.start()
    assert heard.reaches(1)
    yield heard
    ear.stop()


def end_listeners(store: Store) -> int:
    """As the server does that is restarted; how many there were."""
    with store.engine.begin() as connection:
        asked = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name")
        return len(connection.execute(asked, {"name": listener.NAME}).all())


def test_an_act_on_one_seat_nudges_the_other(seats: tuple[Room, Room], city: Any, heard: Heard) -> None:
    request_id = city.add_report("Oak blocks 5th Ave N")
    seats[0].sync()
    before = heard.count

    seats[0].desk.claim(seats[0].site(request_id))

    assert heard.reaches(before + 1)


def test_what_is_taken_back_by_an_error_is_not_told(seats: tuple[Room, Room], heard: Heard) -> None:
    with pytest.raises(ZeroDivisionError), seats[0].store.transaction(seats[0].parts.actor) as tx:
        tx.others.add("seat")
        tx.finish()
        raise ZeroDivisionError
    with seats[0].store.transaction(seats[0].parts.actor) as tx:
        tx.others.add("seat")

    assert heard.reaches(2) and heard.count == 2


def test_a_line_that_was_cut_is_back_and_shows_what_was_missed(
    seats: tuple[Room, Room], city: Any, heard: Heard, run: Callable[..., Any]
) -> None:
    one, two = seats
    request_id = city.add_report("Oak blocks 5th Ave N")
    one.sync()
    two.parts.follow.load()
    before = heard.count
    assert end_listeners(one.store) == 1
    one.desk.claim(one.site(request_id))

    assert heard.reaches(before + 1)
    run(two.parts.follow.catch_up())

    assert two.parts.board.claims[one.site(request_id)].seat == "Seat 1"
    before = heard.count
    one.desk.let_go(one.site(request_id))
    assert heard.reaches(before + 1)


def test_a_seat_that_slept_catches_up_in_one_call(
    seats: tuple[Room, Room], city: Any, run: Callable[..., Any]
) -> None:
    one, two = seats
    ids = [city.add_report(f"Oak number {n} blocks both lanes") for n in range(40)]
    one.sync()
    two.parts.follow.load()
    for request_id in ids:
        one.desk.claim(one.site(request_id))
    late = city.add_report("Tree on a car")
    one.sync()

    run(two.parts.follow.catch_up())

    assert set(two.parts.board.claims) == {one.site(request_id) for request_id in ids}
    assert two.parts.board.row(one.site(late)) >= 0
    assert run(two.parts.follow.catch_up()) is None


def test_twenty_seats_see_each_others_claims(
    tmp_path: Path, city: Any, clock: Any, run: Callable[..., Any], postgres_url: str
) -> None:
    seats = [
        Room(tmp_path / f"seat {n}", city, clock, run, store_url=postgres_url, seat=f"Seat {n}")
        for n in range(20)
    ]
    heard = [Heard() for _ in seats]
    ears = [Listener(seat.store, {FEED_CHANNEL: one}) for seat, one in zip(seats, heard, strict=True)]
    ids = [city.add_report(f"Oak number {n} blocks both lanes") for n in range(20)]
    seats[0].sync()
    site_ids = [seats[0].site(request_id) for request_id in ids]
    for seat, ear in zip(seats, ears, strict=True):
        seat.parts.follow.load()
        ear.start()
    assert all(one.reaches(1) for one in heard)
    before = [one.count for one in heard]

    for seat, site_id in zip(seats, site_ids, strict=True):
        seat.desk.claim(site_id)

    assert all(one.reaches(n + 1) for one, n in zip(heard, before, strict=True))
    wanted = {site_id: f"Seat {n}" for n, site_id in enumerate(site_ids)}
    for seat in seats:
        run(seat.parts.follow.catch_up())
        assert {site_id: claim.seat for site_id, claim in seat.parts.board.claims.items()} == wanted
    for seat, ear in zip(seats, ears, strict=True):
        ear.stop()
        seat.close()


def test_it_ends_promptly_also_where_nobody_answers(seats: tuple[Room, Room], heard: Heard) -> None:
    gone = Listener(seats[0].store, {FEED_CHANNEL: heard})
    gone.start()
    seats[0].store.close()
    end_listeners(seats[1].store)

    gone.stop()

    assert not gone._thread.is_alive()


def test_a_seat_by_itself_has_nobody_to_listen_to(
    tmp_path: Path, city: Any, clock: Any, run: Callable[..., Any]
) -> None:
    room = Room(tmp_path / "seat", city, clock, run)

    assert assembly.listen(room.parts, feed=Heard(), presence=Heard()) is None
    room.close()
