"""Acting on all ticked sites, from the key to the store."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from dispatch.records import Band, OutboxState
from dispatch.store import outbox, sites
from tests.ui.boards import site
from tests.ui.real import RealConsole

CTRL = Qt.KeyboardModifier.ControlModifier
STREETS = ("5th Ave N & 9th St N", "30th Ave N & 16th St N", "62nd Ave S & 4th St S")


@pytest.fixture
def real(city, real_over) -> RealConsole:
    for at in STREETS:
        city.add_report(f"Branch in the yard, {at}", address=at)
    city.add_report("Power line down and sparking on the sidewalk, people are near it", address="1 4th St N")
    return real_over()


def open_sheet(real: RealConsole) -> Any:
    real.key(Qt.Key.Key_A, CTRL)
    real.key(Qt.Key.Key_T)
    return real.sheets.current


def row(real: RealConsole, site_id: int) -> Any:
    with real.room.store.reading() as connection:
        return sites.row(connection, site_id)


def p1_of(real: RealConsole) -> int:
    board = real.room.parts.board
    return int(board.site_id[board.band == Band.P1][0])


def test_a_message_to_all_ticked_sites_names_its_people_first(real) -> None:
    sheet = open_sheet(real)
    assert sheet.title() == "4 sites ticked"

    real.key(Qt.Key.Key_M)
    sheet.fields["message"].box.insertPlainText("Crews begin after the wind. This is not 911.")
    real.wait(lambda: "4 sites" in sheet.effect())
    assert sheet.effect().startswith("Message goes to ")
    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current is None)

    assert real.window.toast.said().startswith("The message leaves in 10 s: ")
    with real.room.store.reading() as connection:
        states = [outbox.of_site(connection, each)[-1].state for each in real.selection.checked]
    assert states == [OutboxState.WAITING] * 4


def test_s5_closing_all_ticked_names_the_p1_that_stays(real) -> None:
    danger = p1_of(real)
    sheet = open_sheet(real)

    sheet.choose("close")
    sheet.fields["close"].show_value("spam")
    sheet.fields["close"].edited.emit()
    real.wait(lambda: sheet.effect().startswith("Closes 3 sites here."))
    assert "1 site stays as it is:\nA P1 is acted on by itself: P1 " in sheet._stay.said()
    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current is None)

    assert real.window.toast.said() == "Closed 3 sites. 1 site left as before."
    assert real.selection.checked == {danger}
    assert row(real, danger).state_reason == ""


def test_ctrl_z_takes_all_of_it_back(real) -> None:
    sheet = open_sheet(real)
    real.key(Qt.Key.Key_W)
    sheet.fields["wait"].show_value("weather")
    sheet.fields["wait"].edited.emit()
    real.wait(lambda: sheet.effect().startswith("Marks 3 sites"))
    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current is None)

    real.key(Qt.Key.Key_Z, CTRL)
    real.wait(lambda: "Undone: waiting: weather, 3 sites." in real.window.toast.said())

    assert not any(row(real, each).state_reason for each in real.selection.checked)


def test_s12_nothing_is_done_without_an_act_or_with_something_missing(real) -> None:
    sheet = open_sheet(real)
    real.key(Qt.Key.Key_Return, CTRL)
    assert sheet.fields["kind"].complaint() == "Choose what is to be done."

    real.key(Qt.Key.Key_M)
    real.wait(lambda: sheet.effect().startswith("Message goes to "))
    real.key(Qt.Key.Key_Return, CTRL)

    assert sheet.fields["message"].complaint() == "Write the message first."
    assert not any(row(real, each).acted_at for each in real.selection.checked)


def test_t_without_ticked_sites_says_how_to_tick(console) -> None:
    c = console(site(1), site(2))

    c.type("t")

    assert c.sheets.current is None
    assert c.window.toast.said() == "Tick sites first: X ticks one, Ctrl+A all in view."


def test_ctrl_a_ticks_what_the_view_holds_and_nothing_else(console) -> None:
    c = console(site(1), site(2, band=2), site(3, band=2))
    c.selection.narrow(bands=frozenset({2}))

    c.type((Qt.Key.Key_A, CTRL))

    assert c.selection.checked == {2, 3}


def test_sites_ticked_outside_the_view_are_counted_in_the_sheet(real) -> None:
    real.key(Qt.Key.Key_A, CTRL)
    real.selection.narrow(bands=frozenset({int(Band.P1)}))

    real.key(Qt.Key.Key_T)

    assert real.sheets.current._aside.said() == "3 of them outside this view"


def test_words_that_change_whom_it_reaches_are_asked_for_again(real) -> None:
    sheet = open_sheet(real)
    sheet.choose("message")
    sheet.fields["message"].box.insertPlainText("Crews begin after the wind.")
    real.wait(lambda: sheet.effect().endswith("at 4 sites."))

    sheet.fields["message"].box.setPlainText("Only from where you are safe, send a photo.")
    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: sheet.effect().endswith("at 3 sites."))

    assert real.sheets.current is sheet
    assert "it may be dangerous: P1 " in sheet._stay.said()
    assert not any(row(real, each).acted_at for each in real.selection.checked)
