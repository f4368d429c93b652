"""Alarms shelved and brought back by keyboard alone, over a real seat (domain, section 12; S14)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from dispatch.alarms import Kind
from dispatch.records import BadRecord, Band, ReturnCode, ShelfReason, SyncStatus
from dispatch.store import mirror
from tests.conftest import StillClock
from tests.ui.real import RealConsole
from ui.sheets import alarms

K = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
WALL_S = 2_000_000.0
LOST = SyncStatus("waiting", "The 311 server is too slow to answer.", WALL_S - 300, WALL_S + 9, 0, 0, 0, 10)


@pytest.fixture
def wall() -> StillClock:
    return StillClock(int(WALL_S * 1000))


@pytest.fixture
def real(real_over: Callable[[], RealConsole], city, wall, monkeypatch) -> RealConsole:
    ids = [city.add_report(text) for text in ("Oak across both lanes", "Man trapped upstairs")]
    console = real_over()
    room, alarm = console.room, console.console.alarm
    monkeypatch.setattr(alarm, "_wall_now", wall.now)
    monkeypatch.setattr(alarm, "_play", lambda: console.tones.append(wall.now()))
    monkeypatch.setattr(room.parts.alarm_desk, "_wall_now", wall.now)
    console.tones = []
    item = room.escalate(ids[0], channels=("desk",))
    room.em_desk.give_back(item.escalation_id, ReturnCode.NO_RESOURCE)
    console.oak, console.man = (room.site(each) for each in ids)
    room._run(console.bridge.catch_up())
    alarm.look()
    return console


def rows(real: RealConsole) -> list[str]:
    listing = real.sheets.current.list
    return [listing.item(row).text() for row in range(listing.count())]


def open_alarms(real: RealConsole) -> None:
    assert real.window.commands.give("alarms")
    assert real.sheets.current.NAME == "alarms"


def shelve_current(real: RealConsole) -> None:
    real.key(K.Key_S)
    assert real.sheets.current.NAME == "shelve"
    real.sheets.current.fields["reason"].show_value(ShelfReason.IN_HAND)
    real.key(K.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current.NAME == "alarms")


def choose(real: RealConsole, kind: Kind) -> None:
    sheet = real.sheets.current
    for _ in range(sheet.list.count()):
        if sheet.current()[0] is kind:
            return
        real.key(K.Key_J)
    raise AssertionError(f"{kind} does not call")


def test_s14_a_shelved_alarm_is_silent_counted_and_comes_back_at_its_end(real, wall) -> None:
    alarm = real.console.alarm
    real.room.desk.claim(real.man)
    real.room._run(real.bridge.catch_up())
    assert alarm.words() == "1 site needs an act"
    open_alarms(real)
    choose(real, Kind.REFUSED)
    shelve_current(real)
    real.wait(lambda: alarm.aside)
    real.wait(lambda: "shelved by A. Operator: somebody is on it, back in 2 min" in rows(real)[0])
    assert alarm.words() == "1 alarm shelved", "set aside is not gone"
    assert real.window.status.alarm.isVisible()

    real.tones.clear()
    wall.advance(seconds=119)
    alarm.look()
    assert not real.tones
    wall.advance(seconds=1)
    alarm.look()

    assert len(real.tones) == 1 and alarm.words() == "1 site needs an act"


def test_s14_a_p1_nobody_acted_on_is_not_shelved_and_the_sheet_says_what_to_do(real) -> None:
    open_alarms(real)
    choose(real, Kind.UNSEEN_P1)

    real.key(K.Key_S)

    assert real.sheets.current.NAME == "alarms"
    assert real.sheets.current.trouble().endswith("not shelved: claim it, or set its band.")
    assert (Kind.UNSEEN_P1, real.man) not in real.console.alarm.aside


def test_a_shelved_alarm_is_brought_back_by_one_key(real) -> None:
    open_alarms(real)
    choose(real, Kind.REFUSED)
    shelve_current(real)
    real.wait(lambda: real.console.alarm.aside)
    choose(real, Kind.REFUSED)

    real.key(K.Key_B)
    real.wait(lambda: not real.console.alarm.aside)

    assert real.room.parts.alarm_desk.shelved() == ()


def test_what_another_seat_shelved_is_quiet_here_and_says_by_whom(real) -> None:
    desk = real.room.parts.alarm_desk
    desk.shelve(Kind.REFUSED, real.oak, ShelfReason.OTHER, 30, "Crew 4 is asked")
    real.room._run(real.bridge.catch_up())
    real.wait(lambda: real.console.alarm.aside == {(Kind.REFUSED, real.oak)})

    open_alarms(real)
    choose(real, Kind.REFUSED)

    assert "A. Operator wrote: Crew 4 is asked" in real.sheets.current._about.said()
    real.key(K.Key_S)
    assert real.sheets.current.NAME == "alarms", "it is shelved already"


def test_s5_a_site_that_becomes_a_p1_calls_again_after_five_minutes(real, wall) -> None:
    alarm = real.console.alarm
    real.room.parts.alarm_desk.shelve(Kind.REFUSED, real.oak, ShelfReason.IN_HAND, 30)
    real.room.desk.set_band(real.oak, Band.P1, "a child is under it")
    real.room._run(real.bridge.catch_up())
    real.wait(lambda: (Kind.REFUSED, real.oak) in alarm.aside)

    wall.advance(minutes=5)
    alarm.look()

    assert (Kind.REFUSED, real.oak) not in alarm.aside


def test_sync_lost_over_two_minutes_calls_with_its_sentence_and_ends_by_itself(real, wall) -> None:
    alarm = real.console.alarm
    real.bridge.synced.emit(LOST)
    alarm.look()
    assert alarm.words() == "2 sites need an act · sync lost"

    open_alarms(real)
    choose(real, Kind.SYNC_LOST)
    assert "The 311 server is too slow to answer" in real.sheets.current._about.said()
    real.bridge.synced.emit(replace(LOST, state="in_step", in_step_at=wall.now() / 1000))
    alarm.look()

    assert alarm.words() == "2 sites need an act"


def test_s14_a_shelved_sync_alarm_that_comes_anew_sounds_anew(real, wall) -> None:
    alarm, call = real.console.alarm, (Kind.SYNC_LOST, 0)
    real.bridge.synced.emit(LOST)
    real.room.parts.alarm_desk.shelve(Kind.SYNC_LOST, 0, ShelfReason.KNOWN_FAULT, 60)
    real.room._run(real.bridge.catch_up())
    real.wait(lambda: call in alarm.aside)
    wall.advance(minutes=1)
    real.bridge.synced.emit(replace(LOST, state="in_step", in_step_at=wall.now() / 1000))
    alarm.look()

    wall.advance(minutes=3)
    real.bridge.synced.emit(LOST)
    alarm.look()

    assert call in alarm.calling and call not in alarm.aside


def test_rows_of_the_server_that_nobody_could_read_call_and_are_named(real) -> None:
    bad = BadRecord("no time", b'{"id": 7}', "4411")
    with real.room.store.transaction(real.room.parts.actor) as tx:
        mirror.put_in_quarantine(tx.connection, 1, [bad], tx.now)
    real.bridge.synced.emit(replace(LOST, state="in_step", in_step_at=WALL_S, quarantined=1))
    real.console.alarm.look()
    assert "311 data unreadable" in real.console.alarm.words()

    open_alarms(real)
    choose(real, Kind.MISMATCH)

    real.wait(lambda: "Look them up there: 4411." in real.sheets.current._about.said())


def test_in_a_flood_of_p1_the_list_stays_short_and_says_how_many_more(real, monkeypatch) -> None:
    monkeypatch.setattr(alarms, "LISTED", 0)
    open_alarms(real)

    assert real.sheets.current._more.said() == "and 1 more P1 that nobody acted on, in the queue"
    assert [call[0] for call in real.sheets.current._calls] == [Kind.REFUSED]


def test_with_nothing_calling_the_sheet_says_so(real_over) -> None:
    real = real_over()
    open_alarms(real)

    assert real.sheets.current._about.said() == "Nothing calls now, and nothing is shelved."
    real.key(K.Key_Return)
    assert real.sheets.current is None


def test_leaving_the_sheet_for_the_reason_goes_back_and_shelves_nothing(real) -> None:
    open_alarms(real)
    choose(real, Kind.REFUSED)
    real.key(K.Key_S)
    real.key(K.Key_Return, CTRL)
    assert real.sheets.current.fields["reason"].complaint() == "Choose why it is shelved."

    real.key(K.Key_Escape)

    assert real.sheets.current.NAME == "alarms" and real.room.parts.alarm_desk.shelved() == ()
