"""The covered window: nothing of a site is seen, everything begun is kept, and the next person signs in."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest

from dispatch.passwords import Verifier
from dispatch.records import Band, Role
from tests.ui.real import RealConsole
from ui.main_window import FRAME

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PASSWORD, OTHER = "correct horse 7", "another horse 8"


@pytest.fixture
def real(real_over: Any, city: Any) -> RealConsole:
    city.add_report("Oak across 5th Ave N", address="5th Ave N & 9th St N")
    city.add_report("My mother is on oxygen", category="medical_power_dependent")
    console: RealConsole = real_over()
    people, seat_desk = console.room.parts.people, console.room.parts.seat_desk
    people.add("boss", "Bo Boss", Role.ADMINISTRATOR, PASSWORD)
    people.add("ada", "Ada Admin", Role.SUPERVISOR, PASSWORD)
    people.add("kim", "Kim Ortiz", Role.SUPERVISOR, OTHER)
    people.add("vic", "Vic Wall", Role.VIEWER, OTHER)
    signed = console.bridge.act(seat_desk.sign_in, people.sign_in("ada", PASSWORD), "Operator")
    console.wait(signed.done)
    console.console.locking.verifier = Verifier(PASSWORD)
    console.selection.go(next(iter(console.bridge.board.site_id.tolist())))
    return console


def inside(real: RealConsole) -> QRect:
    """All but the frame that marks an exercise."""
    return real.window.stage.rect().adjusted(FRAME, FRAME, -FRAME, -FRAME)


def form(real: RealConsole) -> Any:
    return real.console.locking.cover.form


def type_(real: RealConsole, words: str) -> None:
    QTest.keyClicks(real.window.focusWidget(), words)


def write_note(real: RealConsole, words: str) -> Any:
    real.key(Qt.Key.Key_I)
    real.wait(lambda: real.sheets.current and real.sheets.current.button.isEnabled())
    real.window.keys._presses.clear()
    type_(real, words)
    return real.sheets.current


def draft_of(sheet: Any) -> str:
    return next(iter(sheet.fields.values())).value()


def test_ctrl_l_covers_at_once_also_over_a_sheet_and_everything_is_kept(real: RealConsole) -> None:
    sheet = write_note(real, "Crew asked for")
    locking = real.console.locking

    real.key(Qt.Key.Key_L, CTRL)

    assert locking.is_up and locking.cover.geometry() == inside(real)
    assert real.window.focusWidget() is form(real).password.line
    assert "Ada Admin" in form(real).note.said()
    type_(real, PASSWORD)
    real.key(Qt.Key.Key_Return)
    real.wait(lambda: not locking.is_up)
    assert real.sheets.current is sheet and draft_of(sheet) == "Crew asked for"
    assert real.window.focusWidget() is next(iter(sheet.fields.values())).editor
    assert form(real).password.line.text() == ""


def test_nothing_of_a_site_is_seen_or_done_through_the_cover(real: RealConsole) -> None:
    real.key(Qt.Key.Key_L, CTRL)
    picture = real.window.stage.grab(inside(real)).toImage()
    ground = real.console.locking.cover.grab().toImage()
    assert picture == ground.convertToFormat(picture.format())

    before = len(real.room.log_acts())
    for key, *held in (
        (Qt.Key.Key_Space,),
        (Qt.Key.Key_K, CTRL),
        (Qt.Key.Key_Z, CTRL),
        (Qt.Key.Key_Tab,),
        (Qt.Key.Key_Space,),
        (Qt.Key.Key_Escape,),
        (Qt.Key.Key_C, SHIFT),
    ):
        real.key(key, *held)
    assert real.console.locking.is_up and real.sheets.current is None
    assert len(real.room.log_acts()) == before
    assert not real.window.stack.isEnabled()
    real.window.say("2214 22nd Ave S could not be read", True)
    assert not real.window.toast.isVisible()


def test_how_many_wait_and_what_calls_stays_in_sight(real: RealConsole, city: Any) -> None:
    cover = real.console.locking.cover
    real.key(Qt.Key.Key_L, CTRL)
    shown = {band.name: words.said() for band, words in cover.counts.items()}
    assert sum(map(int, shown.values())) == 2
    assert cover.alarm.said() == real.console.alarm.words()

    tones: list[int] = []
    real.console.alarm._play = lambda: tones.append(1)
    real.console.alarm._sounded_at = None  # a minute has passed
    city.add_report("House on fire, people trapped inside", category="power_line_down")
    real.room.sync()
    caught_up = asyncio.ensure_future(real.bridge.catch_up())
    real.wait(caught_up.done)
    assert int(cover.counts[Band.P1].said()) == int(shown["P1"]) + 1
    assert tones and "act" in cover.alarm.said().lower()


def test_a_wrong_password_leaves_it_covered(real: RealConsole) -> None:
    real.key(Qt.Key.Key_L, CTRL)
    type_(real, "wrong horse")
    real.key(Qt.Key.Key_Return)
    real.wait(lambda: form(real).trouble.said())
    assert form(real).trouble.said() == "This is not the password. Try again."
    assert real.console.locking.is_up and form(real).password.line.text() == ""


def test_unlocking_works_while_the_database_is_away(real: RealConsole, monkeypatch: Any) -> None:
    real.key(Qt.Key.Key_L, CTRL)
    real.room.store.engine.dispose()
    for path in real.room.parts.folder.glob("seat.db*"):
        path.chmod(0)
    type_(real, PASSWORD)
    real.key(Qt.Key.Key_Return)
    real.wait(lambda: not real.console.locking.is_up)
    for path in real.room.parts.folder.glob("seat.db*"):
        path.chmod(0o600)


def switch(real: RealConsole, login: str, password: str) -> None:
    real.queue.list.setFocus()
    real.window.keys._presses.clear()
    real.key(Qt.Key.Key_G)
    real.key(Qt.Key.Key_W)
    assert real.window.focusWidget() is form(real).login.line
    type_(real, login)
    real.key(Qt.Key.Key_Return)
    assert real.window.focusWidget() is form(real).password.line
    type_(real, password)
    real.key(Qt.Key.Key_Return)


def test_two_keys_and_the_next_person_signs_in_and_drafts_stay_the_last_ones(real: RealConsole) -> None:
    write_note(real, "Crew asked for")
    real.sheets.close()

    switch(real, "kim", OTHER)
    real.wait(lambda: not real.console.locking.is_up)

    actor = real.room.parts.actor
    assert (actor.person, actor.role) == ("Kim Ortiz", Role.SUPERVISOR)
    assert real.window.status.person.text() == "Operator · Kim Ortiz"
    assert real.window.toast.said() == "Kim Ortiz sits here now, as Operator."
    assert draft_of(write_note(real, "Mine")) == "Mine"
    real.sheets.close()

    switch(real, "ada", PASSWORD)
    real.wait(lambda: not real.console.locking.is_up)
    real.queue.list.setFocus()
    assert draft_of(write_note(real, "")) == "Crew asked for"


def test_what_the_program_gives_back_after_its_end_it_gives_to_who_wrote_it(real: RealConsole) -> None:
    drafts, site_id = real.console.drafts, real.selection.current
    for by, words in (("Ada Admin", "Crew asked for"), ("Kim Ortiz", "Mine")):
        drafts.by = by
        drafts.keep(("note", str(site_id)), {"text": words})
    real.room._run(real.console.bring_drafts())
    assert "Crew asked for" in next(iter(real.sheets.left_behind().values()))

    switch(real, "kim", OTHER)
    real.wait(lambda: not real.console.locking.is_up)

    real.wait(lambda: "Mine" in next(iter(real.sheets.left_behind().values()), ""))
    assert len(real.sheets.left_behind()) == 1


def test_esc_leaves_the_switch_as_it_was(real: RealConsole) -> None:
    real.key(Qt.Key.Key_G)
    real.key(Qt.Key.Key_W)
    real.key(Qt.Key.Key_Escape)
    assert not real.console.locking.is_up and real.bridge.person == "Ada Admin"


def test_somebody_else_may_sign_in_on_a_locked_window_and_an_open_sheet_stays_its_owners(
    real: RealConsole,
) -> None:
    write_note(real, "Crew asked for")
    real.key(Qt.Key.Key_L, CTRL)
    form(real).other.click()
    type_(real, "kim")
    real.key(Qt.Key.Key_Return)
    type_(real, OTHER)
    real.key(Qt.Key.Key_Return)
    real.wait(lambda: not real.console.locking.is_up)
    assert real.bridge.person == "Kim Ortiz" and real.sheets.current is None
    real.queue.list.setFocus()
    assert draft_of(write_note(real, "")) == ""


def test_esc_on_a_locked_window_never_opens_it(real: RealConsole) -> None:
    real.key(Qt.Key.Key_L, CTRL)
    form(real).other.click()
    real.key(Qt.Key.Key_Escape)
    real.key(Qt.Key.Key_Escape)
    assert real.console.locking.is_up and real.window.focusWidget() is form(real).password.line


def test_a_locked_window_tells_no_names(real: RealConsole) -> None:
    real.key(Qt.Key.Key_L, CTRL)
    form(real).other.click()
    assert form(real).login.line.completer().model().rowCount() == 0


def test_who_only_looks_on_sees_restricted_sites_as_the_wall_does(real: RealConsole) -> None:
    board = real.bridge.board
    row = next(r for r in range(2) if "oxygen" in board.what[r])
    switch(real, "vic", OTHER)
    real.wait(lambda: not real.console.locking.is_up)
    assert board.what[row] == "Life safety"
    switch(real, "kim", OTHER)
    real.wait(lambda: not real.console.locking.is_up)
    assert "oxygen" in board.what[row]


def test_without_a_key_it_locks_by_itself_and_a_key_puts_that_off(real: RealConsole) -> None:
    locking = real.console.locking
    now_s = locking._now_s()
    locking._now_s = lambda: now_s + 14 * 60
    locking._tick(0)
    assert not locking.is_up
    real.key(Qt.Key.Key_J)
    locking._now_s = lambda: now_s + 28 * 60
    locking._tick(0)
    assert not locking.is_up
    locking._now_s = lambda: now_s + 30 * 60
    locking._tick(0)
    assert locking.is_up


def test_where_nobody_signs_in_it_covers_and_enter_shows_it_again(real_over: Any, city: Any) -> None:
    city.add_report("Oak across 5th Ave N")
    real = real_over()
    real.key(Qt.Key.Key_L, CTRL)
    assert "nobody has set up who signs in" in form(real).note.said()
    real.key(Qt.Key.Key_Return)
    real.wait(lambda: not real.console.locking.is_up)
    real.key(Qt.Key.Key_G)
    real.key(Qt.Key.Key_W)
    assert real.sheets.current.NAME == "seat"
