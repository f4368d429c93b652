"""Notices on the 311 server: once each through lost answers and a crash, off it when they end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.city import TOKEN, City
from tests.notices import SERVICE, published
from tests.rooms import Room


@pytest.fixture
def seat(tmp_path: Path, city: City, clock: Any, run: Callable[..., Any]) -> Iterator[Room]:
    room = Room(tmp_path / "seat", city, clock, run)
    yield room
    room.close()


def on_server(city: City) -> list[dict[str, Any]]:
    answer = requests.get(f"{city.url}/notices", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=20)
    return list(answer.json()["notices"])


def hurry(room: Room) -> None:
    """The waits after a failure are wall time: they are over."""
    from dispatch.store import notices

    with room.store.transaction(room.parts.actor) as tx:
        ids = [each.notice_id for each in notices.every(tx.connection, tx.actor.activation_id)]
        for place in notices.places(tx.connection, ids):
            notices.put_place(tx, replace(place, due_at=0))


def state(room: Room, item: Any) -> str:
    (place,) = room.parts.notice_desk.board().places[item.notice_id]
    return str(place.state)


def test_s18_a_published_notice_stands_on_the_server_and_is_marked(seat: Room, city: City) -> None:
    item = published(seat)
    seat.sync()
    seat.sync()

    (there,) = on_server(city)
    assert there["external_id"] == item.notice_id
    assert [each["title"][:11] for each in there["texts"]] == ["EXERCISE · ", "EXERCISE · "]
    assert there["areas"] == ["Childs Park"]
    assert state(seat, item) == "done"


def test_a_lost_answer_leaves_one_notice(seat: Room, city: City) -> None:
    item = published(seat)
    real = seat.work._announce._line.server.post_notice

    def lose(body: Any) -> str:
        city.fail_next("lose-answer-after-doing-it")
        return str(real(body))

    seat.work._announce._line.server.post_notice = lose
    seat.sync()
    assert state(seat, item) == "sending", "nobody knows whether it arrived"
    seat.work._announce._line.server.post_notice = real
    hurry(seat)
    seat.sync()

    assert len(on_server(city)) == 1
    assert state(seat, item) == "done"


def test_a_crash_after_sending_leaves_one_notice(
    seat: Room, city: City, tmp_path: Path, clock: Any, run: Callable[..., Any]
) -> None:
    item = published(seat)

    class Killed(BaseException):
        pass

    real = seat.work._announce._write

    def die(*_: Any) -> Any:
        raise Killed

    seat.work._announce._write = die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        run(seat.work._announce.once())
    assert len(on_server(city)) == 1
    seat.work._announce._write = real  # type: ignore[method-assign]
    hurry(seat)
    seat.sync()

    assert len(on_server(city)) == 1
    assert state(seat, item) == "done"


def test_what_ends_is_taken_down(seat: Room, city: City, clock: Any) -> None:
    first = published(seat)
    seat.sync()
    second = published(seat, replace(SERVICE, updates=first.notice_id))
    seat.sync()
    assert [each["external_id"] for each in on_server(city)] == [second.notice_id]
    assert state(seat, first) == "ended"

    clock.set(second.expires_at)
    seat.sync()
    seat.sync()

    assert on_server(city) == []
    assert [each.state.value for each in seat.parts.notice_desk.board().notices] == ["expired", "superseded"]


def test_what_is_cancelled_before_it_left_never_leaves(seat: Room, city: City) -> None:
    item = published(seat)
    seat.parts.notice_desk.cancel(item, "Wrong hours", item.texts)
    seat.sync()

    assert on_server(city) == []
    assert state(seat, item) == "stopped"


def test_a_server_without_notices_leads_to_the_hand_off_sheet(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any]
) -> None:
    room = Room(tmp_path / "other", city, clock, run, kind="georeport")
    item = published(room)
    room.sync()

    (place,) = room.parts.notice_desk.board().places[item.notice_id]
    assert (place.state, place.error) == ("failed", "It takes no notices: use the hand-off sheet.")
    room.close()
