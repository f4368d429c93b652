"""Who looks at what: told to the other seats, forgotten with the seat, no part of feed or log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from dispatch.errors import StoreUnusable
from dispatch.presence import Presence
from dispatch.records import Onlooker, Role
from dispatch.store import presence, schema
from tests.rooms import Room


@pytest.fixture
def seats(
    tmp_path: Path, city: Any, clock: Any, run: Callable[..., Any], postgres_url: str
) -> Iterator[list[Room]]:
    names = ("C. Diaz", "B. Ruiz")
    made = [
        Room(tmp_path / name, city, clock, run, store_url=postgres_url, seat=f"Seat {n}", person=name)
        for n, name in enumerate(names, 1)
    ]
    yield made
    for room in made:
        room.close()


def test_others_are_told_who_looks_and_who_writes_but_not_we_ourselves(seats: list[Room], clock: Any) -> None:
    one, two = (room.parts.presence for room in seats)

    one.stay(7, False, clock.now())
    assert two.others() == (Onlooker(7, "C. Diaz", "Operator", "Seat 1", False, clock.now()),)
    one.stay(7, True, clock.now())
    assert [who.is_writing for who in two.others()] == [True]
    one.stay(8, False, clock.now())

    assert [who.site_id for who in two.others()] == [8] and one.others() == ()
    one.leave()
    assert two.others() == ()


def test_who_has_not_been_heard_of_for_half_a_minute_has_gone(seats: list[Room], clock: Any) -> None:
    one, two = (room.parts.presence for room in seats)
    one.stay(7, False, clock.now())
    with seats[0].store.engine.begin() as connection:
        silent = schema.presence.c.at - presence.SILENT_MS
        connection.execute(update(schema.presence).values(at=silent))

    assert two.others() == ()
    one.stay(7, False, clock.now())
    assert len(two.others()) == 1


def test_looking_is_no_act_it_moves_no_feed_and_leaves_no_line(seats: list[Room], clock: Any) -> None:
    store = seats[0].store
    number = store.feed_number()
    with store.reading() as connection:
        lines = connection.execute(select(func.count()).select_from(schema.activity_log)).scalar_one()

    # Not even while another seat is in the middle of an act, which holds the feed's row.
    with seats[1].store.transaction(seats[1].parts.actor):
        seats[0].parts.presence.stay(7, False, clock.now())

    assert store.feed_number() == number
    with store.reading() as connection:
        after = connection.execute(select(func.count()).select_from(schema.activity_log)).scalar_one()
    assert after == lines


def test_a_seat_by_itself_writes_nothing(
    tmp_path: Path, city: Any, clock: Any, run: Callable[..., Any]
) -> None:
    room = Room(tmp_path / "seat", city, clock, run)
    room.parts.presence.stay(7, True, clock.now())

    with room.store.reading() as connection:
        assert connection.execute(select(schema.presence)).all() == []
    assert not room.parts.presence.is_shared and room.parts.presence.others() == ()
    room.parts.presence.leave()
    room.close()


def test_a_viewer_sees_who_looks_and_tells_nobody(seats: list[Room], clock: Any) -> None:
    one, viewer = seats
    watching = Presence(store=viewer.store, actor=lambda: replace(viewer.parts.actor, role=Role.VIEWER))
    one.parts.presence.stay(7, False, clock.now())
    watching.stay(7, False, clock.now())

    assert [who.person for who in watching.others()] == ["C. Diaz"] and one.parts.presence.others() == ()


def test_without_its_table_it_says_so_in_one_sentence(seats: list[Room], clock: Any) -> None:
    schema.presence.drop(seats[0].store.engine)

    with pytest.raises(StoreUnusable, match="cannot be kept just now"):
        seats[0].parts.presence.stay(7, False, clock.now())
