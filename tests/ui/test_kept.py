"""The room's database goes away under a console: what is done is kept, and done or told why not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy.engine import make_url

from dispatch.records import Band, WaitReason
from tests.city import City
from tests.proxy import Proxy
from tests.rooms import Room
from tests.ui.together import Seat


@pytest.fixture
def proxy(postgres_url: str) -> Iterator[Proxy]:
    made = Proxy(f"{make_url(postgres_url).query['host']}/.s.PGSQL.5432")
    yield made
    made.stop()


@pytest.fixture
def far(
    qtbot: Any, loop: Any, tmp_path: Path, city: City, clock: Any, run: Any, wait_until: Any,
    postgres_url: str, proxy: Proxy,
) -> Iterator[Seat]:  # fmt: skip
    """A. Ortiz, whose line to the database can be cut; three sites, on the second of which she stands."""
    asyncio.set_event_loop(loop)
    for number in (5, 6, 7):
        city.add_report(f"Oak {number} is down", address=f"{number}th Ave N & 9th St N")
    url = make_url(postgres_url).set(host="127.0.0.1", port=proxy.port, query={"sslmode": "disable"})
    room = Room(tmp_path / "far", city, clock, run, store_url=url.render_as_string(False), person="A. Ortiz")
    room.sync()
    seat = Seat(room, wait_until)
    seat.window.kept.begin()
    yield seat
    seat.close()
    room.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def other(tmp_path: Path, city: City, clock: Any, run: Any, postgres_url: str) -> Iterator[Room]:
    room = Room(tmp_path / "other", city, clock, run, store_url=postgres_url, person="B. Ruiz")
    yield room
    room.close()


def sites(seat: Seat) -> list[int]:
    """By their street, 5th Ave N first."""
    board = seat.bridge.board
    return [int(board.site_id[row]) for row in sorted(range(board.count), key=lambda row: board.where[row])]


def cut(seat: Seat, proxy: Proxy) -> None:
    proxy.go_down()
    seat.wait(lambda: seat.window.kept.away_since)


def come_back(seat: Seat, proxy: Proxy) -> None:
    proxy.come_up()
    seat.room.store.outage.end()
    replayed = asyncio.ensure_future(seat.bridge.read(seat.room.parts.acts.replay))
    seat.wait(replayed.done)
    assert not seat.room.parts.acts.journal.waiting()


def try_to(seat: Seat, work: Callable[..., Any], *args: Any) -> None:
    seat.wait(seat.bridge.act(work, *args).done)


def test_what_is_done_meanwhile_is_said_over_every_screen_in_the_row_and_in_the_detail(
    far: Seat, proxy: Proxy
) -> None:
    site_id = sites(far)[1]
    far.go(site_id)
    bar = far.window.away_bar
    assert bar.said() == ""
    cut(far, proxy)
    assert bar.said() == (
        "The room's database has not answered since 10:30: what is shown may be old. "
        "What you do is kept here and done as soon as it answers."
    )

    far.queue.list.setFocus()
    far.key(Qt.Key.Key_Space)
    far.wait(lambda: far.window.kept.waiting)

    assert bar.said().endswith("1 act kept here, done as soon as it answers.")
    assert "Claimed." not in far.said, "nobody hears that it is done before it is"
    assert far.row(site_id).others == "claim kept"
    assert far.head() == "Kept here, not done yet: claim, 10:30"
    far.window.go_to("em_desk")
    assert bar.isVisible()

    come_back(far, proxy)
    far.wait(lambda: site_id in far.bridge.board.claims and not bar.isVisible())
    assert far.row(site_id).others == ""


def test_a_sheet_whose_act_is_kept_closes_with_its_words_in_the_journal_and_says_no_more_than_that(
    far: Seat, proxy: Proxy
) -> None:
    site_id = sites(far)[1]
    far.go(site_id)
    sheet = far.sheets.open("note", site_id)
    far.wait(lambda: sheet.button.isEnabled())
    cut(far, proxy)
    QTest.keyClicks(sheet.fields["text"].box, "Crew asked for")
    sheet.confirm()
    far.wait(lambda: far.sheets.current is None)

    assert far.said[-1] == "Kept here: it is done as soon as the room's database answers. 1 kept."
    assert not any(said.startswith("Note kept") for said in far.said)
    come_back(far, proxy)
    assert [fact.value for fact in far.room.parts.detail.view(site_id).facts] == ["Crew asked for"]


def test_its_sheet_lists_them_takes_one_back_and_puts_away_what_was_refused(
    far: Seat, proxy: Proxy, other: Room
) -> None:
    first, second, third = sites(far)
    desk = far.bridge.desk
    cut(far, proxy)
    try_to(far, desk.claim, first)
    try_to(far, desk.set_band, second, Band.P2)
    try_to(far, desk.wait, third, WaitReason.ACCESS)
    far.queue.list.setFocus()
    far.key(Qt.Key.Key_G)
    far.key(Qt.Key.Key_K)
    far.window.keys._presses.clear()  # the rest is typed at a person's pace
    sheet = far.sheets.current
    assert [sheet.list.item(row).text() for row in range(3)] == [
        "Claim · 5th Ave N & 9th St N\nwaits · 10:30 · A. Ortiz",
        "Set band to P2 · 6th Ave N & 9th St N\nwaits · 10:30 · A. Ortiz",
        "Wait · 7th Ave N & 9th St N\nwaits · 10:30 · A. Ortiz",
    ]

    far.key(Qt.Key.Key_J)
    far.key(Qt.Key.Key_J)
    far.key(Qt.Key.Key_T)
    far.wait(lambda: sheet.list.count() == 2)
    other.desk.claim(first)
    come_back(far, proxy)
    far.wait(lambda: sheet.list.count() == 1)

    assert sheet.list.item(0).text().splitlines()[1].startswith("could not be done")
    assert "B. Ruiz" in sheet.about.said()
    # The store may answer an act before the seat has seen that it answers again.
    far.wait(lambda: far.window.away_bar.said().startswith("1 act kept"))
    assert far.window.away_bar.said() == "1 act kept while the database was away could not be done."
    assert far.row(first).others == "claim not done"
    assert far.bridge.board.band[far.bridge.board.row(second)] == Band.P2
    far.key(Qt.Key.Key_P)
    far.wait(lambda: not sheet.list.count())
    assert sheet.about.said() == "Nothing waits, and nothing was refused."
    assert not far.window.away_bar.isVisible() and far.row(first).others == ""


def test_only_who_did_it_takes_it_back(far: Seat, proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    cut(far, proxy)
    try_to(far, far.bridge.desk.claim, sites(far)[0])
    another = replace(far.room.parts.acts._actor(), person="C. Diaz")
    monkeypatch.setattr(far.room.parts.acts, "_actor", lambda: another)
    far.sheets.open("kept", kept=far.window.kept)
    sheet = far.sheets.current
    far.key(Qt.Key.Key_T)
    far.wait(sheet.trouble)
    assert sheet.trouble() == "A. Ortiz did it: only they can take it back."
    assert sheet.list.count() == 1


def test_on_a_seat_of_its_own_there_is_no_bar_and_nothing_in_the_sheet(real_over: Any, city: City) -> None:
    city.add_report("Oak is down")
    real = real_over()
    real.window.kept.begin()
    real.key(Qt.Key.Key_G)
    real.key(Qt.Key.Key_K)
    assert real.sheets.current.about.said() == "Nothing waits, and nothing was refused."
    assert not real.window.away_bar.isVisible()
