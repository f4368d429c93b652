"""A claim that another one would like: asked for, given, kept, taken over; two at once on one database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest

from dispatch.bulk.kinds import BulkKind
from dispatch.bulk.order import BulkOrder
from dispatch.claim_rules import CLAIM_STALE_MS, LAPSES_MS
from dispatch.errors import ActRefused
from dispatch.past import read
from dispatch.records import Band, CloseReason
from dispatch.store import claims, log
from tests.rooms import Room

NAMES = ("A. Diaz", "B. Ruiz", "C. Moss")


@dataclass
class Office:
    """Three people at three seats over one store; `site` is claimed by the first."""

    seats: tuple[Room, ...]
    city: Any
    clock: Any
    site: int

    def act(self, number: int, name: str) -> None:
        getattr(self.seats[number].parts.claim_desk, name)(self.site)

    def holder(self) -> str:
        with self.seats[0].store.reading() as connection:
            found = claims.holder(connection, self.site)
        return found.person if found else ""

    def asker(self) -> str:
        with self.seats[0].store.reading() as connection:
            found = claims.asker(connection, self.site)
        return found.person if found else ""

    def lines(self) -> list[tuple[str, str, str]]:
        with self.seats[0].store.reading() as connection:
            assert log.verify(connection).is_intact
            rows = [row for row in log.every_row(connection) if row["site_id"] == self.site]
        return [(row["act"], row["person"], row["text"]) for row in rows]


@pytest.fixture
def office(
    tmp_path: Path, city: Any, clock: Any, run: Callable[..., Any], store_url: str
) -> Iterator[Office]:
    request_id = city.add_report("Oak blocks 5th Ave N")
    seats = tuple(
        Room(tmp_path / f"seat {n}", city, clock, run, store_url=store_url, seat=f"Seat {n}", person=name)
        for n, name in enumerate(NAMES, 1)
    )
    seats[0].sync()
    site_id = seats[0].site(request_id)
    seats[0].desk.claim(site_id)
    yield Office(seats, city, clock, site_id)
    for seat in seats:
        seat.close()


def test_who_came_second_hears_who_was_first_and_since_when(office: Office) -> None:
    office.clock.advance(minutes=2)

    with pytest.raises(
        ActRefused, match=r"^A\. Diaz \(Seat 1\) was first, 2 min ago, at 10:30\. Ask for it\.$"
    ):
        office.seats[1].desk.claim(office.site)


def test_each_act_of_its_holder_keeps_a_claim_fresh_on_the_boards_of_the_others(
    office: Office, run: Callable[..., Any]
) -> None:
    one, other = office.seats[:2]
    other.parts.follow.load()
    for words in ("A crew looks at it. This is not 911.", "It is on its way. This is not 911."):
        office.clock.advance(minutes=2)

        changes = one.desk.message(office.site, words)

        assert changes.sites == {office.site}
        run(other.parts.follow.catch_up())
        assert other.parts.board.claims[office.site].at == office.clock.now()


def test_nobody_lets_go_of_what_another_one_has(office: Office) -> None:
    with pytest.raises(ActRefused, match=r"A\. Diaz \(Seat 1\) was first"):
        office.seats[1].desk.let_go(office.site)

    assert office.holder() == "A. Diaz"


def test_asked_for_it_is_given_and_the_log_tells_both(office: Office, run: Callable[..., Any]) -> None:
    watcher = office.seats[2].parts
    watcher.follow.load()

    office.act(1, "ask_for")
    run(watcher.follow.catch_up())
    assert watcher.board.asks[office.site].person == "B. Ruiz"
    office.act(0, "give")
    run(watcher.follow.catch_up())

    assert (watcher.board.claims[office.site].person, watcher.board.asks) == ("B. Ruiz", {})
    assert office.lines()[-2:] == [
        ("ask_for", "B. Ruiz", "asked A. Diaz (Seat 1) for it"),
        ("give", "A. Diaz", "claim given to B. Ruiz (Seat 2)"),
    ]


def test_kept_nobody_asks_any_more_and_it_can_be_asked_for_again(office: Office) -> None:
    office.act(1, "ask_for")
    office.act(0, "keep")

    assert (office.holder(), office.asker()) == ("A. Diaz", "")
    office.act(2, "ask_for")
    assert office.asker() == "C. Moss"


def test_unanswered_for_a_minute_it_is_taken_over_by_who_asked(office: Office) -> None:
    with pytest.raises(ActRefused, match="ask for it first"):
        office.act(1, "take_over")
    office.act(1, "ask_for")
    office.clock.advance(20)
    with pytest.raises(ActRefused, match=r"asked 20 s ago.*taken over in 40 s"):
        office.act(1, "take_over")
    office.clock.advance(40)
    with pytest.raises(ActRefused, match=r"B\. Ruiz \(Seat 2\) asked for it first"):
        office.act(2, "take_over")

    office.act(1, "take_over")

    assert (office.holder(), office.asker()) == ("B. Ruiz", "")
    assert office.lines()[-1] == (
        "take_over",
        "B. Ruiz",
        "claim taken over from A. Diaz (Seat 1), not answered",
    )


def test_the_second_who_asks_hears_of_the_first_until_that_one_has_gone_away(office: Office) -> None:
    office.act(1, "ask_for")
    with pytest.raises(ActRefused, match=r"B\. Ruiz \(Seat 2\) asked for it first, 0 s ago"):
        office.act(2, "ask_for")
    office.clock.advance(LAPSES_MS / 1000)

    office.act(2, "ask_for")

    assert office.asker() == "C. Moss"


def test_a_stale_p1_is_taken_over_without_asking(office: Office) -> None:
    office.seats[0].desk.set_band(office.site, Band.P1)
    office.clock.advance(CLAIM_STALE_MS / 1000 + 1)

    office.act(1, "take_over")

    assert office.holder() == "B. Ruiz" and office.lines()[-1][2].endswith(", stale")


def test_nothing_to_ask_for_is_said(office: Office) -> None:
    with pytest.raises(ActRefused, match="You have it already"):
        office.act(0, "ask_for")
    with pytest.raises(ActRefused, match="You have it already"):
        office.act(0, "take_over")
    with pytest.raises(ActRefused, match="Nobody asks for it any more"):
        office.act(0, "give")
    office.act(1, "ask_for")
    with pytest.raises(ActRefused, match=r"A\. Diaz \(Seat 1\) was first"):
        office.act(2, "give")
    office.seats[0].desk.let_go(office.site)
    with pytest.raises(ActRefused, match="Nobody has claimed it: claim it"):
        office.act(1, "take_over")


@pytest.mark.parametrize("how", ["let_go", "close", "merge", "undo", "bulk"])
def test_nobody_asks_for_what_nobody_has(office: Office, how: str) -> None:
    first = office.seats[0]
    other = office.city.add_report("Tree blocks both lanes of 5th Ave N")
    first.sync()
    office.act(1, "ask_for")

    match how:
        case "let_go":
            first.desk.let_go(office.site)
        case "close":
            first.desk.close(office.site, CloseReason.NO_LONGER_NEEDED, note="gone", confirmed_by="crew 4")
        case "merge":
            first.desk.merge(first.site(other), [office.site])
        case "undo":
            first.desk.undo()
        case "bulk":
            first.parts.bulk.act([office.site], BulkOrder(BulkKind.LET_GO))

    assert (office.holder(), office.asker()) == ("", "")


def test_taking_a_claim_back_leaves_it_with_whom_it_was_given_to(office: Office) -> None:
    office.act(1, "ask_for")
    office.act(0, "give")

    said, _ = office.seats[0].desk.undo()

    assert said == "Undone: claimed. B. Ruiz (Seat 2) has it since then: that stays."
    assert office.holder() == "B. Ruiz"


def test_played_back_a_claim_stands_with_whom_it_was_then(office: Office) -> None:
    office.clock.advance(minutes=1)
    office.act(1, "ask_for")
    office.clock.advance(minutes=1)
    office.act(0, "give")
    given_at = office.clock.now()
    office.clock.advance(minutes=1)
    office.seats[0].desk.undo()
    parts = office.seats[0].parts
    parts.follow.load()
    past = read(parts.store, parts.board)

    assert past.at(parts.board, given_at - 1).claims[office.site].person == "A. Diaz"
    assert past.at(parts.board, given_at).claims[office.site].person == "B. Ruiz"
    assert past.at(parts.board, office.clock.now()).claims[office.site].person == "B. Ruiz"


def test_two_at_the_same_instant_one_has_it_and_the_other_hears_who(
    tmp_path: Path, city: Any, clock: Any, run: Callable[..., Any], postgres_url: str
) -> None:
    ids = [city.add_report(f"Oak number {n} blocks both lanes") for n in range(12)]
    seats = [
        Room(tmp_path / name, city, clock, run, store_url=postgres_url, seat=f"Seat {n}", person=name)
        for n, name in enumerate(NAMES[:2], 1)
    ]
    seats[0].sync()
    site_ids = [seats[0].site(request_id) for request_id in ids]
    said: dict[tuple[int, str], str] = {}
    gate = threading.Barrier(2)

    def claim_all(seat: Room, name: str) -> None:
        for site_id in site_ids:
            gate.wait(30)
            try:
                seat.desk.claim(site_id)
                said[site_id, name] = ""
            except ActRefused as refusal:
                said[site_id, name] = str(refusal)

    threads = [threading.Thread(target=claim_all, args=each) for each in zip(seats, NAMES[:2], strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    for site_id in site_ids:
        won = [name for name in NAMES[:2] if not said[site_id, name]]
        lost = [said[site_id, name] for name in NAMES[:2] if said[site_id, name]]
        assert len(won) == 1 and lost[0].startswith(
            f"{won[0]} (Seat {NAMES.index(won[0]) + 1}) was first, just"
        )
    with seats[0].store.reading() as connection:
        rows = [row for row in log.every_row(connection) if row["act"] == "claim"]
        assert len(rows) == len(site_ids) and log.verify(connection).is_intact
    assert all("undo" in orjson.loads(row["detail"]) for row in rows)
    for seat in seats:
        seat.close()
