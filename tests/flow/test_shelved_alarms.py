"""Alarms set aside with reason and end: for all seats, in the log, never a P1 nobody acted on (S14)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.alarm_desk import AlarmDesk
from dispatch.alarms import Kind
from dispatch.errors import ActRefused
from dispatch.records import BadRecord, Band, ReturnCode, ShelfReason
from dispatch.store import log, mirror
from tests.city import City
from tests.conftest import StillClock
from tests.rooms import Room

IN_HAND, KNOWN, OTHER = ShelfReason.IN_HAND, ShelfReason.KNOWN_FAULT, ShelfReason.OTHER


class Seat(Room):
    """A seat whose wall clock goes when it is told to."""

    def __init__(self, *args: Any, wall: StillClock, **more: Any) -> None:
        super().__init__(*args, **more)
        parts = self.parts
        self.alarms = AlarmDesk(store=parts.store, actor=lambda: parts.actor, wall_now=wall.now)


@pytest.fixture
def wall() -> StillClock:
    return StillClock(1_000_000)


@pytest.fixture
def seats(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], store_url: str, wall: StillClock
) -> Iterator[tuple[Seat, Seat]]:
    one = Seat(tmp_path / "one", city, clock, run, store_url=store_url, seat="Seat 1", wall=wall)
    two = Seat(tmp_path / "two", city, clock, run, store_url=store_url, seat="Seat 2", wall=wall)
    yield one, two
    one.close()
    two.close()


@pytest.fixture
def one(seats: tuple[Seat, Seat]) -> Seat:
    return seats[0]


def returned(seat: Seat, band: Band) -> int:
    """A site whose hand-over came back: it calls until somebody acts."""
    request_id = seat.city.add_report("Oak across the road")
    seat.sync()
    if seat.view(request_id).row.band != band:
        seat.desk.set_band(seat.site(request_id), band, "as told")
    item = seat.escalate(request_id, channels=("desk",))
    seat.em_desk.give_back(item.escalation_id, ReturnCode.NO_RESOURCE)
    return seat.site(request_id)


def test_a_shelved_alarm_is_shelved_for_every_seat_with_who_and_why(
    seats: tuple[Seat, Seat], wall: StillClock
) -> None:
    one, two = seats
    site_id = returned(one, Band.P2)

    changes = one.alarms.shelve(Kind.REFUSED, site_id, IN_HAND, 30, "Crew 4 is asked")

    assert changes.others == {"alarm_shelf"}
    [shelf] = two.alarms.shelved()
    assert (shelf.kind, shelf.site_id, shelf.reason, shelf.note) == (
        "refused",
        site_id,
        IN_HAND,
        "Crew 4 is asked",
    )
    assert (shelf.who, shelf.seat, shelf.until - shelf.at) == ("A. Operator", "Seat 1", 30 * 60_000)
    with one.store.reading() as connection:
        assert log.verify(connection).is_intact
        [line] = [e for e in log.of_site(connection, site_id) if e.act == "shelve"]
        assert "Crew 4" not in str(list(log.every_row(connection))), "words stay out of the log"
    assert line.text == "alarm shelved for 30 min, somebody is on it: hand-over returned"


def test_s14_it_comes_back_at_its_end_and_may_be_brought_back_before(one: Seat, wall: StillClock) -> None:
    site_id = returned(one, Band.P2)
    one.alarms.shelve(Kind.REFUSED, site_id, IN_HAND, 30)
    wall.advance(minutes=30)
    assert one.alarms.shelved() == ()
    with pytest.raises(ActRefused, match="not shelved any more"):
        one.alarms.bring_back(Kind.REFUSED, site_id)

    one.alarms.shelve(Kind.REFUSED, site_id, IN_HAND, 30)
    one.alarms.bring_back(Kind.REFUSED, site_id)

    assert one.alarms.shelved() == ()
    with one.store.reading() as connection:
        acts = [e.act for e in log.of_site(connection, site_id)]
    assert acts.count("shelve") == 2 and acts.count("unshelve") == 1


def test_s14_a_p1_nobody_acted_on_is_never_shelved(one: Seat) -> None:
    request_id = one.city.add_report("Man trapped upstairs")
    one.sync()

    with pytest.raises(ActRefused, match="is not shelved: claim it"):
        one.alarms.shelve(Kind.UNSEEN_P1, one.site(request_id), IN_HAND, 1)

    assert one.alarms.shelved() == ()


def test_s5_another_alarm_of_a_p1_is_shelved_for_five_minutes_at_most(one: Seat) -> None:
    site_id = returned(one, Band.P1)

    with pytest.raises(ActRefused, match="1 to 5 minutes"):
        one.alarms.shelve(Kind.REFUSED, site_id, IN_HAND, 6)
    one.alarms.shelve(Kind.REFUSED, site_id, IN_HAND, 5)


def test_what_concerns_no_site_may_be_shelved_for_a_shift(one: Seat) -> None:
    with pytest.raises(ActRefused, match="1 to 720 minutes"):
        one.alarms.shelve(Kind.SYNC_LOST, 0, KNOWN, 721)
    with pytest.raises(ActRefused, match="Write the reason"):
        one.alarms.shelve(Kind.SYNC_LOST, 0, OTHER, 60)
    one.alarms.shelve(Kind.SYNC_LOST, 0, KNOWN, 720)
    one.alarms.shelve(Kind.MISMATCH, 0, OTHER, 60, "Told the city")

    assert [each.kind for each in one.alarms.shelved()] == ["mismatch", "sync_lost"], "the next one first"


def test_the_second_seat_hears_who_has_shelved_it(seats: tuple[Seat, Seat]) -> None:
    one, two = seats
    site_id = returned(one, Band.P2)
    one.alarms.shelve(Kind.REFUSED, site_id, IN_HAND, 30)

    with pytest.raises(ActRefused, match="Operator has shelved it already, for 30 min more"):
        two.alarms.shelve(Kind.REFUSED, site_id, IN_HAND, 60)
    one.alarms.shelve(Kind.REFUSED, site_id, IN_HAND, 60)

    [shelf] = two.alarms.shelved()
    assert shelf.until - shelf.at == 60 * 60_000, "who shelved it may shelve it for longer"


def test_rows_nobody_could_read_are_named_by_their_number(one: Seat) -> None:
    assert one.alarms.unreadable() == ()
    one.sync()
    bad = BadRecord("no id", b'{"summary": 5}'), BadRecord("no time", b'{"id": 7}', "4411")
    with one.store.transaction(one.parts.actor) as tx:
        mirror.put_in_quarantine(tx.connection, 1, bad, tx.now)

    assert {row.request_id for row in one.alarms.unreadable()} == {"", "4411"}
